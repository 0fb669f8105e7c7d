//! Beginning an export, and carrying it through.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use tokio::sync::{mpsc, oneshot};

use super::{
    Export, ExportFormat, ExportRequest, ExportSource, csv,
    unescape::{LineEnd, unescape},
};
use crate::{
    Error, PageRequest, Reader, Result,
    catalog::Table,
    connection::{Connections, Mode, Session},
    query::only,
    rows::{Plan, explained, limit_of, text_at},
    sql::{Conditions, CopyKind, Lines, Order, Select, Sql, read_only},
};

/// Bytes a chunk.
const CHUNK: usize = 65_536;
/// No limit, in the server's words.
const UNLIMITED: std::time::Duration = std::time::Duration::ZERO;

/// Begins an export: what goes wrong before its first chunk is full does so here.
pub(crate) async fn start(
    connections: &Arc<Connections>,
    request: &ExportRequest,
) -> Result<Export> {
    let limit = limit_of(request.timeout_ms).unwrap_or(UNLIMITED);
    let mut session = Session::begin(connections, Mode::Read, Some(limit)).await?;
    match &request.source {
        ExportSource::Table { rows } => {
            let table = match connections.tables().table(&mut session, &rows.table).await {
                Ok(table) => table,
                Err(error) => return session.end(Err(error)).await,
            };
            let outcome = table_statement(&mut session, &table, rows, &request.format).await;
            match outcome {
                Ok(sql) => streamed(session, sql, &request.format).await,
                Err(error) => {
                    let error =
                        session.end::<()>(Err(error)).await.err().unwrap_or(Error::Cancelled);
                    Err(explained(connections, &table, &rows.filters, error).await)
                }
            }
        }
        ExportSource::Query { sql } => {
            match query_statement(&mut session, sql, &request.format).await {
                Ok(sql) => streamed(session, sql, &request.format).await,
                Err(error) => session.end(Err(error.refused_by(Reader::Export))).await,
            }
        }
        ExportSource::Page { rows } => {
            let text = page_text(connections, &mut session, rows, &request.format).await;
            let text = session.end_unlocked(text).await?;
            let (sender, export) = Export::channel();
            // The channel is new and has room.
            let _ = sender.try_send(Ok(Bytes::from(text)));
            Ok(export)
        }
    }
}

async fn table_statement(
    session: &mut Session,
    table: &Table,
    rows: &PageRequest,
    format: &ExportFormat,
) -> Result<Sql> {
    let plan = Plan::of(table, rows, None)?;
    let conditions = Conditions::of(table, &rows.filters)?;
    let mut select = Select::new(table, conditions);
    for item in Lines::of_table(table, &plan.columns, format)? {
        select.item(item);
    }
    // What is not asked for in an order comes as it lies, without a sort of the whole.
    let order = if rows.order.is_empty() { Order::none() } else { plan.order.clone() };
    let sql = Lines::copy_table(&select, &order, format)?;
    check(session, &select, &order).await?;
    Ok(sql)
}

/// Has the server look at the statement with its values bound, before anything is copied.
async fn check(session: &mut Session, select: &Select<'_>, order: &Order) -> Result<()> {
    if let Some(step) = select.whole(order, None) {
        session.rows(&select.statement(step, 0)?).await?;
    }
    Ok(())
}

async fn query_statement(session: &mut Session, sql: &str, format: &ExportFormat) -> Result<Sql> {
    let statement = only(sql)?;
    if read_only::check(sql, &statement)? != read_only::Reading::Rows {
        let reason = "only the rows of a SELECT, VALUES or TABLE can be exported".to_owned();
        return Err(Error::InvalidRequest { reason });
    }
    let text = &sql[statement.range];
    // By the extended protocol, in which the server takes one statement and no more.
    let described = session.described(&Sql::new(text.to_owned(), Vec::new())?).await?;
    Lines::copy_query(text, described.names(), format)
}

async fn page_text(
    connections: &Arc<Connections>,
    session: &mut Session,
    request: &PageRequest,
    format: &ExportFormat,
) -> Result<String> {
    let table = connections.tables().table(session, &request.table).await?;
    let mut plan = Plan::of(&table, request, None)?;
    let line = match format {
        ExportFormat::Csv { .. } => None,
        _ => {
            Lines::of_table(&table, &plan.columns, format)?.pop().map(|line| plan.select.item(line))
        }
    };
    let rows = plan.rows(session).await?;
    let (rows, _) = plan.trimmed(rows);
    let mut text = String::new();
    if let ExportFormat::Csv { header: true } = format {
        text += &csv::line(plan.columns.iter().map(|column| Some(column.name.as_str())));
    }
    for row in &rows {
        match line {
            Some(at) => {
                let line = text_at(row, at)?.unwrap_or_default();
                if *format == ExportFormat::JsonLines {
                    text += &line.replace(['\n', '\r'], " ");
                } else {
                    text += line;
                }
                text.push('\n');
            }
            None => text += &csv::row(&plan.cells(row)?),
        }
    }
    Ok(text)
}

/// Copies in a task of its own, which ends with its reader.
async fn streamed(session: Session, sql: Sql, format: &ExportFormat) -> Result<Export> {
    let (sender, export) = Export::channel();
    let (begun, beginning) = oneshot::channel();
    let line_end = match (CopyKind::of(format), format) {
        (CopyKind::Csv { .. }, _) => None,
        (CopyKind::Text, ExportFormat::JsonLines) => Some(LineEnd::Space),
        (CopyKind::Text, _) => Some(LineEnd::Kept),
    };
    tokio::spawn(carry(session, sql, line_end, sender, begun));
    // A task that ends without a word was dropped with its runtime.
    beginning.await.unwrap_or(Err(Error::Cancelled))?;
    Ok(export)
}

async fn carry(
    mut session: Session,
    sql: Sql,
    line_end: Option<LineEnd>,
    sender: mpsc::Sender<Result<Bytes>>,
    begun: oneshot::Sender<Result<()>>,
) {
    let mut begun = Some(begun);
    let outcome = tokio::select! {
        outcome = copy(&mut session, &sql, line_end, &sender, &mut begun) => {
            outcome.map_err(|error| error.refused_by(Reader::Export))
        }
        // The reader is gone; the session stops the statement when it is dropped.
        () = sender.closed() => return,
    };
    match outcome {
        Ok(()) => {
            session.copied();
            // Locks of the session outlive its transaction.
            let _ = session.end_unlocked(Ok(())).await;
        }
        Err(error) => {
            drop(session);
            // Until there is a chunk, the export has not begun.
            match begun.take() {
                Some(begun) => drop(begun.send(Err(error))),
                None => drop(sender.send(Err(error)).await),
            }
        }
    }
}

async fn copy(
    session: &mut Session,
    sql: &Sql,
    line_end: Option<LineEnd>,
    sender: &mpsc::Sender<Result<Bytes>>,
    begun: &mut Option<oneshot::Sender<Result<()>>>,
) -> Result<()> {
    let mut chunk = Vec::with_capacity(2 * CHUNK);
    let mut stream = session.copy_out(sql).await?;
    while let Some(line) = stream.try_next().await? {
        match line_end {
            Some(line_end) => unescape(&line, line_end, &mut chunk),
            None => chunk.extend_from_slice(&line),
        }
        if chunk.len() >= CHUNK {
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(2 * CHUNK));
            if sender.send(Ok(full.into())).await.is_err() {
                return Err(Error::Cancelled);
            }
            begin(begun);
        }
    }
    if !chunk.is_empty() {
        let _ = sender.send(Ok(chunk.into())).await;
    }
    begin(begun);
    Ok(())
}

/// Hands the export over, if that has not been done.
fn begin(begun: &mut Option<oneshot::Sender<Result<()>>>) {
    if let Some(begun) = begun.take() {
        let _ = begun.send(Ok(()));
    }
}
