//! The two kinds of ring that need the whole graph to be seen.
//!
//! As Alembic: a revision that cannot be reached both from the heads downwards
//! and from the bases upwards is part of a ring or hangs on one.

use fixedbitset::FixedBitSet;
use petgraph::algo::tarjan_scc;
use petgraph::visit::EdgeFiltered;

use super::error::{CycleKind, RevisionError};
use super::map::{EdgeKind, Lineage, RevisionIndex, RevisionMap};

/// # Errors
/// [`RevisionError::Cycle`] naming the revisions that cannot be placed: in load
/// order where there are no ends at all, else sorted.
pub(super) fn check(map: &RevisionMap) -> Result<(), RevisionError> {
    if map.is_empty() {
        return Ok(());
    }
    check_kind(map, CycleKind::Cycle, map.heads(), map.bases(), Lineage::Down)?;
    let real_bases: Vec<_> = map
        .bases()
        .iter()
        .copied()
        .filter(|&base| map.revision(base).dependencies().is_empty())
        .collect();
    let kind = CycleKind::DependencyCycle;
    check_kind(map, kind, map.real_heads(), &real_bases, Lineage::WithDependencies)
}

fn check_kind(
    map: &RevisionMap,
    kind: CycleKind,
    heads: &[RevisionIndex],
    bases: &[RevisionIndex],
    lineage: Lineage,
) -> Result<(), RevisionError> {
    if heads.is_empty() || bases.is_empty() {
        return Err(unplaced(map, kind, &FixedBitSet::new(), false));
    }
    let mut placed = map.ancestors(heads.iter().copied(), lineage);
    placed.intersect_with(&map.descendants(bases.iter().copied(), lineage));
    if map.live_indices().all(|index| placed.contains(index.index())) {
        return Ok(());
    }
    Err(unplaced(map, kind, &placed, true))
}

fn unplaced(
    map: &RevisionMap,
    kind: CycleKind,
    placed: &FixedBitSet,
    sorted: bool,
) -> RevisionError {
    let mut revisions: Vec<String> = map
        .live_indices()
        .filter(|index| !placed.contains(index.index()))
        .map(|index| map.id(index).to_owned())
        .collect();
    if sorted {
        revisions.sort_unstable();
    }
    RevisionError::Cycle { kind, revisions }
}

/// Names the revisions that lie on a ring: those that are among each other's
/// ancestors.
pub(super) fn ring(map: &RevisionMap) -> RevisionError {
    let followed = EdgeFiltered::from_fn(&map.graph, |edge| {
        *edge.weight() != EdgeKind::DependsOn { redundant: true }
    });
    let mut revisions: Vec<String> = tarjan_scc(&followed)
        .into_iter()
        .filter(|component| component.len() > 1)
        .flatten()
        .map(|index| map.id(index).to_owned())
        .collect();
    revisions.sort_unstable();
    RevisionError::Cycle { kind: CycleKind::DependencyCycle, revisions }
}
