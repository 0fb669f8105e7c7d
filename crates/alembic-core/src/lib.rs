//! Alembic's revision history, read without Python.
#![warn(missing_docs)]

pub mod config;
mod near_miss;
pub mod revision;
pub mod script;
