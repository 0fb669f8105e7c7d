//! How many rows.

use serde::{Deserialize, Serialize};

use super::Filter;
use crate::TableName;

/// How many rows a table has, or how many of them fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountRequest {
    /// The table.
    pub table: TableName,
    /// The conditions, all of which must hold.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// How well to count.
    pub kind: CountKind,
    /// Milliseconds that the server may take; `None` for five seconds. Beyond them it is
    /// [`Error::Timeout`](crate::Error::Timeout).
    #[serde(default)]
    pub timeout_ms: Option<u32>,
}

impl CountRequest {
    /// All rows of a table.
    pub fn new(table: TableName, kind: CountKind) -> Self {
        Self { table, filters: Vec::new(), kind, timeout_ms: None }
    }
}

/// How well to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CountKind {
    /// What the planner expects, without reading a row.
    Estimate,
    /// Up to so many rows.
    Capped {
        /// Where counting ends.
        cap: u64,
    },
    /// All of them.
    Exact,
}

/// A number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// The number.
    pub rows: u64,
    /// What it says.
    pub precision: Precision,
    /// Milliseconds that counting took.
    pub elapsed_ms: f64,
}

/// What a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// It is a guess.
    Estimated,
    /// There are so many, or more.
    AtLeast,
    /// There are so many.
    Exact,
}
