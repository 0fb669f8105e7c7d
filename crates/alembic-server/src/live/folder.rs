//! Whether anything changed in the files that a project is made of, asked without reading them.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fs_err as fs;
use sha2::{Digest as _, Sha256};

use crate::random;

/// Folders deeper than this are a link loop that the file system did not notice.
const MAX_DEPTH: usize = 32;

/// The files that a project is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched {
    /// Single files, such as `alembic.ini` and `env.py`.
    pub(super) files: Vec<PathBuf>,
    /// The version folders.
    pub(super) folders: Vec<PathBuf>,
    pub(super) recursive: bool,
}

impl Watched {
    /// Whether there is nothing to watch.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }

    /// A number that changes with names, sizes and times of the files.
    pub(super) fn state(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        for file in self.all() {
            file.hash(&mut hash);
            if let Ok(metadata) = fs::metadata(&file) {
                metadata.len().hash(&mut hash);
                metadata.modified().ok().hash(&mut hash);
            }
        }
        hash.finish()
    }

    /// Whether one of the files was written between then and now. Times in the future say nothing.
    pub(super) fn changed_since(&self, then: SystemTime) -> bool {
        let modified = |file: &PathBuf| fs::metadata(file).and_then(|found| found.modified());
        let span = then..=SystemTime::now();
        self.all().iter().any(|file| modified(file).is_ok_and(|time| span.contains(&time)))
    }

    /// A text that changes with the contents of the files.
    pub(super) fn contents(&self) -> String {
        let mut hash = Sha256::new();
        for file in self.all() {
            let bytes = fs::read(&file).unwrap_or_default();
            hash.update(file.as_os_str().as_encoded_bytes());
            hash.update([0]);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(&bytes);
        }
        random::to_hex(&hash.finalize())
    }

    fn all(&self) -> Vec<PathBuf> {
        let mut all = self.files.clone();
        for folder in &self.folders {
            all.push(folder.clone());
            list(folder, self.recursive, 0, &mut all);
        }
        all.sort();
        all.dedup();
        all
    }
}

fn list(folder: &Path, recursive: bool, depth: usize, all: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && recursive && depth < MAX_DEPTH {
            list(&path, recursive, depth + 1, all);
        }
        if !is_folder && path.extension().is_some_and(|extension| extension == "py") {
            all.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let watched = Watched { folders: vec![folder.path().to_owned()], ..Watched::default() };
        let file = folder.path().join("a.py");
        let mut seen = vec![(watched.state(), watched.contents())];
        fs::write(&file, "revision = 'a'").unwrap();
        seen.push((watched.state(), watched.contents()));
        fs::write(&file, "revision = 'bb'").unwrap();
        seen.push((watched.state(), watched.contents()));
        fs::rename(&file, folder.path().join("b.py")).unwrap();
        seen.push((watched.state(), watched.contents()));
        for (position, earlier) in seen.iter().enumerate() {
            for later in &seen[position + 1..] {
                assert!(earlier.0 != later.0 && earlier.1 != later.1);
            }
        }
        fs::write(folder.path().join("notes.txt"), "").unwrap();
        assert_eq!(watched.contents(), seen[3].1, "what is no script does not count");
    }
}
