//! All steps of a command: Alembic's `_upgrade_revs`, `_downgrade_revs` and `_stamp_revs`, with the rows that each step
//! leaves behind.

use std::fmt;

use super::heads::HeadMaintainer;
use super::offline::{OfflineRange, OfflineStamp, refuse_range, starting_rows};
use super::{Step, stamp};
use crate::revision::identifier::Relative;
use crate::revision::{RevisionError, RevisionMap};

/// What Alembic warns about before a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanWarning {
    /// `downgrade -N` with several rows, of which the first is taken.
    AmbiguousDowngrade,
}

impl PlanWarning {
    /// What there is to say about `downgrade target` at `rows`, also where the plan is refused.
    pub fn of_downgrade(rows: &[String], target: &str) -> Option<Self> {
        refuse_range(target).ok()?;
        let relative = Relative::parse(target)?;
        let counts_from_rows =
            relative.steps < 0 && relative.symbol.is_none() && relative.branch.is_none();
        let several = rows.iter().any(|row| Some(row) != rows.first());
        (counts_from_rows && several).then_some(Self::AmbiguousDowngrade)
    }
}

/// Alembic's sentence, which says `-1` for every number.
impl fmt::Display for PlanWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AmbiguousDowngrade => f.write_str(
                "downgrade -1 from multiple heads is ambiguous; this usage will be disallowed in \
                 a future release.",
            ),
        }
    }
}

/// The steps of a command, in the order in which they run, each with its changes of the version table.
///
/// A plan is whole or refused. Alembic finds some faults of the version table only at the step that meets them, with
/// the steps before it done; a plan names them before anything runs. That a row is there several times (a table
/// without its primary key) it does not see: whoever executes the changes counts the rows that each statement meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
    heads_before: Vec<String>,
    heads_after: Vec<String>,
    warnings: Vec<PlanWarning>,
}

impl Plan {
    /// The steps of `upgrade target` for a version table with `rows`, in the order in which they were read.
    ///
    /// # Errors
    /// Alembic's refusals, with its sentences: [`RevisionError::RangeNotAllowed`] for `from:to`, and what
    /// [`RevisionMap::upgrade_order`] finds. Faults of the rows that Alembic meets on the way:
    /// [`RevisionError::NoSuchRow`], [`RevisionError::RowExists`], [`RevisionError::NothingToMerge`].
    pub fn upgrade(
        map: &RevisionMap,
        rows: &[String],
        target: &str,
    ) -> Result<Self, RevisionError> {
        refuse_range(target)?;
        let order = map.upgrade_order(rows, target)?;
        Self::run(map, rows, order, HeadMaintainer::upgrade)
    }

    /// The steps of `downgrade target` likewise.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade), with what [`RevisionMap::downgrade_order`] finds.
    pub fn downgrade(
        map: &RevisionMap,
        rows: &[String],
        target: &str,
    ) -> Result<Self, RevisionError> {
        refuse_range(target)?;
        let order = map.downgrade_order(rows, target)?;
        let mut plan = Self::run(map, rows, order, HeadMaintainer::downgrade)?;
        plan.warnings.extend(PlanWarning::of_downgrade(rows, target));
        Ok(plan)
    }

    /// The steps of `stamp targets…` likewise. For `--purge`, give no rows.
    ///
    /// # Errors
    /// [`RevisionError::Resolution`] for a row or a target, [`RevisionError::SeveralStampTargets`] for `head` with
    /// several, [`RevisionError::StampBetweenRows`], and faults of the rows as [`upgrade`](Self::upgrade).
    pub fn stamp(
        map: &RevisionMap,
        rows: &[String],
        targets: &[&str],
    ) -> Result<Self, RevisionError> {
        let steps = stamp::steps(map, rows, targets)?;
        Self::run(map, rows, steps, HeadMaintainer::stamp)
    }

    /// As [`stamp`](Self::stamp), with the steps before a refused one: where DDL is not transactional, Alembic has
    /// carried them out when it meets the fault.
    ///
    /// # Errors
    /// What keeps even the first step from being known.
    pub fn stamp_until_refused(
        map: &RevisionMap,
        rows: &[String],
        targets: &[&str],
    ) -> Result<(Self, Option<RevisionError>), RevisionError> {
        let order = stamp::steps(map, rows, targets)?;
        let mut heads = HeadMaintainer::new(map, rows);
        let mut steps = Vec::with_capacity(order.len());
        let mut refused = None;
        for next in order {
            match heads.stamp(next) {
                Ok(step) => steps.push(step),
                Err(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        let (heads_before, heads_after) = (rows.to_vec(), heads.into_heads());
        Ok((Self { steps, heads_before, heads_after, warnings: Vec::new() }, refused))
    }

    /// The steps of `upgrade --sql [from:]to`.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade); [`RevisionError::OfflineRangeColons`], and what is wrong with the start.
    pub fn offline_upgrade(map: &RevisionMap, range: &str) -> Result<Self, RevisionError> {
        let OfflineRange { start, target } = OfflineRange::upgrade(range)?;
        Self::upgrade(map, &starting_rows(map, start)?, target)
    }

    /// The steps of `downgrade --sql from:to`.
    ///
    /// # Errors
    /// As [`downgrade`](Self::downgrade); [`RevisionError::DowngradeNeedsRange`],
    /// [`RevisionError::OfflineRangeColons`], and what is wrong with the start.
    pub fn offline_downgrade(map: &RevisionMap, range: &str) -> Result<Self, RevisionError> {
        let OfflineRange { start, target } = OfflineRange::downgrade(range)?;
        Self::downgrade(map, &starting_rows(map, start)?, target)
    }

    /// The steps of `stamp --sql [from:]to…`.
    ///
    /// # Errors
    /// As [`stamp`](Self::stamp); [`RevisionError::SeveralStarts`], [`RevisionError::OfflineRangeColons`], and what
    /// is wrong with the start.
    pub fn offline_stamp(map: &RevisionMap, targets: &[&str]) -> Result<Self, RevisionError> {
        let OfflineStamp { start, targets } = OfflineStamp::parse(targets)?;
        Self::stamp(map, &starting_rows(map, start)?, &targets)
    }

    fn run<'map, T>(
        map: &'map RevisionMap,
        rows: &[String],
        order: Vec<T>,
        step: impl Fn(&mut HeadMaintainer<'map>, T) -> Result<Step, RevisionError>,
    ) -> Result<Self, RevisionError> {
        let mut heads = HeadMaintainer::new(map, rows);
        let steps = order.into_iter().map(|next| step(&mut heads, next));
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        let (heads_before, heads_after) = (rows.to_vec(), heads.into_heads());
        Ok(Self { steps, heads_before, heads_after, warnings: Vec::new() })
    }

    /// The steps, in the order in which they run.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The rows that the plan starts from, as they were given.
    pub fn heads_before(&self) -> &[String] {
        &self.heads_before
    }

    /// The rows when all steps have run, sorted.
    pub fn heads_after(&self) -> &[String] {
        &self.heads_after
    }

    /// What Alembic warns about.
    pub fn warnings(&self) -> &[PlanWarning] {
        &self.warnings
    }
}
