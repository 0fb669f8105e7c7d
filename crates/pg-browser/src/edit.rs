//! Changing rows: a set of edits, what it would do, what it did.

mod outcome;
mod set;

pub use outcome::{Conflict, ConflictReason, EditOutcome, EditPreview, EditedRow, PreviewStatement};
pub use set::{Assignment, Edit, EditSet};
