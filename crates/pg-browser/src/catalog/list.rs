//! The list of everything that can be browsed.

use serde::{Deserialize, Serialize};

use super::{ColumnSummary, ForeignKey, ServerInfo};
use crate::TableName;

/// Everything that can be browsed, without PostgreSQL's own schemas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Catalogue {
    /// The server and who we are on it.
    pub server: ServerInfo,
    /// The schemas by name, empty ones too.
    pub schemas: Vec<Schema>,
}

impl Catalogue {
    /// All tables of all schemas.
    pub fn tables(&self) -> impl Iterator<Item = &CatalogueTable> {
        self.schemas.iter().flat_map(|schema| &schema.tables)
    }

    /// The table of that name.
    pub fn table(&self, name: &TableName) -> Option<&CatalogueTable> {
        self.tables().find(|table| table.name == *name)
    }
}

/// A schema that we may look into.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// Its comment.
    pub comment: Option<String>,
    /// Its tables by name.
    pub tables: Vec<CatalogueTable>,
}

/// A table of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CatalogueTable {
    /// Its name.
    pub name: TableName,
    /// What it is.
    pub kind: TableKind,
    /// Its comment.
    pub comment: Option<String>,
    /// Rows as of the last ANALYZE, partitions included; `None` before the first one, and for views.
    pub row_estimate: Option<u64>,
    /// Bytes as of the last VACUUM or ANALYZE, with indexes and TOAST, without partitions.
    pub size_bytes: u64,
    /// The table that this is a partition of.
    pub partition_of: Option<TableName>,
    /// Whether we may read it: all of it or some of its columns.
    pub is_readable: bool,
    /// Its columns in their order.
    pub columns: Vec<ColumnSummary>,
    /// The foreign keys that it has.
    pub foreign_keys: Vec<ForeignKey>,
}

/// What can be browsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// An ordinary table, a partition included.
    Table,
    /// A table whose rows are in its partitions.
    PartitionedTable,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A table of another server.
    ForeignTable,
}
