//! Why migrations did not run, or are not to be trusted.

use miette::Diagnostic;

use crate::database::DatabaseError;
use crate::lock::LockError;
use crate::project::{ProjectError, Target, TargetError};
use crate::python::backup::BackupError;
use crate::python::{CommandError, PythonNotFound, RunError};

/// Why migrations did not run, or are not to be trusted.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum MigrateError {
    /// Database, rows or target.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Project(#[from] ProjectError),
    /// No interpreter has the project's Alembic.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Python(#[from] PythonNotFound),
    /// The command cannot be put together.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Command(#[from] CommandError),
    /// The child cannot be run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] RunError),
    /// There is no dump, so that nothing was run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Backup(#[from] BackupError),
    /// There is no lock, so that nothing was run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lock(#[from] LockError),
    /// The rows did not move.
    #[error(transparent)]
    #[diagnostic(transparent)]
    OtherDatabase(#[from] OtherDatabase),
    /// The version table holds other rows than those that were expected.
    #[error("the database is not where it was when this run was agreed to")]
    #[diagnostic(help("nothing was migrated; look at the plan again"))]
    Stale {
        /// The rows that it holds.
        rows: Vec<String>,
    },
    /// Plan, lock and dump would be of another database than the one that is migrated.
    #[error(
        "`{url}` ({from}) is not the database that env.py migrates: that is `{other}` ({other_from})"
    )]
    #[diagnostic(help(
        "nothing was run: leave `--url` and ALEMBIC_RS_URL out to migrate the database of env.py, or tell env.py the other one"
    ))]
    Elsewhere {
        /// The masked URL that was asked for.
        url: String,
        /// Where it stands.
        from: String,
        /// The masked URL that env.py uses.
        other: String,
        /// Where that stands.
        other_from: String,
    },
    /// The run was given up before the child started.
    #[error("the run was cancelled")]
    #[diagnostic(help("nothing was migrated"))]
    Cancelled,
}

impl From<TargetError> for MigrateError {
    fn from(error: TargetError) -> Self {
        Self::Project(error.into())
    }
}

impl From<DatabaseError> for MigrateError {
    fn from(error: DatabaseError) -> Self {
        Self::Project(error.into())
    }
}

/// `env.py` worked somewhere else.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error(
    "the migrations ran, but `{url}` ({from}) is where it was: env.py migrated another database"
)]
#[diagnostic(help(
    "`alembic-rs status --explain-url` lists where the URL was looked for; name the database that env.py uses with `--url`"
))]
pub struct OtherDatabase {
    /// The masked URL of the database that did not move.
    pub url: String,
    /// Where the URL stands.
    pub from: String,
}

impl OtherDatabase {
    pub(super) fn than(target: &Target) -> Self {
        Self { url: target.url.to_string(), from: target.source.clone() }
    }
}
