//! Why git could not answer.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

/// A question that git could not answer, with the way out.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum GitError {
    /// The program could not be started.
    #[error("cannot run `git`: {0}")]
    #[diagnostic(help("install git, or add it to PATH"))]
    NoProgram(io::Error),
    /// The folder is in no work tree.
    #[error("`{}` is in no git work tree", folder.display())]
    #[diagnostic(help("the answer lies in git's objects: run it in a clone"))]
    NoRepository {
        /// The folder that was asked about.
        folder: PathBuf,
    },
    /// The repository belongs to somebody else, and git refuses to read it.
    #[error("git does not trust `{}`: another user owns it", folder.display())]
    #[diagnostic(help("`git config --global --add safe.directory '{}'`", folder.display()))]
    NotTrusted {
        /// The top of the repository.
        folder: PathBuf,
    },
    /// There is no such commit here.
    #[error("git knows no commit `{reference}`")]
    #[diagnostic(help("{help}"))]
    UnknownReference {
        /// The reference as given.
        reference: String,
        /// How to get it.
        help: String,
    },
    /// A shallow clone does not reach back to where the histories part.
    #[error("this shallow clone does not reach back to where `{reference}` parted from HEAD")]
    #[diagnostic(help(
        "get the rest of the history: `git fetch --unshallow` (GitHub Actions: `fetch-depth: 0` \
         for actions/checkout; GitLab: `GIT_DEPTH: 0`)"
    ))]
    Shallow {
        /// The reference as given.
        reference: String,
    },
    /// A partial clone lacks a file's contents, and nothing is fetched here.
    #[error("this partial clone lacks scripts of the other commit")]
    #[diagnostic(help("`git diff --stat HEAD...REF` fetches them; then run the check again"))]
    MissingObjects,
    /// The program ended with an error.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What it said.
        message: String,
    },
    /// The program took too long and was ended.
    #[error("`git {command}` took longer than {seconds} s and was ended")]
    TimedOut {
        /// The subcommand.
        command: String,
        /// The limit.
        seconds: u64,
    },
    /// The program said more than there is room for.
    #[error("`git {command}` printed more than {megabytes} MB")]
    TooMuch {
        /// The subcommand.
        command: String,
        /// The limit.
        megabytes: usize,
    },
    /// The program said something that cannot be understood.
    #[error("`git {command}` answered in a form that is not known")]
    Unexpected {
        /// The subcommand.
        command: String,
    },
}
