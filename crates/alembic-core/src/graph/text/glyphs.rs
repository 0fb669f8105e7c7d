//! The three styles of the text graph and their characters.

use renderdag::pipeline::row_shape_to_prefix_lines::box_drawing::{Curved, Square};
use renderdag::pipeline::types::{
    GraphRowShape, LinkLine, NodeLine, PadLine, PrefixLineKind, PrefixLinePart,
};
use renderdag::pipeline::{Ascii, BoxDrawing, PrefixLineRenderer};

use crate::graph::marks::NodeState;

/// The characters of a text graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// Box drawing with rounded corners.
    #[default]
    Unicode,
    /// Nothing outside ASCII, for terminals and logs that know no more.
    Ascii,
    /// Box drawing with square corners.
    Square,
}

impl Style {
    pub(super) fn node(self, state: NodeState) -> &'static str {
        match (self, state) {
            (Self::Ascii, NodeState::Pending | NodeState::Plain) => "o",
            (Self::Ascii, NodeState::Applied) => "*",
            (Self::Ascii, NodeState::Current) => "@",
            (Self::Ascii, NodeState::Foreign) => "?",
            (Self::Ascii, NodeState::Broken) => "x",
            (_, NodeState::Pending | NodeState::Plain) => "○",
            (_, NodeState::Applied) => "●",
            (_, NodeState::Current) => "◉",
            (_, NodeState::Foreign) => "◌",
            (_, NodeState::Broken) => "×",
        }
    }

    /// Stands in a row of folded revisions.
    pub(super) fn folded(self) -> &'static str {
        if self == Self::Ascii { ":" } else { "⋮" }
    }

    /// Says that a line was cut here.
    pub(super) fn ellipsis(self) -> &'static str {
        if self == Self::Ascii { "..." } else { "…" }
    }

    /// Between two marks.
    pub(super) fn separator(self) -> &'static str {
        if self == Self::Ascii { ", " } else { " · " }
    }

    pub(super) fn pad(self, pad: PadLine) -> &'static str {
        match (self, pad) {
            (_, PadLine::Blank) => "  ",
            (Self::Ascii, PadLine::Parent) => "| ",
            (_, PadLine::Parent) => "│ ",
            (Self::Ascii, PadLine::Ancestor) => ". ",
            (Self::Square, PadLine::Ancestor) => "· ",
            (Self::Unicode, PadLine::Ancestor) => "╷ ",
        }
    }

    /// Where a line to a revision that is not shown ends.
    pub(super) const ENDING: &'static str = "~ ";

    /// The prefix of the line that links a row with its parents, if it needs one.
    ///
    /// `renderdag` has the rules of the corners. Its renderer also makes the
    /// other lines of a row, with a string for each column; with a hundred lanes
    /// that costs more than all the rest, so it gets the link line alone to see.
    pub(super) fn link_line(self, shape: &mut GraphRowShape<u32>) -> Option<String> {
        let link_line = shape.link_line.take()?;
        let bare = bare(shape, link_line);
        let lines = match self {
            Self::Unicode => BoxDrawing::<Curved>::new().next_prefix_lines(&bare),
            Self::Square => BoxDrawing::<Square>::new().next_prefix_lines(&bare),
            Self::Ascii => Ascii::new().next_prefix_lines(&bare),
        };
        let line = lines.into_iter().find(|line| line.kind == PrefixLineKind::Link)?;
        line.parts.into_iter().find_map(|part| match part {
            PrefixLinePart::Text(text) => Some(text),
            PrefixLinePart::NodeGlyph => None,
        })
    }
}

/// The shape without any line but the link line.
fn bare(shape: &GraphRowShape<u32>, link_line: Vec<LinkLine>) -> GraphRowShape<u32> {
    GraphRowShape {
        node: shape.node,
        merge: shape.merge,
        separator_line: false,
        style: shape.style,
        is_head: shape.is_head,
        is_root: shape.is_root,
        node_column: shape.node_column,
        parent_columns: Vec::new(),
        node_line: Vec::new(),
        link_line: Some(link_line),
        link_line_from_node: None,
        term_line: None,
        ancestry_line: Vec::new(),
    }
}

/// How a column of the node's line goes on, for columns without the node.
pub(super) fn pad_of(column: NodeLine) -> PadLine {
    match column {
        NodeLine::Parent => PadLine::Parent,
        NodeLine::Ancestor => PadLine::Ancestor,
        NodeLine::Blank | NodeLine::Node => PadLine::Blank,
    }
}
