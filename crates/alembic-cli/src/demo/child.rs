//! Programs that run on the side: quietly, with their last words kept for the case that they fail.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use alembic_runtime::python::{CommandLine, RunError, RunOptions, Streams, run};
use tokio::sync::mpsc;

/// How many lines of a program are kept.
const KEPT: usize = 40;

/// Variables that would lead a program of the demo elsewhere.
const FOREIGN: [&str; 12] = [
    "ALEMBIC_CONFIG",
    "ALEMBIC_RS_URL",
    "ALEMBIC_RS_PYTHON",
    "PGHOSTADDR",
    "PGOPTIONS",
    "PGPASSFILE",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGSSLMODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "SQLALCHEMY_DATABASE_URI",
];

/// A program, its arguments and its surroundings.
pub(crate) struct Child {
    command: CommandLine,
    folder: Option<PathBuf>,
}

/// What a program wrote.
pub(crate) struct Words {
    /// Whether it succeeded.
    pub(crate) succeeded: bool,
    lines: VecDeque<String>,
}

impl Child {
    pub(crate) fn new<S: AsRef<OsStr>>(
        program: impl Into<OsString>,
        arguments: impl IntoIterator<Item = S>,
    ) -> Self {
        let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned());
        let command = CommandLine::new(program, arguments.collect::<Vec<_>>());
        let command = FOREIGN.iter().fold(command, |command, name| command.without_env(*name));
        // What runs here is thrown away: byte code would outlive nobody.
        Self { command: command.env("PYTHONDONTWRITEBYTECODE", "1"), folder: None }
    }

    /// This program itself.
    pub(crate) fn ours<S: AsRef<OsStr>>(
        arguments: impl IntoIterator<Item = S>,
    ) -> std::io::Result<Self> {
        Ok(Self::new(std::env::current_exe()?, arguments))
    }

    #[must_use]
    pub(crate) fn env(self, name: &str, value: impl Into<OsString>) -> Self {
        Self { command: self.command.env(name, value), ..self }
    }

    #[must_use]
    pub(crate) fn current_dir(self, folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()), ..self }
    }

    /// Runs it to its end and keeps what it says; dropping the future ends the program.
    pub(crate) async fn listen(self) -> Result<Words, RunError> {
        let (sender, mut receiver) = mpsc::channel(64);
        let mut options = RunOptions::new(Streams::Piped(sender));
        options.current_dir = self.folder;
        let mut lines = VecDeque::new();
        let running = run(&self.command, options, std::future::pending());
        let listening = async {
            while let Some(line) = receiver.recv().await {
                if lines.len() == KEPT {
                    lines.pop_front();
                }
                lines.push_back(line.text);
            }
        };
        let (ended, ()) = tokio::join!(running, listening);
        Ok(Words { succeeded: ended?.code == 0, lines })
    }

    /// Runs it on our own streams; its exit code.
    pub(crate) async fn show(self) -> Result<u8, RunError> {
        let mut options = RunOptions::new(Streams::Inherited);
        options.current_dir = self.folder;
        Ok(run(&self.command, options, std::future::pending()).await?.code)
    }
}

impl Words {
    /// The last line that says something.
    pub(crate) fn last(&self) -> &str {
        let spoken = self.lines.iter().rev().find(|line| !line.trim().is_empty());
        spoken.map_or("", |line| line.trim())
    }

    /// Why it failed, by its own words.
    pub(crate) fn why(&self) -> String {
        why(self.lines.iter().map(String::as_str))
    }
}

/// What programs say, in lower case, when there is no room left.
pub(crate) const DISK_IS_FULL: [&str; 4] =
    ["no space left on device", "disk quota exceeded", "enospc", "errors.diskfull"];

/// What our own reports begin with.
const CROSS: &str = "× ";

/// The line that says why a program failed: that of a full disk, else the last that calls itself an error, else the last
/// that says something.
///
/// Our own reports have their cause behind a cross, and end with the way out. pip tells of a broken connection in
/// warnings, and calls only what it therefore did not find an error.
pub(crate) fn why<'a>(lines: impl DoubleEndedIterator<Item = &'a str>) -> String {
    let is_error = |line: &str| {
        let line = line.to_ascii_lowercase();
        line.starts_with("error") || line.contains("error:") || line.starts_with(CROSS)
    };
    let is_full_disk =
        |line: &str| DISK_IS_FULL.iter().any(|words| line.to_ascii_lowercase().contains(words));
    let spoken: Vec<&str> = lines.rev().map(str::trim).filter(|line| !line.is_empty()).collect();
    let full = spoken.iter().find(|line| is_full_disk(line));
    let Some(chosen) =
        full.or_else(|| spoken.iter().find(|line| is_error(line))).or(spoken.first())
    else {
        return "it said nothing".to_owned();
    };
    let line = ["ERROR: ", "error: ", CROSS].iter().find_map(|mark| chosen.strip_prefix(mark));
    let line = line.unwrap_or(chosen);
    match spoken.iter().find_map(|line| line.split_once("connection broken by ")) {
        Some((_, broken)) => format!("{line} (connection broken by {})", without_address(broken)),
        None => line.to_owned(),
    }
}

/// `NewConnectionError('<pip…HTTPSConnection object at 0x7f>: Failed to …')` without the object, of which nobody knows.
fn without_address(cause: &str) -> String {
    let object = cause.split_once('<').and_then(|(before, rest)| {
        let (object, after) = rest.split_once(">: ")?;
        object.contains(" object at 0x").then_some((before, after))
    });
    match object {
        Some((before, after)) => format!("{before}{after}"),
        None => cause.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words { succeeded: false, lines: text.lines().map(str::to_owned).collect() }
    }

    #[test]
    fn why_a_program_failed() {
        let pip = "ERROR: Could not find a version\nERROR: No matching distribution found for x\nnotice: y\n";
        assert_eq!(words(pip).why(), "No matching distribution found for x");
        let python = "Traceback (most recent call last):\n  File\nOSError: [Errno 28] No space left on device\n";
        assert_eq!(words(python).why(), "OSError: [Errno 28] No space left on device");
        let nested = "OSError: [Errno 28] No space left on device\nsubprocess.CalledProcessError: error: 1\n";
        assert_eq!(words(nested).why(), "OSError: [Errno 28] No space left on device");
        let psycopg = "psycopg.errors.DiskFull: could not extend file \"base/5/1\": wrote only 4096 of 8192 bytes\n\
                       HINT:  Check free disk space.\n";
        assert!(words(psycopg).why().starts_with("psycopg.errors.DiskFull: could not extend"));
        let offline = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip.X object at \
                       0x7f>: Failed to establish a new connection: [Errno 111] Connection refused')': /alembic/\n\
                       ERROR: No matching distribution found for x\n";
        assert_eq!(
            words(offline).why(),
            "No matching distribution found for x (connection broken by 'NewConnectionError('Failed to establish a new \
             connection: [Errno 111] Connection refused')': /alembic/)"
        );
        let ours = "  × no such revision\n  help: look at `history`\n";
        assert_eq!(words(ours).why(), "no such revision");
        assert_eq!(words("a\nb\n\n").why(), "b");
        assert_eq!(words("").why(), "it said nothing");
    }
}
