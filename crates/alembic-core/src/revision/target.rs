//! Where an upgrade or a downgrade leads: Alembic's `_parse_upgrade_target` and
//! `_parse_downgrade_target`.

use fixedbitset::FixedBitSet;

use super::error::RevisionError;
use super::identifier::Relative;
use super::map::{Lineage, RevisionIndex, RevisionMap};
use super::resolve::Found;
use super::traverse::{Bound, only_revisions};
use super::walk::{Overwalk, Place};

impl RevisionMap {
    /// The revisions that an upgrade leads to, or the end of a range.
    pub(super) fn upgrade_targets(
        &self,
        current: Bound<'_>,
        target: Bound<'_>,
        overwalk: Overwalk,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let relative = match target {
            Bound::Text(text) => Relative::parse(text),
            Bound::Rows(_) => None,
        };
        let Some(relative) = relative else { return self.revisions_of(target) };
        let end = match (relative.steps > 0, relative.symbol) {
            (true, None) => {
                let start = self.upgrade_start(current, relative.branch)?;
                self.walk(start, relative.steps, relative.branch, overwalk)?
                    .ok_or_else(|| relative.not_produced())?
            }
            (true, Some(symbol)) => {
                let start = self.place(symbol)?;
                self.walk(start, relative.steps, relative.branch, overwalk)?
                    .ok_or(RevisionError::WalkedTooFar)?
            }
            (false, None) => return Err(relative.not_upwards()),
            (false, Some(symbol)) => {
                let start = self.place_on(relative.branch, symbol)?;
                self.walk(start, relative.steps, None, overwalk)?
                    .ok_or(RevisionError::WalkedTooFar)?
            }
        };
        match end {
            Place::At(index) => Ok(vec![index]),
            Place::Outside | Place::Base => Err(relative.not_produced()),
        }
    }

    fn place_on(&self, branch: Option<&str>, symbol: &str) -> Result<Place, RevisionError> {
        match branch {
            Some(branch) => self.place(&format!("{branch}@{symbol}")),
            None => self.place(symbol),
        }
    }

    /// Where `+N` starts: the only current revision, or the one on the branch.
    fn upgrade_start(
        &self,
        current: Bound<'_>,
        branch: Option<&str>,
    ) -> Result<Place, RevisionError> {
        let Some(branch) = branch else {
            return match current {
                Bound::Text(text) => self.place(text),
                Bound::Rows([]) => Ok(Place::Outside),
                Bound::Rows([row]) => self.place(row),
                Bound::Rows(_) => Err(RevisionError::AmbiguousUpgrade),
            };
        };
        let active = self.find_bound(current)?;
        if active.contains(&Found::Base) {
            // Alembic looks for a revision of that name.
            return Err(RevisionError::not_a_revision("base"));
        }
        let active = only_revisions(active, current)?;
        let mut starts = self.filter_for_lineage(&active, branch, Lineage::Down)?;
        if starts.is_empty() {
            starts = self.tips_on_branch(&active, branch)?;
        }
        match starts.as_slice() {
            [] => Ok(Place::Outside),
            [start] => Ok(Place::At(*start)),
            _ => Err(RevisionError::AmbiguousUpgrade),
        }
    }

    /// The uppermost applied revisions that lie on the branch.
    fn tips_on_branch(
        &self,
        active: &[RevisionIndex],
        branch: &str,
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let below = self.ancestors(active.iter().copied(), Lineage::WithDependencies);
        let below: Vec<_> = below.ones().map(RevisionIndex::new).collect();
        let on_branch = self.filter_for_lineage(&below, branch, Lineage::Down)?;
        let mut covered = FixedBitSet::with_capacity(self.len());
        for &revision in &on_branch {
            let parents =
                self.neighbours(revision, petgraph::Direction::Outgoing, Lineage::WithDependencies);
            covered.extend(parents.map(RevisionIndex::index));
        }
        Ok(on_branch.into_iter().filter(|revision| !covered.contains(revision.index())).collect())
    }

    /// The branch and the place that a downgrade leads to.
    pub(super) fn downgrade_target<'a>(
        &self,
        current: Bound<'a>,
        target: &'a str,
        overwalk: Overwalk,
    ) -> Result<(Option<&'a str>, Place), RevisionError> {
        let Some(relative) = Relative::parse(target) else {
            let (branch, symbol) = match target.rsplit_once('@') {
                Some((branch, symbol)) => (Some(branch).filter(|b| !b.is_empty()), symbol),
                None => (None, target),
            };
            return Ok((branch, self.place(symbol)?));
        };
        let Some(symbol) = relative.symbol else {
            if relative.steps >= 0 {
                return Err(relative.not_produced());
            }
            let (branch, start) = self.downgrade_start(current, &relative)?;
            let end = self.walk(start, relative.steps, None, overwalk)?;
            return Ok((Some(branch), end.ok_or_else(|| relative.not_produced())?));
        };
        let end = if relative.steps >= 0 {
            let start = self.place(symbol)?;
            self.walk(start, relative.steps, relative.branch, overwalk)?
        } else {
            let start = self.place_on(relative.branch, symbol)?;
            self.walk(start, relative.steps, None, overwalk)?
        };
        match end {
            Some(Place::Outside) | None => Err(RevisionError::WalkedTooFar),
            Some(end) => Ok((relative.branch, end)),
        }
    }

    /// Where `-N` starts: the first current revision, or the one on the branch; and
    /// the branch to stay on, which without another is that of the first row.
    fn downgrade_start<'a>(
        &self,
        current: Bound<'a>,
        relative: &Relative<'a>,
    ) -> Result<(&'a str, Place), RevisionError> {
        let Some(branch) = relative.branch else {
            let row = match current {
                Bound::Text(text) => text,
                Bound::Rows([]) => return Err(relative.not_produced()),
                Bound::Rows([row, ..]) => row,
            };
            return Ok((row, self.place_on(Some(row), row)?));
        };
        // As Alembic, which looks for names here and knows no symbols.
        let rows: Vec<&str> = match current {
            Bound::Text(text) => vec![text],
            Bound::Rows(rows) => rows.iter().map(String::as_str).collect(),
        };
        let active = rows.iter().map(|row| self.named(row, None)).collect::<Result<Vec<_>, _>>()?;
        let mut starts = self.filter_for_lineage(&active, branch, Lineage::Down)?;
        if starts.is_empty() {
            // The branch may be there only because others depend on it.
            starts = self.filter_for_lineage(&self.all_current(&active), branch, Lineage::Down)?;
        }
        match starts.as_slice() {
            [] => Err(relative.not_produced()),
            [start] => Ok((branch, self.place_on(Some(branch), self.id(*start))?)),
            several => {
                let candidates = several.iter().map(|&index| self.id(index).to_owned()).collect();
                Err(RevisionError::AmbiguousWalk { candidates })
            }
        }
    }
}
