//! Which branches, tags and stashes hold a commit.

use std::path::PathBuf;

use super::error::GitError;
use super::repository::{Repository, path_from_bytes};

/// The name, the commit that it leads to, and for a branch the work tree that has it
/// checked out and whether that is this one.
const FORMAT: &str = "--format=%(refname)%00%(symref)%00%(HEAD)%00%(worktreepath)";

/// No stash is looked up beyond this many.
const MOST_STASHES: &str = "200";

/// The kind of a name in git. The order is that of closeness: what one would rather
/// check out comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HolderKind {
    /// A branch of this clone.
    Branch,
    /// What is known of a branch of a remote.
    RemoteBranch,
    /// A tag.
    Tag,
    /// Another reference, such as a pull request's.
    Reference,
    /// An entry of the stash.
    Stash,
}

impl HolderKind {
    /// The word for it: `branch`, `remote branch`, …
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::RemoteBranch => "remote branch",
            Self::Tag => "tag",
            Self::Reference => "reference",
            Self::Stash => "stash",
        }
    }
}

/// A name in git from which a commit is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// What it is.
    pub kind: HolderKind,
    /// The short name: `topic`, `origin/topic`, `v1.0`, `stash@{0}`.
    pub name: String,
    /// The full name, as in `refs/heads/topic`; for a stash as the short one.
    pub reference: String,
    /// Whether HEAD is on this branch.
    pub is_head: bool,
    /// Another work tree of the repository that has this branch checked out.
    pub work_tree: Option<PathBuf>,
}

/// An entry of the stash with the commits that only it holds: itself, and its second
/// and third parent (the index, and files that were not known to git).
#[derive(Debug, Clone)]
pub(crate) struct Stash {
    name: String,
    commits: Vec<String>,
}

impl Repository {
    /// The branches, remote branches, tags and other references whose history has a
    /// commit, in the order of [`HolderKind`] and of names.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub fn holders(&self, commit: &str) -> Result<Vec<Holder>, GitError> {
        let listing =
            self.git("for-each-ref").args(["--contains", commit, FORMAT]).optional().output()?;
        let mut holders: Vec<Holder> =
            lines(&listing).filter_map(|line| self.holder(line)).collect();
        holders.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        Ok(holders)
    }

    fn holder(&self, line: &[u8]) -> Option<Holder> {
        let mut fields = line.split(|&byte| byte == 0);
        let reference = String::from_utf8_lossy(fields.next()?).into_owned();
        let (symbolic, head, work_tree) = (fields.next()?, fields.next()?, fields.next()?);
        let (kind, name) = kind(&reference)?;
        let name = name.to_owned();
        let work_tree = Some(path_from_bytes(work_tree))
            .filter(|path| !path.as_os_str().is_empty() && path != self.top_level());
        // `origin/HEAD` only repeats another name.
        symbolic.is_empty().then(|| Holder {
            kind,
            name,
            is_head: head == b"*",
            work_tree,
            reference,
        })
    }

    /// The entries of the stash, the newest first. None where git would not answer.
    pub(crate) fn stashes(&self) -> Vec<Stash> {
        let log = self
            .git("log")
            .args(["-g", "-z", "--no-patch", "--format=%gd%x00%H %P", "--max-count", MOST_STASHES])
            .args(["refs/stash", "--"])
            .optional()
            .output()
            .unwrap_or_default();
        let fields: Vec<&[u8]> = log.split(|&byte| byte == 0).collect();
        let stash = |pair: &[&[u8]]| {
            let (name, commits) =
                (String::from_utf8_lossy(pair[0]), String::from_utf8_lossy(pair[1]));
            let commits = commits.split(' ').enumerate();
            // The first parent is where the work began, and belongs to a branch.
            let own = commits.filter(|(at, _)| *at != 1).map(|(_, commit)| commit.to_owned());
            Stash { name: name.trim().replace("refs/stash", "stash"), commits: own.collect() }
        };
        fields.chunks_exact(2).map(stash).collect()
    }

    /// The names of all remotes.
    pub fn remotes(&self) -> Vec<String> {
        let remotes = self.git("remote").optional().output().unwrap_or_default();
        String::from_utf8_lossy(&remotes).lines().map(str::to_owned).collect()
    }

    /// Whether HEAD's history has a commit.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub fn head_has(&self, commit: &str) -> Result<bool, GitError> {
        match self.git("merge-base").args(["--is-ancestor", commit, "HEAD"]).optional().output() {
            Ok(_) => Ok(true),
            Err(GitError::Failed { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Stash {
    /// The entry as a holder, when it holds the commit.
    pub(crate) fn holder(&self, commit: &str) -> Option<Holder> {
        self.commits.iter().any(|own| own == commit).then(|| Holder {
            kind: HolderKind::Stash,
            name: self.name.clone(),
            reference: self.name.clone(),
            is_head: false,
            work_tree: None,
        })
    }
}

fn kind(reference: &str) -> Option<(HolderKind, &str)> {
    // Its own log says more, and everything older is reached from it too.
    if reference == "refs/stash" {
        return None;
    }
    let prefixes = [
        ("refs/heads/", HolderKind::Branch),
        ("refs/remotes/", HolderKind::RemoteBranch),
        ("refs/tags/", HolderKind::Tag),
        ("refs/", HolderKind::Reference),
    ];
    prefixes.into_iter().find_map(|(prefix, kind)| Some((kind, reference.strip_prefix(prefix)?)))
}

fn lines(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
}
