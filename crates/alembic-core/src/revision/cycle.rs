//! The two kinds of ring that need the whole graph to be seen.
//!
//! As Alembic: a revision that cannot be reached both from the heads downwards
//! and from the bases upwards is part of a ring or hangs on one.

use fixedbitset::FixedBitSet;
use petgraph::algo::kosaraju_scc;
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
    let mut placed = below_heads(map, heads, lineage)?;
    placed.intersect_with(&above_bases(map, bases, lineage));
    if map.live_indices().all(|index| placed.contains(index.index())) {
        return Ok(());
    }
    Err(unplaced(map, kind, &placed, true))
}

/// What can be reached from the heads. A script that another one replaces is always
/// among them; it stands for the identifier that the two share, and leads to the
/// parents that it declares itself.
///
/// # Errors
/// [`RevisionError::MissingParent`] for a parent that only a replaced script names.
fn below_heads(
    map: &RevisionMap,
    heads: &[RevisionIndex],
    lineage: Lineage,
) -> Result<FixedBitSet, RevisionError> {
    let mut starts: Vec<RevisionIndex> = Vec::with_capacity(heads.len());
    for &head in heads {
        if !map.is_replaced(head) {
            starts.push(head);
            continue;
        }
        let revision = map.revision(head);
        for name in revision.down_revision() {
            starts.push(map.by_id(name).ok_or_else(|| RevisionError::MissingParent {
                missing: name.clone(),
                referenced_by: revision.id().to_owned(),
            })?);
        }
        if lineage == Lineage::WithDependencies {
            starts.extend(revision.dependencies().iter().filter_map(|name| map.lookup(name)));
        }
    }
    let mut reached = match lineage {
        Lineage::Down => map.ancestors(starts, lineage),
        Lineage::WithDependencies => map.ancestors_by_any_link(starts),
    };
    place_replaced(map, heads, &mut reached);
    Ok(reached)
}

/// What can be reached from the bases. Nothing follows a script that another one
/// replaces.
fn above_bases(map: &RevisionMap, bases: &[RevisionIndex], lineage: Lineage) -> FixedBitSet {
    let live = bases.iter().copied().filter(|&base| !map.is_replaced(base));
    let mut reached = map.descendants(live, lineage);
    place_replaced(map, bases, &mut reached);
    reached
}

fn place_replaced(map: &RevisionMap, starts: &[RevisionIndex], reached: &mut FixedBitSet) {
    reached.extend(map.live(starts).into_iter().map(RevisionIndex::index));
}

fn unplaced(
    map: &RevisionMap,
    kind: CycleKind,
    placed: &FixedBitSet,
    sorted: bool,
) -> RevisionError {
    let mut indices: Vec<RevisionIndex> =
        map.live_indices().filter(|index| !placed.contains(index.index())).collect();
    indices.sort_by_key(|index| map.listing_position(*index));
    let mut revisions: Vec<String> =
        indices.into_iter().map(|index| map.id(index).to_owned()).collect();
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
    let mut revisions: Vec<String> = kosaraju_scc(&followed)
        .into_iter()
        .filter(|component| component.len() > 1)
        .flatten()
        .map(|index| map.id(index).to_owned())
        .collect();
    revisions.sort_unstable();
    RevisionError::Cycle { kind: CycleKind::DependencyCycle, revisions }
}
