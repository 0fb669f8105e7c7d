//! Which revisions lie between two points: ranges of `history`, the steps of an
//! upgrade or downgrade. Alembic's `_walk`, `_parse_upgrade_target`,
//! `_parse_downgrade_target` and the two `_collect_…_revisions`.

use std::fmt;

use fixedbitset::FixedBitSet;

use super::error::RevisionError;
use super::map::{Lineage, RevisionIndex, RevisionMap};
use super::resolve::Found;
use super::walk::{Overwalk, Place};

/// One end of a range: what was written, or the rows of the version table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound<'a> {
    /// An identifier or relative identifier.
    Text(&'a str),
    /// The rows of the version table, in the order in which they were read.
    Rows(&'a [String]),
}

/// As Alembic's messages show it: the text, or the rows as a Python tuple.
impl fmt::Display for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Rows([row]) => write!(f, "('{row}',)"),
            Self::Rows(rows) => write!(f, "('{}')", rows.join("', '")),
        }
    }
}

impl RevisionMap {
    /// The revisions of `start:end`, newest first, as `history` lists them.
    ///
    /// # Errors
    /// Everything that an identifier, a relative identifier or a range can get
    /// wrong; the sentences name `start` and `end` as given.
    pub fn history(
        &self,
        start: Bound<'_>,
        end: Bound<'_>,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let result = self.collect_upgrade(end, start, Overwalk::Stay);
        let (needed, targets) = result.map_err(|error| match error {
            RevisionError::RangeNotAncestor { .. } => {
                RevisionError::RangeNotAncestor { start: start.to_string(), end: end.to_string() }
            }
            RevisionError::MultipleHeads { heads, .. } => {
                RevisionError::MultipleHeads { heads, argument: end.to_string() }
            }
            other => other,
        })?;
        self.topological_order(&needed, &targets)
    }

    /// Every revision, newest first, in the order of `history` and `branches`.
    ///
    /// # Errors
    /// [`RevisionError::Overlap`] when an identifier is declared twice in a way
    /// that makes a head of an ancestor.
    pub fn walk_all(&self) -> Result<Vec<RevisionIndex>, RevisionError> {
        self.history(Bound::Text("base"), Bound::Text("heads"))
    }

    pub(super) fn find_bound(&self, bound: Bound<'_>) -> Result<Vec<Found>, RevisionError> {
        match bound {
            Bound::Text(text) => self.find(text),
            Bound::Rows(rows) => {
                let found = rows.iter().map(|row| self.find(row));
                Ok(found.collect::<Result<Vec<_>, _>>()?.concat())
            }
        }
    }

    pub(super) fn revisions_of(
        &self,
        bound: Bound<'_>,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        only_revisions(self.find_bound(bound)?, bound)
    }

    /// The revisions to list or upgrade, and the targets they lead to.
    fn collect_upgrade(
        &self,
        upper: Bound<'_>,
        lower: Bound<'_>,
        overwalk: Overwalk,
    ) -> Result<(FixedBitSet, Vec<RevisionIndex>), RevisionError> {
        let mut targets = self.upgrade_targets(lower, upper, overwalk)?;
        if let Bound::Text(text) = lower
            && let Some((branch, _)) = text.split_once('@')
        {
            let label = self.label_of_branch(branch)?;
            targets.retain(|&target| self.has_label(target, &label));
        }
        let required = self.ancestors_apart(&targets)?;
        let mut current = self.find_bound(lower)?;
        let outside = |found: &Found| match found {
            Found::Revision(index) => !required.contains(index.index()),
            Found::Base => true,
            Found::PastBase => false,
        };
        if current.iter().any(outside) {
            let (start, end) = (lower.to_string(), upper.to_string());
            return Err(RevisionError::RangeNotAncestor { start, end });
        }
        if current.first() == Some(&Found::PastBase) {
            current = self.lower_past_base(upper, lower, overwalk)?;
        }
        let current = self.revisions_apart(&current, lower)?;
        let mut needed = required;
        needed.difference_with(&self.ancestors_apart(&current)?);
        needed.extend(current.iter().map(|index| index.index()));
        if !current.is_empty() {
            needed.intersect_with(&self.descendants_apart(&current)?);
        }
        Ok((needed, targets))
    }

    /// The revisions of a start such as `-2`, which from some heads may lead past the
    /// base: Alembic goes through them in order, and an overlap is found first where
    /// it stands first.
    fn revisions_apart(
        &self,
        current: &[Found],
        lower: Bound<'_>,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let revision = |found: &Found| match found {
            Found::Revision(index) => Some(*index),
            Found::Base | Found::PastBase => None,
        };
        let known: Vec<RevisionIndex> = current.iter().filter_map(revision).collect();
        let before = current.iter().map_while(revision).count();
        if before < current.len() {
            let (down, lineage) = (petgraph::Direction::Outgoing, Lineage::WithDependencies);
            self.reach_apart(&known, &known[..before], down, lineage)?;
            return Err(RevisionError::not_a_revision(&lower.to_string()));
        }
        Ok(known)
    }

    /// A start such as `-9` on a line of five: Alembic reads it once more as a
    /// downgrade target.
    fn lower_past_base(
        &self,
        upper: Bound<'_>,
        lower: Bound<'_>,
        overwalk: Overwalk,
    ) -> Result<Vec<Found>, RevisionError> {
        let Bound::Text(text) = lower else { return Ok(Vec::new()) };
        match self.downgrade_target(upper, text, overwalk)?.1 {
            Place::At(index) => Ok(vec![Found::Revision(index)]),
            Place::Base => Ok(Vec::new()),
            Place::Outside => Err(RevisionError::not_a_revision(text)),
        }
    }

    /// The label that `branch@` narrows to: an identifier stands for its only label.
    fn label_of_branch(&self, branch: &str) -> Result<String, RevisionError> {
        let Some(revision) = self.get_revision(branch)? else { return Ok(branch.to_owned()) };
        if self.id(revision) != branch {
            return Ok(branch.to_owned());
        }
        let mut labels = self.labels(revision);
        match (labels.next(), labels.next()) {
            (Some(label), None) => Ok(label.to_owned()),
            _ => Err(RevisionError::BranchNeedsOneLabel {
                revision: branch.to_owned(),
                count: self.labels(revision).count(),
            }),
        }
    }
}

pub(super) fn only_revisions(
    found: Vec<Found>,
    bound: Bound<'_>,
) -> Result<Vec<RevisionIndex>, RevisionError> {
    let revision = |found| match found {
        Found::Revision(index) => Ok(index),
        Found::Base | Found::PastBase => Err(RevisionError::not_a_revision(&bound.to_string())),
    };
    found.into_iter().map(revision).collect()
}
