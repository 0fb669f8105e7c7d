//! Which revisions lie between two points: ranges of `history`, the steps of an
//! upgrade or downgrade. Alembic's `_walk`, `_parse_upgrade_target`,
//! `_parse_downgrade_target` and the two `_collect_…_revisions`.

use std::fmt;

use fixedbitset::FixedBitSet;

use super::error::RevisionError;
use super::identifier::Relative;
use super::map::{Lineage, RevisionIndex, RevisionMap};
use super::resolve::Found;

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

/// Where a walk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nowhere yet: below the bases when going up, above the heads when going down.
    Outside,
    At(RevisionIndex),
    /// One step below a base.
    Base,
}

/// How a walk that is longer than the line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Overwalk {
    Stay,
    Fail,
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

    /// `steps` down from `start`, refusing to choose between parents.
    pub(super) fn walk_down(
        &self,
        start: RevisionIndex,
        steps: i64,
    ) -> Result<Found, RevisionError> {
        let end = self.walk(Place::At(start), -steps, None, Overwalk::Fail)?;
        Ok(match end {
            Some(Place::At(index)) => Found::Revision(index),
            Some(Place::Base) => Found::Base,
            Some(Place::Outside) | None => Found::PastBase,
        })
    }

    fn walk(
        &self,
        start: Place,
        steps: i64,
        branch: Option<&str>,
        overwalk: Overwalk,
    ) -> Result<Option<Place>, RevisionError> {
        let mut place = start;
        for _ in 0..steps.unsigned_abs() {
            let next = if steps > 0 { self.above(place, branch)? } else { self.below(place) };
            place = match next.as_slice() {
                [] => return Ok((overwalk == Overwalk::Stay).then_some(place)),
                [next] => *next,
                several => return Err(self.ambiguous_walk(several)),
            };
        }
        Ok(Some(place))
    }

    fn above(&self, place: Place, branch: Option<&str>) -> Result<Vec<Place>, RevisionError> {
        let mut next: Vec<RevisionIndex> = match place {
            Place::Outside | Place::Base => self.live(self.bases()),
            Place::At(index) => self.children(index).collect(),
        };
        if let Some(branch) = branch {
            next = self.filter_for_lineage(&next, branch, Lineage::Down)?;
        }
        Ok(next.into_iter().map(Place::At).collect())
    }

    fn below(&self, place: Place) -> Vec<Place> {
        let next: Vec<Place> = match place {
            Place::Base => return Vec::new(),
            Place::Outside => self.live(self.heads()).into_iter().map(Place::At).collect(),
            // A parent that is written twice makes a fork of its own, as in Alembic.
            Place::At(index) => {
                let parents = self.revision(index).down_revision().iter();
                parents.filter_map(|parent| self.by_id(parent)).map(Place::At).collect()
            }
        };
        if next.is_empty() { vec![Place::Base] } else { next }
    }

    fn ambiguous_walk(&self, places: &[Place]) -> RevisionError {
        let id = |place: &Place| match place {
            Place::At(index) => Some(self.id(*index).to_owned()),
            Place::Outside | Place::Base => None,
        };
        let mut candidates: Vec<String> = places.iter().filter_map(id).collect();
        candidates.dedup();
        RevisionError::AmbiguousWalk { candidates }
    }

    /// Where an identifier that may be the base stands.
    fn place(&self, identifier: &str) -> Result<Place, RevisionError> {
        Ok(self.get_revision(identifier)?.map_or(Place::Outside, Place::At))
    }

    fn find_bound(&self, bound: Bound<'_>) -> Result<Vec<Found>, RevisionError> {
        match bound {
            Bound::Text(text) => self.find(text),
            Bound::Rows(rows) => {
                let found = rows.iter().map(|row| self.find(row));
                Ok(found.collect::<Result<Vec<_>, _>>()?.concat())
            }
        }
    }

    fn revisions_of(&self, bound: Bound<'_>) -> Result<Vec<RevisionIndex>, RevisionError> {
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

    fn upgrade_targets(
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
    fn downgrade_target<'a>(
        &self,
        current: Bound<'_>,
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
        let end = match (relative.steps >= 0, relative.symbol) {
            (true, None) => return Err(relative.not_produced()),
            (true, Some(symbol)) => {
                let start = self.place(symbol)?;
                self.walk(start, relative.steps, relative.branch, overwalk)?
            }
            (false, Some(symbol)) => {
                let start = self.place_on(relative.branch, symbol)?;
                self.walk(start, relative.steps, None, overwalk)?
            }
            (false, None) => {
                let start = self.downgrade_start(current, &relative)?;
                self.walk(start, relative.steps, None, overwalk)?
            }
        };
        let too_far = || match relative.symbol {
            None => relative.not_produced(),
            Some(_) => RevisionError::WalkedTooFar,
        };
        Ok((relative.branch, end.ok_or_else(too_far)?))
    }

    /// Where `-N` starts: the only current revision, or the one on the branch.
    fn downgrade_start(
        &self,
        current: Bound<'_>,
        relative: &Relative<'_>,
    ) -> Result<Place, RevisionError> {
        let Some(branch) = relative.branch else {
            return match current {
                Bound::Text(text) => self.place_on(Some(text), text),
                Bound::Rows([]) => Err(relative.not_produced()),
                Bound::Rows([row, ..]) => self.place_on(Some(row), row),
            };
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
            [start] => self.place_on(Some(branch), self.id(*start)),
            _ => Err(relative.not_produced()),
        }
    }

    /// The applied revisions that no other applied one follows by `down_revision`,
    /// for a database at `rows` (Alembic's `_get_all_current`).
    pub fn all_current(&self, rows: &[RevisionIndex]) -> Vec<RevisionIndex> {
        let applied = self.ancestors(rows.iter().copied(), Lineage::WithDependencies);
        let newest = |index: &RevisionIndex| {
            self.children(*index).all(|child| !applied.contains(child.index()))
        };
        applied.ones().map(RevisionIndex::new).filter(newest).collect()
    }

    /// The targets and all their ancestors; no target may be below another.
    fn ancestors_apart(&self, targets: &[RevisionIndex]) -> Result<FixedBitSet, RevisionError> {
        self.reach_apart(targets, targets, petgraph::Direction::Outgoing, Lineage::WithDependencies)
    }

    /// The targets and all their descendants by `down_revision`, likewise.
    fn descendants_apart(&self, targets: &[RevisionIndex]) -> Result<FixedBitSet, RevisionError> {
        self.reach_apart(targets, targets, petgraph::Direction::Incoming, Lineage::Down)
    }

    /// Everything reached from `starts`, none of which may lead to another target.
    fn reach_apart(
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

fn only_revisions(
    found: Vec<Found>,
    bound: Bound<'_>,
) -> Result<Vec<RevisionIndex>, RevisionError> {
    let revision = |found| match found {
        Found::Revision(index) => Ok(index),
        Found::Base | Found::PastBase => Err(RevisionError::not_a_revision(&bound.to_string())),
    };
    found.into_iter().map(revision).collect()
}
