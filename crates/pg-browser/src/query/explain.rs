//! Plans.

use std::{sync::Arc, time::Instant};

use super::{ExplainFormat, ExplainRequest, Explanation, only};
use crate::{
    Error, Result,
    connection::{Connections, Mode, Session},
    rows::{elapsed_ms, limit_of, text_at},
    sql::{Sql, read_only},
};

/// The plan of one statement.
pub(crate) async fn explain(
    connections: &Arc<Connections>,
    request: &ExplainRequest,
) -> Result<Explanation> {
    let start = Instant::now();
    let statement = only(&request.sql).map_err(|error| match error {
        Error::NotReadOnly { reason, .. } => Error::InvalidRequest { reason },
        error => error,
    })?;
    if request.analyze {
        connections.require_writable()?;
    }
    let text = format!("{}{}", options(request), &request.sql[statement.range]);
    if !request.analyze {
        // A plan calls functions that never change anything; others are for the wall.
        let whole = only(&text)?;
        read_only::check(&text, &whole)?;
    }
    let mode = if request.analyze { Mode::Write } else { Mode::Read };
    let mut session = Session::begin(connections, mode, limit_of(request.timeout_ms)).await?;
    let outcome = lines(&mut session, &Sql::new(text, Vec::new())?).await;
    let plan = session.end(outcome).await?;
    Ok(Explanation { plan, elapsed_ms: elapsed_ms(start) })
}

fn options(request: &ExplainRequest) -> String {
    let format = match request.format {
        ExplainFormat::Text => "TEXT",
        ExplainFormat::Json => "JSON",
    };
    let analyze = if request.analyze { "ANALYZE, BUFFERS, " } else { "" };
    format!("EXPLAIN ({analyze}FORMAT {format}) ")
}

async fn lines(session: &mut Session, sql: &Sql) -> Result<String> {
    let rows = session.rows(sql).await?;
    let lines: Result<Vec<&str>> =
        rows.iter().map(|row| Ok(text_at(row, 0)?.unwrap_or_default())).collect();
    Ok(lines?.join("\n"))
}
