//! The parts of a database URL.

use std::path::PathBuf;

use super::Secret;
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
    /// SQLite's own `file:` URI (`?uri=true`), to be handed on as it is.
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
    pub fn sqlite_location(&self) -> SqliteLocation {
        let Some(name) = self.database.as_deref().filter(|name| !name.is_empty()) else {
            return SqliteLocation::Memory;
        };
        let is_uri = self.query_value("uri").is_some_and(is_true);
        match name {
            ":memory:" => SqliteLocation::Memory,
            _ if is_uri => SqliteLocation::Uri(name.to_owned()),
            _ => SqliteLocation::File(PathBuf::from(name)),
        }
    }
}

/// SQLAlchemy's `asbool`.
fn is_true(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "y" | "t" | "1")
}
