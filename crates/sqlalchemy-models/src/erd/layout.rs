//! Places boxes and routes the lines between them: geometry alone, it knows no tables.
//!
//! Boxes stand in layers from left to right, what is pointed to left of what points to it. Lines are orthogonal and
//! run between the layers; those that end at the same point of the same box share a trunk. The steps are Sugiyama's:
//! `rank` breaks rings and chooses layers, `nets` cuts lines at layers, `order` sorts each layer for few crossings,
//! `place` gives heights, `tracks` spreads the vertical runs; `pack` sets parts that nothing joins side by side.
//!
//! A layout crate would have to hand out where its lines run and let them end at a row of a box; `rust-sugiyama` gives
//! centres of boxes alone, `layout-rs` draws by itself.

mod nets;
mod order;
mod pack;
mod place;
mod rank;
#[cfg(test)]
mod tests;
mod tracks;

use self::nets::Layered;

/// A length or a coordinate, in pixels.
pub(super) type Px = i32;

/// A point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Point {
    pub(super) x: Px,
    pub(super) y: Px,
}

/// The size of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) width: Px,
    pub(super) height: Px,
}

/// Where a line ends: a box, and how far below its upper edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) node: usize,
    pub(super) y: Px,
}

/// A line from the box that points to the box that is pointed to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: End,
    pub(super) to: End,
}

/// Where everything is.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// The upper left corner of each box.
    pub(super) nodes: Vec<Point>,
    /// The corners of each line, from the box that points.
    pub(super) routes: Vec<Vec<Point>>,
    pub(super) size: Point,
}

/// How much wider than high a drawing should be.
const ASPECT: f64 = 1.6;
/// Between two boxes above each other.
const NODE_GAP: Px = 28;
/// Between a line that passes a layer and its neighbours.
const LINE_GAP: Px = 12;
/// Between a box and the first vertical run: the room of a crow's foot.
const STUB: Px = 28;
/// Between two vertical runs.
const TRACK: Px = 9;

/// Lays out boxes and lines.
pub(super) fn layout(sizes: &[Size], links: &[Link]) -> Layout {
    let parts = pack::parts(sizes.len(), links);
    let mut placed = Vec::with_capacity(parts.len());
    for part in parts {
        let laid = if let [_] = part.nodes.as_slice()
            && part.links.is_empty()
        {
            let size = sizes[part.nodes[0]];
            Layout {
                nodes: vec![Point::default()],
                routes: Vec::new(),
                size: Point { x: size.width, y: size.height },
            }
        } else {
            lay_out_part(&part, sizes, links)
        };
        placed.push((part, laid));
    }
    pack::pack(placed, sizes.len(), links.len())
}

fn lay_out_part(part: &pack::Part, sizes: &[Size], links: &[Link]) -> Layout {
    let own = |node: usize| part.nodes.binary_search(&node).unwrap_or_default();
    let sizes: Vec<Size> = part.nodes.iter().map(|&node| sizes[node]).collect();
    let end = |end: End| End { node: own(end.node), y: end.y };
    let links: Vec<Link> = part
        .links
        .iter()
        .map(|&link| Link { from: end(links[link].from), to: end(links[link].to) })
        .collect();
    let ranks = rank::ranks(&sizes, &links);
    let mut layered = Layered::new(&sizes, &links, &ranks);
    order::order(&mut layered);
    place::place(&mut layered);
    tracks::route(&layered, &sizes, &links)
}

/// A length as a number to calculate with.
fn real(length: i64) -> f64 {
    // Exact far beyond any drawing.
    f64::from(i32::try_from(length).unwrap_or(i32::MAX))
}

/// A number as a length.
#[expect(clippy::cast_possible_truncation, reason = "rounded, and `as` saturates")]
fn px(length: f64) -> Px {
    length.round() as Px
}

/// A count as a length.
fn count(number: usize) -> Px {
    Px::try_from(number).unwrap_or(Px::MAX)
}
