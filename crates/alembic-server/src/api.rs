//! The API: one file for each noun, with its types, its handlers and what they answer.

pub mod environment;
pub mod graph;
pub mod plan;
pub mod revisions;
pub mod runs;
pub mod session;
pub mod settings;
pub mod status;
