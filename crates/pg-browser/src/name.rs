//! Names of tables, as the catalogue has them: unquoted, in their own letters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A table, or whatever can be read like one, in its schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TableName {
    /// The schema, without quotes.
    pub schema: String,
    /// The name, without quotes.
    pub name: String,
}

impl TableName {
    /// A table by its two names.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// `schema.table`, unquoted and cut at the first dot; without a dot, a table of `public`.
    pub fn parse(text: &str) -> Self {
        let (schema, name) = text.split_once('.').unwrap_or(("public", text));
        Self::new(schema, name)
    }
}

/// As for a person; not SQL.
impl fmt::Display for TableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.schema, self.name)
    }
}
