//! Families of databases, by the first part of a URL's scheme.

/// A family of databases that alembic-rs talks to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}
