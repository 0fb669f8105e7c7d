//! Aligned columns of text, in colour where that helps.

use std::io;

use unicode_width::UnicodeWidthStr;

use crate::output::terminal;

/// Rows whose cells stand below each other.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<Vec<String>>,
    indent: usize,
}

impl Rows {
    /// Rows that begin further right.
    pub(super) fn indented(indent: usize) -> Self {
        Self { rows: Vec::new(), indent }
    }

    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Writes the rows; the last cell of each may be as long as it is, blanks at the end are left out.
    pub(super) fn write(&self, out: &mut String) {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |at: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(at));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..count).map(width).collect();
        for row in &self.rows {
            let mut line = " ".repeat(self.indent);
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

/// A heading: bold on a terminal that shows it.
pub(super) fn heading(text: &str) -> String {
    if terminal::shows_colour(&io::stdout()) {
        format!("\x1b[1m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// `1 table`, `2 tables`
pub(super) fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
