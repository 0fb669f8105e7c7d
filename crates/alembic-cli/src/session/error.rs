//! The exit codes of what a project and its database refuse.

use std::io;

use alembic_runtime::database::{DatabaseError, DatabaseErrorKind};
use alembic_runtime::lock::LockError;
use alembic_runtime::migrate::MigrateError;
use alembic_runtime::project::{ProjectError, TargetError};
use alembic_runtime::rescue::RescueError;
use miette::Diagnostic;

use crate::diagnostics::{Failure, code};

/// The machine gives us no event loop.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot wait for the network: {0}")]
#[diagnostic(help("the limit of open files may be reached (`ulimit -n`)"))]
pub(super) struct NoRuntime(#[from] io::Error);

impl From<NoRuntime> for Failure {
    fn from(error: NoRuntime) -> Self {
        Self::new(code::DATABASE, error)
    }
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Self {
        let code = match error {
            TargetError::Guessed { .. } | TargetError::TableInDoubt { .. } => code::USAGE,
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

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Target(error) => error.into(),
            ProjectError::Database(error) => error.into(),
            ProjectError::Lost(error) => Self::new(code::UNKNOWN_REVISION, error),
            ProjectError::Question(error) => Self::question(error),
            other => Self::new(code::DATABASE, other),
        }
    }
}

impl From<RescueError> for Failure {
    fn from(error: RescueError) -> Self {
        match error {
            RescueError::Project(error) => error.into(),
            RescueError::NothingLost => Self::new(code::USAGE, error),
            other => Self::new(code::UNKNOWN_REVISION, other),
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        let code = match error {
            LockError::Held { .. } => code::LOCK,
            _ => code::DATABASE,
        };
        Self::new(code, error)
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Project(error) => error.into(),
            MigrateError::Lock(error) => error.into(),
            MigrateError::Command(error) => Self::new(code::USAGE, error),
            MigrateError::Python(error) => Self::new(code::CONFIGURATION, error),
            MigrateError::Run(error) => Self::new(code::CONFIGURATION, error),
            MigrateError::Backup(error) => Self::new(code::CONFIGURATION, error),
            other => Self::new(code::DATABASE, other),
        }
    }
}
