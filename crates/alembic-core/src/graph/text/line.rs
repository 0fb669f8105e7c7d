//! One line of a text graph: pieces with roles, cut to a width, handed to a
//! canvas.

use std::fmt;

use crate::graph::marks::{Mark, NodeState};
use crate::graph::words;

/// What a piece of a line is, for those who give it a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Lanes, corners, and the blanks between them.
    Edge,
    /// A revision's node.
    Node(NodeState),
    /// An identifier.
    Id,
    /// A message.
    Message,
    /// A mark, such as `mergepoint`.
    Mark(Mark),
    /// `pending`, said in words.
    Pending,
    /// A label in brackets.
    Label,
    /// File, parents, date, what a revision depends on.
    Detail,
    /// Words that explain the drawing: folded runs, the dotted line.
    Note,
    /// Blanks and separators between the above.
    Gap,
}

/// What a text graph is drawn on. Pieces come from left to right; the graph's
/// width and contents do not depend on the canvas.
pub trait Canvas {
    /// Adds a piece to the current line.
    ///
    /// # Errors
    /// Whatever keeps the canvas from taking more; drawing stops.
    fn put(&mut self, role: Role, text: &str) -> fmt::Result;

    /// Ends the current line.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    fn end_line(&mut self) -> fmt::Result;
}

/// Plain text.
impl Canvas for String {
    fn put(&mut self, _role: Role, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }

    fn end_line(&mut self) -> fmt::Result {
        self.push('\n');
        Ok(())
    }
}

/// A line being put together. Its space is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    /// Each piece with the end of its text.
    pieces: Vec<(Role, usize)>,
}

impl Line {
    pub(super) fn push(&mut self, role: Role, text: &str) {
        self.text.push_str(text);
        self.end_piece(role);
    }

    /// The text itself, for a run of pushes; [`end_piece`](Self::end_piece) then
    /// says what it was.
    pub(super) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// Everything since the last piece becomes one more.
    pub(super) fn end_piece(&mut self, role: Role) {
        if self.pieces.last().map_or(0, |&(_, end)| end) < self.text.len() {
            self.pieces.push((role, self.text.len()));
        }
    }

    /// Fills up with blanks from `used` to `columns`.
    pub(super) fn pad(&mut self, used: usize, columns: usize) {
        const BLANKS: &str = "                                ";
        let mut missing = columns.saturating_sub(used);
        while missing > 0 {
            let step = missing.min(BLANKS.len());
            self.text.push_str(&BLANKS[..step]);
            missing -= step;
        }
        self.end_piece(Role::Gap);
    }

    pub(super) fn width(&self) -> usize {
        words::width(&self.text)
    }

    /// Cuts the line to `columns`, the ellipsis included.
    pub(super) fn cut(&mut self, columns: usize, ellipsis: &str) {
        if self.text.len() <= columns || words::width(self.text.trim_end()) <= columns {
            return;
        }
        let ellipsis = words::cut(ellipsis, columns);
        let room = columns - words::width(ellipsis);
        let kept = words::cut(&self.text, room).len();
        self.text.truncate(kept);
        let whole = self.pieces.partition_point(|&(_, end)| end <= kept);
        let role = self.pieces.get(whole).or(self.pieces.last()).map_or(Role::Gap, |piece| piece.0);
        self.pieces.truncate(whole);
        self.text.push_str(ellipsis);
        self.end_piece(role);
    }

    /// Hands the line to `canvas`, without blanks at its end, and empties it.
    pub(super) fn flush(&mut self, canvas: &mut impl Canvas) -> fmt::Result {
        let length = self.text.trim_end().len();
        let mut start = 0;
        for &(role, end) in &self.pieces {
            let end = end.min(length);
            if start < end {
                canvas.put(role, &self.text[start..end])?;
            }
            start = end;
        }
        self.text.clear();
        self.pieces.clear();
        canvas.end_line()
    }
}
