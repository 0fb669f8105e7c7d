//! Revision histories drawn and exported.
//!
//! [`History`] is the document: the revisions shown with their marks, the edges
//! between them, heads, bases, labels, the database's state and the problems.
//! Serialised, it is the JSON of `history --format json` (`docs/history-json.md`).
//! The renderers turn it into text: [`text`] for terminals and files, [`svg`],
//! [`dot`] and [`mermaid`].
//!
//! Nothing here prints, knows a terminal, reads a file or asks a database: facts
//! about scripts and the rows of the version table are handed in.

mod build;
mod document;
pub mod dot;
pub mod fold;
pub mod history;
pub mod marks;
pub mod mermaid;
pub mod order;
mod plan;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod schema_tests;
pub mod svg;
#[cfg(test)]
mod testing;
pub mod text;
mod words;

pub use build::Facts;
pub use history::History;
pub use marks::{Mark, Marks, NodeState, State};
pub use order::drawing_order;
