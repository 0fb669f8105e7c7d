//! From an identifier's text to revisions of the map.
//!
//! Alembic's `get_revisions`, `get_revision`, `filter_for_lineage` and what they
//! stand on.

use std::borrow::Cow;

use fixedbitset::FixedBitSet;

use super::error::{ResolutionFailure, RevisionError};
use super::identifier::{Identifier, Symbol, steps_down};
use super::map::{RevisionIndex, RevisionMap};

pub use super::map::Lineage;

/// The shortest identifier that a prefix can stand for, in characters.
const MIN_PREFIXED: usize = 4;

/// What an identifier resolved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A revision.
    Revision(RevisionIndex),
    /// Exactly the base, reached by walking down.
    Base,
    /// Somewhere past the base.
    PastBase,
}

/// An identifier with its symbols replaced, and the branch to stay on.
pub(super) struct Names<'a> {
    pub(super) names: Vec<Cow<'a, str>>,
    pub(super) branch: Option<&'a str>,
}

impl RevisionMap {
    /// All revisions that `identifier` stands for; none for `base`.
    ///
    /// # Errors
    /// [`RevisionError::Resolution`], [`RevisionError::MultipleHeads`] for `head`
    /// with several, [`RevisionError::AmbiguousWalk`] for `-N` across a merge.
    pub fn find(&self, identifier: &str) -> Result<Vec<Found>, RevisionError> {
        let Names { names, branch } = self.names(identifier)?;
        if let [name] = names.as_slice()
            && let Some(steps) = steps_down(name)
        {
            // As Alembic: an empty branch is one that no head carries.
            let branch = branch.or(identifier.starts_with('@').then_some(""));
            return self.walk_down_from_heads(branch, steps);
        }
        names.iter().map(|name| self.named(name, branch).map(Found::Revision)).collect()
    }

    /// As [`find`](Self::find), where only revisions make sense.
    ///
    /// # Errors
    /// As [`find`](Self::find), and [`ResolutionFailure::NotARevision`] for a walk
    /// that ends at the base or past it.
    pub fn get_revisions(&self, identifier: &str) -> Result<Vec<RevisionIndex>, RevisionError> {
        let revision = |found| match found {
            Found::Revision(index) => Ok(index),
            Found::Base | Found::PastBase => Err(RevisionError::not_a_revision(identifier)),
        };
        self.find(identifier)?.into_iter().map(revision).collect()
    }

    /// The one revision that `identifier` stands for; `None` for `base`.
    ///
    /// # Errors
    /// [`RevisionError::Resolution`], or [`RevisionError::MultipleHeads`] when it
    /// stands for several.
    pub fn get_revision(&self, identifier: &str) -> Result<Option<RevisionIndex>, RevisionError> {
        let Names { names, branch } = self.names(identifier)?;
        match names.as_slice() {
            [] => {
                branch.map(|branch| self.branch(branch)).transpose()?;
                Ok(None)
            }
            [name] => self.named(name, branch).map(Some),
            _ => Err(multiple_heads(names.iter().map(AsRef::as_ref), identifier)),
        }
    }

    /// Those of `targets` that share lineage with `branch`, as ancestor or
    /// descendant.
    ///
    /// # Errors
    /// [`RevisionError::MultipleHeads`] when `branch` is `head` and there are several;
    /// [`RevisionError::Resolution`] when there are targets and `branch` names nothing.
    pub fn filter_for_lineage(
        &self,
        targets: &[RevisionIndex],
        branch: &str,
        lineage: Lineage,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        if targets.is_empty() {
            // Alembic replaces the symbols first, and looks for names only with a target at hand.
            return self.names(branch).map(|_| Vec::new());
        }
        let shared = self.lineage_of(branch, lineage)?;
        let on_branch = |target: &&RevisionIndex| match &shared {
            Some(shared) => shared.contains(target.index()),
            None => true,
        };
        Ok(targets.iter().filter(on_branch).copied().collect())
    }

    /// Every revision related to what `branch` stands for; `None` means all.
    fn lineage_of(
        &self,
        branch: &str,
        lineage: Lineage,
    ) -> Result<Option<FixedBitSet>, RevisionError> {
        let Names { names, branch } = self.names(branch)?;
        let all = branch.into_iter().chain(names.iter().map(AsRef::as_ref));
        let tested = all.map(|name| self.named(name, None)).collect::<Result<Vec<_>, _>>()?;
        Ok((!tested.is_empty()).then(|| self.related(&tested, lineage)))
    }

    fn related(&self, revisions: &[RevisionIndex], lineage: Lineage) -> FixedBitSet {
        let mut related = self.ancestors(revisions.iter().copied(), lineage);
        related.union_with(&self.descendants(revisions.iter().copied(), lineage));
        related
    }

    /// Replaces `head`, `heads` and `base` (Alembic's `_resolve_revision_number`).
    pub(super) fn names<'a>(&'a self, text: &'a str) -> Result<Names<'a>, RevisionError> {
        let Identifier { branch, symbol } = Identifier::parse(text);
        let borrowed = |index: &RevisionIndex| Cow::Borrowed(self.id(*index));
        let names = match symbol {
            Symbol::Base => Vec::new(),
            Symbol::Name(name) => vec![Cow::Borrowed(name)],
            Symbol::Heads => match branch {
                Some(branch) => {
                    let live = self.live(self.heads());
                    let heads = self.filter_for_lineage(&live, branch, Lineage::Down)?;
                    heads.iter().map(borrowed).collect()
                }
                None => self.real_heads().iter().map(borrowed).collect(),
            },
            Symbol::Head => {
                let heads = self.live(self.heads());
                let heads = match branch {
                    Some(branch) => self.filter_for_lineage(&heads, branch, Lineage::Down)?,
                    None => heads,
                };
                if heads.len() > 1 {
                    let ids = heads.iter().map(|&index| self.id(index));
                    // An empty branch is none: Alembic says `head` of `@head`.
                    let argument = if branch.is_some() { text } else { "head" };
                    return Err(multiple_heads(ids, argument));
                }
                heads.iter().map(borrowed).collect()
            }
        };
        Ok(Names { names, branch })
    }

    /// The scripts that count, for scripts of which some may be replaced.
    pub(super) fn live(&self, indices: &[RevisionIndex]) -> Vec<RevisionIndex> {
        let live = |index: &RevisionIndex| self.by_id(self.id(*index)).unwrap_or(*index);
        indices.iter().map(live).collect()
    }

    fn walk_down_from_heads(
        &self,
        branch: Option<&str>,
        steps: i64,
    ) -> Result<Vec<Found>, RevisionError> {
        self.get_revisions("heads")?
            .into_iter()
            .filter(|&head| branch.is_none_or(|branch| self.has_label(head, branch)))
            .map(|head| self.walk_down(head, steps))
            .collect()
    }

    /// The revision called `name`, or the only one that starts so, on `branch`
    /// (Alembic's `_revision_for_ident`).
    pub(super) fn named(
        &self,
        name: &str,
        branch: Option<&str>,
    ) -> Result<RevisionIndex, RevisionError> {
        let branch_revision = branch.map(|branch| self.branch(branch)).transpose()?.flatten();
        let revision = match self.lookup(name) {
            Some(revision) => revision,
            None => self.by_prefix(name, branch.filter(|_| branch_revision.is_some()))?,
        };
        if let (Some(branch), Some(branch_revision)) = (branch, branch_revision)
            // By identifier, as Alembic compares: a replaced script stands for its successor.
            && !self
                .related(&self.live(&[branch_revision]), Lineage::Down)
                .contains(self.live(&[revision])[0].index())
        {
            let failure = ResolutionFailure::NotOnBranch {
                revision: self.id(revision).to_owned(),
                branch: branch.to_owned(),
            };
            return Err(RevisionError::Resolution { argument: name.to_owned(), failure });
        }
        Ok(revision)
    }

    /// The revision that a branch stands for: a label, an identifier, a prefix.
    pub(super) fn branch(&self, branch: &str) -> Result<Option<RevisionIndex>, RevisionError> {
        if let Some(revision) = self.lookup(branch) {
            return Ok(Some(revision));
        }
        self.by_prefix(branch, None).map(Some).map_err(|error| match error {
            RevisionError::Resolution { argument, failure: ResolutionFailure::NoSuchRevision } => {
                RevisionError::Resolution { argument, failure: ResolutionFailure::NoSuchBranch }
            }
            other => other,
        })
    }

    /// Identifiers and labels of at least four characters that start with `prefix`.
    fn by_prefix(
        &self,
        prefix: &str,
        branch: Option<&str>,
    ) -> Result<RevisionIndex, RevisionError> {
        let failed = |failure| RevisionError::Resolution { argument: prefix.to_owned(), failure };
        if prefix.is_empty() {
            return Err(failed(ResolutionFailure::NoSuchRevision));
        }
        let mut candidates: Vec<(&str, RevisionIndex)> = self
            .live_indices()
            .map(|index| (self.id(index), index))
            .chain(self.declared_labels())
            .filter(|(name, _)| name.starts_with(prefix) && has_characters(name, MIN_PREFIXED))
            .collect();
        if let Some(branch) = branch {
            let indices: Vec<_> = candidates.iter().map(|(_, index)| *index).collect();
            let on_branch = self.filter_for_lineage(&indices, branch, Lineage::Down)?;
            candidates.retain(|(_, index)| on_branch.contains(index));
        }
        match candidates.as_slice() {
            [] => Err(failed(ResolutionFailure::NoSuchRevision)),
            [(_, index)] => Ok(*index),
            _ => Err(failed(ResolutionFailure::Ambiguous {
                candidates: candidates.iter().map(|(name, _)| (*name).to_owned()).collect(),
            })),
        }
    }
}

fn multiple_heads<'a>(heads: impl Iterator<Item = &'a str>, argument: &str) -> RevisionError {
    let heads = heads.map(str::to_owned).collect();
    RevisionError::MultipleHeads { heads, argument: argument.to_owned() }
}

fn has_characters(text: &str, count: usize) -> bool {
    text.chars().nth(count - 1).is_some()
}
