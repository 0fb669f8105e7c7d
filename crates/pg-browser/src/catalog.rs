//! What is in the database: schemas, tables and all that belongs to a table.
//!
//! Every type here is what one of `queries/*.sql` answers, read from the JSON that the server builds. Sizes and row
//! numbers are what the last VACUUM or ANALYZE left: asking for better ones would wait behind a migration's locks. The
//! list waits for no lock; an open table's defaults and index definitions do, for as long as the connection allows.

mod cache;
mod column;
mod constraint;
mod list;
pub(crate) mod read;
mod server;
mod table;

pub(crate) use cache::Cache;
pub(crate) use column::TextForm;
pub use column::{Column, ColumnSource, ColumnSummary, Field, Generated, Identity, TypeKind};
pub use constraint::{Check, ForeignKey, Index, Key};
pub use list::{Catalogue, CatalogueTable, Schema, TableKind};
pub(crate) use read::Reader;
pub use server::ServerInfo;
pub use table::{Partitioning, Privileges, RowKey, Table};
