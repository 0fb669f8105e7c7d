//! Steps between revisions, and what each does to the rows of the version table.
//!
//! Pure planning: what Alembic's `RevisionStep`, `StampStep` and `HeadMaintainer` would do, as data.

/// A change of one row of the version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionChange {
    /// A row is added.
    Insert {
        /// The new row.
        version: String,
    },
    /// A row is removed.
    Delete {
        /// The row.
        version: String,
    },
    /// A row takes another value.
    Update {
        /// What the row holds before.
        from: String,
        /// What it holds after.
        to: String,
    },
}
