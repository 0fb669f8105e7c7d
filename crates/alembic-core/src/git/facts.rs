//! Who added a file, when, and what became of it since.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::repository::{Repository, path_from_bytes};

/// How a file of the work tree stands to the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileState {
    /// As in the last commit.
    Committed,
    /// Committed, and changed since.
    Modified,
    /// Part of an unfinished merge.
    Unmerged,
    /// Added to the index, in no commit yet.
    Staged,
    /// Not known to git.
    Untracked,
    /// Not known to git on purpose.
    Ignored,
}

impl FileState {
    /// The word for it: `committed`, `modified`, …
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Modified => "modified",
            Self::Unmerged => "unmerged",
            Self::Staged => "staged",
            Self::Untracked => "untracked",
            Self::Ignored => "ignored",
        }
    }

    /// Whether no commit holds the file.
    pub fn is_uncommitted(self) -> bool {
        self >= Self::Staged
    }
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The full hash.
    pub id: String,
    /// The author's date in the author's time zone, as `2026-11-03`.
    pub date: String,
    /// The author's time in seconds since 1970.
    pub time: i64,
}

impl Commit {
    /// The hash cut to seven digits, whatever `core.abbrev` says.
    pub fn short_id(&self) -> &str {
        self.id.get(..7).unwrap_or(&self.id)
    }
}

/// What git knows about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// How it stands to the last commit.
    pub state: FileState,
    /// Who added it: the commit's author, or for a file that is in no commit the
    /// name that git would put there.
    pub author: Option<String>,
    /// The commit that added it. `None` when it is in no commit, or in one that a
    /// shallow clone does not hold.
    pub commit: Option<Commit>,
}

impl Repository {
    /// Facts of files in the work tree, in two runs of git for all of them. A file
    /// without an entry is not in this work tree, or git would not answer.
    ///
    /// The commit that added a file is looked for from HEAD, and from MERGE_HEAD
    /// in the middle of a merge, back through renames that left the file's bytes
    /// as they were (similarity would take one script for another: all of them
    /// grow from one template).
    pub fn facts(&self, files: &[PathBuf]) -> BTreeMap<PathBuf, FileFacts> {
        let names: Vec<&Path> = files.iter().filter_map(|file| self.relative(file)).collect();
        let Some(states) = self.states(&names) else { return BTreeMap::new() };
        let tips: Vec<String> = ["HEAD", "MERGE_HEAD"]
            .into_iter()
            .filter_map(|name| self.commit(name).ok().flatten())
            .collect();
        let merging = tips.len() > 1;
        let mut added = self.adding_commits(&tips, &names);
        let mut me = None;
        let mut facts = BTreeMap::new();
        for name in names {
            let mut state = states.get(name).copied().unwrap_or(FileState::Committed);
            let mut committed = added.remove(name);
            if state == FileState::Staged && merging && committed.is_some() {
                // Staged by the merge that brings its commit.
                state = FileState::Committed;
            } else if state.is_uncommitted() {
                // What an earlier commit had under this name is another file.
                committed = None;
            }
            let (author, commit) = match committed {
                Some((author, commit)) => (Some(author), Some(commit)),
                None if state.is_uncommitted() => {
                    (me.get_or_insert_with(|| self.user_name()).clone(), None)
                }
                None => (None, None),
            };
            facts.insert(self.top_level().join(name), FileFacts { state, author, commit });
        }
        facts
    }

    /// Facts of files as a commit has them, whatever the work tree holds.
    pub fn facts_at(&self, commit: &str, files: &[PathBuf]) -> BTreeMap<PathBuf, FileFacts> {
        let names: Vec<&Path> = files.iter().filter_map(|file| self.relative(file)).collect();
        let added = self.adding_commits(&[commit.to_owned()], &names);
        let facts = added.into_iter().map(|(name, (author, commit))| {
            let (author, commit) = (Some(author), Some(commit));
            let facts = FileFacts { state: FileState::Committed, author, commit };
            (self.top_level().join(name), facts)
        });
        facts.collect()
    }

    fn states(&self, names: &[&Path]) -> Option<BTreeMap<PathBuf, FileState>> {
        if names.is_empty() {
            return None;
        }
        let status = self
            .git("status")
            .args(["--porcelain=v2", "-z", "--no-renames", "--untracked-files=all"])
            .args(["--ignored=matching", "--ignore-submodules=all", "--"])
            .args(names)
            .optional()
            .output()
            .ok()?;
        Some(parse_status(&status))
    }

    /// Whom git would name as the author of a commit now.
    fn user_name(&self) -> Option<String> {
        let named = std::env::var("GIT_AUTHOR_NAME").ok().filter(|name| !name.is_empty());
        named.or_else(|| {
            let name = self.git("config").args(["--get", "user.name"]).output().ok()?;
            Some(String::from_utf8_lossy(&name).trim().to_owned()).filter(|name| !name.is_empty())
        })
    }

    /// The commits that added files, from one `git log` that ends as soon as the
    /// last one is found.
    fn adding_commits(&self, tips: &[String], names: &[&Path]) -> Added {
        let mut search = Search::new(names, self.boundary());
        if tips.is_empty() || names.is_empty() {
            return search.found;
        }
        let mut folders: Vec<&Path> = names.iter().filter_map(|name| name.parent()).collect();
        folders.sort_unstable();
        folders.dedup();
        // A file at the top: the whole tree, which an empty list of paths means.
        if folders.iter().any(|folder| folder.as_os_str().is_empty()) {
            folders.clear();
        }
        let log = self
            .git("log")
            .args(["-z", "--name-status", "--diff-filter=AR", "--find-renames=100%"])
            .args(["--no-color", "--no-ext-diff", "--no-textconv", "--no-show-signature"])
            .args(["--encoding=UTF-8", "--date=short", "--format=%H%x00%at%x00%ad%x00%an"])
            .args(tips)
            .arg("--")
            .args(folders)
            .optional();
        // What was found before a failure is as true as with none.
        let _rest_is_unknown = log.stream(|chunk| search.take(chunk));
        search.found
    }

    /// Commits whose parents this clone does not hold: they seem to add every file.
    fn boundary(&self) -> Vec<String> {
        if !self.is_shallow() {
            return Vec::new();
        }
        let path = self.git("rev-parse").args(["--git-path", "shallow"]).output();
        let path = path.unwrap_or_default();
        let path = path_from_bytes(path.strip_suffix(b"\n").unwrap_or(&path));
        let text = fs::read_to_string(self.top_level().join(path)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

type Added = BTreeMap<PathBuf, (String, Commit)>;

/// Reads the log as it comes.
struct Search {
    /// The name that a file goes by at this point of history, and its name today.
    wanted: BTreeMap<PathBuf, PathBuf>,
    boundary: Vec<String>,
    found: Added,
    pending: Vec<u8>,
    fields: Fields,
}

/// Where in the log's form the next field stands.
enum Fields {
    /// Hash, time, date and author of a commit.
    Header(Vec<String>),
    /// `A` or `R100`, or the hash of the next commit.
    Status { author: String, commit: Commit },
    /// The paths that belong to a status.
    Paths { author: String, commit: Commit, renamed: bool, old: Option<PathBuf> },
}

impl Search {
    fn new(names: &[&Path], boundary: Vec<String>) -> Self {
        let wanted = names.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
        let fields = Fields::Header(Vec::new());
        Self { wanted, boundary, found: Added::new(), pending: Vec::new(), fields }
    }

    fn take(&mut self, chunk: &[u8]) -> ControlFlow<()> {
        self.pending.extend_from_slice(chunk);
        let mut start = 0;
        let pending = std::mem::take(&mut self.pending);
        while let Some(length) = memchr::memchr(0, &pending[start..]) {
            self.field(&pending[start..start + length]);
            start += length + 1;
            if self.wanted.is_empty() {
                return ControlFlow::Break(());
            }
        }
        self.pending = pending[start..].to_vec();
        ControlFlow::Continue(())
    }

    fn field(&mut self, field: &[u8]) {
        let fields = std::mem::replace(&mut self.fields, Fields::Header(Vec::new()));
        self.fields = match fields {
            Fields::Header(known) => header(known, field),
            Fields::Status { author, commit } => match field.trim_ascii_start() {
                [b'A' | b'R', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
                    Fields::Paths { author, commit, renamed: !digits.is_empty(), old: None }
                }
                hash => header(Vec::new(), hash),
            },
            Fields::Paths { author, commit, renamed: true, old: None } => {
                let old = Some(path_from_bytes(field));
                Fields::Paths { author, commit, renamed: true, old }
            }
            Fields::Paths { author, commit, old, .. } => {
                self.added(&path_from_bytes(field), old, &author, &commit);
                Fields::Status { author, commit }
            }
        };
    }

    /// At `commit` the file came to be, or came to be called so.
    fn added(&mut self, path: &Path, old: Option<PathBuf>, author: &str, commit: &Commit) {
        let Some(today) = self.wanted.remove(path) else { return };
        match old {
            Some(old) => {
                self.wanted.insert(old, today);
            }
            None if self.boundary.contains(&commit.id) => {}
            None => {
                self.found.insert(today, (author.to_owned(), commit.clone()));
            }
        }
    }
}

fn header(mut known: Vec<String>, field: &[u8]) -> Fields {
    known.push(String::from_utf8_lossy(field).trim().to_owned());
    match <[String; 4]>::try_from(known) {
        Ok([id, time, date, author]) => {
            let commit = Commit { id, date, time: time.parse().unwrap_or_default() };
            Fields::Status { author, commit }
        }
        Err(known) => Fields::Header(known),
    }
}

/// Reads `git status --porcelain=v2 -z --no-renames`.
fn parse_status(output: &[u8]) -> BTreeMap<PathBuf, FileState> {
    let mut states = BTreeMap::new();
    for entry in output.split(|&byte| byte == 0) {
        // The path comes behind this many words.
        let (words, state) = match entry {
            [b'1', b' ', b'A', ..] => (8, FileState::Staged),
            [b'1', b' ', ..] => (8, FileState::Modified),
            [b'u', b' ', ..] => (10, FileState::Unmerged),
            [b'?', b' ', ..] => (1, FileState::Untracked),
            [b'!', b' ', ..] => (1, FileState::Ignored),
            _ => continue,
        };
        if let Some(path) = entry.splitn(words + 1, |&byte| byte == b' ').nth(words) {
            states.insert(path_from_bytes(path), state);
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &[u8] = b"c3\x003\x002026-01-03\x00Bo B\x00\nR100\x00v/b.py\x00v/d.py\x00\
                         c2\x002\x002026-01-02\x00Al A\x00\nA\x00v/b.py\x00A\x00v/c.py\x00\
                         c1\x001\x002026-01-01\x00Al A\x00\nA\x00v/a.py\x00";

    fn search(names: &[&str], boundary: &[&str], step: usize) -> Vec<String> {
        let names: Vec<&Path> = names.iter().map(Path::new).collect();
        let mut search = Search::new(&names, boundary.iter().map(|&id| id.to_owned()).collect());
        for chunk in LOG.chunks(step) {
            if search.take(chunk).is_break() {
                break;
            }
        }
        let shown = |(path, (author, commit)): (&PathBuf, &(String, Commit))| {
            format!("{} {author} {} {}", path.display(), commit.id, commit.date)
        };
        search.found.iter().map(shown).collect()
    }

    #[test]
    fn finds_the_commit_behind_a_rename() {
        for step in [1, 7, 1000] {
            assert_eq!(search(&["v/d.py"], &[], step), ["v/d.py Al A c2 2026-01-02"]);
            assert_eq!(
                search(&["v/a.py", "v/c.py"], &[], step),
                ["v/a.py Al A c1 2026-01-01", "v/c.py Al A c2 2026-01-02"]
            );
        }
    }

    #[test]
    fn does_not_believe_the_end_of_a_shallow_clone() {
        assert_eq!(search(&["v/a.py", "v/c.py"], &["c1"], 1000), ["v/c.py Al A c2 2026-01-02"]);
    }

    #[test]
    fn states() {
        let output = b"1 A. N... 000000 100644 100644 0 1 v/a b.py\x00\
                       1 .M N... 100644 100644 100644 1 1 v/m.py\x00\
                       u UU N... 100644 100644 100644 100644 1 2 3 v/u.py\x00? v/x\ny.py\x00! v/i.py\x00";
        let states = parse_status(output);
        let shown: Vec<_> =
            states.iter().map(|(path, state)| (path.to_str(), state.as_str())).collect();
        assert_eq!(
            shown,
            [
                (Some("v/a b.py"), "staged"),
                (Some("v/i.py"), "ignored"),
                (Some("v/m.py"), "modified"),
                (Some("v/u.py"), "unmerged"),
                (Some("v/x\ny.py"), "untracked"),
            ]
        );
    }
}
