//! An error as data.

use serde::{Deserialize, Serialize};

use super::{Error, ServerError};

/// An error as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorReport {
    /// [`Error::code`].
    pub code: String,
    /// What went wrong, in a line.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// What the server said, where it said something.
    pub server: Option<ServerError>,
}

impl ErrorReport {
    pub(super) fn of(error: &Error) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            help: error.help(),
            server: error.server().cloned(),
        }
    }
}
