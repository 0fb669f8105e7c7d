//! Lost revisions in real repositories.

mod extended;
mod find;
mod kinds;
mod recovery;
mod support;
