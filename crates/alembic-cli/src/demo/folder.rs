//! The folder that holds everything of a demo.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use alembic_core::write::NewFolders;
use fs_err as fs;
use tempfile::TempDir;

use super::DemoError;

/// How long what is being removed may be written to by a process that is just ending.
const PATIENCE: Duration = Duration::from_secs(2);

/// A folder that goes with the value, unless it is to be kept.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Told by the user: it stays.
    kept: bool,
    /// Whether it was said where it stays.
    said: bool,
    /// Those that were made for one that is kept: they go again while nothing lies in them.
    _made: NewFolders,
}

impl Folder {
    /// A new folder of the system's temporary files, or the one that `keep` names, which must not hold anything.
    pub(crate) fn create(keep: Option<&Path>) -> Result<Self, DemoError> {
        let folder = match keep {
            None => {
                Self { path: temporary()?, kept: false, said: false, _made: NewFolders::default() }
            }
            Some(path) => Self::kept(path)?,
        };
        let made = fs::create_dir(folder.scratch());
        made.map_err(if folder.kept { not_kept } else { DemoError::from })?;
        Ok(folder)
    }

    fn kept(path: &Path) -> Result<Self, DemoError> {
        if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(DemoError::NotEmpty { folder: path.to_owned() });
        }
        let mut made = NewFolders::default();
        std::path::absolute(path).and_then(|path| made.create(&path)).map_err(|error| {
            let sentence = format!("`{}` cannot be made: {error}", path.display());
            not_kept(io::Error::new(error.kind(), sentence))
        })?;
        let path = fs::canonicalize(path).map_err(not_kept)?;
        Ok(Self { path, kept: true, said: false, _made: made })
    }

    /// The user knows where it stays.
    pub(crate) fn was_said(&mut self) {
        self.said = true;
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it stays.
    pub(crate) fn is_kept(&self) -> bool {
        self.kept
    }

    /// The project.
    pub(crate) fn project(&self) -> PathBuf {
        self.path.join("petshop")
    }

    /// The server's data and log.
    pub(crate) fn server(&self) -> PathBuf {
        self.path.join("server")
    }

    /// Temporary files of the programs that run; never kept.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.path.join("tmp")
    }

    /// The database's URL, where somebody will want it again.
    pub(crate) fn url_file(&self) -> PathBuf {
        self.path.join("database-url")
    }

    /// Writes that file; it holds a password and is the user's alone.
    pub(crate) fn write_url(&self, url: &str) -> io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        fs::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(self.url_file())?.write_all(url.as_bytes())
    }

    /// A path in the folder.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            remove(&self.path);
            return;
        }
        remove(&self.scratch());
        let holds_something =
            || fs::read_dir(&self.path).is_ok_and(|mut entries| entries.next().is_some());
        if !self.said && holds_something() {
            let place = self.path.display();
            crate::diagnostics::note(&format!("what was made until then is kept in `{place}`"));
        }
    }
}

/// Why `--keep` cannot be, unless it is that the disk is full.
fn not_kept(cause: io::Error) -> DemoError {
    match DemoError::from(cause) {
        DemoError::Write { cause, .. } => DemoError::Write {
            cause,
            help: "name a folder that can be made and written: `--keep DIR`",
        },
        full => full,
    }
}

/// A new folder of the system's temporary files. PostgreSQL runs as another user when we are root, and must get through.
fn temporary() -> io::Result<PathBuf> {
    let made = tempfile::Builder::new().prefix("alembic-rs-demo-").tempdir();
    // A full disk is told apart by the error's kind, a wrong folder by its path.
    let folder = made.map_err(|error| {
        let place = std::env::temp_dir();
        io::Error::new(error.kind(), format!("no folder in `{}`: {error}", place.display()))
    })?;
    // Not as it is made: the umask, which may close it, has a say in that.
    #[cfg(unix)]
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
    fs::canonicalize(TempDir::keep(folder))
}

/// Removes a folder with all it holds, though somebody may still be writing in it for a moment.
pub(crate) fn remove(folder: &Path) {
    const PAUSE: Duration = Duration::from_millis(20);
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => std::thread::sleep(PAUSE),
            _ => return,
        }
    }
    crate::diagnostics::warn(&format!("`{}` could not be removed", folder.display()));
}
