//! Every version of every Python file that any commit ever had.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::command::Limit;
use super::error::GitError;
use super::facts::Commit;
use super::repository::{Repository, path_from_bytes};

/// What reading a history may cost: a few seconds do for 100,000 commits.
const LIMIT: Limit = Limit { seconds: 30, megabytes: 1024 };

/// No more versions are kept than this.
const MOST_VERSIONS: usize = 1_000_000;

/// Only these matter here. `**/` also stands for the top of the work tree.
const PYTHON_FILES: &str = ":(top,glob)**/*.py";

/// Hash, time, date, author, subject.
const FORMAT: &str = "--format=%H%x00%at%x00%ad%x00%an%x00%s";
const HEADER_FIELDS: usize = 5;

/// A commit with what a log shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedCommit {
    /// Hash and date.
    pub commit: Commit,
    /// The author's name.
    pub author: String,
    /// The first line of the message.
    pub subject: String,
}

/// A file as a commit made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVersion {
    /// The commit.
    pub commit: Arc<LoggedCommit>,
    /// The path from the top of the work tree.
    pub path: Arc<Path>,
    /// The identifier of its contents.
    pub blob: String,
}

/// The versions of all Python files, the newest first.
#[derive(Debug, Default)]
pub struct FileHistory {
    /// One for every commit that added a file or changed it.
    pub versions: Vec<FileVersion>,
    /// Why there may be more.
    pub cut_short: Option<GitError>,
}

impl Repository {
    /// Reads the history of all branches, remote branches, tags, stashes, work trees
    /// and reflogs. Deletions are no versions. A merge counts for what is in none of
    /// its parents.
    ///
    /// # Errors
    /// When git cannot be asked. A limit of time or size is no error: what was found
    /// until then is true.
    pub fn file_history(&self) -> Result<FileHistory, GitError> {
        let mut reader = Reader::default();
        let log = self
            .git("log")
            .args(["--all", "--reflog", "--ignore-missing", "FETCH_HEAD", "ORIG_HEAD"])
            .args(["-z", "--raw", "-c", "--no-renames", "--no-abbrev", "--full-history"])
            .args(["--no-color", "--no-ext-diff", "--no-textconv", "--no-show-signature"])
            .args(["--encoding=UTF-8", "--date=short", FORMAT])
            .args(["--", PYTHON_FILES])
            .patterns()
            .limits(LIMIT);
        let cut_short = match log.stream(|chunk| reader.take(chunk)) {
            Ok(()) => None,
            Err(error @ (GitError::TimedOut { .. } | GitError::TooMuch { .. })) => Some(error),
            Err(error) => return Err(error),
        };
        let full = || GitError::TooMuch { command: "log".to_owned(), megabytes: LIMIT.megabytes };
        let cut_short = cut_short.or_else(|| reader.is_full().then(full));
        Ok(FileHistory { versions: reader.versions, cut_short })
    }

    /// The last commit of HEAD's history that took a file away.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub fn deletion(&self, path: &Path) -> Result<Option<LoggedCommit>, GitError> {
        let log = self
            .git("log")
            .args(["-1", "-z", "--diff-filter=D", "--no-renames", "--full-history"])
            .args(["--no-color", "--no-show-signature", "--no-patch"])
            .args(["--encoding=UTF-8", "--date=short", FORMAT, "HEAD", "--"])
            .arg(path)
            .optional()
            .output()?;
        let fields: Vec<&[u8]> = log.split(|&byte| byte == 0).take(HEADER_FIELDS).collect();
        Ok(<[&[u8]; HEADER_FIELDS]>::try_from(fields).ok().map(|fields| logged(fields.map(text))))
    }
}

/// Reads the log as it comes.
#[derive(Default)]
struct Reader {
    versions: Vec<FileVersion>,
    paths: HashSet<Arc<Path>>,
    pending: Vec<u8>,
    header: Vec<String>,
    commit: Option<Arc<LoggedCommit>>,
    /// What the path that comes next belongs to.
    blob: Option<Blob>,
}

/// The contents that a line of the log speaks of.
enum Blob {
    File(String),
    /// A deletion, a link or a submodule.
    None,
}

impl Reader {
    fn is_full(&self) -> bool {
        self.versions.len() >= MOST_VERSIONS
    }

    fn take(&mut self, chunk: &[u8]) -> ControlFlow<()> {
        self.pending.extend_from_slice(chunk);
        let pending = std::mem::take(&mut self.pending);
        let mut start = 0;
        while let Some(length) = memchr::memchr(0, &pending[start..]) {
            self.field(&pending[start..start + length]);
            start += length + 1;
        }
        self.pending = pending[start..].to_vec();
        if self.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn field(&mut self, field: &[u8]) {
        match (self.blob.take(), &self.commit) {
            (Some(Blob::File(blob)), Some(commit)) => {
                let commit = Arc::clone(commit);
                let path = self.shared(&path_from_bytes(field));
                self.versions.push(FileVersion { commit, path, blob });
            }
            (Some(_), _) => {}
            (None, None) => self.header_field(field),
            (None, Some(_)) => match field.trim_ascii_start() {
                // A merge that changed nothing itself.
                [] => {}
                raw if raw.starts_with(b":") => self.blob = Some(blob(raw)),
                hash => {
                    self.commit = None;
                    self.header_field(hash);
                }
            },
        }
    }

    fn header_field(&mut self, field: &[u8]) {
        self.header.push(text(field));
        let header = std::mem::take(&mut self.header);
        match <[String; HEADER_FIELDS]>::try_from(header) {
            Ok(header) => self.commit = Some(Arc::new(logged(header))),
            Err(header) => self.header = header,
        }
    }

    /// A path is kept once, however many versions it has.
    fn shared(&mut self, path: &Path) -> Arc<Path> {
        if let Some(known) = self.paths.get(path) {
            return Arc::clone(known);
        }
        let path: Arc<Path> = PathBuf::from(path).into();
        self.paths.insert(Arc::clone(&path));
        path
    }
}

/// `:MODE MODE ID ID STATUS`, and for a merge a colon, a mode and an identifier more
/// for every further parent.
fn blob(raw: &[u8]) -> Blob {
    let parents = raw.iter().take_while(|&&byte| byte == b':').count();
    let raw = String::from_utf8_lossy(&raw[parents..]);
    let words: Vec<&str> = raw.split(' ').collect();
    match (words.get(parents), words.get(2 * parents + 1)) {
        (Some(mode), Some(id)) if mode.starts_with("100") => Blob::File((*id).to_owned()),
        _ => Blob::None,
    }
}

fn logged([id, time, date, author, subject]: [String; HEADER_FIELDS]) -> LoggedCommit {
    let commit = Commit { id, date, time: time.parse().unwrap_or_default() };
    LoggedCommit { commit, author, subject }
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &[u8] = b"c4\x004\x002026-01-04\x00Bo B\x00\x00\n::100644 000000 100644 b1 0 b4 MA\x00v/a b.py\x00\
                         c3\x003\x002026-01-03\x00Bo B\x00merge\x00\x00\
                         c2\x002\x002026-01-02\x00Al A\x00two: x\x00\n:100644 000000 b1 0 D\x00v/d.py\x00\
                         :000000 120000 0 b7 A\x00v/link.py\x00:000000 100755 0 b2 A\x00v/c.py\x00\
                         c1\x001\x002026-01-01\x00Al A\x00one\x00\n:000000 100644 0 b1 A\x00v/d.py\x00";

    #[test]
    fn reads_versions_of_plain_commits_and_merges() {
        for step in [1, 7, 1000] {
            let mut reader = Reader::default();
            for chunk in LOG.chunks(step) {
                assert!(reader.take(chunk).is_continue());
            }
            let shown: Vec<_> = reader
                .versions
                .iter()
                .map(|v| format!("{} {} {}", v.commit.commit.id, v.path.display(), v.blob))
                .collect();
            assert_eq!(shown, ["c4 v/a b.py b4", "c2 v/c.py b2", "c1 v/d.py b1"]);
            assert_eq!(reader.versions[1].commit.subject, "two: x");
        }
    }
}
