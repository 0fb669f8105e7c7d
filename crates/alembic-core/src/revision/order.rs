//! The order in which Alembic lists revisions.
//!
//! Slots hold the revisions to print next, each with its ancestors; a slot gives
//! way to the first other slot that still has its revision among its ancestors.
//! The rule is Alembic's `_topological_sort`, kept step by step because the
//! listing must be the same line for line.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;

use super::cycle;
use super::error::RevisionError;
use super::map::{EdgeKind, Lineage, RevisionIndex, RevisionMap};

/// The ancestors of one slot. Bits for a large part of the graph, a sorted list
/// for a small one: ten thousand unrelated bases must not need a bit set each.
enum Ancestors {
    Bits(FixedBitSet),
    List(Vec<u32>),
}

impl Ancestors {
    fn contains(&self, index: RevisionIndex) -> bool {
        match self {
            Self::Bits(bits) => bits.contains(index.index()),
            Self::List(list) => list.binary_search(&number(index)).is_ok(),
        }
    }
}

fn number(index: RevisionIndex) -> u32 {
    u32::try_from(index.index()).expect("petgraph indices of this map are u32")
}

struct Slot {
    candidate: RevisionIndex,
    ancestors: Ancestors,
}

struct Sorter<'a> {
    map: &'a RevisionMap,
    todo: FixedBitSet,
    /// Revisions that stand in a slot.
    in_slot: FixedBitSet,
    /// For each revision, how many slots have it among their ancestors: a look
    /// at all slots is needed only where there is more than one.
    holders: Vec<u32>,
    slots: VecDeque<Slot>,
    /// Scratch space of [`Self::slot`].
    seen: FixedBitSet,
}

impl RevisionMap {
    /// Sorts `revisions` as `history` prints them, beginning at `heads`.
    ///
    /// # Errors
    /// [`RevisionError::Disconnected`] when some revision is below none of the
    /// heads that are themselves to be listed; [`RevisionError::Cycle`] for a ring
    /// that Alembic's own check lets through (Alembic hangs on those).
    pub fn topological_order(
        &self,
        revisions: &FixedBitSet,
        heads: &[RevisionIndex],
    ) -> Result<Vec<RevisionIndex>, RevisionError> {
        let mut heads: Vec<_> =
            heads.iter().copied().filter(|head| revisions.contains(head.index())).collect();
        heads.sort_by_key(|head| self.listing_position(*head));
        heads.dedup();
        let mut sorter = Sorter {
            map: self,
            todo: revisions.clone(),
            in_slot: FixedBitSet::with_capacity(self.len()),
            holders: vec![0; self.len()],
            slots: VecDeque::with_capacity(heads.len()),
            seen: FixedBitSet::with_capacity(self.len()),
        };
        for head in heads {
            let slot = sorter.slot(head);
            sorter.slots.push_back(slot);
        }
        let order = sorter.run(revisions.count_ones(..)).ok_or_else(|| cycle::ring(self))?;
        if sorter.todo.is_clear() { Ok(order) } else { Err(RevisionError::Disconnected) }
    }

    /// Alembic's map keeps the place of an identifier's first script even when a
    /// later one replaces it.
    pub(super) fn listing_position(&self, index: RevisionIndex) -> usize {
        self.first_with_id.get(&index).copied().unwrap_or(index).index()
    }
}

impl Sorter<'_> {
    /// `None` when the slots wait for each other in a ring.
    fn run(&mut self, count: usize) -> Option<Vec<RevisionIndex>> {
        let mut order = Vec::with_capacity(count);
        let mut at = 0;
        let mut given_way = 0;
        while !self.slots.is_empty() {
            let candidate = self.slots[at].candidate;
            if let Some(other) = self.other_holder(at, candidate) {
                at = other;
                given_way += 1;
                if given_way > self.slots.len() {
                    return None;
                }
                continue;
            }
            given_way = 0;
            if self.todo.contains(candidate.index()) {
                self.todo.remove(candidate.index());
                order.push(candidate);
            }
            at = self.advance(at, candidate);
        }
        Some(order)
    }

    /// The first slot besides `at` that still has to come before `candidate`.
    fn other_holder(&self, at: usize, candidate: RevisionIndex) -> Option<usize> {
        if self.holders[candidate.index()] < 2 {
            return None;
        }
        let mut slots = self.slots.iter().enumerate();
        slots
            .find(|(index, slot)| *index != at && slot.ancestors.contains(candidate))
            .map(|(index, _)| index)
    }

    /// Replaces the slot's revision by its parents; returns the slot to go on with.
    fn advance(&mut self, at: usize, candidate: RevisionIndex) -> usize {
        self.in_slot.remove(candidate.index());
        let parents: Vec<RevisionIndex> = self
            .map
            .neighbours(candidate, petgraph::Direction::Outgoing, Lineage::WithDependencies)
            .filter(|p| self.todo.contains(p.index()) && !self.in_slot.contains(p.index()))
            .collect();
        let Some((&first, others)) = parents.split_first() else {
            let slot = self.slots.remove(at).expect("`at` is a slot");
            self.release(&slot.ancestors);
            return at.saturating_sub(1);
        };
        if self.is_plain(candidate) {
            // The parent's ancestors are the candidate's without the candidate
            // itself, which can never come up again.
            self.slots[at].candidate = first;
            self.in_slot.insert(first.index());
        } else {
            let slot = self.slot(first);
            let old = std::mem::replace(&mut self.slots[at], slot);
            self.release(&old.ancestors);
            for &other in others {
                let slot = self.slot(other);
                self.slots.push_back(slot);
            }
        }
        at
    }

    /// One parent and no dependency of its own.
    fn is_plain(&self, index: RevisionIndex) -> bool {
        self.map.revision(index).down_revision().len() == 1
            && self.map.edges(index).all(|(_, kind)| {
                matches!(kind, EdgeKind::Down | EdgeKind::DependsOn { redundant: true })
            })
    }

    fn slot(&mut self, candidate: RevisionIndex) -> Slot {
        self.in_slot.insert(candidate.index());
        let mut found = vec![candidate];
        self.seen.insert(candidate.index());
        let mut next = 0;
        while let Some(&index) = found.get(next) {
            next += 1;
            let map = self.map;
            for parent in
                map.neighbours(index, petgraph::Direction::Outgoing, Lineage::WithDependencies)
            {
                if !self.seen.put(parent.index()) {
                    found.push(parent);
                }
            }
        }
        for index in &found {
            self.seen.remove(index.index());
            self.holders[index.index()] += 1;
        }
        Slot { candidate, ancestors: self.compact(&found) }
    }

    fn compact(&self, found: &[RevisionIndex]) -> Ancestors {
        if found.len() > self.map.len() / 32 {
            let mut bits = FixedBitSet::with_capacity(self.map.len());
            bits.extend(found.iter().map(|index| index.index()));
            Ancestors::Bits(bits)
        } else {
            let mut list: Vec<u32> = found.iter().map(|&index| number(index)).collect();
            list.sort_unstable();
            Ancestors::List(list)
        }
    }

    fn release(&mut self, ancestors: &Ancestors) {
        let mut let_go = |index: usize| self.holders[index] -= 1;
        match ancestors {
            Ancestors::Bits(bits) => bits.ones().for_each(let_go),
            Ancestors::List(list) => list.iter().for_each(|&index| let_go(index as usize)),
        }
    }
}
