//! Reading a page.

use std::{sync::Arc, time::Instant};

use sqlx::postgres::PgRow;

use super::{
    Cursor, Page, PageColumn, PageRequest, Position, Row, RowId, cursor::Place, elapsed_ms,
    explained, limit_of, owned_at, text_at, twins::Twins, walk::Walk,
};
use crate::{
    Cell, Error, Result, RowKey,
    catalog::{Column, Table, TableKind},
    connection::{Connections, Mode, Session},
    sql::{Conditions, Order, Select, Sql, full_text, limited_text, readable, reference},
};

/// The most rows a page can have.
const MAX_LIMIT: u32 = 10_000;

/// Reads a page.
pub(crate) async fn page(connections: &Arc<Connections>, request: &PageRequest) -> Result<Page> {
    let start = Instant::now();
    let outcome = attempt(connections, request, start).await;
    match outcome {
        // The table may have changed since it was opened.
        Err(Error::Server(_) | Error::UnknownColumn { .. } | Error::Unsupported { .. })
            if connections.tables().forget(&request.table) =>
        {
            attempt(connections, request, start).await
        }
        outcome => outcome,
    }
}

async fn attempt(
    connections: &Arc<Connections>,
    request: &PageRequest,
    start: Instant,
) -> Result<Page> {
    if !(1..=MAX_LIMIT).contains(&request.limit) {
        let reason = format!("a page has 1 to {MAX_LIMIT} rows, not {}", request.limit);
        return Err(Error::InvalidRequest { reason });
    }
    let limit = limit_of(request.timeout_ms);
    let mut session = Session::begin(connections, Mode::Read, limit).await?;
    let table = connections.tables().table(&mut session, &request.table).await;
    let table = match table {
        Ok(table) => table,
        Err(error) => return session.end(Err(error)).await,
    };
    let outcome = read(&mut session, &table, request, start).await;
    // A condition may call a function that takes a lock of the session.
    let outcome = session.end_unlocked(outcome).await;
    match outcome {
        Err(error) => {
            let error = explained(connections, &table, &request.filters, error).await;
            Err(about_cursor(request, error))
        }
        page => page,
    }
}

/// A value that is no filter's and is refused is the cursor's.
fn about_cursor(request: &PageRequest, error: Error) -> Error {
    let has_cursor = matches!(request.position, Position::After(_) | Position::Before(_));
    match error {
        Error::Server(server) if has_cursor && server.sqlstate.starts_with("22") => {
            Error::InvalidCursor { reason: "its values are not of its columns' types" }
        }
        error => error,
    }
}

async fn read(
    session: &mut Session,
    table: &Table,
    request: &PageRequest,
    start: Instant,
) -> Result<Page> {
    let plan = Plan::of(table, request, Some(request.cell_limit))?;
    let rows = plan.rows(session).await?;
    let mut page = plan.page(session, rows).await?;
    page.elapsed_ms = elapsed_ms(start);
    Ok(page)
}

/// How a page is read.
pub(crate) struct Plan<'a> {
    request: &'a PageRequest,
    pub(crate) table: &'a Table,
    pub(crate) columns: Vec<&'a Column>,
    pub(crate) order: Order,
    pub(crate) select: Select<'a>,
    row_key: RowKey,
    cells: Vec<usize>,
    places: Vec<usize>,
    id: Option<Vec<usize>>,
    version: Option<usize>,
}

impl<'a> Plan<'a> {
    /// The plan of a request; without a limit cells are read in full.
    pub(crate) fn of(
        table: &'a Table,
        request: &'a PageRequest,
        cell_limit: Option<u32>,
    ) -> Result<Self> {
        let columns = projection(table, &request.columns)?;
        let row_key = row_key(table, request)?;
        let order = Order::of(table, &request.order, &row_key)?;
        let mut select = Select::new(table, Conditions::of(table, &request.filters)?);
        let cell = |column: &&Column| match cell_limit {
            Some(limit) => limited_text(&reference(column), column, limit),
            None => full_text(&reference(column), column),
        };
        let cells = columns.iter().map(cell).collect::<Vec<_>>();
        let cells = cells.into_iter().map(|cell| select.item(cell)).collect();
        let places = order.keys.iter().map(|key| select.item(key.text.clone())).collect();
        let id = id_items(table, &row_key)?;
        let id = id.map(|items| items.into_iter().map(|item| select.item(item)).collect());
        let has_version = table.reads_system_columns
            && matches!(table.kind, TableKind::Table | TableKind::PartitionedTable);
        let version = has_version.then(|| select.item("t.xmin::text".to_owned()));
        Ok(Self { request, table, columns, order, select, row_key, cells, places, id, version })
    }

    /// The rows of the page and one more, where there is one, in the order in which they are walked.
    pub(crate) async fn rows(&self, session: &mut Session) -> Result<Vec<PgRow>> {
        let order = self.walked();
        let place = self.place()?;
        let blocks = self.blocks(session).await?;
        let wanted = u64::from(self.request.limit) + 1;
        let walk = Walk { session, select: &self.select, order: &order, rows: Vec::new(), wanted };
        walk.run(place.as_ref(), blocks).await
    }

    fn is_backward(&self) -> bool {
        matches!(self.request.position, Position::Last | Position::Before(_))
    }

    fn walked(&self) -> Order {
        if self.is_backward() { self.order.reversed() } else { self.order.clone() }
    }

    fn place(&self) -> Result<Option<Place>> {
        match &self.request.position {
            Position::First | Position::Last => Ok(None),
            Position::After(cursor) | Position::Before(cursor) => {
                cursor.place(&self.order.signature, self.order.keys.len()).map(Some)
            }
        }
    }

    /// How many blocks the table's file has, where that matters.
    async fn blocks(&self, session: &mut Session) -> Result<Option<u64>> {
        if !self.order.is_by_place() {
            return Ok(None);
        }
        let sql = Sql::fixed(
            "SELECT (pg_relation_size($1::text::oid) / current_setting('block_size')::bigint)::text",
        );
        let rows = session.rows(&sql.with([self.table.oid.to_string()])).await?;
        let text = rows.first().map_or(Ok(None), |row| text_at(row, 0))?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    /// The rows of the page in its order, and whether there was one more.
    pub(crate) fn trimmed(&self, mut rows: Vec<PgRow>) -> (Vec<PgRow>, bool) {
        let limit = usize::try_from(self.request.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        if self.is_backward() {
            rows.reverse();
        }
        (rows, has_more)
    }

    async fn page(&self, session: &mut Session, rows: Vec<PgRow>) -> Result<Page> {
        let (rows, has_more) = self.trimmed(rows);
        let twins = self.twins(session, &rows).await?;
        let (has_next, has_previous) = match self.request.position {
            Position::First => (has_more, false),
            Position::Last => (false, has_more),
            Position::After(_) => (has_more, true),
            Position::Before(_) => (true, has_more),
        };
        let first =
            rows.first().filter(|_| has_previous).map(|row| self.cursor(row, twins.behind_first));
        let last = rows.last().filter(|_| has_next).map(|row| self.cursor(row, twins.before_last));
        let page_column = |column: &&Column| PageColumn {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
        };
        Ok(Page {
            columns: self.columns.iter().map(page_column).collect(),
            row_key: self.row_key.clone(),
            next: last.transpose()?,
            previous: first.transpose()?,
            rows: rows.iter().map(|row| self.row(row)).collect::<Result<_>>()?,
            elapsed_ms: 0.0,
        })
    }

    async fn twins(&self, session: &mut Session, rows: &[PgRow]) -> Result<Twins> {
        if !self.order.has_twins || rows.is_empty() {
            return Ok(Twins::default());
        }
        let places: Result<Vec<_>> = rows.iter().map(|row| self.values(row)).collect();
        let twins = Twins::count(session, &self.select, &self.order, &places?).await?;
        Ok(twins.entered(self.place()?.as_ref(), self.is_backward()))
    }

    fn values(&self, row: &PgRow) -> Result<Vec<Option<String>>> {
        self.places.iter().map(|at| owned_at(row, *at)).collect()
    }

    fn cursor(&self, row: &PgRow, skip: u64) -> Result<Cursor> {
        let order = self.order.signature.clone();
        Ok(Cursor::at(&Place { order, values: self.values(row)?, skip }))
    }

    fn row(&self, row: &PgRow) -> Result<Row> {
        let limit = usize::try_from(self.request.cell_limit).unwrap_or(usize::MAX);
        let cell = |at: &usize| Ok(Cell::limited(text_at(row, *at)?, limit));
        let cells: Result<Vec<Cell>> = self.cells.iter().map(cell).collect();
        Ok(Row { id: self.id(row)?, cells: cells? })
    }

    /// The values of a row in full, as far as they were read.
    pub(crate) fn cells(&self, row: &PgRow) -> Result<Vec<Cell>> {
        self.cells.iter().map(|at| Ok(owned_at(row, *at)?.into())).collect()
    }

    fn id(&self, row: &PgRow) -> Result<Option<RowId>> {
        let Some(items) = &self.id else { return Ok(None) };
        let key: Option<Vec<String>> =
            items.iter().map(|at| owned_at(row, *at)).collect::<Result<_>>()?;
        let version = self.version.map_or(Ok(None), |at| owned_at(row, at))?;
        Ok(key.map(|key| RowId { key, version }))
    }
}

/// The columns that are asked for; all that we may read when none is.
fn projection<'a>(table: &'a Table, names: &[String]) -> Result<Vec<&'a Column>> {
    if names.is_empty() {
        return Ok(table.columns.iter().filter(|column| column.can_select).collect());
    }
    names.iter().map(|name| readable(table, name)).collect()
}

fn row_key(table: &Table, request: &PageRequest) -> Result<RowKey> {
    if request.key.is_empty() || table.row_key != RowKey::AllColumns {
        return Ok(table.row_key.clone());
    }
    for name in &request.key {
        readable(table, name)?;
    }
    Ok(RowKey::Columns { columns: request.key.clone() })
}

/// What tells a row from others, as text.
pub(crate) fn id_items(table: &Table, key: &RowKey) -> Result<Option<Vec<String>>> {
    let of = |name: &String| {
        let column = readable(table, name)?;
        Ok(full_text(&reference(column), column))
    };
    Ok(match key {
        RowKey::Columns { columns } => Some(columns.iter().map(of).collect::<Result<_>>()?),
        RowKey::Ctid => Some(vec!["t.ctid::text".to_owned()]),
        RowKey::PartitionCtid => {
            Some(vec!["t.tableoid::text".to_owned(), "t.ctid::text".to_owned()])
        }
        RowKey::AllColumns => None,
    })
}
