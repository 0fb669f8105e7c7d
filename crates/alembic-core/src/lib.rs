//! Alembic's revision history, read without Python.
#![warn(missing_docs)]

pub mod check;
pub mod config;
pub mod git;
mod near_miss;
pub mod revision;
pub mod script;
