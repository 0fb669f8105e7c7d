//! Which layer each box stands in.

use super::{ASPECT, Link, NODE_GAP, Px, STUB, Size, TRACK, count, px, real};

/// The layer of each box, from the left. What is pointed to stands left of what points to it, except where a ring
/// leaves no such order.
pub(super) fn ranks(sizes: &[Size], links: &[Link]) -> Vec<usize> {
    let order = sequence(sizes.len(), links);
    let mut place = vec![0; sizes.len()];
    for (at, &node) in order.iter().enumerate() {
        place[node] = at;
    }
    let mut lefts: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    let mut rights: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    for link in links {
        let (a, b) = (link.to.node, link.from.node);
        if a == b {
            continue;
        }
        let (left, right) = if place[a] < place[b] { (a, b) } else { (b, a) };
        lefts[right].push(left);
        rights[left].push(right);
    }
    let mut layers = Layers::new(sizes, links);
    let mut ranks = vec![0; sizes.len()];
    for &node in &order {
        let least = lefts[node].iter().map(|&left| ranks[left] + 1).max().unwrap_or(0);
        ranks[node] = layers.first_with_room(least, sizes[node]);
    }
    // What has nothing at its left, or little, comes close to what stands at its right.
    for &node in order.iter().rev() {
        if rights[node].len() <= lefts[node].len() {
            continue;
        }
        let Some(nearest) = rights[node].iter().map(|&right| ranks[right]).min() else { continue };
        ranks[node] = layers.moved_right(ranks[node], nearest - 1, sizes[node]);
    }
    without_gaps(&mut ranks);
    ranks
}

/// An order in which nearly everything stands behind what it points to: always the next box that points to nothing
/// more, or, in a ring, the one that most others point to (Eades, Lin and Smyth's heuristic).
fn sequence(nodes: usize, links: &[Link]) -> Vec<usize> {
    let mut pointing: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    let mut open = vec![0_usize; nodes];
    let mut weight = vec![0_usize; nodes];
    for link in links.iter().filter(|link| link.from.node != link.to.node) {
        pointing[link.to.node].push(link.from.node);
        open[link.from.node] += 1;
        weight[link.to.node] += 1;
    }
    let mut done = vec![false; nodes];
    let mut ready: Vec<usize> = (0..nodes).rev().filter(|&node| open[node] == 0).collect();
    let mut order = Vec::with_capacity(nodes);
    while order.len() < nodes {
        let next = ready.pop().or_else(|| {
            let left = (0..nodes).filter(|&node| !done[node]);
            left.max_by_key(|&node| (weight[node].saturating_sub(open[node]), usize::MAX - node))
        });
        let Some(node) = next else { break };
        if std::mem::replace(&mut done[node], true) {
            continue;
        }
        order.push(node);
        for &other in pointing[node].iter().rev() {
            open[other] = open[other].saturating_sub(1);
            if open[other] == 0 && !done[other] {
                ready.push(other);
            }
        }
    }
    order
}

/// How full the layers are: a table that a hundred others point to would make one endless column.
struct Layers {
    most: Px,
    heights: Vec<Px>,
}

impl Layers {
    fn new(sizes: &[Size], links: &[Link]) -> Self {
        let channel = 2 * STUB + TRACK * count(links.len() / sizes.len().max(1)).min(20);
        let area: f64 = sizes
            .iter()
            .map(|size| {
                real(i64::from(size.width + channel)) * real(i64::from(size.height + NODE_GAP))
            })
            .sum();
        let tallest = sizes.iter().map(|size| size.height).max().unwrap_or(0);
        Self { most: px((area / ASPECT).sqrt()).max(tallest), heights: Vec::new() }
    }

    fn has_room(&self, rank: usize, size: Size) -> bool {
        let height = self.heights.get(rank).copied().unwrap_or(0);
        height == 0 || height + size.height <= self.most
    }

    fn first_with_room(&mut self, least: usize, size: Size) -> usize {
        let mut rank = least;
        while !self.has_room(rank, size) {
            rank += 1;
        }
        self.add(rank, size);
        rank
    }

    fn add(&mut self, rank: usize, size: Size) {
        if self.heights.len() <= rank {
            self.heights.resize(rank + 1, 0);
        }
        self.heights[rank] += size.height + NODE_GAP;
    }

    /// The layer between `from` and `to` that is furthest to the right and has room.
    fn moved_right(&mut self, from: usize, to: usize, size: Size) -> usize {
        let Some(rank) = (from + 1..=to).rev().find(|&rank| self.has_room(rank, size)) else {
            return from;
        };
        self.heights[from] -= size.height + NODE_GAP;
        self.add(rank, size);
        rank
    }
}

fn without_gaps(ranks: &mut [usize]) {
    let mut used: Vec<usize> = ranks.to_vec();
    used.sort_unstable();
    used.dedup();
    for rank in ranks {
        *rank = used.binary_search(rank).unwrap_or_default();
    }
}
