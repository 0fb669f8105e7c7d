//! The history as one SVG: no script, no font, no other file.
//!
//! Light, and dark where the reader's system asks for it. Lines are drawn from
//! edges, one path each, so that a dependency stays dotted where it runs beside
//! a parent's line; nodes have a shape for each state and a legend for the states
//! that occur. The words are text, to be read, found and copied.

mod path;

use std::fmt::{self, Write};

use self::path::{DOTTED_SHIFT, Geometry, Open};
use super::history::{Entry, History, Order};
use super::marks::{Mark, NodeState, State};
use super::plan::{Plan, Row};
use super::words::{caption, cut, first_line, visible, width};
use crate::graph_layout::{Layout, LinkKind};

/// Drawings with more lanes than this begin each row's words beside that row's
/// own lanes; narrower ones have them in one column.
const ALIGNED_LANES: u32 = 12;
/// Longer messages are cut; the whole one is in the row's title.
const LONGEST_MESSAGE: usize = 100;
/// Two characters of an identifier: no common monospaced face is wider at 12 px,
/// and the column of identifiers counts on it.
const TWO_ID_CHARACTERS: usize = 15;
/// A character of text at 13 px, on the wide side: it makes the drawing wide
/// enough for its words in any common face.
const CHARACTER: usize = 8;
/// A character of the legend's words, which need not be that careful.
const LEGEND_CHARACTER: usize = 7;
const GAP: usize = 16;
/// Between a message, its marks and its labels.
const WIDE: &str = "   ";
const MARGIN: usize = 20;

/// Writes the history as an SVG document.
///
/// # Errors
/// Only those of `out`.
pub fn render(history: &History<'_>, out: &mut impl Write) -> fmt::Result {
    let plan = Plan::new(history, &[]);
    let layout = Layout::new(plan.links());
    let drawing = Drawing::new(history, &plan, &layout);
    drawing.open(out)?;
    drawing.edges(out)?;
    drawing.rows(out)?;
    drawing.legend(out)?;
    writeln!(out, "</svg>")
}

struct Drawing<'a> {
    history: &'a History<'a>,
    plan: &'a Plan,
    layout: &'a Layout,
    geometry: Geometry,
    /// How many lanes the widest row takes up.
    lanes: u32,
    /// How wide the column of identifiers is.
    ids: usize,
    legend: Vec<Legend>,
}

/// One thing that the legend explains.
#[derive(Clone, Copy)]
enum Legend {
    State(NodeState),
    Depends,
    Open,
}

impl<'a> Drawing<'a> {
    fn new(history: &'a History<'a>, plan: &'a Plan, layout: &'a Layout) -> Self {
        let ids = history.revisions.iter().map(|entry| width(&visible(entry.id))).max();
        let mut drawing = Self {
            history,
            plan,
            layout,
            geometry: Geometry::new(MARGIN),
            lanes: layout.width(),
            ids: (ids.unwrap_or(0) * TWO_ID_CHARACTERS).div_ceil(2),
            legend: Vec::new(),
        };
        drawing.legend = drawing.legend_items();
        drawing
    }

    fn open(&self, out: &mut impl Write) -> fmt::Result {
        let (width, height) = self.size();
        let count = self.history.revisions.len();
        let order = match self.history.order {
            Order::NewestFirst => "newest first",
            Order::OldestFirst => "oldest first",
        };
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"graphics-document document\" \
             aria-labelledby=\"title description\">"
        )?;
        writeln!(out, "<title id=\"title\">Revision history</title>")?;
        let heads = self.history.heads.join(", ");
        writeln!(
            out,
            "<desc id=\"description\">Revisions: {count}, {order}. Heads: {}.</desc>",
            Escaped(&heads)
        )?;
        writeln!(out, "<style>\n{}</style>", include_str!("svg/style.css"))?;
        writeln!(out, "<rect class=\"page\" width=\"100%\" height=\"100%\"/>")
    }

    fn size(&self) -> (usize, usize) {
        let right = |(row, kind): (usize, &Row)| {
            let words = match *kind {
                Row::Revision(position) => {
                    let entry = &self.history.revisions[position as usize];
                    let message = width(first_line(entry.message)).min(LONGEST_MESSAGE);
                    message + 2 + width(&caption(entry)) + width(&depends_on(entry)) + 4
                }
                Row::Foreign(_) | Row::Folded(_) => width(NodeState::Foreign.word()),
            };
            self.words_x(row) + self.ids + GAP + words * CHARACTER
        };
        let rows = self.plan.rows().iter().enumerate().map(right).max().unwrap_or(0);
        let legend = self.legend.iter().map(|item| item.width()).sum::<usize>() + MARGIN;
        let legend_height = if self.legend.is_empty() { 0 } else { path::ROW + MARGIN };
        let height = 2 * MARGIN + path::ROW * self.plan.rows().len() + legend_height;
        (rows.max(legend).max(160) + MARGIN, height)
    }

    /// Where a row's words begin.
    fn words_x(&self, row: usize) -> usize {
        let lanes = match self.layout.rows().get(row) {
            Some(row) if self.lanes > ALIGNED_LANES => row.width,
            _ => self.lanes,
        };
        MARGIN + path::LANE * lanes as usize + 4
    }

    fn edges(&self, out: &mut impl Write) -> fmt::Result {
        writeln!(out, "<g aria-hidden=\"true\">")?;
        for kind in [LinkKind::Down, LinkKind::Depends] {
            self.edges_of(kind, out)?;
        }
        for row in (0..self.plan.rows().len()).filter(|&row| self.plan.is_hidden_above(row)) {
            let lane = self.layout.rows()[row].lane;
            let data = self.geometry.open_above(row, lane);
            writeln!(out, "<path class=\"edge open\" d=\"{data}\"/>")?;
        }
        writeln!(out, "</g>")
    }

    fn edges_of(&self, kind: LinkKind, out: &mut impl Write) -> fmt::Result {
        let (class, shift) = match kind {
            LinkKind::Down => ("edge", 0),
            LinkKind::Depends => ("edge depends", DOTTED_SHIFT),
        };
        let mut reached = vec![false; self.plan.rows().len()];
        for (number, &edge) in self.plan.edges().iter().enumerate() {
            let edge = &self.history.edges[edge as usize];
            let path = self.layout.path(number);
            let [from, next, ..] = path.as_slice() else { continue };
            if edge.kind != kind {
                continue;
            }
            if edge.to_row.is_some() {
                // The dots of two lines in one lane would fill each other's gaps:
                // a second line ends where it has joined the first.
                let end = path[path.len() - 1].row as usize;
                let joins = std::mem::replace(&mut reached[end], kind == LinkKind::Depends);
                let drawn = if joins { &path[..2] } else { path.as_slice() };
                write!(out, "<path class=\"{class}\" d=\"{}\"", self.geometry.edge(drawn, shift))?;
            } else {
                let data = Open { geometry: &self.geometry, from: *from, lane: next.lane };
                write!(out, "<path class=\"{class} open\" d=\"{data}\"")?;
            }
            let (from, to) = (Escaped(edge.from), Escaped(edge.to));
            writeln!(out, " data-from=\"{from}\" data-to=\"{to}\"/>")?;
        }
        Ok(())
    }

    fn rows(&self, out: &mut impl Write) -> fmt::Result {
        writeln!(out, "<g role=\"list\">")?;
        for (number, row) in self.plan.rows().iter().enumerate() {
            let lane = self.layout.rows()[number].lane;
            let (x, y) = (self.geometry.x(lane), self.geometry.y(number));
            writeln!(out, "<g role=\"listitem\">")?;
            match *row {
                Row::Revision(position) => {
                    let entry = &self.history.revisions[position as usize];
                    writeln!(out, "<title>{}</title>", Escaped(&title(entry)))?;
                    node(entry.node_state(), x, y, out)?;
                    self.revision(number, entry, out)?;
                }
                Row::Foreign(position) => {
                    node(NodeState::Foreign, x, y, out)?;
                    self.foreign(number, position, out)?;
                }
                Row::Folded(_) => {}
            }
            writeln!(out, "</g>")?;
        }
        writeln!(out, "</g>")
    }

    /// The identifier, and the beginning of the span that holds all other words:
    /// whichever comes first begins where messages begin.
    fn begin_words(&self, row: usize, id: &str, out: &mut impl Write) -> fmt::Result {
        let (x, y) = (self.words_x(row), self.geometry.y(row) + 4.5);
        write!(out, "<text x=\"{x}\" y=\"{y}\"><tspan class=\"id\">{}</tspan>", Escaped(id))?;
        write!(out, "<tspan x=\"{}\"", x + self.ids + GAP)
    }

    fn revision(&self, row: usize, entry: &Entry<'_>, out: &mut impl Write) -> fmt::Result {
        self.begin_words(row, entry.id, out)?;
        let message = visible(first_line(entry.message));
        let kept = cut(&message, LONGEST_MESSAGE);
        let ellipsis = if kept.len() < message.len() { "…" } else { "" };
        write!(out, ">{}{ellipsis}", Escaped(kept))?;
        marks(entry, if message.is_empty() { "" } else { WIDE }, out)?;
        writeln!(out, "</tspan></text>")
    }

    fn foreign(&self, row: usize, position: u32, out: &mut impl Write) -> fmt::Result {
        let unknown = self.history.database.as_ref().map(|database| &database.unknown);
        let id = unknown.and_then(|ids| ids.get(position as usize)).map_or("", AsRef::as_ref);
        self.begin_words(row, id, out)?;
        let words = NodeState::Foreign.word();
        writeln!(out, " class=\"foreign\">{words}</tspan></text>")
    }

    fn legend_items(&self) -> Vec<Legend> {
        let mut states: Vec<_> = self.history.revisions.iter().map(Entry::node_state).collect();
        let foreign = self.plan.rows().iter().any(|row| matches!(row, Row::Foreign(_)));
        states.extend(foreign.then_some(NodeState::Foreign));
        states.sort_unstable();
        states.dedup();
        let shown = |depends| {
            let edges = self.history.edges.iter();
            edges.filter(move |edge| depends == edge.to_row.is_some()).map(|edge| edge.kind)
        };
        let depends = shown(true).any(|kind| kind == LinkKind::Depends);
        let open = shown(false).any(|kind| kind == LinkKind::Down);
        let mut items: Vec<_> = states.into_iter().map(Legend::State).collect();
        items.extend(depends.then_some(Legend::Depends));
        items.extend(open.then_some(Legend::Open));
        // One shape that is only ever a revision needs no explanation.
        if matches!(items.as_slice(), [Legend::State(NodeState::Plain)]) {
            items.clear();
        }
        items
    }

    fn legend(&self, out: &mut impl Write) -> fmt::Result {
        if self.legend.is_empty() {
            return Ok(());
        }
        let (right, _) = self.size();
        let rows = self.plan.rows().len();
        let rule = self.geometry.y(rows);
        let y = rule + 20.0;
        writeln!(out, "<g role=\"group\" aria-label=\"Legend\">")?;
        let end = right - MARGIN;
        writeln!(out, "<path class=\"edge rule\" d=\"M{MARGIN} {rule}H{end}\"/>")?;
        let mut x = self.geometry.x(0);
        for item in &self.legend {
            item.draw(x, y, out)?;
            let words = item.words();
            writeln!(
                out,
                "<text class=\"muted\" x=\"{}\" y=\"{}\">{words}</text>",
                x + 14.0,
                y + 4.5
            )?;
            x += f64::from(u32::try_from(item.width()).unwrap_or(u32::MAX));
        }
        writeln!(out, "</g>")
    }
}

impl Legend {
    fn words(self) -> &'static str {
        match self {
            Self::State(state) => state.word(),
            Self::Depends => "depends on",
            Self::Open => "parent not shown",
        }
    }

    fn width(self) -> usize {
        self.words().len() * LEGEND_CHARACTER + 2 * GAP
    }

    fn draw(self, x: f64, y: f64, out: &mut impl Write) -> fmt::Result {
        let (top, bottom) = (y - 8.0, y + 8.0);
        match self {
            Self::State(state) => node(state, x, y, out),
            Self::Depends => {
                writeln!(out, "<path class=\"edge depends\" d=\"M{x} {top}V{bottom}\"/>")
            }
            Self::Open => writeln!(out, "<path class=\"edge open\" d=\"M{x} {top}V{bottom}\"/>"),
        }
    }
}

fn node(state: NodeState, x: f64, y: f64, out: &mut impl Write) -> fmt::Result {
    let class = match state {
        NodeState::Current => "node current",
        NodeState::Applied => "node applied",
        NodeState::Pending => "node pending",
        NodeState::Plain => "node",
        NodeState::Foreign => "node foreign",
        NodeState::Broken => "node broken",
    };
    write!(out, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"/>")?;
    match state {
        NodeState::Current => {
            write!(out, "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"2\"/>")?;
        }
        NodeState::Broken => {
            let (left, top) = (x - 3.5, y - 3.5);
            write!(out, "<path class=\"cross\" d=\"M{left} {top}l7 7m0 -7l-7 7\"/>")?;
        }
        _ => {}
    }
    writeln!(out)
}

/// Everything behind the message; `gap` is what comes before the first mark.
fn marks(entry: &Entry<'_>, mut gap: &str, out: &mut impl Write) -> fmt::Result {
    let mut mark = |class: &str, words: &str| {
        if !gap.is_empty() {
            write!(out, "<tspan class=\"muted\">{gap}</tspan>")?;
        }
        gap = " · ";
        write!(out, "<tspan class=\"{class}\">{}</tspan>", Escaped(words))
    };
    for held in entry.marks.words() {
        let class = match held {
            Mark::Current => "current",
            Mark::Broken => "broken",
            _ => "muted",
        };
        mark(class, held.word())?;
    }
    if entry.state == Some(State::Pending) {
        mark("pending", NodeState::Pending.word())?;
    }
    if !entry.depends_on.is_empty() {
        mark("muted", &depends_on(entry))?;
    }
    for label in entry.branch_labels {
        let wide = if gap.is_empty() { "" } else { WIDE };
        write!(out, "<tspan class=\"label\">{wide}[{}]</tspan>", Escaped(label))?;
        gap = WIDE;
    }
    Ok(())
}

fn depends_on(entry: &Entry<'_>) -> String {
    match entry.depends_on {
        [] => String::new(),
        names => format!("depends on {}", names.join(", ")),
    }
}

/// All that is known of a revision, as the row's tooltip and accessible name.
fn title(entry: &Entry<'_>) -> String {
    let parents = match entry.down_revision {
        [] => "<base>".to_owned(),
        parents => parents.join(", "),
    };
    let mut title = format!("{} {}", entry.id, entry.message);
    let file = entry.path.as_ref();
    let created = entry.create_date.unwrap_or_default();
    let more = [("", caption(entry)), ("", depends_on(entry)), ("parents ", parents)];
    for (name, text) in more
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .chain([("file ", file), ("created ", created)])
    {
        if !text.is_empty() {
            title.push('\n');
            title.push_str(name);
            title.push_str(text);
        }
    }
    title
}

/// Text of an XML document: markup escaped, and line ends the only control
/// characters (XML has no way to write the others).
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.0.split('\n').enumerate() {
            if number > 0 {
                f.write_char('\n')?;
            }
            for character in visible(line).chars() {
                match character {
                    '&' => f.write_str("&amp;")?,
                    '<' => f.write_str("&lt;")?,
                    '>' => f.write_str("&gt;")?,
                    '"' => f.write_str("&quot;")?,
                    other => f.write_char(other)?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
