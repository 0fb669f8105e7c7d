//! Changing rows: a set of edits, what it would do, what it did.

mod apply;
mod outcome;
mod refusal;
mod set;
mod undo;

pub(crate) use apply::{apply, preview};
pub use outcome::{Conflict, ConflictReason, EditOutcome, EditPreview, EditedRow, PreviewStatement};
pub use set::{Assignment, Edit, EditSet};
