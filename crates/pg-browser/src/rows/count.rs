//! How many rows.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{Filter, elapsed_ms, explained, limit_of, text_at};
use crate::{
    Error, Result, TableName,
    catalog::{Table, TableKind},
    connection::{Connections, Mode, Session},
    sql::{Conditions, Sql, table_name},
};

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

/// How long counting may take, unless a request says otherwise.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Counts.
pub(crate) async fn count(connections: &Arc<Connections>, request: &CountRequest) -> Result<Count> {
    let start = Instant::now();
    let limit = limit_of(request.timeout_ms).unwrap_or(TIMEOUT);
    let mut session = Session::begin(connections, Mode::Read, Some(limit)).await?;
    let table = match connections.tables().table(&mut session, &request.table).await {
        Ok(table) => table,
        Err(error) => return session.end(Err(error)).await,
    };
    let outcome = read(&mut session, &table, request).await;
    // A condition may call a function that takes a lock of the session.
    match session.end_unlocked(outcome).await {
        Ok((rows, precision)) => Ok(Count { rows, precision, elapsed_ms: elapsed_ms(start) }),
        Err(error) => Err(explained(connections, &table, &request.filters, error).await),
    }
}

async fn read(
    session: &mut Session,
    table: &Table,
    request: &CountRequest,
) -> Result<(u64, Precision)> {
    let conditions = Conditions::of(table, &request.filters)?;
    let clause = conditions.clause();
    let from = format!("FROM {} t{clause}", table_name(&table.name));
    let values = conditions.into_values();
    match request.kind {
        CountKind::Estimate => {
            if let (Some(rows), true) =
                (table_estimate(session, table).await?, request.filters.is_empty())
            {
                return Ok((rows, Precision::Estimated));
            }
            let sql = Sql::new(format!("EXPLAIN (FORMAT JSON) SELECT {from}"), values)?;
            let rows = session.rows(&sql).await?;
            let plan = rows.first().map_or(Ok(None), |row| text_at(row, 0))?;
            Ok((planned_rows(plan.unwrap_or_default())?, Precision::Estimated))
        }
        CountKind::Capped { cap } => {
            // One more tells whether there are more.
            let limit = cap.saturating_add(1).min(i64::MAX.unsigned_abs());
            let inner = format!("SELECT {from} LIMIT {limit}");
            let rows =
                number(session, &Sql::new(counted(&format!("FROM ({inner}) c")), values)?).await?;
            let precision = if rows > cap { Precision::AtLeast } else { Precision::Exact };
            Ok((rows.min(cap), precision))
        }
        CountKind::Exact => {
            let rows = number(session, &Sql::new(counted(&from), values)?).await?;
            Ok((rows, Precision::Exact))
        }
    }
}

fn counted(from: &str) -> String {
    format!("SELECT count(*)::text {from}")
}

async fn number(session: &mut Session, sql: &Sql) -> Result<u64> {
    let rows = session.rows(sql).await?;
    let text = rows.first().map_or(Ok(None), |row| text_at(row, 0))?;
    let odd = || Error::Protocol { reason: "a count is no number".to_owned() };
    text.and_then(|text| text.parse().ok()).ok_or_else(odd)
}

/// What the last ANALYZE left, which the opened table may not know yet.
async fn table_estimate(session: &mut Session, table: &Table) -> Result<Option<u64>> {
    if table.kind == TableKind::PartitionedTable || table.has_children {
        return Ok(None);
    }
    let sql = Sql::fixed(
        "SELECT CASE WHEN reltuples >= 0 AND relkind <> 'v' THEN reltuples::bigint::text END \
           FROM pg_class WHERE oid = $1::text::oid",
    );
    let rows = session.rows(&sql.with([table.oid.to_string()])).await?;
    let text = rows.first().map_or(Ok(None), |row| text_at(row, 0))?;
    Ok(text.and_then(|text| text.parse().ok()))
}

fn planned_rows(plan: &str) -> Result<u64> {
    #[derive(Deserialize)]
    struct Explained {
        #[serde(rename = "Plan")]
        plan: Plan,
    }
    #[derive(Deserialize)]
    struct Plan {
        #[serde(rename = "Plan Rows")]
        rows: u64,
    }
    let plans: Result<Vec<Explained>, _> = serde_json::from_str(plan);
    let plans = plans.map_err(|error| Error::Protocol { reason: error.to_string() })?;
    Ok(plans.first().map_or(0, |explained| explained.plan.rows))
}
