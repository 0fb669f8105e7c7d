//! What a search gives, as data.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::git::{GitError, Holder, HolderKind, LoggedCommit};
use crate::script::{ScriptDirectory, ScriptFiles};

/// What the project declares: identifiers and branch labels.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub(super) ids: HashSet<String>,
    pub(super) labels: HashSet<String>,
}

impl Known {
    /// Of scripts that were read, also where they make no sound graph.
    pub fn of_files(files: &ScriptFiles) -> Self {
        let declared = || files.scripts.iter().map(|(_, declaration)| declaration);
        Self {
            ids: declared().map(|d| d.revision.clone()).collect(),
            labels: declared().flat_map(|d| d.branch_labels.iter().cloned()).collect(),
        }
    }

    /// Of a sound script directory.
    pub fn of(directory: &ScriptDirectory) -> Self {
        let map = directory.map();
        Self {
            ids: map.live_indices().map(|index| map.id(index).to_owned()).collect(),
            labels: map.declared_labels().map(|(label, _)| label.to_owned()).collect(),
        }
    }

    /// Whether a script of the project declares the revision.
    pub fn has(&self, revision: &str) -> bool {
        self.ids.contains(revision)
    }
}

/// What a search gave.
#[derive(Debug, Default)]
pub struct Lost {
    /// One for every identifier that was asked for, in that order.
    pub revisions: Vec<LostRevision>,
    /// How far git could see.
    pub horizon: Horizon,
}

/// How far git could see, for a word about what was not found.
#[derive(Debug, Default)]
pub struct Horizon {
    /// The work trees whose repositories were searched; none where there is no git.
    pub repositories: Vec<PathBuf>,
    /// Their remotes, from which more may be fetched.
    pub remotes: Vec<String>,
    /// Whether a shallow clone lacks older commits.
    pub is_shallow: bool,
    /// How many files a partial clone lacks.
    pub missing_objects: usize,
    /// Why git could not answer, or not to the end.
    pub failures: Vec<GitError>,
}

/// A revision that the database has and the project has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRevision {
    /// The identifier.
    pub id: String,
    /// The scripts in git that declare it, the best first: what a branch has at its
    /// tip, then what a history has, then what only a reflog reaches; the newest
    /// first among equals.
    pub scripts: Vec<LostScript>,
}

impl LostRevision {
    /// The script to work with.
    pub fn best(&self) -> Option<&LostScript> {
        self.scripts.first()
    }
}

/// A version of a script that declares a lost revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostScript {
    /// The identifier that it declares.
    pub revision: String,
    /// The first part of its docstring.
    pub message: String,
    /// The work tree of the repository that has it.
    pub repository: PathBuf,
    /// The path from the top of that work tree.
    pub path: PathBuf,
    /// The identifier of its contents.
    pub blob: String,
    /// The commit that added the file or changed it to this.
    pub commit: LoggedCommit,
    /// The branches, tags and stashes whose history has that commit; none when only
    /// a reflog reaches it.
    pub holders: Vec<Holding>,
    /// What became of it here.
    pub fate: Fate,
    /// Its line down to what the project has.
    pub chain: Chain,
}

impl LostScript {
    /// The first name in git of a kind that has the script at its tip.
    pub fn at_tip(&self, kind: HolderKind) -> Option<&Holder> {
        let holding = self.holders.iter().find(|h| h.at_tip && h.holder.kind == kind);
        holding.map(|holding| &holding.holder)
    }

    /// Whether only a reflog reaches it, which git forgets after weeks.
    pub fn is_reflog_only(&self) -> bool {
        self.holders.is_empty()
    }
}

/// A name in git whose history has a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The name.
    pub holder: Holder,
    /// Whether the script is there as it was, to be checked out.
    pub at_tip: bool,
}

/// What became of a lost script in the history of HEAD and in the work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// HEAD's history never had it.
    Elsewhere,
    /// HEAD has it, and the work tree does not.
    RemovedHere,
    /// The work tree has it, where no version location is, or as a file that is not read.
    NotLoaded,
    /// HEAD's history had it until a commit deleted it; `None` where the commit is
    /// not known.
    Deleted(Option<LoggedCommit>),
    /// The file declares another revision today.
    Renamed {
        /// The identifier that it has now.
        revision: String,
        /// The path from the top of the work tree where it is now.
        path: PathBuf,
        /// Whether what follows the declarations is the same to the byte, so that
        /// both do the same to a database.
        same_body: bool,
        /// Whether the project declares it.
        is_known: bool,
    },
}

/// The line of a lost revision down to what the project has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// The scripts that the project lacks, every one before those that it follows.
    pub missing: Vec<ChainScript>,
    /// The project's revisions that they follow by `down_revision`: where a downgrade
    /// through them ends. Empty when the line goes down to its own base.
    pub ancestors: Vec<String>,
    /// The project's revisions or labels that they depend on.
    pub dependencies: Vec<String>,
    /// Identifiers that neither the project nor git has a script for.
    pub gaps: Vec<String>,
}

/// A script that the project lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainScript {
    /// The identifier that it declares.
    pub revision: String,
    /// `down_revision`.
    pub down_revision: Vec<String>,
    /// `depends_on`, as written.
    pub depends_on: Vec<String>,
    /// The first part of its docstring.
    pub message: String,
    /// The commit whose tree it is taken from.
    pub commit: String,
    /// The path from the top of the work tree.
    pub path: PathBuf,
    /// The identifier of its contents.
    pub blob: String,
}
