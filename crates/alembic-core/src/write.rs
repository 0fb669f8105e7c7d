//! Files written so that no work is lost.
//!
//! A file is written under a temporary name in its own folder, synced, and given its name at the end: whoever looks
//! sees the old file, the new one, or none, and never half of one. A new file takes no name that is taken.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use fs_err as fs;

/// How many temporary names are tried.
const ATTEMPTS: u32 = 64;

/// Writes a file that must not exist yet.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when the name is taken, else what the system says. Nothing is left behind.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = Draft::write(path, bytes)?;
    draft.place(path, rename_to_new).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => taken(path),
        _ => cannot_write(path, &error),
    })
}

/// Renames a file, and never over another one, whoever else writes at the same time.
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match rename_in_one_step(from, to) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {}
        result => return result,
    }
    // File systems that cannot do it in one step: a link replaces nothing either.
    match std::fs::hard_link(from, to) {
        Ok(()) => return fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) => {}
    }
    // Nor links: the name is taken first, and filled at once.
    fs::OpenOptions::new().write(true).create_new(true).open(to)?;
    fs::rename(from, to).inspect_err(|_| {
        let _ignored = fs::remove_file(to);
    })
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_in_one_step(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_in_one_step(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Gives a file that exists new contents, and keeps its permissions and, where we may, its owner.
///
/// # Errors
/// What the system says; the file is as before then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a link points to is replaced, not the link.
    let path = fs::canonicalize(path)?;
    let draft = Draft::write(&path, bytes)?;
    let metadata = fs::metadata(&path)?;
    keep_owner(&draft.path, &metadata);
    fs::set_permissions(&draft.path, metadata.permissions())?;
    #[expect(clippy::disallowed_methods, reason = "the error names the file, not its draft")]
    draft
        .place(&path, |from, to| std::fs::rename(from, to))
        .map_err(|error| cannot_write(&path, &error))
}

/// A container's root works on files of other people; nobody else can give a file away, nor needs to.
#[cfg(unix)]
fn keep_owner(file: &Path, as_of: &std::fs::Metadata) {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let _ignored = chown(file, Some(as_of.uid()), Some(as_of.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_file: &Path, _as_of: &std::fs::Metadata) {}

/// Folders made for a file, which go again unless they are kept.
#[derive(Debug, Default)]
pub struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Makes a folder and those above it that are missing.
    ///
    /// # Errors
    /// What the system says.
    pub fn create(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|folder| !folder.exists());
        let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        missing.reverse();
        for folder in missing {
            match fs::create_dir(&folder) {
                Ok(()) => self.0.push(folder),
                // `a/../b`, or somebody else was faster.
                Err(_) if folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// They stay.
    pub fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // One that holds something stays.
            let _ignored = fs::remove_dir(folder);
        }
    }
}

fn taken(path: &Path) -> io::Error {
    let sentence = format!("`{}` exists already and is not overwritten", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, sentence)
}

/// The failure with the name that somebody asked for: that of the draft tells nobody anything.
fn cannot_write(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write `{}`: {error}", path.display()))
}

/// A file under its temporary name, removed when it is dropped.
struct Draft {
    path: PathBuf,
    is_placed: bool,
}

impl Draft {
    /// Gives the file its name, by a renaming of some kind.
    fn place(
        mut self,
        to: &Path,
        rename: impl Fn(&Path, &Path) -> io::Result<()>,
    ) -> io::Result<()> {
        rename(&self.path, to)?;
        self.is_placed = true;
        Ok(())
    }

    fn write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        Self::try_write(path, bytes).map_err(|error| cannot_write(path, &error))
    }

    fn try_write(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let (draft, mut file) = Self::open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(draft)
    }

    #[expect(clippy::disallowed_types, reason = "errors name the file that was asked for")]
    fn open(path: &Path) -> io::Result<(Self, std::fs::File)> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let folder = path.parent().unwrap_or(Path::new(""));
        let process = std::process::id();
        for _ in 0..ATTEMPTS {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            // No name that any program takes for a migration script.
            let draft = folder.join(format!(".alembic-rs-{process}-{number}.tmp"));
            match std::fs::OpenOptions::new().write(true).create_new(true).open(&draft) {
                Ok(file) => return Ok((Self { path: draft, is_placed: false }, file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(taken(path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_placed {
            let _ignored = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_takes_no_name_that_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        create(&path, b"one").unwrap();
        let error = create(&path, b"two").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        replace(&path, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(names(folder.path()), ["a.py"]);
    }

    #[test]
    fn folders_go_again_unless_kept() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        let mut made = NewFolders::default();
        made.create(&deep).unwrap();
        drop(made);
        assert!(names(folder.path()).is_empty());
        let mut made = NewFolders::default();
        made.create(&deep).unwrap();
        made.keep();
        assert!(deep.is_dir());
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = create(&folder.path().join("no/a.py"), b"").unwrap_err();
        let expected = format!("cannot write `{}", folder.path().join("no/a.py").display());
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert!(names(folder.path()).is_empty());
    }
}
