//! Lanes of the drawn graph: which column each revision stands in, and which
//! way each edge runs. One layout feeds the text graph, the SVG and the page.
//!
//! The columns are those of `renderdag` (the engine of jj and Sapling). The text
//! graph draws its rows; everything else draws [`Layout::path`], one path per
//! edge, because in a row a dotted column that a solid edge joins turns solid.
//! Rows are numbered from the top; lanes from the left. No glyphs, no text here.

use renderdag::Ancestor;
use renderdag::pipeline::GraphRowShaper;
use renderdag::pipeline::types::{GraphRowShape, GraphRowShapeOptions};
use serde::Serialize;

/// How one revision hangs on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// By `down_revision`: a solid line.
    Down,
    /// By `depends_on` alone: a dotted line.
    Depends,
}

/// An edge as the row at its upper end sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The row at the lower end; `None` when that revision is not shown.
    pub to: Option<u32>,
    /// How the line is drawn.
    pub kind: LinkKind,
}

/// A place in the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = GraphPoint))]
pub struct Point {
    /// The row, from the top.
    pub row: u32,
    /// The lane, from the left.
    pub lane: u32,
}

/// What one row takes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowLanes {
    /// The lane in which the row's revision stands.
    pub lane: u32,
    /// How many lanes the row and the lines that leave it take up.
    pub width: u32,
}

/// The links of every row of a drawing, all of them pointing further down.
#[derive(Debug, Default)]
pub struct Links {
    links: Vec<Link>,
    /// Where each row's links end.
    ends: Vec<u32>,
}

impl Links {
    /// `links` row by row; `ends` says for each row where its links end.
    pub(crate) fn new(links: Vec<Link>, ends: Vec<u32>) -> Self {
        Self { links, ends }
    }

    /// How many rows there are.
    #[expect(clippy::missing_panics_doc, reason = "links count rows in u32")]
    pub fn rows(&self) -> u32 {
        u32::try_from(self.ends.len()).expect("links count rows in u32")
    }

    /// The links of one row; none for a row that is not there.
    pub fn of(&self, row: u32) -> &[Link] {
        let end = |row: u32| self.ends.get(row as usize).map_or(0, |&end| end as usize);
        let start = row.checked_sub(1).map_or(0, end);
        self.links.get(start..end(row)).unwrap_or_default()
    }

    /// How many links lead to each row.
    fn incoming(&self) -> Vec<u32> {
        let mut incoming = vec![0; self.ends.len()];
        for to in self.links.iter().filter_map(|link| link.to) {
            incoming[to as usize] += 1;
        }
        incoming
    }
}

/// Shapes one row after the other; the only user of `renderdag`'s shaper.
///
/// Most of a history is straight line, and along a straight line every row has
/// the same shape: the shaper sees the first row of it and the last, and what it
/// says of the first holds in between. That is most of the cost of a drawing.
pub(crate) struct Shaper<'a> {
    inner: GraphRowShaper<u32>,
    links: &'a Links,
    incoming: Vec<u32>,
    next: u32,
    /// Rows before this one repeat the last shape.
    repeat_until: u32,
    shape: Option<GraphRowShape<u32>>,
}

impl<'a> Shaper<'a> {
    pub(crate) fn new(links: &'a Links) -> Self {
        let options = GraphRowShapeOptions { min_row_height: 1, ..Default::default() };
        Self {
            inner: GraphRowShaper::with_options(options),
            links,
            incoming: links.incoming(),
            next: 0,
            repeat_until: 0,
            shape: None,
        }
    }

    /// The next row with its links and its shape. However many parents are not
    /// shown, one line that ends says so.
    pub(crate) fn next_row(&mut self) -> Option<(u32, &'a [Link], &mut GraphRowShape<u32>)> {
        let row = self.next;
        if row == self.links.rows() {
            return None;
        }
        self.next += 1;
        let links = self.links.of(row);
        let last = self.shape.take();
        let shape = match last {
            Some(shape) if row < self.repeat_until => {
                GraphRowShape { node: row, is_head: false, separator_line: false, ..shape }
            }
            _ => self.shape_row(row, links),
        };
        Some((row, links, self.shape.insert(shape)))
    }

    fn shape_row(&mut self, row: u32, links: &[Link]) -> GraphRowShape<u32> {
        let end = self.end_of_line(row);
        if end > row {
            self.repeat_until = end;
            return self.inner.next_row_shape(row, vec![Ancestor::Parent(end)]);
        }
        self.inner.next_row_shape(row, ancestors(links).collect())
    }

    /// The last row of the straight line that begins at `row`.
    fn end_of_line(&self, row: u32) -> u32 {
        let mut end = row;
        while let [Link { to: Some(to), kind: LinkKind::Down }] = self.links.of(end)
            && *to == end + 1
            && self.incoming[*to as usize] == 1
        {
            end += 1;
        }
        end
    }
}

/// The links in the order in which the shaper gives them columns. A dependency
/// that is not shown has no line: the row's words name it.
fn ancestors(links: &[Link]) -> impl Iterator<Item = Ancestor<u32>> {
    let first_hidden = links.iter().position(is_hidden_parent);
    links.iter().enumerate().filter_map(move |(at, link)| match (link.to, link.kind) {
        (Some(to), LinkKind::Down) => Some(Ancestor::Parent(to)),
        (Some(to), LinkKind::Depends) => Some(Ancestor::Ancestor(to)),
        (None, _) => (Some(at) == first_hidden).then_some(Ancestor::Anonymous),
    })
}

fn is_hidden_parent(link: &Link) -> bool {
    link.to.is_none() && link.kind == LinkKind::Down
}

/// The whole layout: lanes of all rows, paths of all edges.
#[derive(Debug, Default)]
pub struct Layout {
    rows: Vec<RowLanes>,
    lines: Vec<Line>,
    /// Per row at a lower end: the lane of the line that waits for it, each
    /// change with the row from which it holds.
    bends: Vec<Vec<Point>>,
}

/// The upper end of an edge, and where it joins the line that it runs along.
#[derive(Debug)]
struct Line {
    from: Point,
    to: LineEnd,
}

#[derive(Debug)]
enum LineEnd {
    /// Runs along the bends of `row`, beginning with this one.
    Row { row: u32, first_bend: usize },
    /// Ends in this lane before the next row.
    Open { lane: u32 },
    /// Is not drawn at all.
    Nowhere,
}

impl Layout {
    /// Lays out the rows with these links.
    pub fn new(links: &Links) -> Self {
        let rows = links.rows() as usize;
        let mut layout = Self {
            rows: Vec::with_capacity(rows),
            lines: Vec::with_capacity(links.links.len()),
            bends: vec![Vec::new(); rows],
        };
        let mut shaper = Shaper::new(links);
        while let Some((row, links, shape)) = shaper.next_row() {
            layout.add_row(row, links, shape);
        }
        layout
    }

    fn add_row(&mut self, row: u32, links: &[Link], shape: &GraphRowShape<u32>) {
        let from = Point { row, lane: lane(shape.node_column) };
        self.rows.push(RowLanes { lane: from.lane, width: lane(shape.node_line.len()) });
        let mut free = self.new_columns(links, shape);
        let mut open = None;
        for link in links {
            let to = match link.to {
                Some(to) => LineEnd::Row { row: to, first_bend: self.join(row, to, &mut free) },
                None if is_hidden_parent(link) => {
                    let lane = *open.get_or_insert_with(|| free.next().unwrap_or(from.lane));
                    LineEnd::Open { lane }
                }
                None => LineEnd::Nowhere,
            };
            self.lines.push(Line { from, to });
        }
        let mut shown = links.iter().filter_map(|link| link.to);
        if let (Some(to), [column]) = (shown.next(), shape.parent_columns.as_slice()) {
            self.move_line(row, to, lane(*column));
        }
    }

    /// The columns that this row opens, in the order in which the shaper hands
    /// them out: the row's own first, then the leftmost free one.
    fn new_columns(&self, links: &[Link], shape: &GraphRowShape<u32>) -> std::vec::IntoIter<u32> {
        let taken: Vec<u32> = links
            .iter()
            .filter_map(|link| self.bends[link.to? as usize].last())
            .map(|bend| bend.lane)
            .collect();
        let columns = shape.parent_columns.iter().map(|&column| lane(column));
        let mut free: Vec<u32> = columns.filter(|column| !taken.contains(column)).collect();
        let own = lane(shape.node_column);
        if let Some(at) = free.iter().position(|&column| column == own) {
            free[..=at].rotate_right(1);
        }
        free.into_iter()
    }

    /// Lets a line from `row` run along the one that waits for `to`, opening it
    /// if there is none; returns the bend with which it begins.
    fn join(&mut self, row: u32, to: u32, free: &mut impl Iterator<Item = u32>) -> usize {
        let bends = &mut self.bends[to as usize];
        if bends.is_empty() {
            // The only link of a row may be moved at once: see `move_line`.
            bends.extend(free.next().map(|lane| Point { row: row + 1, lane }));
        }
        bends.len().saturating_sub(1)
    }

    /// A row with one parent pulls a line from further right into its own lane.
    fn move_line(&mut self, row: u32, to: u32, lane: u32) {
        let bends = &mut self.bends[to as usize];
        if bends.last().is_none_or(|bend| bend.lane != lane) {
            bends.push(Point { row: row + 1, lane });
        }
    }

    /// Lanes of each row, from the top.
    pub fn rows(&self) -> &[RowLanes] {
        &self.rows
    }

    /// How many lanes the widest row takes up.
    pub fn width(&self) -> u32 {
        self.rows.iter().map(|row| row.width).max().unwrap_or(0)
    }

    /// The path of the edge with this number (links are numbered row by row):
    /// it begins at the upper revision and stays in a lane until the next point,
    /// which it reaches by changing lanes just above that point's row. A line to
    /// a revision that is not shown ends in the row below its beginning; it has
    /// one point only when it is not drawn.
    pub fn path(&self, edge: usize) -> Vec<Point> {
        let Some(line) = self.lines.get(edge) else { return Vec::new() };
        let mut path = vec![line.from];
        match line.to {
            LineEnd::Nowhere => {}
            LineEnd::Open { lane } => path.push(Point { row: line.from.row + 1, lane }),
            LineEnd::Row { row, first_bend } => self.follow(row, first_bend, &mut path),
        }
        path
    }

    fn follow(&self, row: u32, first_bend: usize, path: &mut Vec<Point>) {
        let below = path[0].row + 1;
        let bends = self.bends[row as usize].get(first_bend..).unwrap_or_default();
        for bend in bends {
            let point = Point { row: bend.row.max(below), lane: bend.lane };
            match path.last_mut() {
                // Joining and being pulled over happen in the same step.
                Some(last) if last.row == point.row => *last = point,
                _ => path.push(point),
            }
        }
        let end = Point { row, lane: self.rows.get(row as usize).map_or(0, |row| row.lane) };
        if path.last() != Some(&end) {
            path.push(end);
        }
    }
}

/// A column's number as a lane.
fn lane(column: usize) -> u32 {
    u32::try_from(column).expect("there are no more columns than edges, which u32 counts")
}
