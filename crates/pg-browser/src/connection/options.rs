//! What a connection is made of.

use std::{fmt, time::Duration};

use pg_parameters::{Given, InvalidParameter, Settings};

use super::{Variables, url};
use crate::{Error, Result};

/// How to connect, where to, and as whom.
///
/// What is left open comes from libpq's environment variables (`PGHOST`, `PGPORT`, `PGUSER`, `PGDATABASE`, `PGPASSWORD`,
/// `PGPASSFILE`, `PGSSLMODE`, …), its password file, then its defaults. The password shows nowhere.
///
/// ```
/// use std::time::Duration;
/// use pg_browser::ConnectOptions;
///
/// let options = ConnectOptions::from_url("postgresql://ann:s3cret@db.example/shop?sslmode=require")?
///     .application_name("shop admin")
///     .statement_timeout(Duration::from_secs(10))
///     .read_only(true);
/// assert!(!format!("{options:?}").contains("s3cret"));
/// # Ok::<(), pg_browser::Error>(())
/// ```
#[derive(Clone)]
pub struct ConnectOptions {
    pub(super) host: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) database: Option<String>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) application_name: String,
    pub(super) connect_timeout: Duration,
    pub(super) statement_timeout: Option<Duration>,
    pub(super) lock_timeout: Option<Duration>,
    pub(super) search_path: Vec<String>,
    pub(super) read_only: bool,
    pub(super) max_connections: u32,
    pub(super) variables: Variables,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl ConnectOptions {
    /// Nothing but libpq's environment variables and defaults.
    pub fn new() -> Self {
        Self {
            host: None,
            port: None,
            user: None,
            password: None,
            database: None,
            parameters: Vec::new(),
            application_name: "pg-browser".to_owned(),
            connect_timeout: Duration::from_secs(10),
            statement_timeout: Some(Duration::from_secs(30)),
            lock_timeout: Some(Duration::from_secs(5)),
            search_path: Vec::new(),
            read_only: false,
            max_connections: 8,
            variables: Variables::process(),
        }
    }

    /// By a URL in SQLAlchemy's and libpq's grammar: `postgresql://user:password@host:port/database?parameter=value`.
    /// A driver's name, as in `postgresql+psycopg2`, is of no account; the last `@` in front of the path ends the password.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSetting`](crate::Error::InvalidSetting) when it is no URL of PostgreSQL; the URL is not repeated.
    pub fn from_url(url: &str) -> Result<Self> {
        url::parse(url)
    }

    /// The host: a name, an address, the folder of a socket, or several between commas, which are tried in turn.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// The port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// The user.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// The password.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The database.
    #[must_use]
    pub fn database(mut self, database: impl Into<String>) -> Self {
        self.database = Some(database.into());
        self
    }

    /// One of libpq's parameters, as behind a URL's question mark: `sslmode`, `sslrootcert`, `options`, `host`, …
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// What the server shows as this connection's name, unless the URL or `PGAPPNAME` gives one.
    #[must_use]
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.application_name = name.into();
        self
    }

    /// How long connecting may take, and waiting for a free connection.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long one statement may take, unless its request says otherwise; `None` leaves it to the server.
    #[must_use]
    pub fn statement_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.statement_timeout = limit.into();
        self
    }

    /// How long browsing and edits may wait for a lock, such as a migration's; `None` leaves it to the server.
    #[must_use]
    pub fn lock_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.lock_timeout = limit.into();
        self
    }

    /// The schemas in which queries look for names; empty leaves it to the server.
    #[must_use]
    pub fn search_path(mut self, schemas: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.search_path = schemas.into_iter().map(Into::into).collect();
        self
    }

    /// Whether anything but reading is refused.
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = read_only;
        self
    }

    /// How many connections may be open at once, apart from one that cancels; at least 1.
    #[must_use]
    pub fn max_connections(mut self, number: u32) -> Self {
        self.max_connections = number.max(1);
        self
    }

    /// Where environment variables are looked up.
    #[must_use]
    pub fn variables(mut self, variables: Variables) -> Self {
        self.variables = variables;
        self
    }

    /// What libpq would make of it.
    pub(super) fn resolve(&self) -> Result<Settings> {
        let given = Given {
            host: self.host.as_deref(),
            port: self.port,
            user: self.user.as_deref(),
            password: self.password.as_deref(),
            database: self.database.as_deref(),
            parameters: &self.parameters,
            application_name: &self.application_name,
        };
        Settings::resolve(&given, &self.variables).map_err(|InvalidParameter { name, reason }| {
            Error::InvalidSetting { name: name.to_owned(), reason }
        })
    }
}

/// Shows neither the password nor parameters, which can hold one.
impl fmt::Debug for ConnectOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ConnectOptions")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("database", &self.database)
            .field("application_name", &self.application_name)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}
