//! From typed requests to SQL: the only place where text becomes a statement.
//!
//! Names are quoted by [`ident`], values are bound or, where SQL takes no values, quoted by [`literal`]. What people write
//! is looked through by [`scan`] first.

mod condition;
mod edit;
mod export;
mod filter;
mod ident;
mod inline;
mod order;
mod page;
pub(crate) mod read_only;
pub(crate) mod scan;
mod setup;
mod statement;
mod text;

pub(crate) use condition::checked as checked_condition;
pub(crate) use edit::{Returned, current, delete, insert, update};
pub(crate) use export::{CopyKind, Lines};
pub(crate) use filter::{Conditions, readable, reference};
pub(crate) use ident::{literal, quoted, table_name};
pub(crate) use inline::inlined;
pub(crate) use order::{Order, operator};
pub(crate) use page::{Select, Step};
pub(crate) use setup::setup;
pub(crate) use statement::Sql;
pub(crate) use text::{full_text, limited_text};
