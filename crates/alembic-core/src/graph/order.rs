//! The order of a drawing's rows.
//!
//! It is the order of plain `history`, unless that order tears a line apart:
//! Alembic leaves an unbranched line in the middle where a revision of it must
//! wait for another branch that depends on it. The line would then stay open
//! while the other branch is drawn, and the dotted line of the dependency would
//! end in it unseen. In that case stretches of unbranched line are moved as one:
//! what depends on a revision comes before the stretch above it. Still children
//! before parents, and Alembic's order wherever there is a choice.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::revision::{EdgeKind, RevisionIndex, RevisionMap};

/// The order in which to draw the revisions that `history` lists as `listed`.
pub fn drawing_order(map: &RevisionMap, listed: &[RevisionIndex]) -> Vec<RevisionIndex> {
    let has_dependencies =
        listed.iter().any(|&index| map.edges(index).any(|(_, kind)| kind != EdgeKind::Down));
    if !has_dependencies {
        return listed.to_vec();
    }
    let shown = Shown::new(map, listed);
    if !shown.tears_a_line() {
        return listed.to_vec();
    }
    let order = Stretches::new(&shown).sort();
    // `listed` might not hold what the map says, when it comes from elsewhere.
    if order.len() == listed.len() { order } else { listed.to_vec() }
}

/// The edges among the listed revisions; revisions go by their position.
struct Shown<'a> {
    listed: &'a [RevisionIndex],
    /// For each revision its edges to listed ones.
    edges: Vec<Vec<(usize, EdgeKind)>>,
    /// For each revision the one it hangs on, if it hangs on nothing else.
    only_edge: Vec<Option<usize>>,
    /// For each revision its only child by `down_revision`.
    only_child: Vec<Option<usize>>,
    /// For each revision those that depend on it.
    dependents: Vec<Vec<usize>>,
}

impl<'a> Shown<'a> {
    fn new(map: &RevisionMap, listed: &'a [RevisionIndex]) -> Self {
        let mut position_of = vec![None; map.len()];
        for (position, index) in listed.iter().enumerate() {
            position_of[index.index()] = Some(position);
        }
        let count = listed.len();
        let mut children = vec![0_u32; count];
        let mut shown = Self {
            listed,
            edges: vec![Vec::new(); count],
            only_edge: vec![None; count],
            only_child: vec![None; count],
            dependents: vec![Vec::new(); count],
        };
        for (from, &index) in listed.iter().enumerate() {
            let mut edges = 0;
            for (target, kind) in map.edges(index) {
                edges += 1;
                let Some(to) = position_of[target.index()] else { continue };
                shown.edges[from].push((to, kind));
                if kind == EdgeKind::Down {
                    shown.only_edge[from] = Some(to);
                    shown.only_child[to] = Some(from);
                    children[to] += 1;
                } else {
                    shown.dependents[to].push(from);
                }
            }
            if edges != 1 {
                shown.only_edge[from] = None;
            }
        }
        for (child, count) in shown.only_child.iter_mut().zip(children) {
            child.take_if(|_| count > 1);
        }
        shown
    }

    /// The revision below `position` on an unbranched line.
    fn next_on_line(&self, position: usize) -> Option<usize> {
        self.only_edge[position].filter(|&to| self.only_child[to] == Some(position))
    }

    /// Whether a line is left at a revision that others, listed later than its
    /// child, depend on.
    fn tears_a_line(&self) -> bool {
        (0..self.listed.len()).any(|child| {
            self.next_on_line(child)
                .is_some_and(|parent| self.dependents[parent].iter().any(|&other| other > child))
        })
    }
}

/// Unbranched lines, cut above every revision that others depend on. Only the
/// last revision of a stretch has edges that leave it, and only the first one is
/// reached from outside: so stretches have no cycle either. A dependent waits
/// for nothing in the stretch that it goes before, as that stretch leads to the
/// revision depended on alone.
struct Stretches<'a> {
    shown: &'a Shown<'a>,
    /// For each revision the first one of its stretch, which stands for it.
    first: Vec<usize>,
}

impl<'a> Stretches<'a> {
    fn new(shown: &'a Shown<'a>) -> Self {
        let mut first: Vec<usize> = (0..shown.listed.len()).collect();
        for position in 0..shown.listed.len() {
            if let Some(next) = Self::next(shown, position) {
                first[next] = first[position];
            }
        }
        Self { shown, first }
    }

    fn next(shown: &Shown<'_>, position: usize) -> Option<usize> {
        shown.next_on_line(position).filter(|&next| shown.dependents[next].is_empty())
    }

    /// The stretches that have to come after the one of `position`, once for
    /// each edge that says so.
    fn followers(&self, position: usize) -> impl Iterator<Item = usize> {
        let own = self.first[position];
        let edges = &self.shown.edges[position];
        let waiting = edges.iter().filter_map(move |&(target, kind)| {
            let child = self.shown.only_child[target].filter(|_| kind != EdgeKind::Down)?;
            (self.shown.next_on_line(child) == Some(target)).then_some(child)
        });
        let later = edges.iter().map(|&(target, _)| target).chain(waiting);
        later.map(|position| self.first[position]).filter(move |&first| first != own)
    }

    fn sort(&self) -> Vec<RevisionIndex> {
        let count = self.shown.listed.len();
        let mut waiting_for = vec![0_u32; count];
        for position in 0..count {
            for follower in self.followers(position) {
                waiting_for[follower] += 1;
            }
        }
        let ready = (0..count).filter(|&at| self.first[at] == at && waiting_for[at] == 0);
        let mut ready: BinaryHeap<_> = ready.map(Reverse).collect();
        let mut order = Vec::with_capacity(count);
        while let Some(Reverse(stretch)) = ready.pop() {
            let mut next = Some(stretch);
            while let Some(position) = next {
                order.push(self.shown.listed[position]);
                for follower in self.followers(position) {
                    waiting_for[follower] -= 1;
                    if waiting_for[follower] == 0 {
                        ready.push(Reverse(follower));
                    }
                }
                next = Self::next(self.shown, position);
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::{Project, SAMPLE};

    fn orders(letters: &str) -> (String, String) {
        let project = Project::new(letters);
        let listed = project.map.walk_all().unwrap();
        let ids = |order: &[RevisionIndex]| {
            let ids: Vec<_> = order.iter().map(|&index| project.map.id(index)).collect();
            ids.join(" ")
        };
        (ids(&listed), ids(&drawing_order(&project.map, &listed)))
    }

    #[test]
    fn alembics_order_where_lines_stay_whole() {
        for letters in [
            "a\n b < a\n c < b",
            "a\n b < a\n c < a\n d < b, c",
            "a\n b < a\n c < b\n d < a\n e < d",
            "a\n b < a\n x\n y < x ~ b",
            "a\n b < a\n c < a\n d < b ~ c",
        ] {
            let (listed, drawn) = orders(letters);
            assert_eq!(listed, drawn);
        }
    }

    #[test]
    fn a_dependent_comes_before_the_stretch_above() {
        let (listed, drawn) = orders(SAMPLE);
        let short = |ids: String| ids.split(' ').map(|id| &id[..4]).collect::<Vec<_>>().join(" ");
        assert_eq!(short(listed), "e4c1 71cc 88aa 52de 3f60 1b2c");
        assert_eq!(short(drawn), "e4c1 88aa 71cc 52de 3f60 1b2c");
    }

    #[test]
    fn stretches_move_as_one() {
        let letters = "
            o
            a5 < o
            a4 < a5
            a3 < a4
            a2 < a3
            a1 < a2
            b4 < o
            b3 < b4
            b2 < b3 ~ a4
            b1 < b2
            m < a1, b1
        ";
        let (listed, drawn) = orders(letters);
        assert_eq!(listed, "m a1 a2 a3 b1 b2 b3 b4 a4 a5 o");
        assert_eq!(drawn, "m b1 b2 a1 a2 a3 b3 b4 a4 a5 o");
    }
}
