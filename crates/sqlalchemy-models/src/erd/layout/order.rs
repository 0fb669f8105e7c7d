//! The order of each layer, for few crossings: barycentres, to and fro.

use super::nets::{Layered, Pin};
use super::{count, real};

/// More sweeps change little.
const SWEEPS: usize = 24;

/// Which side of a layer is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// Sorts the layers. The best order that was met is kept.
pub(super) fn order(layered: &mut Layered) {
    let neighbours = Neighbours::new(layered);
    let mut best = (crossings(layered), layered.layers.clone());
    let mut without_gain = 0;
    for sweep in 0..SWEEPS {
        if best.0 == 0 || without_gain > 5 {
            break;
        }
        let depth = layered.layers.len();
        if sweep % 2 == 0 {
            (1..depth).for_each(|layer| sort(layered, &neighbours, layer, Side::Left));
        } else {
            (0..depth.saturating_sub(1))
                .rev()
                .for_each(|layer| sort(layered, &neighbours, layer, Side::Right));
        }
        let found = crossings(layered);
        without_gain += 1;
        if found < best.0 {
            best = (found, layered.layers.clone());
            without_gain = 0;
        }
    }
    layered.layers = best.1;
}

/// For each item the pins that lines join it to: those at its left, those at its right.
struct Neighbours {
    left: Vec<Vec<Pin>>,
    right: Vec<Vec<Pin>>,
}

impl Neighbours {
    fn new(layered: &Layered) -> Self {
        let mut left = vec![Vec::new(); layered.items.len()];
        let mut right = vec![Vec::new(); layered.items.len()];
        for segment in layered.channels.iter().flatten() {
            for a in &segment.left {
                for b in &segment.right {
                    right[a.item].push(*b);
                    left[b.item].push(*a);
                }
            }
        }
        Self { left, right }
    }

    fn of(&self, item: usize, side: Side) -> &[Pin] {
        match side {
            Side::Left => &self.left[item],
            Side::Right => &self.right[item],
        }
    }
}

/// Where items stand in their layers: number and height, so that a pin lies between its neighbours.
fn places(layered: &Layered) -> Vec<f64> {
    let mut places = vec![0.0; layered.items.len()];
    for layer in &layered.layers {
        for (at, &item) in layer.iter().enumerate() {
            places[item] = real(i64::from(count(at)));
        }
    }
    places
}

fn height_of(layered: &Layered, places: &[f64], pin: Pin) -> f64 {
    let height = f64::from(layered.items[pin.item].height.max(1));
    places[pin.item] + f64::from(pin.y) / (height + 1.0)
}

fn sort(layered: &mut Layered, neighbours: &Neighbours, layer: usize, side: Side) {
    let places = places(layered);
    let mut keyed: Vec<(f64, usize)> = layered.layers[layer]
        .iter()
        .map(|&item| {
            let pins = neighbours.of(item, side);
            if pins.is_empty() {
                return (places[item], item);
            }
            let sum: f64 = pins.iter().map(|&pin| height_of(layered, &places, pin)).sum();
            (sum / real(i64::from(count(pins.len()))), item)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    layered.layers[layer] = keyed.into_iter().map(|(_, item)| item).collect();
}

/// How many pairs of lines cross (Barth, Mutzel and Jünger).
pub(super) fn crossings(layered: &Layered) -> u64 {
    let places = places(layered);
    layered
        .channels
        .iter()
        .map(|channel| {
            let mut lines: Vec<(f64, f64)> = Vec::new();
            for segment in channel {
                for &a in &segment.left {
                    for &b in &segment.right {
                        lines
                            .push((height_of(layered, &places, a), height_of(layered, &places, b)));
                    }
                }
            }
            lines.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            inversions(&lines)
        })
        .sum()
}

fn inversions(lines: &[(f64, f64)]) -> u64 {
    let mut sorted: Vec<f64> = lines.iter().map(|line| line.1).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    let mut tree = vec![0_u64; sorted.len() + 1];
    let mut found = 0;
    for (seen, (_, right)) in (0..).zip(lines) {
        let rank = sorted.partition_point(|other| other < right) + 1;
        let mut at = rank;
        let mut not_greater = 0;
        while at > 0 {
            not_greater += tree[at];
            at &= at - 1;
        }
        found += seen - not_greater;
        let mut at = rank;
        while at < tree.len() {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    found
}
