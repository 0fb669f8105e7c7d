//! The parts of a database URL.

use std::path::PathBuf;

use super::{Secret, UrlError, error};
use crate::dialect::Dialect;

/// A database URL: SQLAlchemy's `URL`.
///
/// `Display` and `Debug` are SQLAlchemy's `render_as_string(hide_password=True)`, with what is secret in the query
/// hidden too.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DatabaseUrl {
    /// What stands before `://`: the backend, and behind a plus sign the Python driver.
    pub drivername: String,
    /// The user; `Some` and empty in `postgresql://:password@host`.
    pub username: Option<String>,
    /// The password, decoded.
    pub password: Option<Secret>,
    /// The host, without the brackets of an IPv6 address.
    pub host: Option<String>,
    /// The port.
    pub port: Option<u16>,
    /// What follows the slash, decoded; a file's path for SQLite.
    pub database: Option<String>,
    /// The query: each name once, in order of first mention, with all its values. It may hold a password
    /// ([`password_in_query`](Self::password_in_query)).
    pub query: Vec<(String, Vec<String>)>,
}

/// Where an SQLite database lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SqliteLocation {
    /// In memory: gone with the connection.
    Memory,
    /// A file; a relative path starts at the current directory.
    File(PathBuf),
    /// SQLite's own `file:` URI (`?uri=true`) with its parameters, to be handed on as it is.
    Uri(String),
}

impl DatabaseUrl {
    /// SQLAlchemy's `get_backend_name`: the driver's name up to the plus sign.
    pub fn backend_name(&self) -> &str {
        self.drivername.split('+').next().unwrap_or_default()
    }

    /// The Python driver behind the plus sign, if one is named: `asyncpg`, `psycopg2`.
    pub fn driver(&self) -> Option<&str> {
        self.drivername.split('+').nth(1).filter(|driver| !driver.is_empty())
    }

    /// The family of databases; `None` for one that alembic-rs does not talk to.
    pub fn dialect(&self) -> Option<Dialect> {
        Dialect::from_backend_name(self.backend_name())
    }

    /// Whether the URL says `postgres`, which SQLAlchemy refuses since 1.4 while most other tools accept it.
    ///
    /// The way out is `postgresql` in its place.
    pub fn uses_refused_alias(&self) -> bool {
        self.backend_name() == "postgres"
    }

    /// Whether this is the placeholder of Alembic's templates, `driver://user:pass@localhost/dbname`.
    pub fn is_template_placeholder(&self) -> bool {
        self.drivername == "driver"
            && self.username.as_deref() == Some("user")
            && self.password.as_ref().is_some_and(|password| password.expose() == "pass")
            && self.host.as_deref() == Some("localhost")
            && self.database.as_deref().is_some_and(|name| name.starts_with("dbname"))
    }

    /// The values of a parameter of the query.
    pub fn query_values(&self, name: &str) -> &[String] {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map_or(&[], |(_, values)| values.as_slice())
    }

    /// The last value of a parameter of the query.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query_values(name).last().map(String::as_str)
    }

    /// The password of the query (`?password=`), which libpq prefers to the other.
    pub fn password_in_query(&self) -> Option<Secret> {
        self.query_value("password").map(Secret::new)
    }

    /// Where the SQLite database lies, by the rules of SQLAlchemy's `pysqlite` dialect. Only for [`Dialect::Sqlite`].
    ///
    /// # Errors
    /// When the URL names a user, a host or a port: mostly a slash is missing.
    pub fn sqlite_location(&self) -> Result<SqliteLocation, UrlError> {
        self.check_sqlite()?;
        let name = self.database.as_deref().unwrap_or_default();
        Ok(match name {
            _ if self.query_value("uri").is_some_and(is_true) => {
                SqliteLocation::Uri(self.sqlite_uri(name))
            }
            "" | ":memory:" => SqliteLocation::Memory,
            _ => SqliteLocation::File(PathBuf::from(name)),
        })
    }

    /// Refuses a URL of SQLite that names what only a server has, as SQLAlchemy's `create_connect_args` does; others pass.
    ///
    /// # Errors
    /// When the URL names a user, a password, a host or a port.
    pub fn check_sqlite(&self) -> Result<(), UrlError> {
        let filled = |part: &Option<String>| part.as_deref().is_some_and(|part| !part.is_empty());
        let has_server = filled(&self.username)
            || self.password.as_ref().is_some_and(|password| !password.expose().is_empty())
            || filled(&self.host)
            || self.port.is_some_and(|port| port != 0);
        if has_server && self.dialect() == Some(Dialect::Sqlite) {
            return Err(error::not_sqlite(self));
        }
        Ok(())
    }

    /// SQLite's own URI: the query without what is meant for Python's driver.
    fn sqlite_uri(&self, name: &str) -> String {
        let mut fields: Vec<_> = self
            .query
            .iter()
            .filter(|(name, _)| !PYSQLITE_PARAMETERS.contains(&name.as_str()))
            .filter_map(|(name, values)| Some(format!("{name}={}", values.last()?)))
            .collect();
        fields.sort();
        if fields.is_empty() { name.to_owned() } else { format!("{name}?{}", fields.join("&")) }
    }
}

/// The parameters that SQLAlchemy hands to Python's driver.
const PYSQLITE_PARAMETERS: [&str; 6] =
    ["uri", "timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements"];

/// SQLAlchemy's `asbool`.
fn is_true(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "y" | "t" | "1")
}
