//! Keys, checks and indexes.

use serde::{Deserialize, Serialize};

use crate::TableName;

/// A primary key or a unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Key {
    /// The constraint's name.
    pub name: String,
    /// Its columns in the key's order.
    pub columns: Vec<String>,
}

/// A foreign key, seen from either side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// The table that points.
    pub table: TableName,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table that is pointed to.
    pub referenced_table: TableName,
    /// Its columns, pair by pair with `columns`.
    pub referenced_columns: Vec<String>,
    /// What happens when the key over there changes: `NO ACTION`, `CASCADE` and the like.
    pub on_update: String,
    /// What happens when the row over there is deleted.
    pub on_delete: String,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its access method, as in `btree`.
    pub method: String,
    /// Its key columns; `None` for an expression.
    pub columns: Vec<Option<String>>,
    /// Whether no two rows may be equal in it.
    pub is_unique: bool,
    /// Whether it belongs to the primary key.
    pub is_primary: bool,
    /// Whether it is ready for use.
    pub is_valid: bool,
    /// Whether it covers only the rows of a condition.
    pub is_partial: bool,
    /// Bytes as of the last VACUUM or ANALYZE.
    pub size_bytes: u64,
    /// The statement that makes it.
    pub definition: String,
    /// Whether it is checked at once, not at the end of the transaction.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) is_immediate: bool,
    /// For each key column its `indoption`: 1 is descending, 2 is nulls first.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) options: Vec<i16>,
    /// Whether each key column sorts by its type's own order and the column's collation.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) is_plain: Vec<bool>,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Check {
    /// Its name.
    pub name: String,
    /// As in `CHECK ((price > 0))`.
    pub definition: String,
}
