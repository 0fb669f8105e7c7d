//! How high each item stands: as near to its neighbours as the order of its layer lets it.

use super::nets::Layered;
use super::{LINE_GAP, NODE_GAP, Px, count, px};

const SWEEPS: usize = 12;
/// A line that passes two layers is drawn straight before many boxes are centred.
const STRAIGHT: f64 = 64.0;

/// Gives every item its upper edge; the highest one is at 0.
pub(super) fn place(layered: &mut Layered) {
    for layer in 0..layered.layers.len() {
        stack(layered, layer);
    }
    let pulls = pulls(layered);
    for sweep in 0..SWEEPS {
        let depth = layered.layers.len();
        let both = sweep + 4 >= SWEEPS;
        let layers: Vec<usize> =
            if sweep % 2 == 0 { (0..depth).collect() } else { (0..depth).rev().collect() };
        for layer in layers {
            let to_left = both || sweep % 2 == 0;
            let to_right = both || sweep % 2 == 1;
            settle(layered, &pulls, layer, (to_left, to_right));
        }
    }
    let top = layered.y.iter().min().copied().unwrap_or(0);
    layered.y.iter_mut().for_each(|y| *y -= top);
}

/// A line between two items: where it ends at this one, the other one, where it ends there.
#[derive(Clone, Copy)]
struct Pull {
    own: Px,
    other: usize,
    at: Px,
    weight: f64,
}

struct Pulls {
    left: Vec<Vec<Pull>>,
    right: Vec<Vec<Pull>>,
}

fn pulls(layered: &Layered) -> Pulls {
    let empty = vec![Vec::new(); layered.items.len()];
    let mut pulls = Pulls { left: empty.clone(), right: empty };
    let passes = |item: usize| layered.items[item].node.is_none();
    for segment in layered.channels.iter().flatten() {
        for a in &segment.left {
            for b in &segment.right {
                let weight = if passes(a.item) && passes(b.item) { STRAIGHT } else { 1.0 };
                pulls.right[a.item].push(Pull { own: a.y, other: b.item, at: b.y, weight });
                pulls.left[b.item].push(Pull { own: b.y, other: a.item, at: a.y, weight });
            }
        }
    }
    pulls
}

fn gap(layered: &Layered, above: usize, below: usize) -> Px {
    let both = layered.items[above].node.is_some() && layered.items[below].node.is_some();
    if both { NODE_GAP } else { LINE_GAP }
}

fn stack(layered: &mut Layered, layer: usize) {
    let mut y = 0;
    let items = layered.layers[layer].clone();
    for (at, &item) in items.iter().enumerate() {
        if let Some(&above) = at.checked_sub(1).and_then(|above| items.get(above)) {
            y += layered.items[above].height + gap(layered, above, item);
        }
        layered.y[item] = y;
    }
}

/// The least squares under the order: with all heights and gaps taken off this is an isotonic regression, which pooling
/// of adjacent violators solves.
fn settle(layered: &mut Layered, pulls: &Pulls, layer: usize, (left, right): (bool, bool)) {
    let items = layered.layers[layer].clone();
    let mut offset = 0;
    let mut offsets = Vec::with_capacity(items.len());
    let mut pools: Vec<Pool> = Vec::with_capacity(items.len());
    for (at, &item) in items.iter().enumerate() {
        if let Some(&above) = at.checked_sub(1).and_then(|above| items.get(above)) {
            offset += layered.items[above].height + gap(layered, above, item);
        }
        offsets.push(offset);
        let (wanted, weight) = wanted(layered, pulls, item, (left, right));
        let mut pool = Pool { sum: (wanted - f64::from(offset)) * weight, weight, length: 1 };
        while let Some(last) = pools.last().filter(|last| last.mean() > pool.mean()) {
            pool = Pool {
                sum: pool.sum + last.sum,
                weight: pool.weight + last.weight,
                length: pool.length + last.length,
            };
            pools.pop();
        }
        pools.push(pool);
    }
    let means = pools.iter().flat_map(|pool| std::iter::repeat_n(pool.mean(), pool.length));
    for ((&item, offset), mean) in items.iter().zip(offsets).zip(means) {
        layered.y[item] = px(mean) + offset;
    }
}

struct Pool {
    sum: f64,
    weight: f64,
    length: usize,
}

impl Pool {
    fn mean(&self) -> f64 {
        self.sum / self.weight
    }
}

/// Where an item would stand if it were alone, and how much that counts.
fn wanted(
    layered: &Layered,
    pulls: &Pulls,
    item: usize,
    (left, right): (bool, bool),
) -> (f64, f64) {
    // What nothing pulls stays, and gives way.
    const LOOSE: f64 = 0.05;
    let sides = [(left, &pulls.left[item]), (right, &pulls.right[item])];
    let all = sides.into_iter().filter_map(|(used, pulls)| used.then_some(pulls)).flatten();
    let (mut sum, mut weight) = (0.0, 0.0);
    for pull in all {
        let at = layered.y[pull.other] + pull.at - pull.own;
        sum += f64::from(at) * pull.weight;
        weight += pull.weight;
    }
    if weight == 0.0 { (f64::from(layered.y[item]), LOOSE) } else { (sum / weight, weight) }
}

/// How high a drawing of the items is.
pub(super) fn height(layered: &Layered) -> Px {
    let bottoms = layered.items.iter().zip(&layered.y).map(|(item, y)| item.height + y);
    bottoms.max().unwrap_or(count(0))
}
