//! Databases for real: PostgreSQL, MariaDB and SQLite, what they answer, and what becomes of their version table.
#![cfg(unix)]

mod connect;
mod lock;
mod rows;
mod sql;
mod support;
