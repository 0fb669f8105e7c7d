//! The browser on real servers: PostgreSQL 15 and 18.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "clippy.toml allows it in tests; this is for what they share")]

mod activity;
mod catalogue;
mod connection;
mod edits;
mod export;
mod names;
mod orders;
mod pages;
mod queries;
mod read_only;
mod refusals;
mod support;
mod values;
