//! Alembic's revision history, read without Python.
#![warn(missing_docs)]

pub mod config;
