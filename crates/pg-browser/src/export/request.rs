//! What can be asked for.

use serde::{Deserialize, Serialize};

use crate::{PageRequest, TableName};

/// Rows to export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportRequest {
    /// The rows.
    pub source: ExportSource,
    /// How they are written.
    pub format: ExportFormat,
    /// Milliseconds that the server may take; `None` for no limit.
    #[serde(default)]
    pub timeout_ms: Option<u32>,
}

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportSource {
    /// All rows of a table that fit, in the order asked for, cells in full; position and limit are of no account.
    Table {
        /// Table, columns, filters and order.
        rows: PageRequest,
    },
    /// One page, cells in full.
    Page {
        /// The page.
        rows: PageRequest,
    },
    /// The result of a statement that reads.
    Query {
        /// The statement.
        sql: String,
    },
}

/// How rows are written, in UTF-8 with `\n` at the end of lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated values, as `COPY … (FORMAT csv)` writes them: NULL is nothing, the empty text is `""`.
    Csv {
        /// Whether the first line names the columns.
        header: bool,
    },
    /// A JSON object a line, as `row_to_json` writes it, every digit of numbers included. Columns of a query that are
    /// called alike are numbered: `a`, `a_2`.
    JsonLines,
    /// An INSERT a row.
    SqlInsert {
        /// The table to insert into.
        into: TableName,
    },
}
