//! The server: each guard and each route, asked directly; runs against real Alembic, on SQLite and PostgreSQL.
#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod client;
mod data;
mod documents;
mod guards;
mod history;
mod models;
mod pages;
mod project;
mod runs;
mod sessions;
mod settings;
mod stopping;
