//! Reading the catalogue.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::Row as _;

use super::{Catalogue, Column, RowKey, ServerInfo, Table, TableKind};
use crate::{
    Error, Result, TableName,
    connection::{Connections, Mode, Session},
    sql::Sql,
};

const SERVER: &str = include_str!("queries/server.sql");
/// The server and the list in one round trip.
const CATALOGUE: &str = concat!(
    "SELECT json_build_object('server', (",
    include_str!("queries/server.sql"),
    ")::json, 'schemas', (",
    include_str!("queries/catalogue.sql"),
    ")::json)::text"
);
const TABLE: &str = include_str!("queries/table.sql");

/// Reads the catalogue over some connections.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    connections: &'a Arc<Connections>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(connections: &'a Arc<Connections>) -> Self {
        Self { connections }
    }

    pub(crate) async fn server(&self) -> Result<ServerInfo> {
        let mut session = self.session().await?;
        let server = document(&mut session, &Sql::fixed(SERVER)).await;
        session.end(server).await
    }

    pub(crate) async fn catalogue(&self) -> Result<Catalogue> {
        let mut session = self.session().await?;
        let catalogue = document(&mut session, &Sql::fixed(CATALOGUE)).await;
        session.end(catalogue).await
    }

    pub(crate) async fn table(&self, name: &TableName) -> Result<Table> {
        let mut session = self.session().await?;
        let table = table(&mut session, name).await;
        session.end(table).await
    }

    async fn session(&self) -> Result<Session> {
        Session::begin(self.connections, Mode::Read, None).await
    }
}

/// The table, in a session that has begun.
pub(crate) async fn table(session: &mut Session, name: &TableName) -> Result<Table> {
    let sql = Sql::fixed(TABLE).with([name.schema.clone(), name.name.clone()]);
    let table: Option<Table> = optional_document(session, &sql).await?;
    let mut table = table.ok_or_else(|| Error::UnknownTable { table: name.clone() })?;
    table.row_key = row_key(&table);
    Ok(table)
}

/// The JSON document that a statement answers.
pub(crate) async fn document<T: DeserializeOwned>(session: &mut Session, sql: &Sql) -> Result<T> {
    let document = optional_document(session, sql).await?;
    document.ok_or_else(|| Error::Protocol { reason: "it is empty".to_owned() })
}

async fn optional_document<T: DeserializeOwned>(
    session: &mut Session,
    sql: &Sql,
) -> Result<Option<T>> {
    let rows = session.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let text: &str = row.try_get(0)?;
    let document = serde_json::from_str(text);
    document.map(Some).map_err(|error| Error::Protocol { reason: error.to_string() })
}

/// How the rows of a table can be told apart.
fn row_key(table: &Table) -> RowKey {
    let inherits = table.has_children && table.kind == TableKind::Table;
    let has_key = !matches!(table.kind, TableKind::View | TableKind::ForeignTable)
        // A parent's key says nothing about its children's rows.
        && !inherits;
    let columns = if has_key { key_columns(table) } else { None };
    match (columns, table.kind) {
        (Some(columns), _) => RowKey::Columns { columns },
        (None, TableKind::View | TableKind::ForeignTable) => RowKey::AllColumns,
        _ if !table.reads_system_columns => RowKey::AllColumns,
        (None, TableKind::PartitionedTable) => RowKey::PartitionCtid,
        _ if inherits => RowKey::PartitionCtid,
        _ => RowKey::Ctid,
    }
}

/// The primary key, else the shortest unique index over columns that are never NULL; only what we may read.
fn key_columns(table: &Table) -> Option<Vec<String>> {
    let is_usable = |columns: &[String]| {
        columns.iter().all(|name| table.column(name).is_some_and(is_readable_key))
    };
    let primary = table.primary_key.iter().map(|key| key.columns.clone());
    let mut unique: Vec<Vec<String>> = table
        .indexes
        .iter()
        .filter(|index| {
            index.is_unique && index.is_valid && index.is_immediate && !index.is_partial
        })
        .filter_map(|index| index.columns.iter().cloned().collect())
        .collect();
    unique.sort_by_key(Vec::len);
    primary.chain(unique).find(|columns| is_usable(columns))
}

fn is_readable_key(column: &Column) -> bool {
    column.is_never_null && column.is_orderable && column.can_select
}
