//! Which edit and which column it was that the server refused.

use std::sync::Arc;

use super::{Assignment, Edit};
use crate::{
    Error, ServerError, Value,
    catalog::Table,
    connection::{Connections, Mode, Session},
    rows::value_refusal,
};

/// The error, with the edit and, where it is about a value, the column.
pub(super) async fn explained(
    connections: &Arc<Connections>,
    at: usize,
    edit: &Edit,
    error: Error,
) -> Error {
    let error = numbered(error, at);
    let Error::Server(server) = &error else { return error };
    if !server.sqlstate.starts_with("22") {
        return error;
    }
    let Some(table) = table(connections, edit).await else { return error };
    if let Some(refusal) = refused_value(connections, &table, edit).await {
        return numbered(refusal, at);
    }
    refused_length(&table, edit, server).unwrap_or(error)
}

fn numbered(error: Error, at: usize) -> Error {
    let with = |server: Box<ServerError>| Box::new(ServerError { edit: Some(at), ..*server });
    match error {
        Error::Server(server) => Error::Server(with(server)),
        Error::ConstraintViolated(server) => Error::ConstraintViolated(with(server)),
        Error::PermissionDenied(server) => Error::PermissionDenied(with(server)),
        Error::Locked(server) => Error::Locked(with(server)),
        Error::TooLarge(server) => Error::TooLarge(with(server)),
        Error::InvalidValue { column, type_name, error } => {
            Error::InvalidValue { column, type_name, error: with(error) }
        }
        error => error,
    }
}

async fn table(connections: &Arc<Connections>, edit: &Edit) -> Option<Arc<Table>> {
    let mut session = Session::begin(connections, Mode::Read, None).await.ok()?;
    let table = connections.tables().table(&mut session, edit.table()).await;
    session.end(table).await.ok()
}

fn assignments(edit: &Edit) -> &[Assignment] {
    match edit {
        Edit::Insert { values, .. } => values,
        Edit::Update { changes, .. } => changes,
        Edit::Delete { .. } => &[],
    }
}

async fn refused_value(
    connections: &Arc<Connections>,
    table: &Table,
    edit: &Edit,
) -> Option<Error> {
    for Assignment { column, value } in assignments(edit) {
        if let (Some(column), Value::Text(text)) = (table.column(column), value)
            && let Some(refusal) = value_refusal(connections, column, text).await
        {
            return Some(refusal);
        }
    }
    None
}

/// A value that is of the type but not of its length or precision: the server names the type alone.
fn refused_length(table: &Table, edit: &Edit, server: &ServerError) -> Option<Error> {
    let given = assignments(edit).iter().filter(|given| matches!(given.value, Value::Text(_)));
    let columns: Vec<_> = given.filter_map(|given| table.column(&given.column)).collect();
    let named: Vec<_> =
        columns.iter().filter(|column| server.message.contains(&column.type_name)).collect();
    let column = match (named.as_slice(), columns.as_slice()) {
        ([column], _) => column,
        (_, [column]) => column,
        _ => return None,
    };
    Some(Error::InvalidValue {
        column: column.name.clone(),
        type_name: column.type_name.clone(),
        error: Box::new(server.clone()),
    })
}
