//! Which filter it was that the server refused.

use std::sync::Arc;

use crate::{
    Error, Filter, Reader, ServerError,
    catalog::{Column, Table},
    connection::{Connections, Mode, Session},
    sql::{Sql, checked_condition, readable, table_name},
};

/// The error, with the column or the condition that it is about where filters are to blame.
pub(crate) async fn explained(
    connections: &Arc<Connections>,
    table: &Table,
    filters: &[Filter],
    error: Error,
) -> Error {
    let has_condition = filters.iter().any(|filter| matches!(filter, Filter::Raw { .. }));
    let error = if has_condition { error.refused_by(Reader::Condition) } else { error };
    let (Error::Server(server) | Error::ConstraintViolated(server)) = &error else { return error };
    if filters.is_empty() || !is_about_values(server) {
        return error;
    }
    for filter in filters {
        if let Some(refusal) = refusal(connections, table, filter).await {
            return refusal;
        }
    }
    error
}

/// Syntax, names, types and values: SQLSTATE classes 42, 22 and a domain's check.
fn is_about_values(error: &ServerError) -> bool {
    ["22", "42", "23"].iter().any(|class| error.sqlstate.starts_with(class))
}

async fn refusal(connections: &Arc<Connections>, table: &Table, filter: &Filter) -> Option<Error> {
    match filter {
        Filter::Compare { column, value, .. } => {
            value_refusal(connections, readable(table, column).ok()?, value).await
        }
        Filter::In { column, values } => {
            let column = readable(table, column).ok()?;
            for value in values {
                if let Some(refusal) = value_refusal(connections, column, value).await {
                    return Some(refusal);
                }
            }
            None
        }
        Filter::Raw { sql } => {
            let condition = checked_condition(sql).ok()?;
            let text =
                format!("SELECT FROM {} t WHERE {condition} LIMIT 0", table_name(&table.name));
            let error = failure(connections, &Sql::new(text, Vec::new()).ok()?).await?;
            Some(Error::InvalidCondition { reason: error.to_string() })
        }
        _ => None,
    }
}

/// Why a type takes no such value; `None` when it does.
pub(crate) async fn value_refusal(
    connections: &Arc<Connections>,
    column: &Column,
    value: &str,
) -> Option<Error> {
    let text = format!("SELECT num_nulls($1::text::{})", column.cast_type);
    let sql = Sql::new(text, vec![Some(value.to_owned())]).ok()?;
    let error = failure(connections, &sql).await?;
    Some(Error::InvalidValue {
        column: column.name.clone(),
        type_name: column.type_name.clone(),
        error: Box::new(error),
    })
}

async fn failure(connections: &Arc<Connections>, sql: &Sql) -> Option<ServerError> {
    let mut session = Session::begin(connections, Mode::Read, None).await.ok()?;
    let outcome = session.rows(sql).await;
    session.end(outcome).await.err()?.server().cloned()
}
