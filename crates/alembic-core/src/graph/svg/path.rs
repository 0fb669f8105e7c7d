//! Where things are in the SVG, and the path data of lines.

use std::fmt;

use crate::graph_layout::Point;

/// The height of a row.
pub(super) const ROW: usize = 24;
/// The width of a lane.
pub(super) const LANE: usize = 16;
/// Dotted lines run this far to the right of a lane's middle and below a step's,
/// beside the solid line that may be there. Both ends lie within the node.
pub(super) const DOTTED_SHIFT: i32 = 3;
/// The radius of a line's corners.
const CORNER: f64 = 6.0;
/// How far from its node a line to a revision that is not shown ends: before
/// the node that the next row may have in the same lane.
const OPEN: f64 = 17.0;

/// Turns rows and lanes into coordinates.
#[derive(Debug)]
pub(super) struct Geometry {
    margin: f64,
}

impl Geometry {
    pub(super) fn new(margin: usize) -> Self {
        Self { margin: number(margin) }
    }

    /// The middle of a lane; half a pixel off, so that lines of 1 px are sharp.
    pub(super) fn x(&self, lane: u32) -> f64 {
        self.margin + f64::from(lane) * number(LANE) + 0.5
    }

    /// The middle of a row.
    pub(super) fn y(&self, row: usize) -> f64 {
        self.margin + (number(row) + 0.5) * number(ROW) + 0.5
    }

    /// The path data of an edge along `points`, shifted by so many pixels.
    pub(super) fn edge<'a>(&'a self, points: &'a [Point], shift: i32) -> EdgeData<'a> {
        EdgeData { geometry: self, points, shift: f64::from(shift) }
    }

    /// The path data of a line that comes from above the row.
    pub(super) fn open_above(&self, row: usize, lane: u32) -> String {
        let (x, y) = (self.x(lane), self.y(row));
        format!("M{x} {}V{y}", y - OPEN)
    }

    fn place(&self, point: Point) -> (f64, f64) {
        (self.x(point.lane), self.y(point.row as usize))
    }
}

/// Displays as the path data of an edge: straight down in a lane, and from lane
/// to lane halfway between two rows, where no node and no word can be.
pub(super) struct EdgeData<'a> {
    geometry: &'a Geometry,
    points: &'a [Point],
    shift: f64,
}

impl fmt::Display for EdgeData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shifted = |&point| {
            let (x, y) = self.geometry.place(point);
            (x + self.shift, y + self.shift)
        };
        let mut places = self.points.iter().map(shifted);
        let Some((mut x, mut y)) = places.next() else { return Ok(()) };
        write!(f, "M{x} {y}")?;
        for (to_x, to_y) in places {
            if (to_x - x).abs() > f64::EPSILON {
                step(f, (x, to_y - number(ROW) / 2.0), to_x, CORNER)?;
            }
            (x, y) = (to_x, to_y);
        }
        write!(f, "V{y}")
    }
}

/// A step from one lane to another at a height, with round corners; ends a
/// corner's radius below it.
fn step(f: &mut fmt::Formatter<'_>, (x, y): (f64, f64), to: f64, corner: f64) -> fmt::Result {
    let side = if to > x { corner } else { -corner };
    let (above, below) = (y - corner, y + corner);
    write!(f, "V{above}Q{x} {y} {} {y}H{}Q{to} {y} {to} {below}", x + side, to - side)
}

/// Displays as the path data of a line to a revision that is not shown.
pub(super) struct Open<'a> {
    pub(super) geometry: &'a Geometry,
    pub(super) from: Point,
    pub(super) lane: u32,
}

impl fmt::Display for Open<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (x, y) = self.geometry.place(self.from);
        write!(f, "M{x} {y}")?;
        if self.lane != self.from.lane {
            step(f, (x, y + number(ROW) / 2.0), self.geometry.x(self.lane), CORNER / 2.0)?;
        }
        write!(f, "V{}", y + OPEN)
    }
}

/// A length in pixels as a coordinate.
fn number(pixels: usize) -> f64 {
    f64::from(u32::try_from(pixels).unwrap_or(u32::MAX))
}
