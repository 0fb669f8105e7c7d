//! The API: one file for each noun, with its types, its handlers and what they answer.

pub(crate) mod activity;
pub(crate) mod data;
pub(crate) mod environment;
pub(crate) mod exports;
pub(crate) mod graph;
pub(crate) mod history;
mod limits;
pub(crate) mod models;
pub(crate) mod plan;
pub(crate) mod queries;
pub(crate) mod revisions;
pub(crate) mod runs;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod status;
