//! Folders of the user's cache: finished, or not there.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, io};

use fs_err as fs;

use super::folder::remove;
use super::steps::Steps;

/// Written last: a folder without it was never finished.
const STAMP: &str = "alembic-rs-demo.txt";

/// `alembic-rs/demo` in the user's cache; `None` where the user has none.
pub(super) fn folder() -> Option<PathBuf> {
    let folder =
        |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = match folder("XDG_CACHE_HOME") {
        Some(caches) => caches,
        None if cfg!(windows) => folder("LOCALAPPDATA")?,
        None if cfg!(target_os = "macos") => folder("HOME")?.join("Library/Caches"),
        None => folder("HOME")?.join(".cache"),
    };
    Some(caches.join("alembic-rs").join("demo"))
}

pub(super) fn is_writable(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).is_ok()
}

/// Keeps a second demo from building at the same time. The folder itself is locked, so that no file is left for it.
pub(super) async fn lock(folder: &Path, steps: Steps) -> Option<fs::File> {
    const PAUSE: Duration = Duration::from_millis(50);
    let file = fs::File::open(folder).ok()?;
    let mut has_waited = false;
    loop {
        match file.file().try_lock() {
            Ok(()) => return Some(file),
            Err(std::fs::TryLockError::WouldBlock) => {
                if !has_waited {
                    steps.say("Waiting for another demo, which is filling the cache");
                }
                has_waited = true;
                tokio::time::sleep(PAUSE).await;
            }
            // A file system that knows no locks.
            Err(std::fs::TryLockError::Error(_)) => return None,
        }
    }
}

/// Whether a folder was finished, of the same content.
pub(super) fn is_finished(folder: &Path, content: &str) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|stamp| stamp == content)
}

/// A folder that is being filled: it goes again unless it is finished.
#[derive(Debug)]
pub(super) struct Unfinished(Option<PathBuf>);

impl Unfinished {
    /// What somebody left there half done is removed.
    pub(super) fn begin(folder: &Path) -> Self {
        if folder.exists() {
            remove(folder);
        }
        Self(Some(folder.to_owned()))
    }

    /// It stays; `content` says what it is made of.
    pub(super) fn finish(mut self, content: &str) -> io::Result<()> {
        if let Some(folder) = &self.0 {
            fs::write(folder.join(STAMP), content)?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            remove(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_finished_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("packages");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("half"), "").unwrap();
        assert!(!is_finished(&folder, "a==1"));

        let unfinished = Unfinished::begin(&folder);
        assert!(!folder.exists());
        fs::create_dir(&folder).unwrap();
        drop(unfinished);
        assert!(!folder.exists());

        let unfinished = Unfinished::begin(&folder);
        fs::create_dir(&folder).unwrap();
        unfinished.finish("a==1").unwrap();
        assert!(is_finished(&folder, "a==1"));
        assert!(!is_finished(&folder, "a==2"));
    }
}
