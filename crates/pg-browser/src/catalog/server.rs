//! The server and the user.

use serde::{Deserialize, Serialize};

/// The server and who we are on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerInfo {
    /// `server_version`, as in `15.18`.
    pub version: String,
    /// `server_version_num`, as in `150018`.
    pub version_number: u32,
    /// The database's name.
    pub database: String,
    /// The user.
    pub user: String,
    /// Whether the user is a superuser, for whom read-only mode is no wall: functions can write files and run programs.
    pub is_superuser: bool,
    /// Whether the server is a standby, on which nothing can be written.
    pub is_in_recovery: bool,
}
