//! What is seen.

use serde::{Deserialize, Serialize};

use crate::TableName;

/// A session of the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionActivity {
    /// Its process.
    pub pid: i32,
    /// Whether it is one of ours.
    pub is_own: bool,
    /// The database.
    pub database: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// What it calls itself.
    pub application_name: String,
    /// Where it comes from; `None` for a socket of the same machine.
    pub client_address: Option<String>,
    /// `client backend`, `autovacuum worker` and the like.
    pub backend_type: Option<String>,
    /// `active`, `idle`, `idle in transaction` and the like; `None` where we may not know.
    pub state: Option<String>,
    /// What it waits for, as in `Lock`; `None` when it does not wait.
    pub wait_event_type: Option<String>,
    /// What exactly, as in `transactionid`.
    pub wait_event: Option<String>,
    /// The statement, or the last one.
    pub query: Option<String>,
    /// Seconds since the statement began, while it runs.
    pub query_seconds: Option<f64>,
    /// Seconds since the transaction began.
    pub transaction_seconds: Option<f64>,
    /// Seconds since it connected.
    pub session_seconds: Option<f64>,
    /// Processes that it waits for.
    pub blocked_by: Vec<i32>,
}

/// A lock on a table that is held or waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TableLock {
    /// The process.
    pub pid: i32,
    /// The table.
    pub table: TableName,
    /// As in `AccessExclusiveLock`.
    pub mode: String,
    /// Whether it is held; else it is waited for.
    pub is_granted: bool,
}

/// The statements that took the most time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SlowStatements {
    /// pg_stat_statements knows them.
    Known {
        /// The statements, by total time.
        statements: Vec<SlowStatement>,
    },
    /// pg_stat_statements does not serve here.
    Unavailable {
        /// Why.
        reason: String,
        /// How to switch it on.
        help: String,
    },
}

/// A statement and its times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlowStatement {
    /// The statement, its values taken out.
    pub query: String,
    /// How often it ran.
    pub calls: i64,
    /// Milliseconds in all.
    pub total_ms: f64,
    /// Milliseconds on average.
    pub mean_ms: f64,
    /// Rows in all.
    pub rows: i64,
    /// The share of blocks that were in the cache, 0 to 1.
    pub cache_hit_ratio: Option<f64>,
}

/// How a table is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TableStatistics {
    /// The table.
    pub table: TableName,
    /// Rows that live.
    pub live_rows: i64,
    /// Rows that wait for VACUUM.
    pub dead_rows: i64,
    /// Scans of the whole table.
    pub sequential_scans: i64,
    /// Scans by index.
    pub index_scans: i64,
    /// Rows that were added.
    pub inserted: i64,
    /// Rows that were changed.
    pub updated: i64,
    /// Rows that were deleted.
    pub deleted: i64,
    /// When VACUUM last came by, its own or the automatic one, in ISO 8601.
    pub last_vacuum: Option<String>,
    /// When ANALYZE last came by.
    pub last_analyze: Option<String>,
    /// Bytes as of the last VACUUM or ANALYZE, with indexes and TOAST.
    pub size_bytes: i64,
}

/// How an index is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IndexStatistics {
    /// The table.
    pub table: TableName,
    /// The index.
    pub index: String,
    /// How often it was used.
    pub scans: i64,
    /// Entries that it gave.
    pub entries_read: i64,
    /// Whether it keeps rows unique, used or not.
    pub is_unique: bool,
    /// Whether it is ready for use.
    pub is_valid: bool,
    /// Bytes as of the last VACUUM or ANALYZE.
    pub size_bytes: i64,
}
