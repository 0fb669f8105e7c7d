//! Lost revisions in real repositories.

mod find;
mod kinds;
mod large;
mod recovery;
mod support;
