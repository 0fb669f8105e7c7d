//! Alembic's revision history, read without Python.
#![warn(missing_docs)]

pub mod graph;
pub mod graph_layout;
pub mod revision;
