//! Which files of the version folders are migration scripts, in load order.
//!
//! Alembic's `_list_py_dir`: per location all names sorted by code point, with
//! `recursive_version_locations` the subfolders after them; links resolved before
//! a name is judged, a file met twice ignored with a warning.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::warning::Warning;

/// Folders deeper than this are a link loop that the file system did not notice.
const MAX_DEPTH: usize = 128;

/// A file of a version folder that counts as a migration script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFile {
    /// The real path: absolute, links resolved.
    pub path: PathBuf,
}

/// Why a version folder could not be listed.
#[derive(Debug)]
pub(super) struct ListingError {
    pub(super) path: PathBuf,
    pub(super) error: io::Error,
}

/// Lists the scripts below `locations` in load order.
pub(super) fn list(
    locations: &[PathBuf],
    recursive: bool,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<VersionFile>, ListingError> {
    let mut found = Listing::default();
    for location in locations {
        match fs::metadata(location) {
            Ok(metadata) if metadata.is_dir() => walk(location, recursive, 0, &mut found)?,
            // As Alembic: a location that is not there, or no folder, holds nothing.
            _ => {}
        }
    }
    // In one location no file is met twice, but through a link.
    if locations.len() > 1 || found.has_links {
        found.drop_repeats(warnings);
    }
    let scripts = found.files.into_iter().filter(|file| file.is_script);
    Ok(scripts.map(|file| VersionFile { path: file.path }).collect())
}

/// What the folders hold, scripts or not: Alembic warns of whatever it meets twice.
#[derive(Default)]
struct Listing {
    files: Vec<Listed>,
    has_links: bool,
}

struct Listed {
    path: PathBuf,
    is_script: bool,
}

impl Listing {
    fn drop_repeats(&mut self, warnings: &mut Vec<Warning>) {
        // By their bytes: the paths are real ones, and to hash a path part by part is slow.
        let mut seen = HashSet::with_capacity(self.files.len());
        let is_new: Vec<bool> =
            self.files.iter().map(|file| seen.insert(file.path.as_os_str())).collect();
        let mut is_new = is_new.into_iter();
        self.files.retain_mut(|file| {
            let keep = is_new.next().unwrap_or_default();
            if !keep {
                warnings.push(Warning::LoadedTwice { path: std::mem::take(&mut file.path) });
            }
            keep
        });
    }
}

/// A file name with what is known about it from the folder's listing.
struct Entry {
    /// The first bytes of the name, which nearly always tell two names apart.
    first: [u8; 8],
    name: OsString,
    kind: FileType,
}

impl Entry {
    fn new(name: OsString, kind: FileType) -> Self {
        let bytes = name.as_encoded_bytes();
        let mut first = [0; 8];
        let count = bytes.len().min(first.len());
        first[..count].copy_from_slice(&bytes[..count]);
        Self { first, name, kind }
    }

    /// In the order of names: no name holds the byte that short ones are filled with.
    fn cmp(&self, other: &Self) -> Ordering {
        self.first.cmp(&other.first).then_with(|| self.name.cmp(&other.name))
    }
}

fn walk(
    folder: &Path,
    recursive: bool,
    depth: usize,
    found: &mut Listing,
) -> Result<(), ListingError> {
    let failed = |error| ListingError { path: folder.to_owned(), error };
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            folders.push(entry.file_name());
        } else if !(kind.is_symlink() && entry.path().is_dir()) {
            files.push(Entry::new(entry.file_name(), kind));
        }
    }
    if !ends_with(folder, "__pycache__") {
        let real = fs::canonicalize(folder).map_err(failed)?;
        files.sort_unstable_by(Entry::cmp);
        found.files.reserve(files.len());
        for file in files {
            let listed = listed(&real, &file).map_err(failed)?;
            refuse_special(&listed, file.kind).map_err(failed)?;
            found.has_links |= file.kind.is_symlink();
            found.files.push(listed);
        }
    }
    if recursive && depth < MAX_DEPTH {
        folders.sort_unstable();
        for name in folders {
            walk(&folder.join(name), recursive, depth + 1, found)?;
        }
    }
    Ok(())
}

fn ends_with(folder: &Path, suffix: &str) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().ends_with(suffix))
}

/// Only links need the file system to be asked again, and their real names to be
/// judged.
fn listed(folder: &Path, file: &Entry) -> io::Result<Listed> {
    let mut path = PathBuf::with_capacity(folder.as_os_str().len() + 1 + file.name.len());
    path.push(folder);
    path.push(&file.name);
    if file.kind.is_symlink() {
        let path = real_path(folder, &path)?;
        return Ok(Listed { is_script: is_script_name(&path), path });
    }
    Ok(Listed { path, is_script: is_script(&file.name) })
}

/// Where a link leads. A link that leads nowhere keeps its target's name, and fails
/// when it is read.
fn real_path(folder: &Path, link: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(link) {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(folder.join(fs::read_link(link)?))
        }
        Err(error) => Err(error),
    }
}

/// A script is a regular file. Alembic opens whatever bears a script's name, and
/// waits without end where that is a pipe; to refuse it here costs no look at files
/// that the listing says are regular.
fn refuse_special(file: &Listed, listed: FileType) -> io::Result<()> {
    if listed.is_file() || !file.is_script {
        return Ok(());
    }
    let path = &file.path;
    let kind = if listed.is_symlink() {
        // A link that leads nowhere is told apart when it is read.
        let Ok(metadata) = fs::metadata(path) else { return Ok(()) };
        metadata.file_type()
    } else {
        listed
    };
    if kind.is_file() {
        return Ok(());
    }
    let sentence = format!("`{}` is {}, not a regular file", path.display(), name_of(kind));
    Err(io::Error::new(io::ErrorKind::InvalidInput, sentence))
}

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn name_of(_kind: FileType) -> &'static str {
    "something special"
}

/// Whether a file of this name is loaded (Alembic's `_only_source_rev_file`).
pub(crate) fn is_script_name(path: &Path) -> bool {
    path.file_name().is_some_and(is_script)
}

fn is_script(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".py") && !name.starts_with(b".#") && !name.starts_with(b"__init__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["a.py", ".x.py", "#x.py", "_x.py", "__main__.py", "x y.py", ".py"] {
            assert!(is_script_name(Path::new(name)), "{name}");
        }
        for name in ["x.py~", "x.pyc", "#x.py#", "x.PY", ".#x.py", "__init__.py", "__init__2.py"] {
            assert!(!is_script_name(Path::new(name)), "{name}");
        }
    }
}
