//! What comes back.

use serde::{Deserialize, Serialize};

use crate::{Cell, catalog::ColumnSource, error::ErrorReport};

/// What became of the statements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueryOutcome {
    /// One result for each statement that ran to its end.
    pub results: Vec<StatementResult>,
    /// The statement that failed, behind which none ran.
    pub failure: Option<StatementFailure>,
    /// Whether a transaction of the SQL was still open at the end, and was rolled back.
    pub rolled_back: bool,
}

/// What one statement gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementResult {
    /// Where the statement begins in the SQL, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The result's columns; empty for a statement without rows.
    pub columns: Vec<ResultColumn>,
    /// The rows, as many as the limit allows.
    pub rows: Vec<Vec<Cell>>,
    /// Whether there are more.
    pub is_truncated: bool,
    /// Rows that the statement changed; `None` for one that reads.
    pub affected_rows: Option<u64>,
    /// What the server said beside.
    pub notices: Vec<Notice>,
    /// Milliseconds that it took.
    pub elapsed_ms: f64,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultColumn {
    /// Its name.
    pub name: String,
    /// Its type, without length or precision.
    pub type_name: String,
    /// The column of a table that it is; `None` for an expression.
    pub origin: Option<ColumnSource>,
}

/// A message of the server that is no error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    /// `WARNING`, `NOTICE`, `DEBUG` or `INFO`.
    pub severity: String,
    /// The message.
    pub message: String,
}

/// A statement that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementFailure {
    /// Where the statement begins in the SQL, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What went wrong; its `position` counts from the beginning of the SQL.
    pub error: ErrorReport,
    /// What the server said before.
    pub notices: Vec<Notice>,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// The plan: lines, or JSON.
    pub plan: String,
    /// Milliseconds that it took.
    pub elapsed_ms: f64,
}
