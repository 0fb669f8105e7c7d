//! The recorded projects under `fixtures/`.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use crate::Expected;

/// The folder of recorded answers, which is not part of the project.
const EXPECTED: &str = "expected";

/// A project under `fixtures/`, with what real Alembic said about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixture {
    folder: PathBuf,
}

/// Every fixture, by name.
///
/// # Panics
///
/// When the folder is missing or holds none: tests over all fixtures must not pass over nothing.
pub fn fixtures() -> Vec<Fixture> {
    let entries = fs_err::read_dir(fixtures_folder()).expect("the repository's fixtures");
    let mut found: Vec<Fixture> = entries
        .map(|entry| Fixture { folder: entry.expect("a readable folder").path() })
        .filter(|fixture| fixture.folder.join(EXPECTED).is_dir())
        .collect();
    assert!(!found.is_empty(), "no fixture has a folder `expected`");
    found.sort();
    found
}

fn fixtures_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

impl Fixture {
    /// The fixture of that name.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn named(name: &str) -> Self {
        let folder = fixtures_folder().join(name);
        assert!(folder.is_dir(), "no fixture is named `{name}`");
        Self { folder }
    }

    /// Its name: the folder's.
    pub fn name(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Its folder in the repository. Tests run on a copy: see [`Project::from_fixture`](crate::Project::from_fixture).
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Everything that was recorded, by file name.
    ///
    /// # Panics
    ///
    /// When a recorded file cannot be read.
    pub fn expected(&self) -> Vec<Expected> {
        let entries = fs_err::read_dir(self.folder.join(EXPECTED)).expect("recorded answers");
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.expect("a readable folder").path())
            .filter(|path| path.extension() == Some(OsStr::new("txt")))
            .collect();
        files.sort();
        files.iter().map(|file| Expected::read(file)).collect()
    }

    /// Copies the project to the existing folder `target`; links stay links.
    pub(crate) fn copy_to(&self, target: &Path) {
        copy_folder(&self.folder, target);
    }
}

/// The depth is that of the fixtures in the repository, which hold no folder loops.
fn copy_folder(from: &Path, to: &Path) {
    for entry in fs_err::read_dir(from).expect("a folder of the fixture") {
        let entry = entry.expect("a readable folder");
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("an entry of the fixture");
        if is_left_behind(&source) {
            continue;
        }
        if kind.is_symlink() {
            copy_link(&source, &target);
        } else if kind.is_dir() {
            fs_err::create_dir(&target).expect("the copy's folder is writable");
            copy_folder(&source, &target);
        } else {
            fs_err::copy(&source, &target).expect("the copy's folder is writable");
        }
    }
}

/// Recorded answers, and what Python compiled when somebody ran it on the fixture. A folder `__pycache__` itself may
/// belong to a shape: what Alembic does with the scripts in it is recorded.
fn is_left_behind(source: &Path) -> bool {
    source.file_name() == Some(OsStr::new(EXPECTED))
        || source.extension() == Some(OsStr::new("pyc"))
}

#[cfg(unix)]
fn copy_link(source: &Path, target: &Path) {
    let goal = fs_err::read_link(source).expect("a link of the fixture");
    fs_err::os::unix::fs::symlink(goal, target).expect("the copy's folder is writable");
}

/// Links need rights that few have here: the copy gets the file itself.
#[cfg(not(unix))]
fn copy_link(source: &Path, target: &Path) {
    fs_err::copy(source, target).expect("a link of the fixture to a file");
}
