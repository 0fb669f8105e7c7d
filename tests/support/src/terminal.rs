//! A pseudo-terminal of a given size.

use std::{
    os::fd::OwnedFd,
    process::{Command, Stdio},
};

use rustix::{
    fs::{Mode, OFlags},
    io::{self, FdFlags},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{
        LocalModes, OptionalActions, OutputModes, Winsize, tcgetattr, tcsetattr, tcsetwinsize,
    },
};

/// The end of a terminal at which a person would sit.
#[expect(clippy::disallowed_types, reason = "a file descriptor without a path to name")]
pub(crate) type Person = std::fs::File;

/// Which of the program's streams are a terminal, how wide it is and what is typed.
///
/// The streams that are not on the terminal stay what they are without one: nothing, and two pipes. It is no
/// *controlling* terminal: keys reach the program as text, Ctrl-C sends no signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    columns: u16,
    rows: u16,
    input: bool,
    output: bool,
    error: bool,
    typed: String,
}

impl Terminal {
    /// A terminal of that many columns and 24 rows, on which all three streams are.
    pub fn new(columns: u16) -> Self {
        Self { columns, rows: 24, input: true, output: true, error: true, typed: String::new() }
    }

    /// Standard input alone is the terminal, as when a person pipes the answer on.
    pub fn input_only(columns: u16) -> Self {
        Self { output: false, error: false, ..Self::new(columns) }
    }

    /// Standard output alone is the terminal.
    pub fn output_only(columns: u16) -> Self {
        Self { input: false, error: false, ..Self::new(columns) }
    }

    /// Standard error alone is the terminal.
    pub fn error_only(columns: u16) -> Self {
        Self { input: false, output: false, ..Self::new(columns) }
    }

    /// Sets the number of rows.
    #[must_use]
    pub fn rows(mut self, rows: u16) -> Self {
        self.rows = rows;
        self
    }

    /// Types this as soon as the program runs.
    #[must_use]
    pub fn typing(mut self, keys: impl Into<String>) -> Self {
        self.typed = keys.into();
        self
    }

    /// What is typed.
    pub(crate) fn typed(&self) -> &str {
        &self.typed
    }

    /// Opens the terminal and puts the streams of `command` on it; returns the end at which a person would sit.
    ///
    /// # Panics
    ///
    /// When the system has no pseudo-terminal left.
    pub(crate) fn attach(&self, command: &mut Command) -> Person {
        let (person, program) = self.open().expect("a pseudo-terminal");
        let stdio = || Stdio::from(program.try_clone().expect("a file descriptor"));
        if self.input {
            command.stdin(stdio());
        }
        if self.output {
            command.stdout(stdio());
        }
        if self.error {
            command.stderr(stdio());
        }
        Person::from(person)
    }

    /// Both ends: the person's and the program's.
    fn open(&self) -> io::Result<(OwnedFd, OwnedFd)> {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        io::fcntl_setfd(&person, FdFlags::CLOEXEC)?;
        grantpt(&person)?;
        unlockpt(&person)?;
        let name = ptsname(&person, Vec::new())?;
        let program =
            rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
        // What arrives shall be what the program wrote: no echo of what is typed, no CR before NL.
        let mut attributes = tcgetattr(&program)?;
        attributes.local_modes.remove(LocalModes::ECHO);
        attributes.output_modes.remove(OutputModes::OPOST);
        tcsetattr(&program, OptionalActions::Now, &attributes)?;
        let size = Winsize { ws_row: self.rows, ws_col: self.columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&program, size)?;
        Ok((person, program))
    }
}
