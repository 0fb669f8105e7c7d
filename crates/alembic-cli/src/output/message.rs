//! Alembic's `FAILED:` line.

use std::io;

use terminal_size::{Width, terminal_size_of};

use super::wrap::wrap;

/// The line, or lines, that Alembic prints for a refused command: wrapped when
/// standard *input* is a terminal, as Alembic asks that one for its width.
pub(crate) fn refusal(sentence: &str) -> String {
    status(&format!("FAILED: {sentence}"), "\n")
}

/// A message as Alembic sets it, and what follows its last line.
pub(crate) fn status(message: &str, end: &str) -> String {
    match terminal_size_of(io::stdin()) {
        Some((Width(columns), _)) if columns > 0 => {
            wrap(message, usize::from(columns)).join("\n") + end
        }
        _ => format!("{message}{end}"),
    }
}
