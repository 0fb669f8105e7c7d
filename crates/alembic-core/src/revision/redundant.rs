//! Dependencies that say nothing new: Alembic's `_normalize_depends_on`.

use std::collections::HashMap;

use petgraph::algo::tarjan_scc;
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
    let rings = Rings::of(map);
    let mut redundant = Vec::new();
    #[expect(clippy::iter_over_hash_type, reason = "each dependency is marked on its own")]
    for (&dependency, declarers) in &declared_by {
        let children = declarers.iter().flat_map(|&declarer| map.children(declarer));
        let below_a_declarer = map.descendants(children, Lineage::Down);
        for &child in declarers.iter().filter(|child| below_a_declarer.contains(child.index())) {
            if !rings.is_below_itself_alone(map, child, declarers) {
                redundant.extend(map.graph.edges_connecting(child, dependency).map(|e| e.id()));
            }
        }
    }
    for edge in redundant {
        if map.graph[edge] != EdgeKind::Down {
            map.graph[edge] = EdgeKind::DependsOn { redundant: true };
        }
    }
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
        let rings = tarjan_scc(&down).into_iter().filter(|ring| ring.len() > 1).enumerate();
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
