//! Databases for real: PostgreSQL, MariaDB and SQLite, what they answer, and what becomes of their version table.
#![cfg(unix)]

mod connect;
mod rows;
mod support;
