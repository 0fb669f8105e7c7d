//! The map itself: which revisions there are and how they hang together.

use std::collections::HashMap;

use fixedbitset::FixedBitSet;
use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use super::error::{CycleKind, RevisionError};
use super::identifier::illegal_characters;
use super::ids::Ids;
use super::warning::GraphWarning;
use super::{cycle, labels, redundant};

/// Names a revision of one [`RevisionMap`]; its number is the load order.
pub type RevisionIndex = NodeIndex<u32>;

/// One revision as its script declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "`down_revision` is Alembic's name")]
pub struct Revision {
    id: String,
    down_revision: Vec<String>,
    dependencies: Vec<String>,
    branch_labels: Vec<String>,
}

impl Revision {
    /// Makes a revision from the values of a script's four variables.
    ///
    /// # Errors
    /// A self-loop, a dependency self-loop, or a character that no identifier
    /// may hold, in this order.
    pub fn new(
        id: String,
        down_revision: Vec<String>,
        dependencies: Vec<String>,
        branch_labels: Vec<String>,
    ) -> Result<Self, RevisionError> {
        let self_loop = |kind| RevisionError::Cycle { kind, revisions: vec![id.clone()] };
        if down_revision.contains(&id) {
            return Err(self_loop(CycleKind::SelfLoop));
        }
        if dependencies.contains(&id) {
            return Err(self_loop(CycleKind::DependencySelfLoop));
        }
        let mut characters = illegal_characters(&id);
        if !characters.is_empty() {
            characters.sort_unstable();
            return Err(RevisionError::IllegalCharacters { revision: id, characters });
        }
        Ok(Self { id, down_revision, dependencies, branch_labels })
    }

    /// The identifier (`revision`).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The parents as written (`down_revision`); empty for a base.
    pub fn down_revision(&self) -> &[String] {
        &self.down_revision
    }

    /// The dependencies as written (`depends_on`): identifiers or labels.
    pub fn dependencies(&self) -> &[String] {
        &self.dependencies
    }

    /// The labels that the script itself declares (`branch_labels`).
    pub fn branch_labels(&self) -> &[String] {
        &self.branch_labels
    }

    /// Whether several parents are declared.
    pub fn is_merge_point(&self) -> bool {
        self.down_revision.len() > 1
    }
}

/// How a revision hangs on another. Edges point from child to parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// By `down_revision`.
    Down,
    /// By `depends_on` alone.
    DependsOn {
        /// Some ancestor declares the same dependency, so that traversals need
        /// not follow this edge (Alembic's normalised dependencies leave it out).
        redundant: bool,
    },
}

/// Alembic's `RevisionMap`: all revisions of a script directory.
#[derive(Debug)]
pub struct RevisionMap {
    /// In load order, and so are the nodes of the graph.
    revisions: Vec<Revision>,
    pub(super) graph: DiGraph<(), EdgeKind, u32>,
    /// The revisions whose identifier a later script declares again.
    replaced: FixedBitSet,
    ids: Ids,
    /// Every label with the revision that declares it, in load order.
    pub(super) labels: Vec<(String, RevisionIndex)>,
    pub(super) label_numbers: HashMap<String, u32>,
    /// Numbers of all labels that hold at a revision, declared or propagated; ascending.
    pub(super) held_labels: HashMap<RevisionIndex, Vec<u32>>,
    /// Where the first script with an identifier stood, for those declared twice.
    pub(super) first_with_id: HashMap<RevisionIndex, RevisionIndex>,
    heads: Vec<RevisionIndex>,
    real_heads: Vec<RevisionIndex>,
    bases: Vec<RevisionIndex>,
}

/// Why revisions make no map.
#[derive(Debug)]
pub struct Refusal {
    /// The first thing that is wrong.
    pub error: RevisionError,
    /// The revisions that were given, in the same order.
    pub revisions: Vec<Revision>,
}

impl RevisionMap {
    /// Builds the map of `revisions`, given in load order. Warnings are added to
    /// `warnings` as they come up, also when an error follows.
    ///
    /// # Errors
    /// In Alembic's order: a label used twice, a dependency or parent that is not
    /// there, a cycle, a dependency cycle. The revisions are given back.
    ///
    /// # Panics
    /// With more than `u32::MAX` revisions.
    pub fn new(
        revisions: Vec<Revision>,
        warnings: &mut Vec<GraphWarning>,
    ) -> Result<Self, Box<Refusal>> {
        let mut map = Self::with_nodes(revisions, warnings);
        match map.link(warnings) {
            Ok(()) => Ok(map),
            Err(error) => Err(Box::new(Refusal { error, revisions: map.revisions })),
        }
    }

    fn link(&mut self, warnings: &mut Vec<GraphWarning>) -> Result<(), RevisionError> {
        self.register_labels()?;
        let dependencies = self.resolve_dependencies()?;
        let parents = self.resolve_parents(warnings)?;
        self.add_edges(&parents, &dependencies);
        redundant::mark(self, &dependencies);
        self.find_ends();
        cycle::check(self)?;
        labels::propagate(self);
        Ok(())
    }

    fn with_nodes(revisions: Vec<Revision>, warnings: &mut Vec<GraphWarning>) -> Self {
        let mut graph = DiGraph::with_capacity(revisions.len(), revisions.len());
        let mut ids = Ids::with_capacity(revisions.len());
        let mut first_with_id = HashMap::new();
        let mut replaced = FixedBitSet::with_capacity(revisions.len());
        for _ in &revisions {
            let index = graph.add_node(());
            if let Some(earlier) = ids.insert(index, &revisions) {
                replaced.insert(earlier.index());
                let first = first_with_id.remove(&earlier).unwrap_or(earlier);
                first_with_id.insert(index, first);
                warnings.push(GraphWarning::Duplicate { revision: index, replaced: earlier });
            }
        }
        Self {
            revisions,
            graph,
            replaced,
            ids,
            labels: Vec::new(),
            label_numbers: HashMap::new(),
            held_labels: HashMap::new(),
            first_with_id,
            heads: Vec::new(),
            real_heads: Vec::new(),
            bases: Vec::new(),
        }
    }

    fn register_labels(&mut self) -> Result<(), RevisionError> {
        for index in self.graph.node_indices() {
            for label in &self.revisions[index.index()].branch_labels {
                if let Some(used_by) = self.lookup(label) {
                    return Err(RevisionError::DuplicateLabel {
                        label: label.clone(),
                        revision: self.id(index).to_owned(),
                        used_by: self.id(used_by).to_owned(),
                    });
                }
                let number = u32::try_from(self.labels.len()).expect("fewer labels than bytes");
                self.label_numbers.insert(label.clone(), number);
                self.labels.push((label.clone(), index));
            }
        }
        Ok(())
    }

    /// The revisions that each revision's `depends_on` names, in file order.
    fn resolve_dependencies(&self) -> Result<Vec<Vec<RevisionIndex>>, RevisionError> {
        let of = |revision: &Revision| {
            let names = revision.dependencies.iter();
            names
                .map(|name| {
                    self.lookup(name).ok_or_else(|| RevisionError::MissingDependency {
                        missing: name.clone(),
                        referenced_by: revision.id.clone(),
                    })
                })
                .collect()
        };
        self.revisions.iter().map(of).collect()
    }

    /// The revisions that each revision's `down_revision` names, in file order.
    ///
    /// Alembic meets a gap in the middle of linking children to parents; the
    /// marks in its warning tell how far it had come, hence the counting here.
    fn resolve_parents(
        &self,
        warnings: &mut Vec<GraphWarning>,
    ) -> Result<Vec<Vec<RevisionIndex>>, RevisionError> {
        let mut parents = vec![Vec::new(); self.graph.node_count()];
        let mut children = vec![0_u32; self.graph.node_count()];
        for index in self.live_indices() {
            let revision = self.revision(index);
            let found = &mut parents[index.index()];
            for name in &revision.down_revision {
                let Some(parent) = self.by_id(name) else {
                    if !self.label_numbers.contains_key(name) {
                        warnings.push(GraphWarning::MissingParent {
                            missing: name.clone(),
                            referenced_by: index,
                            head: children[index.index()] == 0,
                            branch_point: children[index.index()] > 1,
                        });
                    }
                    return Err(RevisionError::MissingParent {
                        missing: name.clone(),
                        referenced_by: revision.id.clone(),
                    });
                };
                if !found.contains(&parent) {
                    found.push(parent);
                    children[parent.index()] += 1;
                }
            }
        }
        Ok(parents)
    }

    /// petgraph yields the edges of a node last added first. Adding everything
    /// backwards makes parents come in file order and children in load order.
    fn add_edges(&mut self, parents: &[Vec<RevisionIndex>], dependencies: &[Vec<RevisionIndex>]) {
        let mut edges: Vec<(RevisionIndex, EdgeKind)> = Vec::new();
        for child in self.graph.node_indices().rev() {
            if self.is_replaced(child) {
                continue;
            }
            edges.extend(parents[child.index()].iter().map(|&parent| (parent, EdgeKind::Down)));
            for &dependency in &dependencies[child.index()] {
                if edges.iter().all(|&(parent, _)| parent != dependency) {
                    edges.push((dependency, EdgeKind::DependsOn { redundant: false }));
                }
            }
            for (parent, kind) in edges.drain(..).rev() {
                self.graph.add_edge(child, parent, kind);
            }
        }
    }

    fn find_ends(&mut self) {
        let all: Vec<_> = self.graph.node_indices().collect();
        let bases = |&index: &RevisionIndex| self.revision(index).down_revision.is_empty();
        self.bases = all.iter().copied().filter(bases).collect();
        self.heads = all.iter().copied().filter(|&i| self.is_head(i)).collect();
        self.real_heads = all.iter().copied().filter(|&i| self.is_real_head(i)).collect();
    }

    /// How many scripts there are, replaced ones included.
    pub fn len(&self) -> usize {
        self.graph.node_count()
    }

    /// Whether there is no revision at all.
    pub fn is_empty(&self) -> bool {
        self.graph.node_count() == 0
    }

    /// All revisions in load order, without those that a later script replaces.
    pub fn live_indices(&self) -> impl DoubleEndedIterator<Item = RevisionIndex> {
        self.graph.node_indices().filter(|&index| !self.is_replaced(index))
    }

    /// Whether a later script declares the same identifier.
    pub(super) fn is_replaced(&self, index: RevisionIndex) -> bool {
        self.replaced.contains(index.index())
    }

    /// All revisions in load order, those included that a later script replaces.
    pub fn revisions(&self) -> impl Iterator<Item = &Revision> {
        self.revisions.iter()
    }

    /// The revision at `index`.
    ///
    /// # Panics
    /// When `index` comes from another map.
    pub fn revision(&self, index: RevisionIndex) -> &Revision {
        &self.revisions[index.index()]
    }

    /// The identifier at `index`.
    ///
    /// # Panics
    /// When `index` comes from another map.
    pub fn id(&self, index: RevisionIndex) -> &str {
        &self.revisions[index.index()].id
    }

    /// The revision with exactly this identifier.
    pub fn by_id(&self, id: &str) -> Option<RevisionIndex> {
        self.ids.get(id, &self.revisions)
    }

    /// The revision with exactly this identifier or label.
    pub fn lookup(&self, name: &str) -> Option<RevisionIndex> {
        let label = || self.label_numbers.get(name).map(|&n| self.labels[n as usize].1);
        self.by_id(name).or_else(label)
    }

    /// Every declared label with the revision that declares it, in load order.
    pub fn declared_labels(&self) -> impl Iterator<Item = (&str, RevisionIndex)> {
        self.labels.iter().map(|(label, index)| (label.as_str(), *index))
    }

    /// All labels that hold at a revision: its own and those propagated to it.
    /// A set in Alembic; here in the order in which they were declared.
    pub fn labels(&self, index: RevisionIndex) -> impl Iterator<Item = &str> {
        let numbers = self.held_labels.get(&index).into_iter().flatten();
        numbers.map(|&number| self.labels[number as usize].0.as_str())
    }

    /// Whether the label holds at the revision.
    pub fn has_label(&self, index: RevisionIndex, label: &str) -> bool {
        self.labels(index).any(|held| held == label)
    }

    /// Heads by `down_revision` alone, in load order; a replaced script counts too.
    pub fn heads(&self) -> &[RevisionIndex] {
        &self.heads
    }

    /// Revisions that nothing follows, neither by `down_revision` nor by `depends_on`.
    pub fn real_heads(&self) -> &[RevisionIndex] {
        &self.real_heads
    }

    /// Revisions without a parent, in load order.
    pub fn bases(&self) -> &[RevisionIndex] {
        &self.bases
    }

    /// Children by `down_revision`, in load order (Alembic's `nextrev`).
    pub fn children(&self, index: RevisionIndex) -> impl Iterator<Item = RevisionIndex> {
        self.neighbours(index, Direction::Incoming, Lineage::Down)
    }

    /// Parents by `down_revision`, in file order, each once.
    pub fn parents(&self, index: RevisionIndex) -> impl Iterator<Item = RevisionIndex> {
        self.neighbours(index, Direction::Outgoing, Lineage::Down)
    }

    /// Everything the revision hangs on, in file order: parents, then dependencies.
    pub fn edges(&self, index: RevisionIndex) -> impl Iterator<Item = (RevisionIndex, EdgeKind)> {
        self.graph.edges(index).map(|edge| (edge.target(), *edge.weight()))
    }

    /// What the revision hangs on without redundant dependencies, in file order, each
    /// once (Alembic's `_normalized_down_revisions`).
    pub fn links_down(&self, index: RevisionIndex) -> Vec<RevisionIndex> {
        self.neighbours(index, Direction::Outgoing, Lineage::WithDependencies).collect()
    }

    /// Whether no revision has this one as its parent.
    pub fn is_head(&self, index: RevisionIndex) -> bool {
        self.children(index).next().is_none()
    }

    /// Whether nothing follows this revision, dependencies included.
    pub fn is_real_head(&self, index: RevisionIndex) -> bool {
        self.graph.edges_directed(index, Direction::Incoming).next().is_none()
    }

    /// Whether several revisions have this one as their parent.
    pub fn is_branch_point(&self, index: RevisionIndex) -> bool {
        self.children(index).nth(1).is_some()
    }

    /// Whether several revisions follow this one, dependencies included.
    pub(super) fn is_real_branch_point(&self, index: RevisionIndex) -> bool {
        self.graph.edges_directed(index, Direction::Incoming).nth(1).is_some()
    }

    /// Neighbours in one direction along the links of `lineage`.
    pub(super) fn neighbours(
        &self,
        index: RevisionIndex,
        direction: Direction,
        lineage: Lineage,
    ) -> impl Iterator<Item = RevisionIndex> {
        let edges = self.graph.edges_directed(index, direction);
        edges.filter(move |edge| lineage.follows(*edge.weight(), direction)).map(move |edge| {
            match direction {
                Direction::Outgoing => edge.target(),
                Direction::Incoming => edge.source(),
            }
        })
    }

    /// `start` and everything below it.
    pub fn ancestors(
        &self,
        start: impl IntoIterator<Item = RevisionIndex>,
        lineage: Lineage,
    ) -> FixedBitSet {
        self.reach(start, Direction::Outgoing, lineage)
    }

    /// `start` and everything above it.
    pub fn descendants(
        &self,
        start: impl IntoIterator<Item = RevisionIndex>,
        lineage: Lineage,
    ) -> FixedBitSet {
        self.reach(start, Direction::Incoming, lineage)
    }

    /// `start` and everything below it, along redundant dependencies too. It matters
    /// in rings alone, where a dependency can be redundant wherever it is declared.
    pub(super) fn ancestors_by_any_link(
        &self,
        start: impl IntoIterator<Item = RevisionIndex>,
    ) -> FixedBitSet {
        self.reach_by(start, |index| self.edges(index).map(|(parent, _)| parent))
    }

    fn reach(
        &self,
        start: impl IntoIterator<Item = RevisionIndex>,
        direction: Direction,
        lineage: Lineage,
    ) -> FixedBitSet {
        self.reach_by(start, |index| self.neighbours(index, direction, lineage))
    }

    fn reach_by<I: Iterator<Item = RevisionIndex>>(
        &self,
        start: impl IntoIterator<Item = RevisionIndex>,
        next: impl Fn(RevisionIndex) -> I,
    ) -> FixedBitSet {
        let mut seen = FixedBitSet::with_capacity(self.graph.node_count());
        let mut todo: Vec<_> = start.into_iter().collect();
        while let Some(index) = todo.pop() {
            if !seen.put(index.index()) {
                todo.extend(next(index));
            }
        }
        seen
    }
}

/// Which links a walk follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lineage {
    /// `down_revision` alone.
    Down,
    /// `down_revision` and `depends_on`; on the way down without redundant ones.
    WithDependencies,
}

impl Lineage {
    /// As Alembic, whose way up knows no redundant links (`_all_nextrev`).
    fn follows(self, kind: EdgeKind, direction: Direction) -> bool {
        match kind {
            EdgeKind::Down => true,
            EdgeKind::DependsOn { redundant } => {
                self == Self::WithDependencies && !(redundant && direction == Direction::Outgoing)
            }
        }
    }
}
