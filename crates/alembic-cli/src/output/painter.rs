//! A text graph on its way to standard output, in colour where that helps.

use std::fmt;
use std::io;

use alembic_core::graph::NodeState;
use alembic_core::graph::text::{Canvas, Role};

use super::{Output, terminal};

/// Text that is collected before it is written out.
const PIECE: usize = 1 << 16;

/// The canvas of `history --graph`.
pub(crate) struct Painter<'a> {
    output: &'a mut Output,
    buffer: String,
    colour: bool,
    failure: Option<io::Error>,
}

impl<'a> Painter<'a> {
    pub(crate) fn new(output: &'a mut Output) -> Self {
        let colour = terminal::shows_colour(&io::stdout());
        Self { output, buffer: String::with_capacity(PIECE + PIECE / 8), colour, failure: None }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// What kept a line from being written.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => self.output.write(&self.buffer),
        }
    }
}

impl Canvas for Painter<'_> {
    fn put(&mut self, role: Role, text: &str) -> fmt::Result {
        match style(role).filter(|_| self.colour) {
            Some(style) => {
                self.buffer.push_str("\x1b[");
                self.buffer.push_str(style);
                self.buffer.push('m');
                self.buffer.push_str(text);
                self.buffer.push_str("\x1b[0m");
            }
            None => self.buffer.push_str(text),
        }
        Ok(())
    }

    fn end_line(&mut self) -> fmt::Result {
        self.buffer.push('\n');
        if self.buffer.len() > PIECE {
            let written = self.output.write(&self.buffer);
            self.buffer.clear();
            if let Err(failure) = written {
                self.failure = Some(failure);
                return Err(fmt::Error);
            }
        }
        Ok(())
    }
}

/// The parameters of the escape sequence for a role; `None` leaves it plain.
fn style(role: Role) -> Option<&'static str> {
    match role {
        Role::Node(NodeState::Current) => Some("1;34"),
        Role::Node(NodeState::Applied) | Role::Mark(_) => Some("32"),
        Role::Node(NodeState::Broken) => Some("1;31"),
        Role::Node(NodeState::Foreign) | Role::Pending => Some("33"),
        Role::Node(NodeState::Pending | NodeState::Plain) => Some("1"),
        Role::Id => Some("36"),
        Role::Label => Some("35"),
        Role::Edge | Role::Detail | Role::Note => Some("2"),
        Role::Message | Role::Gap => None,
    }
}
