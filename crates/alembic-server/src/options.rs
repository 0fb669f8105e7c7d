//! How the server was started.

use std::fmt;
use std::path::PathBuf;

use crate::guard::AllowedHosts;

/// How the server was started.
#[derive(Clone, Default)]
pub struct ServerOptions {
    /// The names by which it may be asked for, besides those of loopback.
    pub hosts: AllowedHosts,
    /// Whether nothing may be changed, whatever the settings say.
    pub read_only: bool,
    /// The token that begins a session, at least [`crate::SHORTEST_TOKEN`] characters long.
    pub token: Option<String>,
    /// The file of the settings; `None` keeps them in memory alone.
    pub settings_file: Option<PathBuf>,
    /// The file of the statements that were run; `None` keeps none.
    pub history_file: Option<PathBuf>,
    /// Where dumps of the database go; `None` means that none can be made.
    pub backup_folder: Option<PathBuf>,
}

/// Without the token.
impl fmt::Debug for ServerOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerOptions")
            .field("hosts", &self.hosts)
            .field("read_only", &self.read_only)
            .field("settings_file", &self.settings_file)
            .finish_non_exhaustive()
    }
}
