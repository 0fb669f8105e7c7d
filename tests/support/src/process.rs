//! Runs a child process to its end, never longer than a deadline, and collects what it says.

use std::{
    io::{self, Read, Write},
    process::{Child, Command, ExitStatus},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

/// How long a program may run in a test. Far more than any needs: it ends loops, it measures nothing.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// A stream that a thread of its own reads to the end.
pub(crate) struct Reading(Receiver<Vec<u8>>);

impl Reading {
    /// Begins to read `stream`, at most `limit` bytes; then the stream is closed.
    pub(crate) fn begin(stream: impl Read + Send + 'static, limit: u64) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // A terminal whose other end was closed answers with an error instead of an end: what came is what counts.
            let _ = stream.take(limit).read_to_end(&mut bytes);
            // The run may have passed its deadline: then nobody listens.
            let _ = sender.send(bytes);
        });
        Self(receiver)
    }

    /// What was read, once the stream has ended; `None` when that takes longer than until `deadline`.
    pub(crate) fn end(self, deadline: Instant) -> Option<Vec<u8>> {
        match self.0.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(bytes) => Some(bytes),
            Err(RecvTimeoutError::Disconnected) => Some(Vec::new()),
            Err(RecvTimeoutError::Timeout) => None,
        }
    }
}

/// Writes `bytes` to `stream` in a thread of its own, so that a child that reads nothing cannot hold us up.
pub(crate) fn write_aside(mut stream: impl Write + Send + 'static, bytes: Vec<u8>) {
    thread::spawn(move || {
        // A child that ended without reading is a fact of the test, not an error of it.
        let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
    });
}

/// Starts `command`.
///
/// # Panics
///
/// When there is no such program.
pub(crate) fn spawn(command: &mut Command) -> Child {
    let program = command.get_program().to_owned();
    command
        .spawn()
        .unwrap_or_else(|error| panic!("`{}` does not start: {error}", program.to_string_lossy()))
}

/// Waits for `child`; ends it when `deadline` passes.
pub(crate) fn wait(child: &mut Child, deadline: Instant) -> io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the deadline has passed"));
        }
        thread::sleep(Duration::from_millis(1));
    }
}
