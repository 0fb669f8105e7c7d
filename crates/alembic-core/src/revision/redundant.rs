//! Dependencies that say nothing new: Alembic's `_normalize_depends_on`.

use std::collections::HashMap;

use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::visit::{EdgeFiltered, EdgeRef};

use super::map::{EdgeKind, Lineage, RevisionIndex, RevisionMap};

/// Marks each dependency that another revision declares too, an ancestor by
/// `down_revision`. `dependencies` are those of every revision, by its number.
pub(super) fn mark(map: &mut RevisionMap, dependencies: &[Vec<RevisionIndex>]) {
    let mut declared_by: HashMap<RevisionIndex, Vec<RevisionIndex>> = HashMap::new();
    for child in map.live_indices() {
        for &dependency in &dependencies[child.index()] {
            declared_by.entry(dependency).or_default().push(child);
        }
    }
    // Most dependencies are declared once: nothing to walk for those.
    declared_by.retain(|_, declarers| declarers.len() > 1);
    if declared_by.is_empty() {
        return;
    }
    let down = EdgeFiltered::from_fn(&map.graph, |edge| *edge.weight() == EdgeKind::Down);
    let repeated = match toposort(&down, None) {
        Ok(newest_first) => {
            // Each dependency is marked on its own, so any order will do.
            let declared_by: Vec<_> = declared_by.into_iter().collect();
            in_order(map, &newest_first, &declared_by)
        }
        Err(_) => among_rings(map, &declared_by),
    };
    for (child, dependency) in repeated {
        let edges: Vec<_> = map.graph.edges_connecting(child, dependency).map(|e| e.id()).collect();
        for edge in edges {
            if map.graph[edge] != EdgeKind::Down {
                map.graph[edge] = EdgeKind::DependsOn { redundant: true };
            }
        }
    }
}

/// A declarer with the dependency that says nothing new there.
type Repeated = Vec<(RevisionIndex, RevisionIndex)>;

/// Finds them where a revision always comes before those that it follows: one walk
/// from the oldest on for as many dependencies as a word has bits.
fn in_order(
    map: &RevisionMap,
    newest_first: &[RevisionIndex],
    declared_by: &[(RevisionIndex, Vec<RevisionIndex>)],
) -> Repeated {
    let mut repeated = Vec::new();
    for dependencies in declared_by.chunks(u64::BITS as usize) {
        let bits = || (0..u64::BITS).map(|bit| 1_u64 << bit).zip(dependencies);
        let mut declared = vec![0_u64; map.len()];
        for (bit, (_, declarers)) in bits() {
            for declarer in declarers {
                declared[declarer.index()] |= bit;
            }
        }
        // What the ancestors of a revision declare.
        let mut inherited = vec![0_u64; map.len()];
        for &index in newest_first.iter().rev() {
            let of = |parent: RevisionIndex| inherited[parent.index()] | declared[parent.index()];
            inherited[index.index()] = map.parents(index).map(of).fold(0, |all, one| all | one);
        }
        for (bit, (dependency, declarers)) in bits() {
            let again = declarers.iter().filter(|declarer| inherited[declarer.index()] & bit != 0);
            repeated.extend(again.map(|&declarer| (declarer, *dependency)));
        }
    }
    repeated
}

/// Finds them where `down_revision` links form rings, as Alembic does: nobody's scripts
/// for long, so a walk for each dependency is good enough.
fn among_rings(
    map: &RevisionMap,
    declared_by: &HashMap<RevisionIndex, Vec<RevisionIndex>>,
) -> Repeated {
    let rings = Rings::of(map);
    let mut repeated = Vec::new();
    #[expect(clippy::iter_over_hash_type, reason = "each dependency is marked on its own")]
    for (&dependency, declarers) in declared_by {
        let children = declarers.iter().flat_map(|&declarer| map.children(declarer));
        let below_a_declarer = map.descendants(children, Lineage::Down);
        for &child in declarers.iter().filter(|child| below_a_declarer.contains(child.index())) {
            if !rings.is_below_itself_alone(map, child, declarers) {
                repeated.push((child, dependency));
            }
        }
    }
    repeated
}

/// The rings of `down_revision` links. Nearly every project has none; but Alembic
/// takes some for sound graphs.
struct Rings {
    /// The ring on which a revision lies.
    numbers: HashMap<RevisionIndex, usize>,
}

impl Rings {
    fn of(map: &RevisionMap) -> Self {
        let down = EdgeFiltered::from_fn(&map.graph, |edge| *edge.weight() == EdgeKind::Down);
        let rings = kosaraju_scc(&down).into_iter().filter(|ring| ring.len() > 1).enumerate();
        let numbers = rings.flat_map(|(number, ring)| ring.into_iter().map(move |i| (i, number)));
        Self { numbers: numbers.collect() }
    }

    /// Whether a declarer is below no other one, but, on its ring, below itself.
    fn is_below_itself_alone(
        &self,
        map: &RevisionMap,
        child: RevisionIndex,
        declarers: &[RevisionIndex],
    ) -> bool {
        let Some(ring) = self.numbers.get(&child) else { return false };
        let mut others = declarers.iter().filter(|other| **other != child);
        if others.clone().any(|other| self.numbers.get(other) == Some(ring)) {
            return false;
        }
        let ancestors = map.ancestors([child], Lineage::Down);
        !others.any(|other| ancestors.contains(other.index()))
    }
}
