//! The project's own Python: which interpreter, and how Alembic runs in it.
//!
//! * [`discover`] finds the interpreter, says why it was taken and why others were not. Nothing is started for that:
//!   whether an interpreter has Alembic is read from its files;
//! * [`Python::missing_driver`] says what it lacks for a database, by the same files;
//! * [`command_line`] puts together what will run, as arguments and as text for people;
//! * [`timeouts`] says how `--statement-timeout` and `--lock-wait-timeout` reach the database;
//! * [`run`] starts it, forwards signals, and leaves no process behind;
//! * [`backup`] runs `pg_dump` before anything else happens.
//!
//! This module takes nothing from the process by itself: variables come through a lookup that the caller gives.

pub mod backup;
mod command_line;
mod discovery;
mod driver;
mod error;
mod host;
mod interpreter;
mod package;
mod pyenv;
mod pyvenv;
mod run;
mod search_path;
mod shell_text;
mod timeouts;
mod tools;

pub use self::{
    command_line::{AlembicCommand, CommandLine, Operation, command_line},
    discovery::{Candidate, Discovery, Inputs, NamedPython, Origin, Python, Verdict, discover},
    driver::DriverPackage,
    error::{CommandError, PythonNotFound, Refusal},
    package::{Package, Version},
    run::{Ended, Interruption, Line, Reason, RunError, RunOptions, Stream, Streams, run},
    shell_text::{hide_passwords, shell_text},
    timeouts::{PgOptions, TimeoutWarning, Timeouts, timeouts},
};
