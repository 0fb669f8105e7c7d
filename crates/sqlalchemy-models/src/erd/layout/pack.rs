//! Parts that no line joins, side by side.

use super::{ASPECT, Layout, Link, NODE_GAP, Point, Px, px, real};

/// Between two parts.
const GAP: Px = 56;

/// Boxes that lines join, in their order.
pub(super) struct Part {
    pub(super) nodes: Vec<usize>,
    pub(super) links: Vec<usize>,
}

/// The parts, in the order of their first boxes.
pub(super) fn parts(nodes: usize, links: &[Link]) -> Vec<Part> {
    let mut root: Vec<usize> = (0..nodes).collect();
    for link in links {
        let (a, b) = (find(&mut root, link.from.node), find(&mut root, link.to.node));
        root[a.max(b)] = a.min(b);
    }
    let mut place = vec![usize::MAX; nodes];
    let mut parts: Vec<Part> = Vec::new();
    for node in 0..nodes {
        let root = find(&mut root, node);
        if place[root] == usize::MAX {
            place[root] = parts.len();
            parts.push(Part { nodes: Vec::new(), links: Vec::new() });
        }
        parts[place[root]].nodes.push(node);
    }
    for (number, link) in links.iter().enumerate() {
        let root = find(&mut root, link.from.node);
        parts[place[root]].links.push(number);
    }
    parts
}

fn find(root: &mut [usize], node: usize) -> usize {
    let mut at = node;
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

/// Sets parts beside each other: the large ones on shelves, then what stands alone in columns.
pub(super) fn pack(parts: Vec<(Part, Layout)>, nodes: usize, links: usize) -> Layout {
    let area: f64 = parts
        .iter()
        .map(|(_, laid)| {
            real(i64::from(laid.size.x + NODE_GAP)) * real(i64::from(laid.size.y + NODE_GAP))
        })
        .sum();
    let widest = parts.iter().map(|(_, laid)| laid.size.x).max().unwrap_or(0);
    let most = px((area * ASPECT).sqrt()).max(widest);
    let mut all = Layout {
        nodes: vec![Point::default(); nodes],
        routes: vec![Vec::new(); links],
        size: Point::default(),
    };
    let (mut joined, alone): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|(part, _)| part.nodes.len() > 1 || !part.links.is_empty());
    joined.sort_by_key(|(_, laid)| -i64::from(laid.size.x) * i64::from(laid.size.y));
    let bottom = shelves(&mut all, &joined, most);
    columns(&mut all, &alone, most, bottom);
    all
}

fn shelves(all: &mut Layout, parts: &[(Part, Layout)], most: Px) -> Px {
    let (mut x, mut y, mut height) = (0, 0, 0);
    for (part, laid) in parts {
        if x > 0 && x + laid.size.x > most {
            (x, y, height) = (0, y + height + GAP, 0);
        }
        put(all, part, laid, Point { x, y });
        x += laid.size.x + GAP;
        height = height.max(laid.size.y);
    }
    if parts.is_empty() { 0 } else { y + height + GAP }
}

/// Boxes that nothing points to and that point to nothing, down the shortest column.
fn columns(all: &mut Layout, parts: &[(Part, Layout)], most: Px, top: Px) {
    let Some(widest) = parts.iter().map(|(_, laid)| laid.size.x).max() else { return };
    let number = (most / (widest + NODE_GAP)).max(1);
    let mut bottoms = vec![top; usize::try_from(number).unwrap_or(1)];
    for (part, laid) in parts {
        let Some((column, &y)) = bottoms.iter().enumerate().min_by_key(|(_, y)| **y) else {
            return;
        };
        let x = super::count(column) * (widest + NODE_GAP);
        put(all, part, laid, Point { x, y });
        bottoms[column] = y + laid.size.y + NODE_GAP;
    }
}

fn put(all: &mut Layout, part: &Part, laid: &Layout, by: Point) {
    let moved = |point: &Point| Point { x: point.x + by.x, y: point.y + by.y };
    for (&node, point) in part.nodes.iter().zip(&laid.nodes) {
        all.nodes[node] = moved(point);
    }
    for (&link, route) in part.links.iter().zip(&laid.routes) {
        all.routes[link] = route.iter().map(moved).collect();
    }
    let corner = moved(&laid.size);
    all.size = Point { x: all.size.x.max(corner.x), y: all.size.y.max(corner.y) };
}
