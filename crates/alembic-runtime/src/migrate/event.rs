//! What goes on during a run.

use std::path::Path;

use crate::project::Target;
use crate::python::{CommandLine, Origin};

/// Something that people want to know while a run goes on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// It is not certain that this is the database.
    Guess(&'a Target),
    /// Good to know, and no reason to stop.
    Warning(String),
    /// This is going to run, in the Python that was found there.
    Running {
        /// The command; its text has no password.
        command: &'a CommandLine,
        /// Why this Python.
        origin: &'a Origin,
    },
    /// The database was dumped into this file.
    BackedUp(&'a Path),
    /// The lock is held, and nothing is left to do: another run has done it, or nothing was pending.
    NothingToDo,
    /// The session that held the lock ended while the migrations ran: another run may have been at work as well.
    LockLost,
}
