//! Why a step failed and what a person can do about it.

use std::{fmt, io};

/// The outcome of a step or a part of one.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

/// A sentence about what went wrong, and the way out where there is one to name.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    way_out: Option<String>,
}

impl Failure {
    /// A failure without a known way out.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), way_out: None }
    }

    /// Says what to do: a command to type, or where to look.
    #[must_use]
    pub(crate) fn way_out(self, way_out: impl Into<String>) -> Self {
        Self { way_out: Some(way_out.into()), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)?;
        match &self.way_out {
            Some(way_out) => write!(formatter, "\n    way out: {way_out}"),
            None => Ok(()),
        }
    }
}

impl From<io::Error> for Failure {
    /// fs_err's errors name the path already.
    fn from(error: io::Error) -> Self {
        Self::new(error.to_string())
    }
}
