//! What a page is.

use serde::{Deserialize, Serialize};

use super::Cursor;
use crate::{Cell, RowKey};

/// Rows of a table, in the order that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// The columns, in the order of the cells.
    pub columns: Vec<PageColumn>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How the rows are told apart.
    pub row_key: RowKey,
    /// Where the page behind this one begins; `None` on the last.
    pub next: Option<Cursor>,
    /// Where the page in front of this one ends; `None` on the first.
    pub previous: Option<Cursor>,
    /// Milliseconds from the call to the last row.
    pub elapsed_ms: f64,
}

/// A column of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageColumn {
    /// Its name.
    pub name: String,
    /// Its type as SQL has it.
    pub type_name: String,
}

/// A row of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    /// Which row it is; `None` where rows cannot be told apart.
    pub id: Option<RowId>,
    /// Its values, one for each column of the page.
    pub cells: Vec<Cell>,
}

/// Which row, and in which version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowId {
    /// The values of the table's [`RowKey`]: of the key's columns, or `ctid`, or `tableoid` and `ctid`.
    pub key: Vec<String>,
    /// `xmin`, the transaction that wrote this version; `None` where there is none, as in views.
    pub version: Option<String>,
}
