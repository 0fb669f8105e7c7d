//! Why there is no database to talk to.

use std::io;
use std::sync::Arc;

use alembic_runtime::database::{DatabaseError, DatabaseErrorKind};
use alembic_runtime::database_url::UrlError;
use alembic_runtime::database_url::discovery::{Candidate, Discovery, Outcome};
use alembic_runtime::env_script::Doubt;
use miette::Diagnostic;

use super::Target;
use crate::diagnostics::{Failure, code};

/// Why a command has no database to talk to.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
pub(crate) enum SessionError {
    /// Nobody names a database.
    #[error("no database URL is known{reason}")]
    #[diagnostic(help(
        "name one with `--url` or ALEMBIC_RS_URL; `alembic-rs status --explain-url` lists where it was looked for"
    ))]
    NoUrl { reason: String },
    /// env.py works on several databases.
    #[error("{reason}")]
    #[diagnostic(help("name the database that is meant with `--url` or ALEMBIC_RS_URL"))]
    Several { reason: String },
    /// The URL that was chosen is none.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Malformed(Arc<UrlError>),
    /// A dialect that alembic-rs has no driver for.
    #[error("`{url}`: alembic-rs does not talk to `{backend}` databases")]
    #[diagnostic(help(
        "history, heads, show and the other commands without a database work; for this one use the project's own Alembic"
    ))]
    Unsupported { url: String, backend: String },
    /// A URL that is only likely.
    #[error("`{url}` ({from}) is only a guess: {why}")]
    #[diagnostic(help(
        "say which database is meant: `--url {url}`, with its password, or ALEMBIC_RS_URL"
    ))]
    Guessed { url: String, from: String, why: String },
    /// The version table holds what the project does not have. Alembic's sentence.
    #[error("Can't locate revision identified by '{revision}'")]
    Lost {
        revision: String,
        #[help]
        help: String,
    },
    /// The machine gives us no event loop.
    #[error("cannot wait for the network: {0}")]
    #[diagnostic(help("the limit of open files may be reached (`ulimit -n`)"))]
    NoRuntime(#[source] Arc<io::Error>),
}

impl SessionError {
    /// What keeps the search from going on.
    pub(super) fn obstacle(candidate: &Candidate) -> Self {
        match &candidate.outcome {
            Outcome::Malformed(error) => Self::Malformed(Arc::new(error.clone())),
            Outcome::Several(doubt) | Outcome::Unknown(doubt) => {
                Self::Several { reason: place_and_reason(doubt) }
            }
            _ => Self::NoUrl { reason: String::new() },
        }
    }

    /// Nothing was found; what env.py says and cannot be read is the likely place.
    pub(super) fn no_url(discovery: &Discovery) -> Self {
        let unread = discovery.candidates.iter().find_map(|candidate| match &candidate.outcome {
            Outcome::Unknown(doubt) => Some(doubt),
            _ => None,
        });
        let reason = unread.map(|doubt| format!(": {}", place_and_reason(doubt)));
        Self::NoUrl { reason: reason.unwrap_or_default() }
    }

    pub(super) fn no_runtime(error: io::Error) -> Self {
        Self::NoRuntime(Arc::new(error))
    }

    pub(super) fn unsupported(target: &Target) -> Self {
        let backend = target.url.backend_name().to_owned();
        Self::Unsupported { url: target.url.to_string(), backend }
    }

    pub(super) fn lost(revision: &str, ways: Option<String>) -> Self {
        let ways =
            ways.unwrap_or_else(|| "`alembic-rs doctor` says how to get back in step".to_owned());
        let help =
            format!("the database is at it, and no script of the project declares it\n{ways}");
        Self::Lost { revision: revision.to_owned(), help }
    }

    pub(super) fn guessed(target: &Target) -> Self {
        let (from, why) = (target.source.clone(), target.why.clone());
        Self::Guessed { url: target.url.to_string(), from, why }
    }
}

/// What cannot be known of env.py, behind its line.
pub(super) fn place_and_reason(doubt: &Doubt) -> String {
    format!("{}:{}: {}", doubt.place.file.display(), doubt.place.line, doubt.reason)
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let code = match error {
            SessionError::Guessed { .. } => code::USAGE,
            SessionError::Lost { .. } => code::UNKNOWN_REVISION,
            _ => code::DATABASE,
        };
        Self::new(code, error)
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        let code = match error.kind() {
            DatabaseErrorKind::Settings => code::CONFIGURATION,
            _ => code::DATABASE,
        };
        Self::new(code, error)
    }
}
