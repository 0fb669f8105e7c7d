//! What discovery may know of the machine: variables through a lookup, the current directory, the files.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use alembic_core::read;

/// The largest text file that is looked into, in bytes: lock files of big projects have a few megabytes.
const LARGEST_FILE: u64 = 16 << 20;
/// How far up folders are looked at.
const HIGHEST: usize = 32;
/// How many names of one folder are looked at.
const MOST_NAMES: usize = 20_000;

/// The surroundings of a search.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    pub(super) lookup: &'a dyn Fn(&str) -> Option<OsString>,
    pub(super) cwd: &'a Path,
}

impl Host<'_> {
    /// A variable; an empty one counts as unset.
    pub(super) fn variable(&self, name: &str) -> Option<OsString> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// A variable that holds a path; relative ones start at the current directory.
    pub(super) fn path_variable(&self, name: &str) -> Option<PathBuf> {
        Some(self.cwd.join(self.variable(name)?))
    }

    /// The user's home directory.
    pub(super) fn home(&self) -> Option<PathBuf> {
        self.path_variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" })
    }

    /// The first file of that name in a folder of `PATH`, as the shell would take it. Relative entries of `PATH` are
    /// not followed: what a folder happens to hold must not run.
    pub(super) fn on_path(&self, name: &OsStr) -> Option<PathBuf> {
        self.all_on_path(name).next()
    }

    pub(super) fn all_on_path(&self, name: &OsStr) -> impl Iterator<Item = PathBuf> {
        let folders = self.variable("PATH").unwrap_or_default();
        let suffixes: &[&str] = if cfg!(windows) { &[".exe", ""] } else { &[""] };
        let mut found = Vec::new();
        for folder in std::env::split_paths(&folders).filter(|folder| folder.is_absolute()) {
            for suffix in suffixes {
                let mut file = name.to_owned();
                file.push(suffix);
                let path = folder.join(file);
                if is_executable(&path) {
                    found.push(path);
                }
            }
        }
        found.into_iter()
    }
}

/// The folder and those above it, up to the root of its repository; without a repository, as far as the folders belong
/// to the same user and nobody else may write there: what a stranger puts into `/tmp` must not run.
pub(super) fn project_folders(folder: &Path) -> Vec<PathBuf> {
    let all = folder.ancestors().take(HIGHEST).map(Path::to_owned).collect::<Vec<_>>();
    if let Some(root) = all.iter().position(|place| place.join(".git").exists()) {
        return all[..=root].to_vec();
    }
    let owner = owner_of(folder);
    let above = all.into_iter().skip(1);
    let ours = above.take_while(|place| owner_of(place) == owner && !is_open_to_all(place));
    [folder.to_owned()].into_iter().chain(ours).collect()
}

#[cfg(unix)]
fn owner_of(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    fs_err::metadata(folder).ok().map(|facts| facts.uid())
}

#[cfg(unix)]
fn is_open_to_all(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::metadata(folder).is_ok_and(|facts| facts.permissions().mode() & 0o002 != 0)
}

#[cfg(not(unix))]
fn owner_of(_folder: &Path) -> Option<u32> {
    None
}

#[cfg(not(unix))]
fn is_open_to_all(_folder: &Path) -> bool {
    false
}

/// May the file be started?
#[cfg(unix)]
pub(super) fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::metadata(path)
        .is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

/// May the file be started?
#[cfg(not(unix))]
pub(super) fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// The paths in a folder, sorted; none when it cannot be listed.
pub(super) fn sorted_names(folder: &Path) -> Vec<PathBuf> {
    let mut names = fs_err::read_dir(folder)
        .into_iter()
        .flatten()
        .take(MOST_NAMES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect::<Vec<_>>();
    names.sort();
    names
}

/// A text file up to a size that no sane one has, bytes that are no UTF-8 replaced.
pub(super) fn read_text(path: &Path) -> Option<String> {
    // Neither a pipe nor a device: opening one may never end.
    if !fs_err::metadata(path).ok()?.is_file() {
        return None;
    }
    let bytes = read::up_to(path, LARGEST_FILE).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The first bytes of a file, at most `length`.
pub(super) fn first_bytes(path: &Path, length: u64) -> Option<Vec<u8>> {
    read::up_to(path, length).ok()
}
