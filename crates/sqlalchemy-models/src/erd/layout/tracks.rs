//! Where the vertical runs between two layers stand, and with them the routes of all lines.

use super::nets::{Layered, Pin, Segment};
use super::{Layout, Link, Point, Px, STUB, Size, TRACK, count, place};

/// Two horizontal runs this close look like one line.
const CLOSE: Px = 4;
/// Two lines that look like one are worse than this many crossings.
const MERGED: usize = 50;
/// Beyond so many runs between two layers their order is left as it comes.
const MOST_SORTED: usize = 400;

/// The layout of one part.
pub(super) fn route(layered: &Layered, sizes: &[Size], links: &[Link]) -> Layout {
    let tracks: Vec<Vec<Option<usize>>> =
        layered.channels.iter().map(|channel| assign(layered, channel)).collect();
    let columns = Columns::new(layered, sizes, &tracks);
    let nodes = sizes
        .iter()
        .enumerate()
        .map(|(node, _)| Point { x: columns.left[layered.items[node].layer], y: layered.y[node] });
    let nodes: Vec<Point> = nodes.collect();
    let routes = (0..links.len()).map(|link| {
        let way = &layered.ways[link];
        let mut route = Vec::new();
        for (&(channel, segment), &(left, right)) in way.segments.iter().zip(&way.pins) {
            let (from, to) = (at(layered, left), at(layered, right));
            route.push(Point { x: columns.right_edge(layered, sizes, left), y: from });
            if let Some(track) = tracks[channel][segment] {
                let x = columns.track(channel, track);
                route.extend([Point { x, y: from }, Point { x, y: to }]);
            }
            // A box that points to itself is left and entered at the same side.
            let same_side = layered.items[right.item].layer == channel;
            let x = if same_side {
                columns.right_edge(layered, sizes, right)
            } else {
                columns.left[channel + 1]
            };
            route.push(Point { x, y: to });
        }
        if way.from_target {
            route.reverse();
        }
        simplified(route)
    });
    let routes = routes.collect();
    Layout { nodes, routes, size: Point { x: columns.width, y: place::height(layered) } }
}

fn at(layered: &Layered, pin: Pin) -> Px {
    layered.y[pin.item] + pin.y
}

/// Where layers and the channels between them stand.
struct Columns {
    left: Vec<Px>,
    widths: Vec<Px>,
    width: Px,
}

impl Columns {
    fn new(layered: &Layered, sizes: &[Size], tracks: &[Vec<Option<usize>>]) -> Self {
        let (mut left, mut widths, mut x) = (Vec::new(), Vec::new(), 0);
        let mut width = 0;
        for (layer, items) in layered.layers.iter().enumerate() {
            let nodes = items.iter().filter_map(|&item| layered.items[item].node);
            let widest = nodes.map(|node| sizes[node].width).max().unwrap_or(0);
            left.push(x);
            widths.push(widest);
            let used = tracks[layer].iter().flatten().max().map_or(0, |last| last + 1);
            let is_last = layer + 1 == layered.layers.len();
            width = x + widest + if is_last && used > 0 { STUB + TRACK * count(used) } else { 0 };
            x += widest + 2 * STUB + TRACK * count(used.saturating_sub(1));
        }
        Self { left, widths, width }
    }

    fn track(&self, channel: usize, track: usize) -> Px {
        self.left[channel] + self.widths[channel] + STUB + TRACK * count(track)
    }

    fn right_edge(&self, layered: &Layered, sizes: &[Size], pin: Pin) -> Px {
        let item = layered.items[pin.item];
        self.left[item.layer] + item.node.map_or(self.widths[item.layer], |node| sizes[node].width)
    }
}

/// A vertical run: from where to where, and the heights at which lines come from the left and go to the right.
struct Run {
    top: Px,
    bottom: Px,
    left: Vec<Px>,
    right: Vec<Px>,
}

impl Run {
    fn overlaps(&self, other: &Self) -> bool {
        self.top <= other.bottom + CLOSE && other.top <= self.bottom + CLOSE
    }

    /// How bad it is when this run stands left of the other.
    fn cost_before(&self, other: &Self) -> usize {
        let inside = |run: &Self, y: Px| run.top < y && y < run.bottom;
        let crossed = other.left.iter().filter(|&&y| inside(self, y)).count()
            + self.right.iter().filter(|&&y| inside(other, y)).count();
        let merged = self
            .right
            .iter()
            .filter(|&&y| other.left.iter().any(|&other| (other - y).abs() < CLOSE))
            .count();
        crossed + merged * MERGED
    }
}

/// The track of each segment, counted from the left; none for a straight line.
fn assign(layered: &Layered, channel: &[Segment]) -> Vec<Option<usize>> {
    let run = |segment: &Segment| {
        let left: Vec<Px> = segment.left.iter().map(|&pin| at(layered, pin)).collect();
        let right: Vec<Px> = segment.right.iter().map(|&pin| at(layered, pin)).collect();
        let all = || left.iter().chain(&right).copied();
        let (top, bottom) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        Run { top, bottom, left, right }
    };
    let runs: Vec<Run> = channel.iter().map(run).collect();
    let mut order: Vec<usize> = (0..runs.len())
        .filter(|&at| runs[at].top < runs[at].bottom || runs[at].right.is_empty())
        .collect();
    sort(&runs, &mut order);
    let mut tracks: Vec<Option<usize>> = vec![None; runs.len()];
    for (at, &own) in order.iter().enumerate() {
        let before = order[..at].iter().filter(|&&other| runs[other].overlaps(&runs[own]));
        tracks[own] =
            Some(before.filter_map(|&other| tracks[other]).max().map_or(0, |last| last + 1));
    }
    tracks
}

/// Runs that lead down from the lowest on, then those that lead up from the highest on: two of a kind never cross
/// then. After that, neighbours change places as long as that helps.
fn sort(runs: &[Run], order: &mut [usize]) {
    let key = |at: &usize| {
        let run = &runs[*at];
        let from = run.left.first().copied().unwrap_or(0);
        let leads_down = run.bottom - from > from - run.top;
        (leads_down, if leads_down { -from } else { from })
    };
    order.sort_by_key(key);
    if order.len() > MOST_SORTED {
        return;
    }
    for _ in 0..order.len() {
        let mut changed = false;
        for at in 1..order.len() {
            let (a, b) = (&runs[order[at - 1]], &runs[order[at]]);
            if a.overlaps(b) && b.cost_before(a) < a.cost_before(b) {
                order.swap(at - 1, at);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

/// The route without the points that lie on a straight line.
fn simplified(route: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(route.len());
    for point in route {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = kept.as_slice()
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
