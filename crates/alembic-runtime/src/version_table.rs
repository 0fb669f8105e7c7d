//! The table in which a database keeps the revisions that it is at.

/// Where the version table lies; `context.configure(version_table=…, version_table_schema=…)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionTable {
    /// The table's name.
    pub name: String,
    /// The schema; `None` is the connection's own.
    pub schema: Option<String>,
}

impl Default for VersionTable {
    fn default() -> Self {
        Self { name: "alembic_version".to_owned(), schema: None }
    }
}
