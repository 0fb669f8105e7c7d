//! An open table.

use serde::{Deserialize, Serialize};

use super::{Check, Column, ForeignKey, Index, Key, TableKind};
use crate::TableName;

/// Everything about a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Table {
    /// Its name.
    pub name: TableName,
    /// Its object id.
    pub oid: u32,
    /// What it is.
    pub kind: TableKind,
    /// Its owner.
    pub owner: String,
    /// Its comment.
    pub comment: Option<String>,
    /// Rows as of the last ANALYZE, partitions included; `None` before the first one, and for views.
    pub row_estimate: Option<u64>,
    /// Bytes as of the last VACUUM or ANALYZE, with indexes and TOAST, without partitions.
    pub size_bytes: u64,
    /// Its columns in their order.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<Key>,
    /// Its unique constraints.
    pub unique_keys: Vec<Key>,
    /// The foreign keys that it has.
    pub foreign_keys: Vec<ForeignKey>,
    /// The foreign keys that point to it.
    pub referenced_by: Vec<ForeignKey>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// Its check constraints.
    pub checks: Vec<Check>,
    /// How it is divided.
    pub partitioning: Option<Partitioning>,
    /// The table that this is a partition of.
    pub partition_of: Option<TableName>,
    /// What we may do with it.
    pub privileges: Privileges,
    /// Whether row security hides rows from us.
    pub has_row_security: bool,
    /// A view's query.
    pub definition: Option<String>,
    /// How its rows are told apart.
    pub row_key: RowKey,
    /// Whether we may read `xmin` and `ctid`, which a privilege for single columns does not give.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) reads_system_columns: bool,
    /// Whether other tables inherit from it.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) has_children: bool,
    /// Bits of `pg_relation_is_updatable`: 4 is UPDATE, 8 is INSERT, 16 is DELETE.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) updatable: i32,
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// How a partitioned table is divided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Partitioning {
    /// As in `RANGE (created_at)`.
    pub key: String,
    /// Its partitions, those of partitions not included.
    pub partitions: Vec<TableName>,
}

/// What the current user may do with a table, or with some of its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "privileges are independent of each other")]
pub struct Privileges {
    /// Read rows.
    pub select: bool,
    /// Add rows.
    pub insert: bool,
    /// Change rows.
    pub update: bool,
    /// Delete rows.
    pub delete: bool,
}

/// How the rows of a table are told apart, which decides what stays stable while one pages and whether rows can be edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RowKey {
    /// By the primary key, else by a unique index whose columns are never NULL. No row is seen twice or missed while others
    /// come and go.
    Columns {
        /// The key's columns.
        columns: Vec<String>,
    },
    /// By their place in the file, `ctid`. An UPDATE, or VACUUM FULL, moves a row.
    Ctid,
    /// By partition (`tableoid`) and place in its file.
    PartitionCtid,
    /// By all their values: rows that are equal in all of them are counted. Stable while no row in front changes. Nothing can
    /// be edited.
    #[default]
    AllColumns,
}
