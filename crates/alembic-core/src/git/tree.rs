//! The files of a commit, and what a path is in several commits.

use std::path::{Path, PathBuf};

use super::error::GitError;
use super::repository::{Repository, path_from_bytes};

/// A regular file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// The path from the top of the work tree.
    pub path: PathBuf,
    /// The identifier of its contents.
    pub blob: String,
}

impl Repository {
    /// The regular files of a commit, in git's order, that `wanted` accepts by their
    /// path from the top of the work tree.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub fn tree(
        &self,
        commit: &str,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<Vec<TreeFile>, GitError> {
        let listing = self.git("ls-tree").args(["-r", "-z", "--full-tree", commit]).output()?;
        let entries = listing.split(|&byte| byte == 0);
        let mut files: Vec<TreeFile> = entries.filter_map(tree_file).collect();
        files.retain(|file| wanted(&file.path));
        Ok(files)
    }

    /// The blob at each path of a commit, in the order asked for; `None` where that
    /// commit has no file there.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub fn blobs_at(&self, places: &[(&str, &Path)]) -> Result<Vec<Option<String>>, GitError> {
        // A line of input per place: a name with a line break has no line.
        let mut input = Vec::new();
        for (commit, path) in places {
            let path = path.as_os_str().as_encoded_bytes();
            if path.contains(&b'\n') {
                input.extend_from_slice(b":");
            } else {
                input.extend_from_slice(commit.as_bytes());
                input.push(b':');
                input.extend_from_slice(path);
            }
            input.push(b'\n');
        }
        if input.is_empty() {
            return Ok(Vec::new());
        }
        let check = "--batch-check=%(objecttype) %(objectname)";
        let answer = self.git("cat-file").arg(check).input(input).output()?;
        let answer = String::from_utf8_lossy(&answer);
        let mut blobs: Vec<Option<String>> =
            answer.lines().map(|line| line.strip_prefix("blob ").map(str::to_owned)).collect();
        // A path may hold what Rust, not git, takes for the end of a line.
        blobs.resize(places.len(), None);
        Ok(blobs)
    }
}

/// `MODE TYPE ID TAB PATH`.
fn tree_file(entry: &[u8]) -> Option<TreeFile> {
    let tab = memchr::memchr(b'\t', entry)?;
    let (facts, path) = (std::str::from_utf8(&entry[..tab]).ok()?, &entry[tab + 1..]);
    let mut words = facts.split(' ');
    let (mode, _, blob) = (words.next()?, words.next()?, words.next()?);
    let regular = mode.starts_with("100");
    regular.then(|| TreeFile { path: path_from_bytes(path), blob: blob.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files() {
        let file = |entry: &[u8]| tree_file(entry).map(|f| (f.path, f.blob));
        assert_eq!(
            file(b"100755 blob a1\tv/a b\tc.py"),
            Some((PathBuf::from("v/a b\tc.py"), "a1".to_owned()))
        );
        for entry in [&b"120000 blob a1\tv/a.py"[..], b"160000 commit a1\tsub", b"", b"x"] {
            assert_eq!(file(entry), None);
        }
    }
}
