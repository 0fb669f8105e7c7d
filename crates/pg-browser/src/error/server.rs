//! What the server says about an error, and what it means for us.

use std::fmt;

use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use super::{Error, Reader};

/// The fields of an ErrorResponse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerError {
    /// Its SQLSTATE, as in `23505`.
    pub sqlstate: String,
    /// What went wrong.
    pub message: String,
    /// More about it, as in `Key (id)=(7) already exists.`
    pub detail: Option<String>,
    /// What the server advises.
    pub hint: Option<String>,
    /// The character of the SQL where it went wrong, from 1.
    pub position: Option<usize>,
    /// The table's schema.
    pub schema: Option<String>,
    /// The table.
    pub table: Option<String>,
    /// The column.
    pub column: Option<String>,
    /// The constraint.
    pub constraint: Option<String>,
    /// The edit of a set that it is about, from 0.
    pub edit: Option<usize>,
}

impl fmt::Display for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        self.detail.as_ref().map_or(Ok(()), |detail| write!(formatter, " ({detail})"))
    }
}

impl ServerError {
    pub(crate) fn of_driver(error: &sqlx::Error) -> Option<Self> {
        let error = error.as_database_error()?;
        error.try_downcast_ref::<PgDatabaseError>().map(Self::of)
    }

    fn of(error: &PgDatabaseError) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let position = match error.position() {
            Some(PgErrorPosition::Original(position)) => Some(position),
            _ => None,
        };
        Self {
            sqlstate: error.code().to_owned(),
            message: error.message().to_owned(),
            detail: text(error.detail()),
            hint: text(error.hint()),
            position,
            schema: text(error.schema()),
            table: text(error.table()),
            column: text(error.column()),
            constraint: text(error.constraint()),
            edit: None,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
                Some(error) => ServerError::of(error).into(),
                None => Self::Protocol { reason: error.to_string() },
            },
            sqlx::Error::Io(error) => Self::ConnectionLost { reason: error.to_string() },
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::ConnectionLost { reason: "the pool is closed".to_owned() }
            }
            error => Self::Protocol { reason: error.to_string() },
        }
    }
}

/// By SQLSTATE, see PostgreSQL's appendix A.
impl From<ServerError> for Error {
    fn from(error: ServerError) -> Self {
        match error.sqlstate.as_str() {
            "57P01" | "57P02" | "57P03" | "57P05" => Self::ConnectionLost { reason: error.message },
            // The message is translated, but only a timeout and a request have this code.
            "57014" if error.message.contains("timeout") => Self::Timeout { limit_ms: None },
            "57014" => Self::Cancelled,
            "42501" => Self::PermissionDenied(Box::new(error)),
            "25006" => Self::NotReadOnly { reader: Reader::Mode, reason: error.message },
            "55P03" | "40P01" | "40001" => Self::Locked(Box::new(error)),
            "54000" | "54P01" => Self::TooLarge(Box::new(error)),
            state if state.starts_with("23") => Self::ConstraintViolated(Box::new(error)),
            state if state.starts_with("08") => Self::ConnectionLost { reason: error.message },
            _ => Self::Server(Box::new(error)),
        }
    }
}
