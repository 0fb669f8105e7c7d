//! The columns of a result: their types and where they come from.

use sqlx::{Column as _, postgres::PgColumn};

use super::ResultColumn;
use crate::{
    ColumnSource, Result, TableName,
    catalog::read::document,
    connection::Session,
    sql::Sql,
};

/// What the server says of a result's columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Described {
    names: Vec<String>,
    types: Vec<u32>,
    tables: Vec<u32>,
    numbers: Vec<i16>,
}

impl Described {
    pub(crate) fn of(columns: &[PgColumn]) -> Self {
        let type_of = |column: &PgColumn| column.type_info().oid().map_or(0, |oid| oid.0);
        Self {
            names: columns.iter().map(|column| column.name().to_owned()).collect(),
            types: columns.iter().map(type_of).collect(),
            tables: columns.iter().map(|column| column.relation_id().map_or(0, |oid| oid.0)).collect(),
            numbers: columns
                .iter()
                .map(|column| column.relation_attribute_no().unwrap_or_default())
                .collect(),
        }
    }

    /// How many columns there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The columns' names.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Asks the catalogue for the names of types and tables.
    pub(crate) async fn resolve(&self, session: &mut Session) -> Result<Vec<ResultColumn>> {
        #[derive(serde::Deserialize)]
        struct Found {
            type_name: Option<String>,
            schema: Option<String>,
            table: Option<String>,
            column: Option<String>,
        }
        if self.names.is_empty() {
            return Ok(Vec::new());
        }
        let sql = Sql::fixed(include_str!("columns.sql")).with([
            array(&self.types),
            array(&self.tables),
            array(&self.numbers),
        ]);
        let found: Vec<Found> = document(session, &sql).await?;
        let column = |(name, found): (&String, Found)| {
            let table = found.schema.zip(found.table);
            let origin = table.zip(found.column).map(|((schema, name), column)| ColumnSource {
                table: TableName::new(schema, name),
                column,
            });
            let type_name = found.type_name.unwrap_or_else(|| "unknown".to_owned());
            ResultColumn { name: name.clone(), type_name, origin }
        };
        Ok(self.names.iter().zip(found).map(column).collect())
    }
}

fn array<T: std::fmt::Display>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("{{{}}}", items.join(","))
}
