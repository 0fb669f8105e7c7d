//! Deterministic Alembic projects of any size, for benchmarks and `cargo xtask speed`.
//!
//! The same shape and count give the same bytes on every machine, so that two measurements are of the same thing.
//! Revision identifiers look random, as Alembic's do: the order of the files in their folder has nothing to do with
//! the order of the history, which is what a loader meets in real projects.
//!
//! This library measures nothing and reads no project; the benches under `benches/` do.
#![warn(missing_docs)]

mod body;
mod models;
mod project;
mod random;
mod script;
mod shape;

pub use models::write_models;
pub use project::{SCRIPT_FOLDER, write_project};
pub use script::{Script, script};
pub use shape::{Node, Shape};
