//! How a branch label spreads from the revision that declares it.
//!
//! Downstream to every descendant; then, from the last descendant visited,
//! upstream as long as the line neither forks nor merges. On an unbranched line
//! older revisions so carry the label too.

use petgraph::Direction;

use super::map::{Lineage, RevisionIndex, RevisionMap};

pub(super) fn propagate(map: &mut RevisionMap) {
    let declaring: Vec<RevisionIndex> = map
        .graph
        .node_indices()
        .filter(|&index| !map.revision(index).branch_labels().is_empty())
        .collect();
    for &index in &declaring {
        let declared = map.revision(index).branch_labels();
        let own: Vec<u32> = declared.iter().map(|label| map.label_numbers[label]).collect();
        add(map, index, &own);
    }
    for index in declaring {
        // What has come here from others by now goes on with the revision's own.
        let spreading = map.held_labels[&index].clone();
        let last = spread_down(map, index, &spreading);
        spread_up(map, last, &spreading);
    }
}

/// Returns the last descendant that Alembic's traversal visits.
fn spread_down(map: &mut RevisionMap, start: RevisionIndex, labels: &[u32]) -> RevisionIndex {
    let mut seen = fixedbitset::FixedBitSet::with_capacity(map.len());
    let mut todo = vec![start];
    let mut last = start;
    while let Some(index) = todo.pop() {
        if seen.put(index.index()) {
            continue;
        }
        add(map, index, labels);
        todo.extend(map.neighbours(index, Direction::Incoming, Lineage::Down));
        last = index;
    }
    last
}

fn spread_up(map: &mut RevisionMap, start: RevisionIndex, labels: &[u32]) {
    let mut index = start;
    while !map.is_real_branch_point(index) && !map.revision(index).is_merge_point() {
        add(map, index, labels);
        let Some(parent) = parent_by_name(map, index) else { break };
        index = parent;
    }
}

/// A replaced script has no edges, but its parent's name still leads somewhere.
fn parent_by_name(map: &RevisionMap, index: RevisionIndex) -> Option<RevisionIndex> {
    map.revision(index).down_revision().first().and_then(|name| map.by_id(name))
}

fn add(map: &mut RevisionMap, index: RevisionIndex, labels: &[u32]) {
    let held = map.held_labels.entry(index).or_default();
    for label in labels {
        if let Err(at) = held.binary_search(label) {
            held.insert(at, *label);
        }
    }
}
