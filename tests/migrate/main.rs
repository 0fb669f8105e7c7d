//! The program over real servers and with the project's own Python: what becomes of the version table, who keeps out whom,
//! what is left when something is killed.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests; this is for what they share"
)]

mod bad_input;
mod disasters;
mod drivers;
mod mariadb;
mod offline;
mod options;
mod petshop;
mod recover;
mod replicas;
mod shop;

const PROGRAM: &str = env!("CARGO_BIN_EXE_alembic-rs");
