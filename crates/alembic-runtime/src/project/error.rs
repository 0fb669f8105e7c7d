//! What keeps a question to a project and its database from being answered.

use alembic_core::script::ScriptDirectoryError;
use miette::Diagnostic;

use super::{LostRevision, TargetError};
use crate::database::DatabaseError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum ProjectError {
    /// There is no database, or none that may be changed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Target(#[from] TargetError),
    /// The database does not do what it is asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Database(#[from] DatabaseError),
    /// The database is at a revision that the project does not have.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lost(#[from] LostRevision),
    /// What was asked for names nothing.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Question(ScriptDirectoryError),
}
