//! Alembic's revision history, read without Python.
//!
//! A [`Config`](config::Config) names the version folders, [`script`] reads what
//! lies there and links it into a [`RevisionMap`](revision::RevisionMap), and
//! [`graph`] turns that into something to look at. Nothing here prints, runs a
//! program of the project or opens a connection.
#![warn(missing_docs)]

pub mod check;
pub mod config;
pub mod doctor;
pub mod git;
pub mod graph;
pub mod graph_layout;
pub mod lost;
pub mod near_miss;
pub mod read;
pub mod rebase;
pub mod revision;
pub mod script;
mod shell;
pub mod step;
pub mod template;
pub mod write;
