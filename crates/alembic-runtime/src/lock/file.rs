//! SQLite's lock: a file beside the database, locked through the operating system.

use std::{
    fs::TryLockError,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process,
};

use fs_err::File;

/// A lock file that is ours. It goes when the lock goes.
#[derive(Debug)]
pub(super) struct FileLock {
    path: PathBuf,
    /// Closing it ends the lock.
    _file: File,
}

/// The lock file of a database.
pub(super) fn path(database: &str) -> PathBuf {
    PathBuf::from(format!("{database}.alembic-rs.lock"))
}

/// Who has the lock, as it wrote into the file.
pub(super) fn holder(path: &Path) -> String {
    let text = fs_err::read_to_string(path).unwrap_or_default();
    let process = text.trim();
    if process.is_empty() { "another process".to_owned() } else { format!("process {process}") }
}

impl FileLock {
    /// The lock, or `None` while someone else has it.
    pub(super) fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let mut file = File::options().write(true).create(true).truncate(false).open(path)?;
        match file.file().try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Between opening and locking, the last holder may have removed the file: then this lock keeps nobody out.
        if !is_at(&file, path) {
            return Ok(None);
        }
        file.set_len(0)?;
        writeln!(file, "{}", process::id())?;
        Ok(Some(Self { path: path.to_owned(), _file: file }))
    }
}

/// The file goes before the lock does: whoever locks it in between sees that it is gone.
impl Drop for FileLock {
    fn drop(&mut self) {
        if cfg!(unix) {
            // A file that stays does no harm.
            let _ = fs_err::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    let there = fs_err::metadata(path).map(identity);
    file.metadata().map(identity).is_ok_and(|ours| there.is_ok_and(|there| there == ours))
}

/// Nothing removes the file elsewhere.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}
