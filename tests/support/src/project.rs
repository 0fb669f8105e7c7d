//! A throw-away project folder.

use std::{
    cell::Cell,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{Fixture, Revision, revisions};

const INI: &str = "[alembic]\nscript_location = %(here)s/migrations\n";

/// Enough for real Alembic to run every command that needs no database of its own.
const ENV_PY: &str = "\
from alembic import context
from sqlalchemy import create_engine, pool

url = context.config.get_main_option('sqlalchemy.url') or 'sqlite://'
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
";

const SCRIPT_TEMPLATE: &str = "\
\"\"\"${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

\"\"\"
from alembic import op
import sqlalchemy as sa
${imports if imports else \"\"}

# revision identifiers, used by Alembic.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else \"pass\"}


def downgrade():
    ${downgrades if downgrades else \"pass\"}
";

/// A project in a temporary folder, which goes when the value is dropped.
///
/// The project is a folder inside the temporary one, so that the program can have a home directory beside it.
#[derive(Debug)]
pub struct Project {
    home: TempDir,
    root: PathBuf,
    /// How many scripts were added: the number that the next one's file name begins with.
    scripts: Cell<usize>,
}

impl Project {
    /// A folder with nothing in it, for tests of what is missing.
    ///
    /// # Panics
    ///
    /// When there is no room for temporary files.
    pub fn empty() -> Self {
        let home =
            tempfile::Builder::new().prefix("alembic-rs-").tempdir().expect("a temporary folder");
        // Resolved, because programs print the real path and tests compare with it.
        let root =
            fs_err::canonicalize(home.path()).expect("the folder was just made").join("project");
        fs_err::create_dir(&root).expect("the folder above was just made");
        Self { home, root, scripts: Cell::new(0) }
    }

    /// A project without scripts: `alembic.ini`, `migrations/env.py`, `migrations/script.py.mako` and an empty
    /// `migrations/versions`.
    ///
    /// # Panics
    ///
    /// When there is no room for temporary files.
    pub fn new() -> Self {
        Self::empty()
            .with_file("alembic.ini", INI)
            .with_file("migrations/env.py", ENV_PY)
            .with_file("migrations/script.py.mako", SCRIPT_TEMPLATE)
            .with_folder("migrations/versions")
    }

    /// A project with the graph that `letters` describe; see [`revisions`] for how.
    ///
    /// # Panics
    ///
    /// When the letters cannot be read.
    pub fn from_letters(letters: &str) -> Self {
        Self::from_revisions(&revisions(letters))
    }

    /// A project with the scripts of `revisions`, loaded in this order.
    ///
    /// # Panics
    ///
    /// When there is no room for temporary files.
    pub fn from_revisions(revisions: &[Revision]) -> Self {
        let project = Self::new();
        for revision in revisions {
            project.add(revision);
        }
        project
    }

    /// A copy of the fixture of that name, without what was recorded for it.
    ///
    /// # Panics
    ///
    /// When there is no such fixture.
    pub fn from_fixture(name: &str) -> Self {
        let project = Self::empty();
        Fixture::named(name).copy_to(project.root());
        project
    }

    /// Writes the script of `revision` to `migrations/versions`; returns its path.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    pub fn add(&self, revision: &Revision) -> PathBuf {
        let place = self.scripts.replace(self.scripts.get() + 1);
        let path = self.path("migrations/versions").join(revision.file_name(place));
        fs_err::write(&path, revision.script()).expect("a project's folder is writable");
        path
    }

    /// Writes a file, its folders included.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    pub fn write(&self, path: impl AsRef<Path>, contents: impl AsRef<[u8]>) {
        let path = self.path(path);
        let folder = path.parent().expect("a path below the root has a parent");
        fs_err::create_dir_all(folder).expect("a project's folder is writable");
        fs_err::write(path, contents).expect("a project's folder is writable");
    }

    /// Writes a file, its folders included, and hands the project on.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    #[must_use]
    pub fn with_file(self, path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> Self {
        self.write(path, contents);
        self
    }

    /// Makes a folder and hands the project on.
    ///
    /// # Panics
    ///
    /// When it cannot be made.
    #[must_use]
    pub fn with_folder(self, path: impl AsRef<Path>) -> Self {
        fs_err::create_dir_all(self.path(path)).expect("a project's folder is writable");
        self
    }

    /// The text of a file.
    ///
    /// # Panics
    ///
    /// When there is no such file, or no text in it.
    pub fn read(&self, path: impl AsRef<Path>) -> String {
        fs_err::read_to_string(self.path(path)).expect("a text file of the project")
    }

    /// The project's folder: absolute, without links in it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path of the project.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// The folder around the project, which serves the program as home directory.
    pub fn home(&self) -> &Path {
        self.root.parent().unwrap_or(self.home.path())
    }
}

impl Default for Project {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Project;

    #[test]
    fn scripts_keep_the_order_of_the_letters() {
        let project = Project::from_letters("z <- a <- m");
        let folder = fs_err::read_dir(project.path("migrations/versions")).unwrap();
        let mut names: Vec<String> =
            folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["000_z.py", "001_a.py", "002_m.py"]);
        assert!(project.read("migrations/versions/002_m.py").contains("down_revision = 'a'\n"));
    }

    #[test]
    fn the_folder_goes_with_the_value() {
        let project = Project::new();
        let home = project.home().to_owned();
        assert!(home.join("project/alembic.ini").is_file());
        drop(project);
        assert!(!home.exists());
    }
}
