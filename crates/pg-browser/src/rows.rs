//! Rows of a table: pages, counts, single values.

mod count;
mod cursor;
mod page;
mod request;

pub use count::{Count, CountKind, CountRequest, Precision};
pub use cursor::Cursor;
pub use page::{Page, PageColumn, Row, RowId};
pub use request::{
    CellRequest, Comparison, Direction, Filter, Nulls, OrderBy, PageRequest, Position,
};
