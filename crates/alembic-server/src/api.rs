//! The API: one file for each noun, with its types, its handlers and what they answer.

pub mod activity;
pub mod data;
pub mod environment;
pub mod exports;
pub mod graph;
mod limits;
pub mod plan;
pub mod queries;
pub mod revisions;
pub mod runs;
pub mod session;
pub mod settings;
pub mod status;
