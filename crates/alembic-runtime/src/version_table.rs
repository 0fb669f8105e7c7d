//! The table in which a database keeps the revisions that it is at.

use std::fmt;

/// Where the version table lies; `context.configure(version_table=…, version_table_schema=…, version_table_pk=…)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionTable {
    /// The table's name.
    pub name: String,
    /// The schema; `None` is the connection's own.
    pub schema: Option<String>,
    /// Whether a table that is created gets a primary key; `version_table_pk`.
    pub primary_key: bool,
}

impl Default for VersionTable {
    fn default() -> Self {
        Self { name: "alembic_version".to_owned(), schema: None, primary_key: true }
    }
}

/// As people write it: the schema, a point, the name; nothing quoted.
impl fmt::Display for VersionTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(formatter, "{schema}.{}", self.name),
            None => formatter.write_str(&self.name),
        }
    }
}
