//! What Alembic warns about while it loads scripts, as data.

use std::fmt;
use std::path::PathBuf;

/// A warning of loading; its [`fmt::Display`] is Alembic's sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A file was met under two paths.
    LoadedTwice {
        /// The real path.
        path: PathBuf,
    },
    /// An identifier is declared by more than one script.
    DuplicateRevision {
        /// The identifier.
        revision: String,
    },
    /// A `down_revision` names a revision that is not there.
    MissingParent {
        /// The identifier that is not there.
        missing: String,
        /// The script that names it, in Alembic's short form.
        referenced_by: String,
    },
}

impl Warning {
    /// A stable word for the kind of warning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LoadedTwice { .. } => "loaded-twice",
            Self::DuplicateRevision { .. } => "duplicate-revision",
            Self::MissingParent { .. } => "missing-parent",
        }
    }

    /// The revision that it is about, if there is one.
    pub fn revision(&self) -> Option<&str> {
        match self {
            Self::LoadedTwice { .. } => None,
            Self::DuplicateRevision { revision } => Some(revision),
            Self::MissingParent { missing, .. } => Some(missing),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoadedTwice { path } => write!(
                f,
                "File {} loaded twice! ignoring. Please ensure version_locations is unique.",
                path.display()
            ),
            Self::DuplicateRevision { revision } => {
                write!(f, "Revision {revision} is present more than once")
            }
            Self::MissingParent { missing, referenced_by } => {
                write!(f, "Revision {missing} referenced from {referenced_by} is not present")
            }
        }
    }
}
