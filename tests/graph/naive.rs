//! Reachability a second time, as simply as it can be written: a table of who is below whom.

use std::collections::{BTreeSet, HashMap};

use alembic_core::revision::Lineage;
use alembic_testing::Revision;

/// For each revision, by its position among the given ones, everything below it and the revision itself.
pub(crate) struct Naive {
    ids: Vec<String>,
    below: Vec<BTreeSet<usize>>,
}

impl Naive {
    /// Works out who is below whom. The graph must be sound and hold no identifier twice.
    pub(crate) fn new(revisions: &[Revision], lineage: Lineage) -> Self {
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for (position, revision) in revisions.iter().enumerate() {
            positions.insert(&revision.id, position);
            positions.extend(revision.labels.iter().map(|label| (label.as_str(), position)));
        }
        let directly_below = |revision: &Revision| -> BTreeSet<usize> {
            let dependencies = match lineage {
                Lineage::Down => [].iter(),
                Lineage::WithDependencies => revision.depends_on.iter(),
            };
            revision.down.iter().chain(dependencies).map(|name| positions[name.as_str()]).collect()
        };
        let mut below: Vec<BTreeSet<usize>> = revisions.iter().map(directly_below).collect();
        for (position, own) in below.iter_mut().enumerate() {
            own.insert(position);
        }
        // The longest way has one step less than there are revisions.
        for _ in revisions {
            let known = below.clone();
            for own in &mut below {
                own.extend(own.clone().iter().flat_map(|position| &known[*position]));
            }
        }
        Self { ids: revisions.iter().map(|revision| revision.id.clone()).collect(), below }
    }

    /// The identifiers of a revision and of everything below it.
    pub(crate) fn ancestors(&self, id: &str) -> BTreeSet<String> {
        let position = self.position(id);
        self.below[position].iter().map(|below| self.ids[*below].clone()).collect()
    }

    /// The identifiers of a revision and of everything above it.
    pub(crate) fn descendants(&self, id: &str) -> BTreeSet<String> {
        let position = self.position(id);
        let above = |other: &usize| self.below[*other].contains(&position);
        (0..self.ids.len()).filter(above).map(|other| self.ids[other].clone()).collect()
    }

    fn position(&self, id: &str) -> usize {
        self.ids.iter().position(|other| other == id).expect("a revision of the graph")
    }
}
