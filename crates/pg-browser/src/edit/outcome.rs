//! What edits would do and did.

use serde::{Deserialize, Serialize};

use super::EditSet;
use crate::{Cell, RowId};

/// The statements of an edit set, to read; values stand in them as literals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditPreview {
    /// One statement for each edit.
    pub statements: Vec<PreviewStatement>,
}

/// The statement of one edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewStatement {
    /// The edit's place in its set.
    pub edit: usize,
    /// The statement, which psql would take.
    pub sql: String,
}

/// What became of an edit set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum EditOutcome {
    /// All of it was done.
    Applied {
        /// The row after each edit.
        rows: Vec<EditedRow>,
        /// What takes it all back, guarded in its turn. Values that a sequence gave are not given back to it.
        undo: EditSet,
    },
    /// Rows are not as they were seen: nothing was done.
    Conflict {
        /// Every row that is in the way.
        conflicts: Vec<Conflict>,
    },
}

/// A row after an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditedRow {
    /// The edit's place in its set.
    pub edit: usize,
    /// Which row it is now; `None` when it was deleted, or where rows cannot be told apart.
    pub id: Option<RowId>,
    /// The columns of the table.
    pub columns: Vec<String>,
    /// Their values; `None` when the row was deleted.
    pub cells: Option<Vec<Cell>>,
}

/// A row that is not as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// The edit's place in its set.
    pub edit: usize,
    /// What happened to the row.
    pub reason: ConflictReason,
    /// Our edit.
    pub ours: super::Edit,
    /// The row as it is in the database now, with the id for a next attempt.
    pub theirs: Option<EditedRow>,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConflictReason {
    /// Someone else changed it.
    Changed,
    /// It is gone: deleted, its key changed, or, in a table without a key, moved by a change.
    Gone,
}
