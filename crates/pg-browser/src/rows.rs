//! Rows of a table: pages, counts, single values.

mod cell;
mod count;
mod cursor;
mod page;
mod read;
mod refusal;
mod request;
mod twins;
mod walk;

pub(crate) use cell::cell;
pub(crate) use count::count;
pub use count::{Count, CountKind, CountRequest, Precision};
pub use cursor::Cursor;
pub use page::{Page, PageColumn, Row, RowId};
pub(crate) use read::{Plan, id_items, page};
pub(crate) use refusal::{explained, value_refusal};
pub use request::{
    CellRequest, Comparison, Direction, Filter, Nulls, OrderBy, PageRequest, Position,
};

use std::time::{Duration, Instant};

use sqlx::{Row as _, ValueRef as _, postgres::PgRow};

use crate::{
    Error, Result, RowKey,
    catalog::Table,
    sql::{Conditions, operator, readable, reference},
};

/// The text at a place of a row.
pub(crate) fn text_at(row: &PgRow, at: usize) -> Result<Option<&str>> {
    let value = row.try_get_raw(at)?;
    if value.is_null() {
        return Ok(None);
    }
    value.as_str().map(Some).map_err(|error| Error::Protocol { reason: error.to_string() })
}

/// Likewise, its own.
pub(crate) fn owned_at(row: &PgRow, at: usize) -> Result<Option<String>> {
    Ok(text_at(row, at)?.map(str::to_owned))
}

/// A request's limit of time.
pub(crate) fn limit_of(timeout_ms: Option<u32>) -> Option<Duration> {
    timeout_ms.map(|limit| Duration::from_millis(limit.into()))
}

/// Milliseconds since then.
pub(crate) fn elapsed_ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// The condition that finds a row by its key; its version is not looked at.
pub(crate) fn id_condition(table: &Table, row: &RowId, conditions: &mut Conditions) -> Result<()> {
    let keys: Vec<(String, String)> = match &table.row_key {
        RowKey::Columns { columns } => columns
            .iter()
            .map(|name| {
                let column = readable(table, name)?;
                Ok((format!("{} {}", reference(column), operator(column, "=")), column.cast_type.clone()))
            })
            .collect::<Result<_>>()?,
        RowKey::Ctid => vec![("t.ctid =".to_owned(), "tid".to_owned())],
        RowKey::PartitionCtid => vec![
            ("t.tableoid =".to_owned(), "oid".to_owned()),
            ("t.ctid =".to_owned(), "tid".to_owned()),
        ],
        RowKey::AllColumns => {
            let reason = "its rows cannot be told apart".to_owned();
            return Err(Error::NotEditable { table: table.name.clone(), reason });
        }
    };
    if keys.len() != row.key.len() {
        let reason = format!("a row of `{}` has {} key values", table.name, keys.len());
        return Err(Error::InvalidRequest { reason });
    }
    for ((left, cast_type), value) in keys.iter().zip(&row.key) {
        conditions.and(|values| format!("{left} {}", values.bind(Some(value), cast_type)));
    }
    Ok(())
}
