//! What two commits differ by, and what files held there.

use std::path::{Path, PathBuf};

use super::error::GitError;
use super::repository::{Repository, path_from_bytes};

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Where it lies, or would lie, in the work tree: absolute.
    pub path: PathBuf,
    /// What it holds.
    pub contents: Vec<u8>,
}

/// How a path differs between two commits. A renamed file is two changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file in the older commit; `None` where it was added.
    pub before: Option<ChangedFile>,
    /// The file in the newer one; `None` where it was deleted.
    pub after: Option<ChangedFile>,
}

/// A line of `diff-tree`: blob identifiers, where there are blobs.
struct RawChange {
    before: Option<String>,
    after: Option<String>,
    path: PathBuf,
}

impl Repository {
    /// What `newer` changed below `folders` since `older` (`None`: since nothing),
    /// for the regular files that `wanted` accepts by their path in the work tree.
    ///
    /// # Errors
    /// When git cannot be asked, or lacks an object, as a partial clone may.
    pub fn changes(
        &self,
        older: Option<&str>,
        newer: &str,
        folders: &[PathBuf],
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<Vec<Change>, GitError> {
        let Some(pathspecs) = self.pathspecs(folders) else { return Ok(Vec::new()) };
        let older = match older {
            Some(older) => older.to_owned(),
            None => self.empty_tree()?,
        };
        let raw = self
            .git("diff-tree")
            .args(["-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff"])
            .args([older.as_str(), newer, "--"])
            .args(pathspecs)
            .output()?;
        let mut changes = parse_raw(&raw)
            .ok_or_else(|| GitError::Unexpected { command: "diff-tree".to_owned() })?;
        for change in &mut changes {
            change.path = self.top_level().join(&change.path);
        }
        changes.retain(|change| {
            wanted(&change.path) && (change.before.is_some() || change.after.is_some())
        });
        self.with_contents(changes)
    }

    /// The regular files of a commit below `folders`, as paths in the work tree.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub fn files(&self, commit: &str, folders: &[PathBuf]) -> Result<Vec<PathBuf>, GitError> {
        let Some(pathspecs) = self.pathspecs(folders) else { return Ok(Vec::new()) };
        let names = self
            .git("ls-tree")
            .args(["-r", "-z", "--name-only", "--full-tree", commit, "--"])
            .args(pathspecs)
            .output()?;
        let names = names.split(|&byte| byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| self.top_level().join(path_from_bytes(name))).collect())
    }

    /// The folders as git names them; `None` when none is in this work tree.
    fn pathspecs(&self, folders: &[PathBuf]) -> Option<Vec<PathBuf>> {
        let inside: Vec<PathBuf> =
            folders.iter().filter_map(|folder| self.relative(folder)).map(Path::to_owned).collect();
        if inside.iter().any(|folder| folder.as_os_str().is_empty()) {
            return Some(Vec::new());
        }
        (!inside.is_empty()).then_some(inside)
    }

    /// The identifier of the tree without files, in the repository's own hash.
    fn empty_tree(&self) -> Result<String, GitError> {
        let id = self.git("hash-object").args(["-t", "tree", "--stdin"]).output()?;
        Ok(String::from_utf8_lossy(&id).trim().to_owned())
    }

    fn with_contents(&self, changes: Vec<RawChange>) -> Result<Vec<Change>, GitError> {
        let ids: Vec<&str> = changes
            .iter()
            .flat_map(|change| [change.before.as_deref(), change.after.as_deref()])
            .flatten()
            .collect();
        let mut contents = self.blobs(&ids)?.into_iter();
        let unexpected = || GitError::Unexpected { command: "cat-file".to_owned() };
        let mut file = |path: &Path, id: Option<String>| match id {
            None => Ok(None),
            Some(_) => contents
                .next()
                .map(|contents| Some(ChangedFile { path: path.to_owned(), contents }))
                .ok_or_else(unexpected),
        };
        changes
            .into_iter()
            .map(|RawChange { before, after, path }| {
                Ok(Change { before: file(&path, before)?, after: file(&path, after)? })
            })
            .collect()
    }

    /// The contents of one blob.
    ///
    /// # Errors
    /// When git cannot be asked, or lacks it.
    pub fn blob(&self, id: &str) -> Result<Vec<u8>, GitError> {
        self.blobs(&[id])?.pop().ok_or(GitError::MissingObjects)
    }

    /// The contents of blobs, in the order asked for.
    fn blobs(&self, ids: &[&str]) -> Result<Vec<Vec<u8>>, GitError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let input = ids.iter().flat_map(|id| [id.as_bytes(), b"\n"]).flatten().copied().collect();
        let output = self.git("cat-file").arg("--batch").input(input).output()?;
        parse_batch(&output, ids.len()).ok_or(GitError::MissingObjects)
    }
}

/// `:MODE MODE ID ID STATUS NUL PATH NUL`, again and again.
fn parse_raw(output: &[u8]) -> Option<Vec<RawChange>> {
    let mut fields = output.split(|&byte| byte == 0);
    let mut changes = Vec::new();
    while let Some(head) = fields.next().filter(|head| !head.is_empty()) {
        let head = std::str::from_utf8(head.strip_prefix(b":")?).ok()?;
        let mut words = head.split(' ');
        let (old_mode, new_mode) = (words.next()?, words.next()?);
        let (old_id, new_id) = (words.next()?, words.next()?);
        // Only regular files: no links, no submodules, and 000000 is no file.
        let blob = |mode: &str, id: &str| mode.starts_with("100").then(|| id.to_owned());
        changes.push(RawChange {
            before: blob(old_mode, old_id),
            after: blob(new_mode, new_id),
            path: path_from_bytes(fields.next()?),
        });
    }
    Some(changes)
}

/// `ID blob SIZE LF CONTENTS LF`, again and again.
fn parse_batch(mut output: &[u8], count: usize) -> Option<Vec<Vec<u8>>> {
    let mut blobs = Vec::with_capacity(count);
    for _ in 0..count {
        let end = memchr::memchr(b'\n', output)?;
        let header = std::str::from_utf8(&output[..end]).ok()?;
        let size: usize = header.split(' ').nth(2)?.parse().ok()?;
        let contents = output.get(end + 1..)?;
        blobs.push(contents.get(..size)?.to_owned());
        output = contents.get(size + 1..)?;
    }
    Some(blobs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_changes() {
        let output = b":000000 100644 00 a1 A\0v/a b.py\0:100644 000000 b1 00 D\0v/b.py\0\
                       :100644 120000 c1 c2 T\0v/c.py\0";
        let changes = parse_raw(output).expect("git's form");
        let shown: Vec<_> = changes
            .iter()
            .map(|c| (c.before.as_deref(), c.after.as_deref(), c.path.to_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (None, Some("a1"), Some("v/a b.py")),
                (Some("b1"), None, Some("v/b.py")),
                (Some("c1"), None, Some("v/c.py")),
            ]
        );
        assert!(parse_raw(b"nonsense\0").is_none());
        assert!(parse_raw(b":100644 100644 a").is_none());
    }

    #[test]
    fn batches() {
        let output = b"a1 blob 3\nx\ny\nb1 blob 0\n\n";
        assert_eq!(parse_batch(output, 2), Some(vec![b"x\ny".to_vec(), Vec::new()]));
        assert_eq!(parse_batch(b"a1 missing\n", 1), None);
        assert_eq!(parse_batch(b"a1 blob 99\nx\n", 1), None);
    }
}
