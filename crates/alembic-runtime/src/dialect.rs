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
