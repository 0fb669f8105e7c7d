//! Finds revisions by their identifiers, of which the revisions hold the only copy.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::map::{Revision, RevisionIndex};

/// The places of revisions by what they are called. Every call is given the same revisions.
#[derive(Debug)]
pub(super) struct Ids {
    places: HashTable<RevisionIndex>,
    hasher: RandomState,
}

impl Ids {
    pub(super) fn with_capacity(count: usize) -> Self {
        Self { places: HashTable::with_capacity(count), hasher: RandomState::new() }
    }

    /// Adds a revision; returns the one of the same identifier whose place it takes.
    pub(super) fn insert(
        &mut self,
        index: RevisionIndex,
        revisions: &[Revision],
    ) -> Option<RevisionIndex> {
        let id = |index: RevisionIndex| revisions[index.index()].id();
        let hash = |index: &RevisionIndex| self.hasher.hash_one(id(*index));
        let is_same = |other: &RevisionIndex| id(*other) == id(index);
        match self.places.entry(hash(&index), is_same, hash) {
            Entry::Occupied(mut place) => Some(std::mem::replace(place.get_mut(), index)),
            Entry::Vacant(place) => {
                place.insert(index);
                None
            }
        }
    }

    /// The revision with exactly this identifier.
    pub(super) fn get(&self, id: &str, revisions: &[Revision]) -> Option<RevisionIndex> {
        let is_it = |index: &RevisionIndex| revisions[index.index()].id() == id;
        self.places.find(self.hasher.hash_one(id), is_it).copied()
    }
}
