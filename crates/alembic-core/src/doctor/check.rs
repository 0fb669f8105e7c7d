//! One line of the report.

use std::fmt;

use serde::Serialize;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// All is well.
    Ok,
    /// It may go wrong, or mislead.
    Warning,
    /// It does not work.
    Error,
}

impl Status {
    /// `ok`, `warning` or `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A check with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, in a word or two; it does not change, so that machines may
    /// ask for it. Several checks may share a name.
    pub name: &'static str,
    /// How it came out.
    pub status: Status,
    /// What was found: a fragment with values in backticks.
    pub sentence: String,
    /// The one thing to do about it.
    pub fix: Option<String>,
    /// Where there are several ways: all of them, the safest first. The first is the `fix`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
}

/// One of several ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// What it is about, in a word that does not change.
    pub kind: &'static str,
    /// What it does, and when it is right.
    pub words: String,
    /// The command to paste, where there is one.
    pub command: Option<String>,
}

/// As a line: the command behind a colon.
impl fmt::Display for Way {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            Some(command) => write!(formatter, "{}: {command}", self.words),
            None => formatter.write_str(&self.words),
        }
    }
}

impl Check {
    /// All is well.
    pub fn ok(name: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(name, Status::Ok, sentence.into(), None)
    }

    /// It may go wrong.
    pub fn warning(
        name: &'static str,
        sentence: impl Into<String>,
        fix: impl Into<Option<String>>,
    ) -> Self {
        Self::new(name, Status::Warning, sentence.into(), fix.into())
    }

    /// It does not work.
    pub fn error(
        name: &'static str,
        sentence: impl Into<String>,
        fix: impl Into<Option<String>>,
    ) -> Self {
        Self::new(name, Status::Error, sentence.into(), fix.into())
    }

    fn new(name: &'static str, status: Status, sentence: String, fix: Option<String>) -> Self {
        Self { name, status, sentence, fix, ways: Vec::new() }
    }

    /// With several ways, the safest first, which is the fix.
    #[must_use]
    pub fn with_ways(self, ways: Vec<Way>) -> Self {
        Self { fix: ways.first().map(Way::to_string), ways, ..self }
    }
}

/// `1 script`, `2 scripts`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
