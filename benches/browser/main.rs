//! The browser's figures: `cargo bench -p pg-browser -- URL`.
//!
//! The database has a table `public.big` with ten million rows (`id` the primary key, `score` nullable and indexed) and a
//! table `public.million` with the first million of them:
//!
//! ```sql
//! CREATE TABLE big AS SELECT i::bigint AS id, 'name ' || i AS name,
//!        CASE WHEN i % 10 > 0 THEN hashint4(i) & 1048575 END AS score,
//!        timestamptz '2020-01-01' + i * interval '7 s' AS created, CASE WHEN i % 3 = 0 THEN 'note ' || i END AS note
//!   FROM generate_series(1, 10000000) i;
//! ALTER TABLE big ADD PRIMARY KEY (id); CREATE INDEX ON big (score);
//! CREATE TABLE million AS SELECT * FROM big WHERE id <= 1000000; VACUUM ANALYZE;
//! ```
#![expect(clippy::print_stdout, reason = "a program")]

use std::time::Instant;

use pg_browser::{
    Browser, ConnectOptions, Direction, ExportFormat, ExportRequest, ExportSource, OrderBy, PageRequest, Position,
    Result, TableName,
};

/// How often each call is timed.
const ROUNDS: usize = 200;

#[tokio::main]
async fn main() -> Result<()> {
    let Some(url) = std::env::args().skip(1).find(|argument| argument.contains("://")) else {
        println!("usage: cargo bench -p pg-browser -- URL");
        return Ok(());
    };
    let browser = Browser::connect(ConnectOptions::from_url(&url)?).await?;
    let big = TableName::new("public", "big");
    let first = PageRequest::new(big.clone());
    pages(&browser, "first page", first.clone()).await?;
    pages(&browser, "last page", first.clone().at(Position::Last)).await?;
    for direction in [Direction::Ascending, Direction::Descending] {
        let sorted = first.clone().order_by(OrderBy::new("score", direction));
        pages(&browser, &format!("{direction:?}, first page"), sorted.clone()).await?;
        pages(&browser, &format!("{direction:?}, last page"), sorted.clone().at(Position::Last)).await?;
        walk(&browser, &format!("{direction:?}, pages on the way"), sorted).await?;
    }
    documents(&browser, &big).await?;
    crowd(&browser, &first).await?;
    export(&browser).await
}

async fn pages(browser: &Browser, what: &str, request: PageRequest) -> Result<()> {
    let mut times = Vec::with_capacity(ROUNDS);
    browser.page(&request).await?;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        browser.page(&request).await?;
        times.push(ms(start));
    }
    report(what, times);
    Ok(())
}

/// Pages that follow each other, from the first and from the last.
async fn walk(browser: &Browser, what: &str, request: PageRequest) -> Result<()> {
    let mut times = Vec::new();
    for position in [Position::First, Position::Last] {
        let mut request = request.clone().at(position);
        for _ in 0..ROUNDS / 2 {
            let start = Instant::now();
            let page = browser.page(&request).await?;
            times.push(ms(start));
            request.position = match (&request.position, page.next, page.previous) {
                (Position::First | Position::After(_), Some(next), _) => Position::After(next),
                (Position::Last | Position::Before(_), _, Some(previous)) => Position::Before(previous),
                _ => break,
            };
        }
    }
    report(what, times);
    Ok(())
}

async fn documents(browser: &Browser, table: &TableName) -> Result<()> {
    let (mut lists, mut tables) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let start = Instant::now();
        browser.catalogue().await?;
        lists.push(ms(start));
        let start = Instant::now();
        browser.table(table).await?;
        tables.push(ms(start));
    }
    report("catalogue", lists);
    report("open table", tables);
    Ok(())
}

/// 64 tasks on the pool's 8 connections.
async fn crowd(browser: &Browser, request: &PageRequest) -> Result<()> {
    let page_all = |browser: Browser, mut request: PageRequest| async move {
        let mut times = Vec::new();
        for _ in 0..50 {
            let start = Instant::now();
            let page = browser.page(&request).await?;
            times.push(ms(start));
            request.position = page.next.map_or(Position::First, Position::After);
        }
        Ok(times)
    };
    let tasks: Vec<tokio::task::JoinHandle<Result<Vec<f64>>>> =
        (0..64).map(|_| tokio::spawn(page_all(browser.clone(), request.clone()))).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("no task panics")?);
    }
    report("64 tasks, a page", times);
    Ok(())
}

async fn export(browser: &Browser) -> Result<()> {
    let rows = PageRequest::new(TableName::new("public", "million"));
    let request = ExportRequest {
        source: ExportSource::Table { rows },
        format: ExportFormat::Csv { header: true },
        timeout_ms: None,
    };
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let mut export = browser.export(&request).await?;
        while let Some(chunk) = export.next().await {
            chunk?;
        }
        times.push(ms(start));
    }
    report("export of a million rows as CSV", times);
    Ok(())
}

fn report(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).or(times.last()).copied().unwrap_or_default();
    println!("{what:40} p50 {:8.2} ms   p95 {:8.2} ms", at(50), at(95));
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
