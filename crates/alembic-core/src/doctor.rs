//! `doctor`: what is well with a project and what is not, as a list of checks.
//!
//! [`project`] looks at what lies on disk: configuration, scripts, identifiers, links,
//! heads. What needs a database or an interpreter is looked at elsewhere; the
//! constructors of [`Check`] in [`database`](self) and [`python`](self) put those
//! answers into the same words. Nothing here connects, runs or prints.

mod check;
mod database;
mod project;
mod python;
#[cfg(test)]
mod tests;

pub use check::{Check, Status, Way};
pub use project::project;
