//! The text graph: one node a line, lanes at the left, words at the right.
//!
//! ```text
//! ○    e4c1b9d7a250  merge users, billing  head · mergepoint · pending
//! ├─╮
//! │ ◉  88aa40d1f3b9  link accounts         current
//! ```
//!
//! The lanes are `renderdag`'s; a row takes one line where its edges allow it. A
//! dotted line is a dependency. Words are made harmless first: a message cannot
//! move the cursor. Colour is the canvas's business.

mod glyphs;
mod line;
mod row;

use std::fmt;

use renderdag::pipeline::types::{GraphRowShape, NodeLine, PadLine};

use self::glyphs::pad_of;
use self::line::Line;
use self::row::{Columns, RowText};
use super::fold;
use super::history::History;
use super::plan::Plan;
use crate::graph_layout::Shaper;

pub use self::glyphs::Style;
pub use self::line::{Canvas, Role};

/// How to draw.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which characters.
    pub style: Style,
    /// Adds file, parents and create date below each revision.
    pub verbose: bool,
    /// Lines are cut to so many columns; `None` never cuts.
    pub width: Option<usize>,
    /// Folds long runs of settled history; `None` shows every revision.
    pub fold: Option<fold::Options>,
}

/// Draws the history on `canvas`, in the order of its revisions.
///
/// # Errors
/// Only those of the canvas.
pub fn render(history: &History<'_>, options: &Options, canvas: &mut impl Canvas) -> fmt::Result {
    let runs = options.fold.as_ref().map(|fold| fold::runs(history, fold)).unwrap_or_default();
    let plan = Plan::new(history, &runs);
    let columns = Columns::of(history, &plan, options.width);
    let mut drawing = Drawing {
        history,
        options,
        plan: &plan,
        columns,
        canvas,
        line: Line::default(),
        row_height: 0,
        queued: None,
        legend_due: true,
    };
    let mut shaper = Shaper::new(plan.links());
    while let Some((row, _, shape)) = shaper.next_row() {
        drawing.row(row as usize, shape)?;
    }
    Ok(())
}

/// Draws the history as a string.
#[expect(clippy::missing_panics_doc, reason = "a string takes everything")]
pub fn to_string(history: &History<'_>, options: &Options) -> String {
    let mut text = String::new();
    render(history, options, &mut text).expect("a string takes everything");
    text
}

/// What the first dotted line is explained with.
const LEGEND: &str = "(dotted = depends_on)";

struct Drawing<'a, C> {
    history: &'a History<'a>,
    options: &'a Options,
    plan: &'a Plan,
    columns: Columns,
    canvas: &'a mut C,
    line: Line,
    /// How many lines the current row has taken so far.
    row_height: usize,
    /// A line of lanes to draw before the next row, if there is one.
    queued: Option<Vec<PadLine>>,
    /// The first dotted line gets an explanation.
    legend_due: bool,
}

impl<C: Canvas> Drawing<'_, C> {
    fn row(&mut self, row: usize, shape: &mut GraphRowShape<u32>) -> fmt::Result {
        self.begin_row(shape.separator_line)?;
        if self.plan.is_hidden_above(row) && shape.is_head {
            self.hidden_parent(&shape.node_line)?;
        }
        let text = RowText::new(self.history, self.plan.rows()[row], self.options);
        self.node_line(shape, &text)?;
        let mut details = text.details().into_iter();
        let link_line = self.options.style.link_line(shape);
        if let Some(link_line) = link_line {
            self.line.push(Role::Edge, &link_line);
            self.side_line(shape, details.next())?;
        }
        if let Some(ends) = &shape.term_line {
            for ending in [self.options.style.pad(PadLine::Parent), Style::ENDING] {
                self.term_line(&shape.ancestry_line, ends, ending);
                self.side_line(shape, details.next())?;
            }
        }
        if opens_dotted_lane(shape) {
            self.pads(&shape.ancestry_line);
            let detail = details.next();
            if detail.is_none() {
                self.legend(shape.ancestry_line.len());
            }
            self.side_line(shape, detail)?;
        }
        self.rest(shape, details)
    }

    /// Details that no other line had room for.
    fn rest(
        &mut self,
        shape: &mut GraphRowShape<u32>,
        details: impl ExactSizeIterator<Item = row::Detail>,
    ) -> fmt::Result {
        if details.len() == 0 && shape.term_line.is_some() {
            self.queued = Some(std::mem::take(&mut shape.ancestry_line));
            return Ok(());
        }
        for detail in details {
            self.pads(&shape.ancestry_line);
            self.side_line(shape, Some(detail))?;
        }
        Ok(())
    }

    fn begin_row(&mut self, separator_line: bool) -> fmt::Result {
        if let Some(pads) = self.queued.take() {
            self.pads(&pads);
            self.end_line()?;
        }
        if separator_line && self.row_height == 1 {
            self.end_line()?;
        }
        self.row_height = 0;
        Ok(())
    }

    fn node_line(&mut self, shape: &GraphRowShape<u32>, text: &RowText<'_>) -> fmt::Result {
        let style = self.options.style;
        for &column in &shape.node_line {
            if column == NodeLine::Node {
                self.line.end_piece(Role::Edge);
                self.line.push(text.role(), text.glyph(style));
                self.line.text_mut().push(' ');
            } else {
                self.line.text_mut().push_str(style.pad(pad_of(column)));
            }
        }
        let used = self.end_prefix(shape.node_line.len());
        text.write(&mut self.line, &self.columns, used);
        self.end_line()
    }

    /// Above a row: the line to a parent that is not shown.
    fn hidden_parent(&mut self, node_line: &[NodeLine]) -> fmt::Result {
        let style = self.options.style;
        for ending in [Style::ENDING, style.pad(PadLine::Parent)] {
            for &column in node_line {
                let is_node = column == NodeLine::Node;
                let text = if is_node { ending } else { style.pad(pad_of(column)) };
                self.line.text_mut().push_str(text);
            }
            self.line.end_piece(Role::Edge);
            self.end_line()?;
        }
        self.row_height = 0;
        Ok(())
    }

    fn term_line(&mut self, pads: &[PadLine], ends: &[bool], ending: &str) {
        for (&pad, &ends) in pads.iter().zip(ends) {
            let text = if ends { ending } else { self.options.style.pad(pad) };
            self.line.text_mut().push_str(text);
        }
        self.line.end_piece(Role::Edge);
    }

    fn pads(&mut self, pads: &[PadLine]) {
        for &pad in pads {
            self.line.text_mut().push_str(self.options.style.pad(pad));
        }
        self.line.end_piece(Role::Edge);
    }

    /// Ends a line below a node, with a detail at its right if there is one left.
    fn side_line(
        &mut self,
        shape: &GraphRowShape<u32>,
        detail: Option<row::Detail>,
    ) -> fmt::Result {
        if let Some(detail) = detail {
            self.end_prefix(shape.node_line.len());
            detail.write(&mut self.line);
        }
        self.end_line()
    }

    fn legend(&mut self, lanes: usize) {
        if std::mem::take(&mut self.legend_due) {
            let used = self.end_prefix(lanes);
            // Below the marks; further left where it would be cut there.
            let room = self.options.width.map(|width| width.saturating_sub(used + LEGEND.len()));
            let marks = self.columns.marks();
            self.line.pad(0, room.map_or(marks, |room| room.min(marks)));
            debug_assert!(self.line.width() >= used);
            self.line.push(Role::Note, LEGEND);
        }
    }

    /// Ends the part of a line that holds the lanes: words begin in one column
    /// for all lines of a row. Returns that column. Where the lanes would leave
    /// no room for words they are cut.
    fn end_prefix(&mut self, lanes: usize) -> usize {
        self.line.text_mut().push(' ');
        self.line.end_piece(Role::Edge);
        let used = 2 * lanes + 1;
        let Some(width) = self.options.width else { return used };
        let limit = width.saturating_sub(self.columns.least()).max(width / 3);
        if used > limit {
            self.line.cut(limit.saturating_sub(1), self.options.style.ellipsis());
            self.line.pad(self.line.width(), limit);
        }
        used.min(limit)
    }

    fn end_line(&mut self) -> fmt::Result {
        if let Some(width) = self.options.width {
            self.line.cut(width, self.options.style.ellipsis());
        }
        self.row_height += 1;
        self.line.flush(self.canvas)
    }
}

/// Whether a dotted line begins below the node. A line of lanes then shows it
/// before anything can join it and make it solid.
fn opens_dotted_lane(shape: &GraphRowShape<u32>) -> bool {
    let mut lanes = shape.ancestry_line.iter().zip(&shape.node_line);
    lanes.any(|(below, here)| *below == PadLine::Ancestor && *here != NodeLine::Ancestor)
}

#[cfg(test)]
mod tests;
