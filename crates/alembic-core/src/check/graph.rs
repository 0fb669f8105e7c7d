//! The graph of scripts that need not be sound.
//!
//! [`RevisionMap`](crate::revision::RevisionMap) is refused at the first thing
//! that is wrong; here every link that leads somewhere is kept, every other one is
//! a fact, and nothing is an error. One node stands for one identifier, whatever
//! the number of scripts that declare it.

use std::collections::{BTreeSet, HashMap, VecDeque};

use fixedbitset::FixedBitSet;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::revision::CycleKind;
use crate::script::Declaration;

/// One identifier.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) id: &'a str,
    /// The scripts that declare it, in load order: the last one counts.
    pub(super) scripts: Vec<usize>,
    parents: Vec<usize>,
    dependencies: Vec<usize>,
    /// What names it as its parent, scripts that do not count included: a head
    /// that only another head's namesake hides would be one finding too many.
    has_child: bool,
    depended_on: bool,
    labels: Vec<&'a str>,
}

impl Node<'_> {
    /// The script that counts.
    pub(super) fn script(&self) -> usize {
        self.scripts.last().copied().expect("a node is made for a script")
    }
}

/// A link that leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gap<'a> {
    pub(super) script: usize,
    pub(super) missing: &'a str,
    pub(super) is_dependency: bool,
}

/// A label that is taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TakenLabel<'a> {
    pub(super) label: &'a str,
    pub(super) script: usize,
    pub(super) used_by: usize,
}

/// All identifiers and how they hang together.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    by_id: HashMap<&'a str, usize>,
    /// Every label with the node and the script that declare it first.
    labels: HashMap<&'a str, (usize, usize)>,
    pub(super) gaps: Vec<Gap<'a>>,
    pub(super) taken_labels: Vec<TakenLabel<'a>>,
}

/// Which links a walk follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    Down,
    WithDependencies,
}

impl<'a> Graph<'a> {
    /// Links declarations, given in load order.
    pub(super) fn new(declarations: &[&'a Declaration]) -> Self {
        let mut graph = Self {
            nodes: Vec::with_capacity(declarations.len()),
            by_id: HashMap::with_capacity(declarations.len()),
            labels: HashMap::new(),
            gaps: Vec::new(),
            taken_labels: Vec::new(),
        };
        for (script, declaration) in declarations.iter().enumerate() {
            graph.add(script, &declaration.revision);
        }
        for (script, declaration) in declarations.iter().enumerate() {
            graph.label(script, declaration);
        }
        for (script, declaration) in declarations.iter().enumerate() {
            graph.link(script, declaration);
        }
        graph
    }

    fn add(&mut self, script: usize, id: &'a str) {
        if let Some(&node) = self.by_id.get(id) {
            self.nodes[node].scripts.push(script);
            return;
        }
        self.by_id.insert(id, self.nodes.len());
        self.nodes.push(Node {
            id,
            scripts: vec![script],
            parents: Vec::new(),
            dependencies: Vec::new(),
            has_child: false,
            depended_on: false,
            labels: Vec::new(),
        });
    }

    fn label(&mut self, script: usize, declaration: &'a Declaration) {
        let node = self.by_id[declaration.revision.as_str()];
        for label in &declaration.branch_labels {
            let label = label.as_str();
            let namesake = self.by_id.get(label).map(|&node| self.nodes[node].script());
            match namesake.or_else(|| self.labels.get(label).map(|&(_, script)| script)) {
                Some(used_by) => {
                    self.taken_labels.push(TakenLabel { label, script, used_by });
                }
                None => {
                    self.labels.insert(label, (node, script));
                }
            }
            self.nodes[node].labels.push(label);
        }
    }

    fn link(&mut self, script: usize, declaration: &'a Declaration) {
        let node = self.by_id[declaration.revision.as_str()];
        let counts = self.nodes[node].script() == script;
        for name in &declaration.down_revision {
            match self.by_id.get(name.as_str()).copied() {
                Some(parent) if parent == node => {}
                Some(parent) => {
                    self.nodes[parent].has_child = true;
                    if counts && !self.nodes[node].parents.contains(&parent) {
                        self.nodes[node].parents.push(parent);
                    }
                }
                None => self.gaps.push(Gap { script, missing: name, is_dependency: false }),
            }
        }
        for name in &declaration.depends_on {
            match self.lookup(name) {
                Some(dependency) if dependency == node => {}
                Some(dependency) => {
                    self.nodes[dependency].depended_on = true;
                    if counts && !self.nodes[node].dependencies.contains(&dependency) {
                        self.nodes[node].dependencies.push(dependency);
                    }
                }
                None => self.gaps.push(Gap { script, missing: name, is_dependency: true }),
            }
        }
    }

    /// The node of an identifier or a label.
    fn lookup(&self, name: &str) -> Option<usize> {
        let labelled = || self.labels.get(name).map(|&(node, _)| node);
        self.by_id.get(name).copied().or_else(labelled)
    }

    pub(super) fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    pub(super) fn node(&self, index: usize) -> &Node<'a> {
        &self.nodes[index]
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &'a str> {
        self.nodes.iter().map(|node| node.id)
    }

    /// Whether some script declares the label.
    pub(super) fn has_label(&self, name: &str) -> bool {
        self.labels.contains_key(name)
    }

    /// What nothing follows by `down_revision`; with `dependencies` counted, not by
    /// `depends_on` either.
    pub(super) fn heads(&self, dependencies: bool) -> Vec<usize> {
        let is_head = |node: &Node<'_>| !(node.has_child || dependencies && node.depended_on);
        (0..self.nodes.len()).filter(|&node| is_head(&self.nodes[node])).collect()
    }

    /// Whether something depends on it.
    pub(super) fn is_depended_on(&self, node: usize) -> bool {
        self.nodes[node].depended_on
    }

    /// The node and everything below it by `down_revision`.
    pub(super) fn ancestors(&self, node: usize) -> FixedBitSet {
        self.below(node, Links::Down)
    }

    /// The node and everything that must run before it.
    pub(super) fn needs(&self, node: usize) -> FixedBitSet {
        self.below(node, Links::WithDependencies)
    }

    fn below(&self, node: usize, links: Links) -> FixedBitSet {
        let mut seen = FixedBitSet::with_capacity(self.nodes.len());
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            if !seen.put(node) {
                todo.extend(self.linked(node, links));
            }
        }
        seen
    }

    /// The labels that hold at a head: all that are declared at or below it.
    pub(super) fn labels(&self, head: usize) -> BTreeSet<&'a str> {
        let below = self.ancestors(head);
        below.ones().flat_map(|node| self.nodes[node].labels.iter().copied()).collect()
    }

    /// What all of these follow and nothing else between them does.
    pub(super) fn nearest_common_ancestors(&self, heads: &[usize]) -> Vec<usize> {
        let mut sets = heads.iter().map(|&head| self.ancestors(head));
        let Some(mut common) = sets.next() else { return Vec::new() };
        for set in sets {
            common.intersect_with(&set);
        }
        let mut nearest = common.clone();
        for node in common.ones() {
            for &parent in &self.nodes[node].parents {
                nearest.remove(parent);
            }
        }
        nearest.ones().collect()
    }

    /// The revision to put on another base so that all of `moving`'s line follows
    /// it: the only one that nothing else of that line is below. `settled` is what
    /// stays as it is.
    pub(super) fn bottom_of_line(&self, moving: usize, settled: &FixedBitSet) -> Option<usize> {
        let mut line = self.ancestors(moving);
        line.difference_with(settled);
        let parents_stay =
            |&node: &usize| self.nodes[node].parents.iter().all(|&p| !line.contains(p));
        let mut bottoms = line.ones().filter(parents_stay);
        bottoms.next().filter(|_| bottoms.next().is_none())
    }

    /// One ring of every knot of `down_revision` links, then one of every knot that
    /// needs `depends_on` links, each from its first revision on towards parents.
    pub(super) fn rings(&self) -> Vec<(CycleKind, Vec<usize>)> {
        let (down, all) = (self.knots(Links::Down), self.knots(Links::WithDependencies));
        let mut rings = Vec::new();
        for start in first_of_each(&down) {
            let next = self.nodes[start].parents.iter().copied();
            rings.extend(self.ring(start, next, &down, Links::Down).map(|r| (CycleKind::Cycle, r)));
        }
        let mut closed = BTreeSet::new();
        for (start, node) in self.nodes.iter().enumerate() {
            let Some(knot) = all[start] else { continue };
            let new_there = |&&to: &&usize| {
                all[to] == Some(knot) && (down[to].is_none() || down[to] != down[start])
            };
            let next: Vec<_> = node.dependencies.iter().filter(new_there).copied().collect();
            if next.is_empty() || closed.contains(&knot) {
                continue;
            }
            if let Some(ring) = self.ring(start, next.into_iter(), &all, Links::WithDependencies) {
                closed.insert(knot);
                rings.push((CycleKind::DependencyCycle, ring));
            }
        }
        rings
    }

    fn linked(&self, node: usize, links: Links) -> impl Iterator<Item = usize> {
        let node = &self.nodes[node];
        let dependencies: &[usize] = match links {
            Links::Down => &[],
            Links::WithDependencies => &node.dependencies,
        };
        node.parents.iter().chain(dependencies).copied()
    }

    /// For every node that is in a ring, the number of its knot: of all nodes that
    /// can reach each other.
    fn knots(&self, links: Links) -> Vec<Option<usize>> {
        let mut graph = DiGraph::<(), (), usize>::with_capacity(self.nodes.len(), self.nodes.len());
        for _ in &self.nodes {
            graph.add_node(());
        }
        for node in 0..self.nodes.len() {
            for next in self.linked(node, links) {
                graph.add_edge(NodeIndex::new(node), NodeIndex::new(next), ());
            }
        }
        let mut knots = vec![None; self.nodes.len()];
        let rings = kosaraju_scc(&graph).into_iter().filter(|members| members.len() > 1);
        for (number, members) in rings.enumerate() {
            for member in members {
                knots[member.index()] = Some(number);
            }
        }
        knots
    }

    /// The shortest way from `start` by way of `next` inside its knot back to it.
    fn ring(
        &self,
        start: usize,
        next: impl Iterator<Item = usize>,
        knots: &[Option<usize>],
        links: Links,
    ) -> Option<Vec<usize>> {
        let inside = |node: &usize| knots[*node] == knots[start];
        let mut came_from = HashMap::new();
        let mut todo: VecDeque<usize> = next.filter(inside).collect();
        came_from.extend(todo.iter().map(|&node| (node, start)));
        while let Some(node) = todo.pop_front() {
            for next in self.linked(node, links).filter(inside) {
                if next == start {
                    let mut ring: Vec<usize> =
                        std::iter::successors(Some(node), |node| came_from.get(node).copied())
                            .take_while(|&node| node != start)
                            .collect();
                    ring.push(start);
                    ring.reverse();
                    return Some(ring);
                }
                came_from.entry(next).or_insert_with(|| {
                    todo.push_back(next);
                    node
                });
            }
        }
        None
    }
}

/// The first node of every knot.
fn first_of_each(knots: &[Option<usize>]) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let first = |node: &usize| knots[*node].is_some_and(|knot| seen.insert(knot));
    (0..knots.len()).filter(first).collect()
}
