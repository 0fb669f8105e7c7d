//! Everything that is printed passes here.
//!
//! Standard output carries data only. A reader that has gone away is no error;
//! a disk that is full is.

pub(crate) mod check;
#[cfg(feature = "database")]
pub(crate) mod log;
mod message;
mod pager;
mod painter;
pub(crate) mod paths;
pub(crate) mod terminal;
pub(crate) mod visible;
mod wrap;

use std::io::{self, BufWriter, IsTerminal, Write};

pub(crate) use message::refusal;
#[cfg(feature = "authoring")]
pub(crate) use message::status;
pub(crate) use painter::Painter;

use crate::StandardOutput;

/// Standard output, buffered, silent with `--quiet`, through a pager on request.
pub(crate) struct Output {
    sink: Sink,
    quiet: bool,
}

enum Sink {
    Stdout(BufWriter<io::Stdout>),
    /// There is no standard output to begin with.
    Missing,
    Pager(pager::Pager),
    /// The reader has gone: everything else is dropped.
    Closed,
}

impl Output {
    pub(crate) fn new(stdout: StandardOutput, quiet: bool) -> Self {
        let sink = if stdout.is_closed {
            Sink::Missing
        } else {
            Sink::Stdout(BufWriter::with_capacity(1 << 16, io::stdout()))
        };
        Self { sink, quiet }
    }

    /// Whether somebody looks at standard output.
    pub(crate) fn is_terminal() -> bool {
        io::stdout().is_terminal()
    }

    /// Sends what follows through the user's pager, where there is a terminal.
    pub(crate) fn page(&mut self) {
        if self.quiet || !Self::is_terminal() {
            return;
        }
        if let Some(pager) = pager::Pager::start() {
            self.sink = Sink::Pager(pager);
        }
    }

    /// Writes data.
    ///
    /// # Errors
    /// Whatever keeps it from arriving, but for a reader that has gone.
    pub(crate) fn write(&mut self, data: &str) -> io::Result<()> {
        if self.quiet || data.is_empty() {
            return Ok(());
        }
        self.write_always(data)
    }

    /// As [`write`](Self::write), also with `--quiet`: what Alembic does not hold back.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(crate) fn write_always(&mut self, data: &str) -> io::Result<()> {
        let result = match &mut self.sink {
            Sink::Stdout(stdout) => stdout.write_all(data.as_bytes()),
            Sink::Missing => Err(io::Error::new(io::ErrorKind::NotConnected, "it is closed")),
            Sink::Pager(pager) => pager.write(data.as_bytes()),
            Sink::Closed => Ok(()),
        };
        self.unless_closed(result)
    }

    /// Writes out what is buffered, before another program prints.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    #[cfg(any(feature = "authoring", feature = "database"))]
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        let result = match &mut self.sink {
            Sink::Stdout(stdout) => stdout.flush(),
            Sink::Pager(_) | Sink::Missing | Sink::Closed => Ok(()),
        };
        self.unless_closed(result)
    }

    /// Writes out what is buffered and waits for the pager.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let result = match &mut self.sink {
            Sink::Stdout(stdout) => stdout.flush(),
            Sink::Pager(pager) => pager.finish(),
            Sink::Missing | Sink::Closed => Ok(()),
        };
        self.unless_closed(result)
    }

    fn unless_closed(&mut self, result: io::Result<()>) -> io::Result<()> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                if let Sink::Stdout(stdout) = std::mem::replace(&mut self.sink, Sink::Closed) {
                    // What is still buffered must not be tried again on drop.
                    let _unwritten = stdout.into_parts();
                }
                Ok(())
            }
            result => result,
        }
    }
}
