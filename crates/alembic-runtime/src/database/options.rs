//! How we connect.

use std::time::Duration;

#[cfg(feature = "postgres")]
use pg_parameters::Variables;

/// How to connect, apart from where.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// How long connecting may take, with name lookup, TLS and password; a URL's `connect_timeout` can shorten it.
    pub timeout: Duration,
    /// Nothing is ever written: SQLite files are opened read-only and never created, statements run in read-only
    /// transactions.
    pub read_only: bool,
    /// What the server shows as this connection's name, unless the URL or `PGAPPNAME` gives one.
    pub application_name: String,
    /// How long one statement may take; `None` leaves it to the server.
    pub statement_timeout: Option<Duration>,
    /// libpq's environment variables: `PGHOST` and the like.
    #[cfg(feature = "postgres")]
    pub variables: Variables,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            read_only: false,
            application_name: "alembic-rs".to_owned(),
            statement_timeout: None,
            #[cfg(feature = "postgres")]
            variables: Variables::process(),
        }
    }
}
