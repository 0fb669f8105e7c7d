//! Browse and edit PostgreSQL.
//!
//! A [`Browser`] reads the catalogue, pages through tables of any size by key, filters and sorts by typed requests, edits
//! rows without losing other people's changes, runs SQL with a limit and without harm, shows what the server is doing and
//! exports rows as streams. It prints nothing and knows nothing of what the tables mean.
//!
//! * **Values are text**, PostgreSQL's own, beside the name of their type. No number goes through a float.
//! * **Pages are found by key**, never by OFFSET: the last page of ten million rows costs as much as the first.
//! * **Browsing is read-only**, always: it happens in `BEGIN READ ONLY … ROLLBACK`.
//! * **Names are quoted and values bound.** The only SQL of other people's that runs is what they ask to have run.
//! * **A dropped future stops its statement** on the server.
//!
//! A page and an edit:
//!
//! ```no_run
//! use pg_browser::{Browser, ConnectOptions, Edit, EditOutcome, EditSet, PageRequest, TableName};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> pg_browser::Result<()> {
//! let browser = Browser::connect(ConnectOptions::from_url("postgresql://ann@localhost/shop")?).await?;
//! let pets = TableName::new("public", "pets");
//!
//! let page = browser.page(&PageRequest::new(pets.clone())).await?;
//! let row = &page.rows[0];
//! assert_eq!(row.cells.len(), page.columns.len());
//!
//! let id = row.id.clone().expect("the table has a key");
//! let edits = EditSet::new([Edit::update(pets, id, [("name", "Tom".into())])]);
//! match browser.apply(&edits).await? {
//!     EditOutcome::Applied { rows, undo } => assert_eq!(rows.len(), undo.edits.len()),
//!     EditOutcome::Conflict { conflicts } => assert!(!conflicts.is_empty(), "someone was faster"),
//! }
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

mod activity;
mod browser;
mod catalog;
mod connection;
mod edit;
mod error;
mod export;
mod name;
mod query;
mod rows;
mod sql;
mod value;

pub use activity::{
    IndexStatistics, SessionActivity, SlowStatement, SlowStatements, TableLock, TableStatistics,
};
pub use browser::Browser;
pub use catalog::{
    Catalogue, CatalogueTable, Check, Column, ColumnSource, ColumnSummary, Field, ForeignKey,
    Generated, Identity, Index, Key, Partitioning, Privileges, RowKey, Schema, ServerInfo, Table,
    TableKind, TypeKind,
};
pub use connection::{ConnectOptions, Variables};
pub use edit::{
    Assignment, Conflict, ConflictReason, Edit, EditOutcome, EditPreview, EditSet, EditedRow,
    PreviewStatement,
};
pub use error::{Error, ErrorReport, Reader, Result, ServerError};
pub use export::{Export, ExportFormat, ExportRequest, ExportSource};
pub use name::TableName;
pub use query::{
    ExplainFormat, ExplainRequest, Explanation, Notice, QueryOutcome, QueryRequest, ResultColumn,
    StatementFailure, StatementResult,
};
pub use rows::{
    CellRequest, Comparison, Count, CountKind, CountRequest, Cursor, Direction, Filter, Nulls,
    OrderBy, Page, PageColumn, PageRequest, Position, Precision, Row, RowId,
};
pub use value::{Cell, Value};
