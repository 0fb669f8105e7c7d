//! What a database URL says.

use std::fmt;

use crate::database_url::DatabaseUrl;
use crate::dialect::Dialect;

/// The parts of a database URL, percent-decoded, as SQLAlchemy's `URL` has them.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectParts {
    /// The family, by the URL's scheme; a driver behind `+` is of no account.
    pub dialect: Dialect,
    /// Before the `@`.
    pub username: Option<String>,
    /// Behind the user's colon; never shown.
    pub password: Option<String>,
    /// Name or address, IPv6 without brackets.
    pub host: Option<String>,
    /// Behind the host's colon.
    pub port: Option<u16>,
    /// Behind the slash: a name, or SQLite's path.
    pub database: Option<String>,
    /// Pairs behind the question mark, in their order; a name may occur again.
    pub query: Vec<(String, String)>,
}

impl ConnectParts {
    /// The parts of a URL; `None` for a dialect that alembic-rs does not talk to.
    pub fn of(url: &DatabaseUrl) -> Option<Self> {
        let pairs = url.query.iter().flat_map(|(name, values)| {
            values.iter().map(move |value| (name.clone(), value.clone()))
        });
        Some(Self {
            username: url.username.clone(),
            password: url.password.as_ref().map(|password| password.expose().to_owned()),
            host: url.host.clone(),
            port: url.port,
            database: url.database.clone(),
            query: pairs.collect(),
            ..Self::new(url.dialect()?)
        })
    }

    /// Parts that say nothing but the dialect.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            username: None,
            password: None,
            host: None,
            port: None,
            database: None,
            query: Vec::new(),
        }
    }

    /// The last value of that name behind the question mark; an empty one counts as absent.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let pair = self.query.iter().rev().find(|(key, _)| key == name);
        pair.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// The URL as people may see it: the password masked, the pairs behind the question mark left out.
impl fmt::Display for ConnectParts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://", self.dialect)?;
        if let Some(username) = &self.username {
            let password = if self.password.is_some() { ":***" } else { "" };
            write!(formatter, "{username}{password}@")?;
        }
        match &self.host {
            Some(host) if host.contains(':') => write!(formatter, "[{host}]")?,
            Some(host) => formatter.write_str(host)?,
            None => {}
        }
        if let Some(port) = self.port {
            write!(formatter, ":{port}")?;
        }
        self.database.as_ref().map_or(Ok(()), |database| write!(formatter, "/{database}"))
    }
}

/// As [`Display`](fmt::Display): no password is in it.
impl fmt::Debug for ConnectParts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ConnectParts({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnectParts, Dialect};

    fn parts() -> ConnectParts {
        ConnectParts {
            username: Some("ann".to_owned()),
            password: Some("s3cret".to_owned()),
            host: Some("::1".to_owned()),
            port: Some(5433),
            database: Some("shop".to_owned()),
            query: vec![("password".to_owned(), "s3cret".to_owned())],
            ..ConnectParts::new(Dialect::PostgreSql)
        }
    }

    #[test]
    fn no_password_is_shown() {
        assert_eq!(parts().to_string(), "postgresql://ann:***@[::1]:5433/shop");
        assert!(!format!("{:?}", parts()).contains("s3cret"));
    }
}
