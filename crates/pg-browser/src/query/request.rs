//! What can be asked for.

use serde::{Deserialize, Serialize};

/// A statement, or several between semicolons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueryRequest {
    /// The SQL.
    pub sql: String,
    /// Rows to keep of each statement's result.
    #[serde(default = "QueryRequest::default_row_limit")]
    pub row_limit: u32,
    /// Bytes a cell, beyond which it is cut.
    #[serde(default = "QueryRequest::default_cell_limit")]
    pub cell_limit: u32,
    /// Nothing may be written: one statement of the kinds that read. Always so on a read-only connection.
    #[serde(default)]
    pub read_only: bool,
    /// Milliseconds that each statement may take; `None` for the connection's own limit.
    #[serde(default)]
    pub timeout_ms: Option<u32>,
}

impl QueryRequest {
    /// Rows to keep, unless a request says otherwise.
    pub const ROW_LIMIT: u32 = 1000;

    /// SQL that may write.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            row_limit: Self::ROW_LIMIT,
            cell_limit: crate::PageRequest::CELL_LIMIT,
            read_only: false,
            timeout_ms: None,
        }
    }

    /// SQL that may not write.
    pub fn read_only(sql: impl Into<String>) -> Self {
        Self { read_only: true, ..Self::new(sql) }
    }

    fn default_row_limit() -> u32 {
        Self::ROW_LIMIT
    }

    fn default_cell_limit() -> u32 {
        crate::PageRequest::CELL_LIMIT
    }
}

/// A statement whose plan is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExplainRequest {
    /// The statement, without EXPLAIN.
    pub sql: String,
    /// Whether to run it and measure; what it wrote is rolled back. Refused on a read-only connection.
    #[serde(default)]
    pub analyze: bool,
    /// The form of the answer.
    #[serde(default)]
    pub format: ExplainFormat,
    /// Milliseconds that it may take; `None` for the connection's own limit.
    #[serde(default)]
    pub timeout_ms: Option<u32>,
}

/// The form of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExplainFormat {
    /// Lines to read.
    #[default]
    Text,
    /// JSON to draw.
    Json,
}
