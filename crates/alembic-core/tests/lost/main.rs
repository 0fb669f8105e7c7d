//! Lost revisions in real repositories.

mod extended;
mod find;
mod kinds;
mod large;
mod recovery;
mod support;
