//! A tour of a database: `cargo run --release -p pg-browser --example tour -- URL [SCHEMA.TABLE]`.
//!
//! Prints one JSON object a line: what was done (`step`), how long it took (`ms`), how many rows came (`rows`) and, for
//! pages, between which keys they lie (`first_key`, `last_key`). Without a table it takes the one with the most rows.
//!
//! Each page is read twice and the second time counts: the server's caches are warm and the statement is prepared.

use std::io::{self, Write as _};
use std::time::Instant;

use pg_browser::{
    Browser, Catalogue, ConnectOptions, CountKind, CountRequest, Direction, Error, Filter, OrderBy,
    Page, PageRequest, Position, RowId, Table, TableName,
};
use serde_json::json;

/// Rows in front of the page that lies deep.
const DEPTH: u64 = 9_999_900;
/// Where the capped count ends.
const CAP: u64 = 50_000;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("usage: tour URL [SCHEMA.TABLE]")?;
    let table = arguments.next().map(|text| TableName::parse(&text));
    match tour(&url, table).await {
        Err(error) => match error.downcast_ref::<Error>() {
            Some(known) => Err(format!("{known} ({}): {}", known.code(), known.help()).into()),
            None => Err(error),
        },
        done => done,
    }
}

async fn tour(url: &str, table: Option<TableName>) -> Outcome {
    let browser = Browser::connect(ConnectOptions::from_url(url)?).await?;
    let start = Instant::now();
    let catalogue = browser.catalogue().await?;
    say(&json!({"step": "catalogue", "ms": ms(start), "rows": catalogue.tables().count()}))?;

    let name = table.or_else(|| largest(&catalogue)).ok_or("there is no table")?;
    let table = browser.table(&name).await?;
    let first = shown(&browser, "first_page", &PageRequest::new(name.clone())).await?;
    if let Some(next) = first.next.clone() {
        let request = PageRequest::new(name.clone()).at(Position::After(next));
        shown(&browser, "next_page", &request).await?;
    }
    let last = PageRequest::new(name.clone()).at(Position::Last);
    shown(&browser, "last_page", &last).await?;
    deep_page(&browser, &table).await?;
    counts(&browser, &name).await?;
    filtered_page(&browser, &table, &first).await?;
    browser.close().await;
    Ok(())
}

/// A page behind nearly ten million rows, or in the middle of a smaller table: a key in, its rows are found like any other's.
async fn deep_page(browser: &Browser, table: &Table) -> Outcome {
    let count = rows_of(browser, &table.name).await?;
    let back = if count > DEPTH { count - DEPTH } else { count / 2 };
    // The way there is made backwards from the end, in the largest pages that there are.
    let mut request = PageRequest::new(table.name.clone()).at(Position::Last).limit(10_000);
    let mut left = back.min(100_000);
    let mut page = browser.page(&request).await?;
    while left > page.rows.len() as u64 && page.previous.is_some() {
        left -= page.rows.len() as u64;
        request.position = page.previous.map_or(Position::First, Position::Before);
        page = browser.page(&request).await?;
    }
    // A cursor stands beside a row, which is not on the page behind it.
    request.limit = u32::try_from(left.clamp(1, 9_999))? + 1;
    let edge = browser.page(&request).await?;
    let position = edge.previous.map_or(Position::First, Position::After);
    let deep = PageRequest::new(table.name.clone()).at(position);
    shown(browser, "deep_page", &deep).await?;
    Ok(())
}

/// As many as there are, or, where counting takes too long, as the planner thinks there are.
async fn rows_of(browser: &Browser, name: &TableName) -> Outcome<u64> {
    let mut request = CountRequest::new(name.clone(), CountKind::Exact);
    request.timeout_ms = Some(60_000);
    match browser.count(&request).await {
        Err(Error::Timeout { .. }) => {
            let request = CountRequest::new(name.clone(), CountKind::Estimate);
            Ok(browser.count(&request).await?.rows)
        }
        count => Ok(count?.rows),
    }
}

async fn counts(browser: &Browser, name: &TableName) -> Outcome {
    for (step, kind) in
        [("estimate", CountKind::Estimate), ("capped_count", CountKind::Capped { cap: CAP })]
    {
        let start = Instant::now();
        let count = browser.count(&CountRequest::new(name.clone(), kind)).await?;
        let (rows, precision) = (count.rows, count.precision);
        say(&json!({"step": step, "ms": ms(start), "rows": rows, "precision": precision}))?;
    }
    Ok(())
}

/// The rows of the first page from its middle on: a filter and an order by the first column.
async fn filtered_page(browser: &Browser, table: &Table, first: &Page) -> Outcome {
    let Some(column) = first.columns.first() else { return Ok(()) };
    let middle = first.rows.get(first.rows.len() / 2).and_then(|row| row.cells[0].text());
    let is_orderable = table.column(&column.name).is_some_and(|column| column.is_orderable);
    let mut request = PageRequest::new(table.name.clone());
    if let (Some(value), true) = (middle, is_orderable) {
        request = request
            .filter(Filter::compare(&column.name, pg_browser::Comparison::GreaterOrEqual, value))
            .order_by(OrderBy::new(&column.name, Direction::Ascending));
    }
    shown(browser, "filtered_page", &request).await?;
    Ok(())
}

async fn shown(browser: &Browser, step: &str, request: &PageRequest) -> Outcome<Page> {
    browser.page(request).await?;
    let start = Instant::now();
    let page = browser.page(request).await?;
    let ms = ms(start);
    say(&json!({
        "step": step,
        "ms": ms,
        "rows": page.rows.len(),
        "first_key": key(page.rows.first().and_then(|row| row.id.as_ref())),
        "last_key": key(page.rows.last().and_then(|row| row.id.as_ref())),
    }))?;
    Ok(page)
}

/// A line; a reader that has gone ends the tour without a word.
fn say(step: &serde_json::Value) -> Outcome {
    match writeln!(io::stdout(), "{step}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => Ok(written?),
    }
}

fn key(id: Option<&RowId>) -> Option<&[String]> {
    id.map(|id| id.key.as_slice())
}

fn largest(catalogue: &Catalogue) -> Option<TableName> {
    let table = catalogue.tables().max_by_key(|table| table.row_estimate.unwrap_or(0));
    table.map(|table| table.name.clone())
}

fn ms(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0
}
