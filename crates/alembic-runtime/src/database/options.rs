//! How we connect.

use std::{fmt, sync::Arc, time::Duration};

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
    pub variables: Variables,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            read_only: false,
            application_name: "alembic-rs".to_owned(),
            statement_timeout: None,
            variables: Variables::process(),
        }
    }
}

/// Where environment variables are looked up; tests bring their own.
#[derive(Clone)]
pub struct Variables(Arc<Lookup>);

type Lookup = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Variables {
    /// The environment of this process.
    pub fn process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// Whatever `lookup` answers.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(lookup))
    }

    /// The variable's value; an empty one counts as absent, as in libpq.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }
}

/// Says nothing of the values: `PGPASSWORD` is one of them.
impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Variables")
    }
}
