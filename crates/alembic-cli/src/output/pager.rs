//! The user's pager: `ALEMBIC_RS_PAGER`, else `PAGER`, else `less`.

use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

/// A running pager and the pipe into it.
pub(super) struct Pager {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Pager {
    /// `None` when there is none, or when the user asks for none (`cat`, empty).
    pub(super) fn start() -> Option<Self> {
        let setting =
            ["ALEMBIC_RS_PAGER", "PAGER"].into_iter().find_map(|name| std::env::var(name).ok());
        let line = setting.unwrap_or_else(|| "less".to_owned());
        let mut words = line.split_whitespace();
        let program = words.next().filter(|program| *program != "cat")?;
        if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
            return None;
        }
        let mut command = Command::new(program);
        command.args(words).stdin(Stdio::piped());
        if std::env::var_os("LESS").is_none() {
            // Stay out of the way of what fits on a screen; show colours.
            command.env("LESS", "FRX");
        }
        let mut child = command.spawn().ok()?;
        let stdin = child.stdin.take();
        Some(Self { child, stdin })
    }

    pub(super) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        match &mut self.stdin {
            Some(stdin) => stdin.write_all(data),
            None => Ok(()),
        }
    }

    /// Closes the pipe and waits until the user has read enough.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        drop(self.stdin.take());
        self.child.wait().map(|_| ())
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        // A pager outliving us would fight the shell for the terminal.
        let _ignored = self.finish();
    }
}
