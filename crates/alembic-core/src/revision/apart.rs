//! Lines that must not overlap: Alembic's `_iterate_related_revisions` with `check`.

use fixedbitset::FixedBitSet;

use super::error::RevisionError;
use super::map::{Lineage, RevisionIndex, RevisionMap};

impl RevisionMap {
    /// The targets and all their ancestors; no target may be below another.
    pub(super) fn ancestors_apart(
        &self,
        targets: &[RevisionIndex],
    ) -> Result<FixedBitSet, RevisionError> {
        self.reach_apart(targets, targets, petgraph::Direction::Outgoing, Lineage::WithDependencies)
    }

    /// The targets and all their descendants by `down_revision`, likewise.
    pub(super) fn descendants_apart(
        &self,
        targets: &[RevisionIndex],
    ) -> Result<FixedBitSet, RevisionError> {
        self.reach_apart(targets, targets, petgraph::Direction::Incoming, Lineage::Down)
    }

    /// Everything reached from `starts`, none of which may lead to another target.
    pub(super) fn reach_apart(
        &self,
        targets: &[RevisionIndex],
        starts: &[RevisionIndex],
        direction: petgraph::Direction,
        lineage: Lineage,
    ) -> Result<FixedBitSet, RevisionError> {
        let mut requested = FixedBitSet::with_capacity(self.len());
        requested.extend(targets.iter().map(|index| index.index()));
        let mut seen = FixedBitSet::with_capacity(self.len());
        for &target in starts {
            let mut overlaps = Vec::new();
            let mut todo = vec![target];
            while let Some(index) = todo.pop() {
                if index != target && requested.contains(index.index()) {
                    overlaps.push(index);
                }
                if !seen.put(index.index()) {
                    todo.extend(self.neighbours(index, direction, lineage));
                }
            }
            if !overlaps.is_empty() {
                overlaps.sort_unstable();
                overlaps.dedup();
                return Err(RevisionError::Overlap {
                    revision: self.id(target).to_owned(),
                    overlaps: overlaps.iter().map(|&index| self.id(index).to_owned()).collect(),
                });
            }
        }
        Ok(seen)
    }
}
