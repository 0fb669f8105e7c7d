//! Why scripts could not be taken out of git.

use std::io;

use miette::Diagnostic;

use crate::config::ConfigError;
use crate::git::GitError;
use crate::script::ScriptDirectoryError;

/// Why lost revisions could not be made part of the project for a while.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum RecoveryError {
    /// git has no script of a revision.
    #[error("git has no script of revision `{revision}`")]
    #[diagnostic(help(
        "ask who migrated this database last, put the script into a version location, and run \
         this again"
    ))]
    NotFound {
        /// The revision.
        revision: String,
    },
    /// The commit that was asked for has no script of a revision.
    #[error("`{reference}` has no script of revision `{revision}`")]
    #[diagnostic(help("{help}"))]
    NotThere {
        /// The revision.
        revision: String,
        /// The branch or commit as given.
        reference: String,
        /// Where it is instead.
        help: String,
    },
    /// A script that has to be gone through is nowhere.
    #[error("the way down from `{revision}` is not known: neither the project nor git has `{gap}`")]
    #[diagnostic(help("put the script of `{gap}` into a version location, and run this again"))]
    Gap {
        /// The lost revision.
        revision: String,
        /// What it follows, or depends on.
        gap: String,
    },
    /// git could not answer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
    /// Branches have different scripts of one revision.
    #[error("different scripts declare revision `{revision}`: those of {}", listed(branches))]
    #[diagnostic(help(
        "the one that has run must be undone: name its branch, as in `--recover {}`",
        branches.first().map_or("BRANCH", String::as_str)
    ))]
    Choice {
        /// The revision.
        revision: String,
        /// A branch for each script.
        branches: Vec<String>,
    },
    /// The configuration is at fault, or the scripts of the project and those of git
    /// make no sound directory together.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Directory(#[from] Box<ScriptDirectoryError>),
    /// A temporary file could not be written.
    #[error("cannot write the scripts into a temporary folder: {0}")]
    #[diagnostic(help("TMPDIR says where temporary folders are made"))]
    Write(#[from] io::Error),
}

impl From<ConfigError> for RecoveryError {
    fn from(error: ConfigError) -> Self {
        Self::Directory(Box::new(error.into()))
    }
}

/// "`a` and `b`"
fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" and ")
}
