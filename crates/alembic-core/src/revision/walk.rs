//! Walking up and down the history: Alembic's `_walk`, and where an identifier
//! puts the walker.

use super::error::RevisionError;
use super::map::{Lineage, RevisionIndex, RevisionMap};
use super::resolve::Found;

/// Where a walk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere yet: below the bases when going up, above the heads when going down.
    Outside,
    At(RevisionIndex),
    /// One step below a base.
    Base,
}

/// How a walk that is longer than the line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overwalk {
    Stay,
    Fail,
}

impl RevisionMap {
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

    pub(super) fn walk(
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
    pub(super) fn place(&self, identifier: &str) -> Result<Place, RevisionError> {
        Ok(self.get_revision(identifier)?.map_or(Place::Outside, Place::At))
    }
}
