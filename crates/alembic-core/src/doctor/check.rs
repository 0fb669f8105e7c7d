//! One line of the report.

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
}

impl Check {
    /// All is well.
    pub fn ok(name: &'static str, sentence: impl Into<String>) -> Self {
        Self { name, status: Status::Ok, sentence: sentence.into(), fix: None }
    }

    /// It may go wrong.
    pub fn warning(
        name: &'static str,
        sentence: impl Into<String>,
        fix: impl Into<Option<String>>,
    ) -> Self {
        Self { name, status: Status::Warning, sentence: sentence.into(), fix: fix.into() }
    }

    /// It does not work.
    pub fn error(
        name: &'static str,
        sentence: impl Into<String>,
        fix: impl Into<Option<String>>,
    ) -> Self {
        Self { name, status: Status::Error, sentence: sentence.into(), fix: fix.into() }
    }
}

/// `1 script`, `2 scripts`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
