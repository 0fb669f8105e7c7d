//! The modules of the project that files import from.

use std::path::PathBuf;

/// Where imported modules are looked for, and what has been read there.
#[derive(Debug, Default)]
pub struct Project {
    roots: Vec<PathBuf>,
}

impl Project {
    /// A project whose modules lie below `roots`, looked through in this order: what `prepend_sys_path` lists.
    pub fn new(roots: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { roots: roots.into_iter().collect() }
    }

    /// The folders in which modules are looked for.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }
}
