//! Lays a generated project out on disk.

use std::{io, path::Path};

use crate::{Shape, script};

/// Where the scripts of a generated project are, below its root.
pub const SCRIPT_FOLDER: &str = "migrations/versions";

const INI: &str = "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\nsqlalchemy.url = sqlite://\n";

/// Enough for the commands that run env.py, and nothing that would have to be installed.
const ENV_PY: &str = "\
from alembic import context

context.configure(url=\"sqlite://\", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
";

const SCRIPT_TEMPLATE: &str = "\
\"\"\"${message}\"\"\"
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else \"pass\"}


def downgrade():
    ${downgrades if downgrades else \"pass\"}
";

/// Writes a project of `count` scripts into the folder `root`, which is made if it is missing: `alembic.ini`,
/// `env.py`, the template and the scripts.
///
/// # Errors
///
/// Whatever the file system refuses; the error names the path.
pub fn write_project(root: &Path, shape: Shape, count: usize) -> io::Result<()> {
    let versions = root.join(SCRIPT_FOLDER);
    fs_err::create_dir_all(&versions)?;
    fs_err::write(root.join("alembic.ini"), INI)?;
    fs_err::write(root.join("migrations/env.py"), ENV_PY)?;
    fs_err::write(root.join("migrations/script.py.mako"), SCRIPT_TEMPLATE)?;
    for node in shape.nodes(count) {
        let script = script(&node);
        fs_err::write(versions.join(script.file_name), script.text)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT_FOLDER, write_project};
    use crate::Shape;

    #[test]
    fn every_revision_has_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("made/here");
        write_project(&root, Shape::Lanes(4), 120).unwrap();
        assert_eq!(fs_err::read_dir(root.join(SCRIPT_FOLDER)).unwrap().count(), 120);
        assert!(root.join("alembic.ini").is_file());
    }
}
