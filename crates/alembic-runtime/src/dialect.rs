//! Families of databases, by the first part of a URL's scheme, and their SQL.
//!
//! Pure text: nothing here needs a connection or a driver.

mod identifier;
mod reserved;
pub mod sql;

use std::fmt;

pub use identifier::quoted;

/// A family of databases that alembic-rs talks to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// PostgreSQL, and what speaks its protocol.
    PostgreSql,
    /// MySQL and MariaDB.
    MySql,
    /// SQLite, in a file or in memory.
    Sqlite,
}

impl Dialect {
    /// The family by the name of SQLAlchemy's backend (the driver's name up to the plus sign).
    ///
    /// `postgres`, which SQLAlchemy refuses, is taken for what is meant; `cockroachdb` speaks PostgreSQL's protocol.
    pub fn from_backend_name(name: &str) -> Option<Self> {
        match name {
            "postgresql" | "postgres" | "cockroachdb" => Some(Self::PostgreSql),
            "mysql" | "mariadb" => Some(Self::MySql),
            "sqlite" => Some(Self::Sqlite),
            _ => None,
        }
    }

    /// SQLAlchemy's name for it: the first part of a URL's scheme.
    pub fn name(self) -> &'static str {
        match self {
            Self::PostgreSql => "postgresql",
            Self::MySql => "mysql",
            Self::Sqlite => "sqlite",
        }
    }

    /// Whether Alembic assumes that DDL can be rolled back (`transactional_ddl` of its `impl`).
    ///
    /// SQLite's DDL can; Alembic assumes otherwise, because Python's driver used to get in the way.
    pub fn has_transactional_ddl(self) -> bool {
        self == Self::PostgreSql
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
