//! The revision graph: Alembic's `RevisionMap` over petgraph.
//!
//! Pure: this module knows identifiers, parents, dependencies and labels, but
//! no files, no Python source and no database. Reading scripts is the business
//! of [`crate::script`]; what an identifier means is parsed by [`identifier`]
//! before any graph is asked.
//!
//! Behaviour comes from Alembic 1.20's `alembic/script/revision.py`; where an
//! answer of Alembic depends on the order of a Python set, ours is the order in
//! which the scripts were loaded.

mod apart;
mod applied;
mod cycle;
mod error;
pub mod identifier;
mod ids;
mod labels;
#[cfg(test)]
pub(crate) mod letters;
mod map;
mod order;
mod redundant;
mod resolve;
mod target;
#[cfg(test)]
mod tests;
mod traverse;
mod walk;
mod warning;
mod way;

pub use error::{CycleKind, ResolutionFailure, RevisionError};
pub use map::{EdgeKind, Refusal, Revision, RevisionIndex, RevisionMap};
pub use resolve::{Found, Lineage};
pub use traverse::Bound;
pub use warning::GraphWarning;
