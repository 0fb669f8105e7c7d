//! The rows of the version table while steps run over them: Alembic's `HeadMaintainer`, and what `RevisionStep` and
//! `StampStep` tell it to do.

use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;

use super::stamp::StampStep;
use super::{Movement, Step, StepKind, VersionChange, short_form};
use crate::revision::{Lineage, RevisionError, RevisionIndex, RevisionMap};

/// The rows as the steps so far leave them. Rows are compared as text, as in Alembic: the beginning of an identifier
/// stands for its revision when the way is looked for, but is not its row.
pub(super) struct HeadMaintainer<'map> {
    map: &'map RevisionMap,
    heads: BTreeSet<String>,
    below: Option<Below>,
}

/// What lies below some rows. Most steps leave all rows but their own alone: the next step asks for the same again.
struct Below {
    rows: Vec<String>,
    revisions: FixedBitSet,
}

/// The changes of one step.
struct Changes<'heads> {
    heads: &'heads mut BTreeSet<String>,
    step: String,
    made: Vec<VersionChange>,
}

impl<'map> HeadMaintainer<'map> {
    pub(super) fn new(map: &'map RevisionMap, rows: &[String]) -> Self {
        Self { map, heads: rows.iter().cloned().collect(), below: None }
    }

    pub(super) fn into_heads(self) -> Vec<String> {
        self.heads.into_iter().collect()
    }

    /// # Errors
    /// [`RevisionError::RowExists`], [`RevisionError::NoSuchRow`] and [`RevisionError::NothingToMerge`], where Alembic ends
    /// in an exception of Python; [`RevisionError::Resolution`] for a row that is in no branch of the step.
    pub(super) fn upgrade(&mut self, revision: RevisionIndex) -> Result<Step, RevisionError> {
        let script = self.map.revision(revision);
        let from_nothing = self.heads.is_empty();
        let (id, down) = (script.id(), self.map.links_down(revision));
        let (from, to) = (script.down_revision().to_vec(), vec![id.to_owned()]);
        let step = short_form(StepKind::Upgrade, &from, &to);
        let present = self.present(&down);
        let (movement, leaving) = match present.as_slice() {
            [] => (Movement::CreateBranch, Vec::new()),
            [row] => (Movement::Update, vec![*row]),
            _ => (Movement::Merge, self.outside_of_others(&down, &down)?),
        };
        if leaving.is_empty() && movement == Movement::Merge {
            let rows = present.into_iter().map(str::to_owned).collect();
            return Err(RevisionError::NothingToMerge { step, rows });
        }
        let mut changes = self.begin(step);
        match leaving.split_last() {
            None => changes.insert(id)?,
            Some((last, others)) => {
                for row in others {
                    changes.delete(row)?;
                }
                changes.update(last, id)?;
            }
        }
        let changes = changes.made;
        let (kind, revision) = (StepKind::Upgrade, Some(revision));
        Ok(Step { kind, revision, from, to, movement, changes, from_nothing })
    }

    /// # Errors
    /// As [`upgrade`](Self::upgrade), but never ambiguous.
    pub(super) fn downgrade(&mut self, revision: RevisionIndex) -> Result<Step, RevisionError> {
        let script = self.map.revision(revision);
        let from_nothing = self.heads.is_empty();
        let (id, down) = (script.id(), self.map.links_down(revision));
        let (from, to) = (vec![id.to_owned()], script.down_revision().to_vec());
        let step = short_form(StepKind::Downgrade, &from, &to);
        if !self.heads.contains(id) {
            return Err(RevisionError::NoSuchRow { version: id.to_owned(), step });
        }
        let arriving = self.unmerged(revision, &down)?;
        let mut changes = self.begin(step);
        let movement = match arriving.split_last() {
            None => {
                changes.delete(id)?;
                Movement::DeleteBranch
            }
            Some((last, others)) => {
                for row in others {
                    changes.insert(row)?;
                }
                changes.update(id, last)?;
                if down.len() > 1 { Movement::Unmerge } else { Movement::Update }
            }
        };
        let changes = changes.made;
        let (kind, revision) = (StepKind::Downgrade, Some(revision));
        Ok(Step { kind, revision, from, to, movement, changes, from_nothing })
    }

    /// # Errors
    /// [`RevisionError::RowExists`] and [`RevisionError::NoSuchRow`].
    pub(super) fn stamp(&mut self, stamp: StampStep) -> Result<Step, RevisionError> {
        let StampStep { from, to, upwards, branch_move } = stamp;
        let from_nothing = self.heads.is_empty();
        let to: Vec<String> = to.into_iter().collect();
        let away = from.iter().any(|row| !self.heads.contains(row));
        let arrived = to.iter().all(|row| self.heads.contains(row));
        let mut changes = self.begin(short_form(StepKind::Stamp, &from, &to));
        let movement = match (to.first(), from.split_last()) {
            (None, _) => {
                for row in &from {
                    changes.delete(row)?;
                }
                Movement::DeleteBranch
            }
            (Some(to), _) if upwards && (branch_move || away) && !arrived => {
                changes.insert(to)?;
                Movement::CreateBranch
            }
            (Some(to), Some((last, others))) => {
                for row in others {
                    changes.delete(row)?;
                }
                changes.update(last, to)?;
                if others.is_empty() { Movement::Update } else { Movement::Merge }
            }
            // The target stands twice in the command: its row is there by now.
            (Some(to), None) => {
                changes.insert(to)?;
                Movement::CreateBranch
            }
        };
        let changes = changes.made;
        let (kind, revision) = (StepKind::Stamp, None);
        Ok(Step { kind, revision, from, to, movement, changes, from_nothing })
    }

    fn begin(&mut self, step: String) -> Changes<'_> {
        Changes { heads: &mut self.heads, step, made: Vec::new() }
    }

    fn ids(&self, revisions: &[RevisionIndex]) -> Vec<&'map str> {
        revisions.iter().map(|&index| self.map.id(index)).collect()
    }

    /// Those of `revisions` that are rows.
    fn present(&self, revisions: &[RevisionIndex]) -> Vec<&'map str> {
        self.ids(revisions).into_iter().filter(|id| self.heads.contains(*id)).collect()
    }

    /// The rows that a downgrade of `revision` leaves: what it follows, without what other rows or other parents imply
    /// (Alembic's `_unmerge_to_revisions`).
    fn unmerged(
        &mut self,
        revision: RevisionIndex,
        down: &[RevisionIndex],
    ) -> Result<Vec<&'map str>, RevisionError> {
        if down.is_empty() {
            return Ok(Vec::new());
        }
        if self.heads.len() > 1 {
            return self.outside_of_others(down, &[revision]);
        }
        let mut implied = FixedBitSet::with_capacity(self.map.len());
        for &parent in down.iter().filter(|_| down.len() > 1) {
            let below = self.map.links_down(parent);
            implied.union_with(&self.map.ancestors(below, Lineage::WithDependencies));
        }
        Ok(self.ids_outside(down, &implied))
    }

    /// Those of `revisions` that no row except those of `own` implies.
    fn outside_of_others(
        &mut self,
        revisions: &[RevisionIndex],
        own: &[RevisionIndex],
    ) -> Result<Vec<&'map str>, RevisionError> {
        let own = self.ids(own);
        let is_other = |row: &&String| !own.contains(&row.as_str());
        let others: Vec<String> = self.heads.iter().filter(is_other).cloned().collect();
        if others.is_empty() {
            return Ok(self.ids(revisions));
        }
        let below = match self.below.take().filter(|below| below.rows == others) {
            Some(below) => below,
            None => Below {
                revisions: self.map.ancestors(self.map.rows(&others)?, Lineage::WithDependencies),
                rows: others,
            },
        };
        let outside = self.ids_outside(revisions, &below.revisions);
        self.below = Some(below);
        Ok(outside)
    }

    fn ids_outside(&self, revisions: &[RevisionIndex], below: &FixedBitSet) -> Vec<&'map str> {
        let outside = revisions.iter().filter(|revision| !below.contains(revision.index()));
        outside.map(|&revision| self.map.id(revision)).collect()
    }
}

impl Changes<'_> {
    fn insert(&mut self, version: &str) -> Result<(), RevisionError> {
        self.add(version)?;
        self.made.push(VersionChange::Insert { version: version.to_owned() });
        Ok(())
    }

    fn delete(&mut self, version: &str) -> Result<(), RevisionError> {
        self.remove(version)?;
        self.made.push(VersionChange::Delete { version: version.to_owned() });
        Ok(())
    }

    fn update(&mut self, from: &str, to: &str) -> Result<(), RevisionError> {
        self.remove(from)?;
        self.add(to)?;
        self.made.push(VersionChange::Update { from: from.to_owned(), to: to.to_owned() });
        Ok(())
    }

    fn add(&mut self, version: &str) -> Result<(), RevisionError> {
        if self.heads.insert(version.to_owned()) {
            return Ok(());
        }
        Err(RevisionError::RowExists { version: version.to_owned(), step: self.step.clone() })
    }

    fn remove(&mut self, version: &str) -> Result<(), RevisionError> {
        if self.heads.remove(version) {
            return Ok(());
        }
        Err(RevisionError::NoSuchRow { version: version.to_owned(), step: self.step.clone() })
    }
}
