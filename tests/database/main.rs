//! Databases for real: PostgreSQL, MariaDB and SQLite, what they answer, and what becomes of their version table.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests; this is for what they share"
)]

mod connect;
mod lock;
mod rows;
mod sql;
mod support;
