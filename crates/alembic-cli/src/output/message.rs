//! Alembic's `FAILED:` line.

use std::io;

use terminal_size::{Width, terminal_size_of};

use super::wrap::wrap;

/// The line, or lines, that Alembic prints for a refused command: wrapped when
/// standard *input* is a terminal, as Alembic asks that one for its width.
pub(crate) fn refusal(sentence: &str) -> String {
    let message = format!("FAILED: {sentence}");
    match terminal_size_of(io::stdin()) {
        Some((Width(columns), _)) => wrap(&message, usize::from(columns)).join("\n") + "\n",
        None => message + "\n",
    }
}
