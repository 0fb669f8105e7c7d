//! What to change.

use serde::{Deserialize, Serialize};

use crate::{RowId, TableName, Value};

/// Edits that happen together or not at all, in their order.
///
/// ```
/// use pg_browser::{Edit, EditSet, RowId, TableName, Value};
///
/// let pets = TableName::new("public", "pets");
/// let row = RowId { key: vec!["7".into()], version: Some("741".into()) };
/// let edits = EditSet::new([
///     Edit::update(pets.clone(), row, [("name", "Rex".into()), ("note", Value::Null)]),
///     Edit::insert(pets, [("name", "Tom".into())]),
/// ]);
/// assert_eq!(edits.edits.len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditSet {
    /// The edits.
    pub edits: Vec<Edit>,
}

impl EditSet {
    /// A set of these edits.
    pub fn new(edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { edits: edits.into_iter().collect() }
    }
}

/// One change of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Edit {
    /// A new row.
    Insert {
        /// The table.
        table: TableName,
        /// Values of columns; columns that are not named get their default.
        values: Vec<Assignment>,
    },
    /// A change of a row.
    Update {
        /// The table.
        table: TableName,
        /// The row, in the version that was seen.
        row: RowId,
        /// The columns that change, and no others.
        changes: Vec<Assignment>,
    },
    /// The end of a row.
    Delete {
        /// The table.
        table: TableName,
        /// The row, in the version that was seen.
        row: RowId,
    },
}

impl Edit {
    /// A new row.
    pub fn insert<'a>(
        table: TableName,
        values: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> Self {
        Self::Insert { table, values: assignments(values) }
    }

    /// A change of a row.
    pub fn update<'a>(
        table: TableName,
        row: RowId,
        changes: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> Self {
        Self::Update { table, row, changes: assignments(changes) }
    }

    /// The end of a row.
    pub fn delete(table: TableName, row: RowId) -> Self {
        Self::Delete { table, row }
    }

    /// The table.
    pub fn table(&self) -> &TableName {
        let (Self::Insert { table, .. } | Self::Update { table, .. } | Self::Delete { table, .. }) =
            self;
        table
    }

    /// The row that is there before; `None` for a new one.
    pub fn row(&self) -> Option<&RowId> {
        match self {
            Self::Insert { .. } => None,
            Self::Update { row, .. } | Self::Delete { row, .. } => Some(row),
        }
    }
}

fn assignments<'a>(pairs: impl IntoIterator<Item = (&'a str, Value)>) -> Vec<Assignment> {
    let assignment = |(column, value): (&str, Value)| Assignment { column: column.to_owned(), value };
    pairs.into_iter().map(assignment).collect()
}

/// A value for a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignment {
    /// The column.
    pub column: String,
    /// The value.
    pub value: Value,
}
