//! Moves a revision behind another one: `down_revision` and the docstring's `Revises:` line, and no other byte.

mod edit;
mod error;
pub mod tables;
#[cfg(test)]
mod tests;

pub use edit::{Parent, docstring_parent, edit};
pub use error::RebaseError;

use crate::git::{GitError, Repository};
use crate::revision::{Lineage, Revision, RevisionIndex, RevisionMap};
use crate::script::ScriptDirectory;

/// The branches that others share, in the order in which they are asked for.
const SHARED_BRANCHES: [&str; 5] =
    ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// What is moved, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The revision whose script changes; what follows it follows along.
    pub revision: RevisionIndex,
    /// What it follows now; `None` for a base.
    pub from: Option<RevisionIndex>,
    /// What it shall follow; `None` for a base.
    pub onto: Option<RevisionIndex>,
}

impl Move {
    /// Plans to move `revision` behind `onto`.
    ///
    /// Between two heads the whole chain of the first one moves: its bottom is what changes. Otherwise it is the
    /// revision itself.
    ///
    /// # Errors
    /// A merge, a ring, also one through dependencies, nothing to do.
    pub fn plan(
        map: &RevisionMap,
        revision: RevisionIndex,
        onto: Option<RevisionIndex>,
    ) -> Result<Self, RebaseError> {
        if onto == Some(revision) {
            return Err(RebaseError::Itself { revision: map.id(revision).to_owned() });
        }
        let below = map.ancestors(onto, Lineage::Down);
        let is_below = |index: RevisionIndex| below.contains(index.index());
        if is_below(revision) {
            let onto = onto.map(|onto| map.id(onto).to_owned()).unwrap_or_default();
            return Err(RebaseError::Ring { revision: map.id(revision).to_owned(), onto });
        }
        let both_heads = onto.is_some_and(|onto| map.is_head(onto)) && map.is_head(revision);
        let mut bottom = revision;
        loop {
            let parents: Vec<_> = map.parents(bottom).collect();
            let from = match parents.as_slice() {
                [] => None,
                [parent] => Some(*parent),
                _ => return Err(RebaseError::Merge { revision: map.id(bottom).to_owned() }),
            };
            match from {
                Some(parent) if both_heads && !is_below(parent) => bottom = parent,
                _ if from == onto => {
                    let onto = onto.map(|onto| map.id(onto).to_owned());
                    return Err(RebaseError::Already { revision: map.id(bottom).to_owned(), onto });
                }
                _ if needs(map, onto, bottom) => {
                    let onto = onto.map(|onto| map.id(onto).to_owned()).unwrap_or_default();
                    return Err(RebaseError::Needed { revision: map.id(bottom).to_owned(), onto });
                }
                _ => return Ok(Self { revision: bottom, from, onto }),
            }
        }
    }

    /// The heads after the move.
    ///
    /// # Errors
    /// What makes the new graph unsound.
    pub fn validate(&self, map: &RevisionMap) -> Result<Vec<String>, RebaseError> {
        let moved = (0..map.len()).map(RevisionIndex::new).map(|index| {
            let revision = map.revision(index);
            if index != self.revision {
                return Ok(revision.clone());
            }
            let down = self.onto.map(|onto| map.id(onto).to_owned());
            Revision::new(
                revision.id().to_owned(),
                down.into_iter().collect(),
                revision.dependencies().to_vec(),
                revision.branch_labels().to_vec(),
            )
        });
        let moved = moved.collect::<Result<Vec<_>, _>>().map_err(RebaseError::Unsound)?;
        let after = RevisionMap::new(moved, &mut Vec::new())
            .map_err(|refusal| RebaseError::Unsound(refusal.error))?;
        Ok(after.heads().iter().map(|&head| after.id(head).to_owned()).collect())
    }
}

/// Does one revision need another one, dependencies counted? Alembic's own check lets some of these rings through, and
/// its `history` does not come back then.
fn needs(map: &RevisionMap, onto: Option<RevisionIndex>, revision: RevisionIndex) -> bool {
    map.ancestors(onto, Lineage::WithDependencies).contains(revision.index())
}

/// The one head, other than `onto`, whose script is only on this branch of git.
///
/// # Errors
/// No git, no branch to compare with, no such head, or several.
pub fn head_of_this_branch(
    scripts: &ScriptDirectory,
    onto: Option<RevisionIndex>,
) -> Result<RevisionIndex, RebaseError> {
    let map = scripts.map();
    let heads = map.heads().iter().copied().filter(|&head| Some(head) != onto);
    let heads: Vec<RevisionIndex> = heads.collect();
    let Some(folder) = heads.first().and_then(|&head| scripts.folder(head)) else {
        return Err(RebaseError::NoOtherHead);
    };
    let repository = Repository::discover(folder).map_err(|error| match error {
        GitError::NoRepository { folder } => RebaseError::NoRepository { folder },
        other => other.into(),
    })?;
    let commit = shared_commit(&repository)?;
    let folders = heads.iter().filter_map(|&head| Some(scripts.folder(head)?.to_owned()));
    let shared = repository.files(&commit, &folders.collect::<Vec<_>>())?;
    let own =
        |head: &RevisionIndex| !shared.iter().any(|file| file == scripts.script(*head).path());
    let own: Vec<RevisionIndex> = heads.into_iter().filter(own).collect();
    match own.as_slice() {
        [only] => Ok(*only),
        [] => Err(RebaseError::NoOtherHead),
        several => Err(RebaseError::SeveralHeads {
            heads: several.iter().map(|&head| map.id(head).to_owned()).collect(),
        }),
    }
}

fn shared_commit(repository: &Repository) -> Result<String, GitError> {
    for branch in SHARED_BRANCHES {
        if let Some(commit) = repository.commit(branch)? {
            return Ok(commit);
        }
    }
    repository.resolve("main")
}
