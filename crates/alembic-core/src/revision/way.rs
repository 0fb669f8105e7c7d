//! The way from the rows of the version table to a target: Alembic's
//! `_collect_upgrade_revisions` and `_collect_downgrade_revisions` as `upgrade` and
//! `downgrade` call them.

use fixedbitset::FixedBitSet;

use super::error::RevisionError;
use super::map::{Lineage, RevisionIndex, RevisionMap};
use super::traverse::Bound;
use super::walk::{Overwalk, Place};

impl RevisionMap {
    /// The revisions to upgrade from `rows` to `target`, in the order in which they
    /// run.
    ///
    /// # Errors
    /// Everything that an identifier or a relative identifier can get wrong, and
    /// [`RevisionError::Overlap`] when one of the rows lies below another.
    pub fn upgrade_order(
        &self,
        rows: &[String],
        target: &str,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let name = |error: RevisionError| error.naming(target);
        let current = Bound::Rows(rows);
        let targets =
            self.upgrade_targets(current, Bound::Text(target), Overwalk::Fail).map_err(name)?;
        let mut needed = self.ancestors_apart(&targets)?;
        let current = self.rows(rows).map_err(name)?;
        needed.difference_with(&self.ancestors_apart(&current)?);
        let mut order = self.topological_order(&needed, &targets)?;
        order.reverse();
        Ok(order)
    }

    /// The revisions to downgrade from `rows` to `target`, in the order in which they
    /// run.
    ///
    /// # Errors
    /// Everything that an identifier or a relative identifier can get wrong,
    /// [`RevisionError::NotADowngradeTarget`] and [`RevisionError::NothingToDrop`].
    pub fn downgrade_order(
        &self,
        rows: &[String],
        target: &str,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let name = |error: RevisionError| error.naming(target);
        let current = Bound::Rows(rows);
        let (branch, end) = self.downgrade_target(current, target, Overwalk::Fail).map_err(name)?;
        let roots = self.downgrade_roots(branch, end)?;
        let current = self.rows(rows).map_err(name)?;
        let mut dropped = self.descendants(roots, Lineage::WithDependencies);
        dropped.intersect_with(&self.ancestors(current.iter().copied(), Lineage::WithDependencies));
        if let Place::At(end) = end
            && dropped.is_clear()
            && !current.contains(&end)
        {
            return Err(RevisionError::NothingToDrop { target: target.to_owned() });
        }
        self.topological_order(&dropped, &current)
    }

    /// The oldest revisions that a downgrade to `end` takes back.
    fn downgrade_roots(
        &self,
        branch: Option<&str>,
        end: Place,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let (mut roots, several): (Vec<RevisionIndex>, bool) = match end {
            Place::At(index) => {
                let children: Vec<_> = self.children(index).collect();
                let several = children.len() > 1;
                (children, several)
            }
            Place::Base | Place::Outside => {
                let is_base =
                    |index: RevisionIndex| self.revision(index).down_revision().is_empty();
                let bases: Vec<_> = self.live_indices().filter(|&index| is_base(index)).collect();
                // Alembic counts every name, so that a base with a label is several.
                let labels = self.declared_labels().filter(|(_, index)| is_base(*index)).count();
                let several = bases.len() + labels > 1;
                (bases, several)
            }
        };
        let Some(branch) = branch.filter(|_| several) else { return Ok(roots) };
        let below: FixedBitSet = self.ancestors(self.branch(branch)?, Lineage::Down);
        roots.retain(|root| below.contains(root.index()));
        if roots.is_empty() { Err(RevisionError::NotADowngradeTarget) } else { Ok(roots) }
    }
}
