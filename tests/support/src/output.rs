//! What a run of the program left.

use std::{fmt, process::ExitStatus};

use crate::Filters;

/// Exit status and texts of one run. The texts come filtered; the `raw_` methods give the bytes as they were.
///
/// `Display` shows everything at once, in the form of the fixtures' recorded answers, for snapshots:
///
/// ```text
/// exit: 0
/// --- stdout
/// …
/// --- stderr
/// …
/// ```
///
/// with a section `--- terminal` where one was attached.
#[derive(Debug, Clone)]
pub struct Output {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) terminal: Vec<u8>,
    pub(crate) filters: Filters,
}

impl Output {
    /// The exit code; `None` when a signal ended the program.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Standard output, empty where it went elsewhere.
    pub fn stdout(&self) -> String {
        self.text(&self.stdout)
    }

    /// Standard error, empty where it went to a terminal.
    pub fn stderr(&self) -> String {
        self.text(&self.stderr)
    }

    /// What appeared on the terminal, colours included, with newlines as the program wrote them.
    pub fn terminal(&self) -> String {
        self.text(&self.terminal)
    }

    /// The bytes of standard output.
    pub fn raw_stdout(&self) -> &[u8] {
        &self.stdout
    }

    /// The bytes of standard error.
    pub fn raw_stderr(&self) -> &[u8] {
        &self.stderr
    }

    fn text(&self, bytes: &[u8]) -> String {
        self.filters.apply(&String::from_utf8_lossy(bytes))
    }
}

impl fmt::Display for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status.code() {
            Some(code) => writeln!(formatter, "exit: {code}")?,
            None => writeln!(formatter, "exit: {}", self.status)?,
        }
        let sections =
            [("stdout", self.stdout()), ("stderr", self.stderr()), ("terminal", self.terminal())];
        for (name, text) in sections {
            if name == "terminal" && text.is_empty() {
                continue;
            }
            writeln!(formatter, "--- {name}")?;
            formatter.write_str(&text)?;
            if !text.is_empty() && !text.ends_with('\n') {
                formatter.write_str("\n")?;
            }
        }
        Ok(())
    }
}
