//! What the tests share.

use alembic_testing::{Postgres, PostgresDatabase};
use pg_browser::{
    Browser, ConnectOptions, EditOutcome, EditSet, EditedRow, Page, PageRequest, Position, Row,
    TableName, Variables,
};

/// An empty database and a browser on it.
pub(crate) struct Db {
    pub(crate) server: &'static Postgres,
    pub(crate) database: PostgresDatabase<'static>,
    pub(crate) browser: Browser,
}

impl Db {
    fn on(server: &'static Postgres) -> Self {
        let database = server.database();
        let browser = Browser::connect_lazily(&options(&database.url())).unwrap();
        Self { server, database, browser }
    }

    pub(crate) fn sql(&self, sql: &str) -> String {
        self.database.sql(sql)
    }

    /// Options to connect once more, otherwise.
    pub(crate) fn options(&self) -> ConnectOptions {
        options(&self.database.url())
    }

    pub(crate) async fn first(&self, table: &str) -> Page {
        self.browser.page(&PageRequest::new(TableName::parse(table))).await.unwrap()
    }

    pub(crate) async fn apply(&self, edits: EditSet) -> (Vec<EditedRow>, EditSet) {
        match self.browser.apply(&edits).await.unwrap() {
            EditOutcome::Applied { rows, undo } => (rows, undo),
            EditOutcome::Conflict { conflicts } => panic!("{conflicts:?}"),
        }
    }
}

fn options(url: &str) -> ConnectOptions {
    ConnectOptions::from_url(url).unwrap().variables(Variables::new(|_| None))
}

/// Runs a test on each server, in a database of its own.
#[expect(clippy::needless_pass_by_value, reason = "closures are written where they are passed")]
pub(crate) fn on_each(test: impl AsyncFn(&Db)) {
    for server in [Postgres::shared(), Postgres::shared_18()] {
        on(server, &test);
    }
}

#[expect(clippy::needless_pass_by_value, reason = "closures are written where they are passed")]
pub(crate) fn on(server: &'static Postgres, test: impl AsyncFn(&Db)) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(async {
        let db = Db::on(server);
        test(&db).await;
        db.browser.close().await;
    });
}

/// The text of a column, row by row.
pub(crate) fn column(rows: &[Row], at: usize) -> Vec<Option<String>> {
    rows.iter().map(|row| row.cells[at].text().map(str::to_owned)).collect()
}

/// All rows, page by page from the first.
pub(crate) async fn forward(browser: &Browser, request: &PageRequest) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut request = request.clone().at(Position::First);
    for _ in 0..10_000 {
        let page = browser.page(&request).await.unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => request.position = Position::After(next),
            None => return rows,
        }
    }
    panic!("the pages do not end");
}

/// All rows, page by page from the last.
pub(crate) async fn backward(browser: &Browser, request: &PageRequest) -> Vec<Row> {
    let mut pages = Vec::new();
    let mut request = request.clone().at(Position::Last);
    for _ in 0..10_000 {
        let page = browser.page(&request).await.unwrap();
        pages.push(page.rows);
        let Some(previous) = page.previous else {
            pages.reverse();
            return pages.concat();
        };
        request.position = Position::Before(previous);
    }
    panic!("the pages do not end");
}
