//! What only reads, and therefore refuses.

use std::fmt;

use super::Error;

/// What only reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Read-only mode, which can be left.
    Mode,
    /// An export, in any mode.
    Export,
    /// A condition of a filter, in any mode.
    Condition,
}

impl Reader {
    /// The way out.
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Mode => {
                "leave read-only mode, or write a single SELECT, VALUES, TABLE, SHOW or EXPLAIN"
            }
            Self::Export => {
                "export a single SELECT, VALUES or TABLE, and run anything else as a query"
            }
            Self::Condition => "write a condition that reads, and run anything else as a query",
        }
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mode => "read-only mode",
            Self::Export => "an export only reads and",
            Self::Condition => "a condition only reads and",
        })
    }
}

impl Error {
    /// The same, refused by what reads here.
    #[must_use]
    pub(crate) fn refused_by(self, reader: Reader) -> Self {
        match self {
            Self::NotReadOnly { reason, .. } => Self::NotReadOnly { reader, reason },
            error => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Reader};

    #[test]
    fn who_refuses_is_said() {
        let error = Error::NotReadOnly { reader: Reader::Mode, reason: "`BAD`".to_owned() };
        assert_eq!(error.to_string(), "read-only mode refuses this: `BAD`");
        let error = error.refused_by(Reader::Export);
        assert_eq!(error.to_string(), "an export only reads and refuses this: `BAD`");
        assert!(!error.help().contains("read-only mode"));
    }
}
