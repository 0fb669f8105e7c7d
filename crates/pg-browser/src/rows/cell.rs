//! One value in full.

use std::sync::Arc;

use super::{CellRequest, id_condition, owned_at};
use crate::{
    Error, Result,
    connection::{Connections, Mode, Session},
    sql::{Conditions, Sql, full_text, readable, reference, table_name},
};

/// Reads one value.
pub(crate) async fn cell(connections: &Arc<Connections>, request: &CellRequest) -> Result<Option<String>> {
    let mut session = Session::begin(connections, Mode::Read, None).await?;
    let outcome = read(connections, &mut session, request).await;
    session.end(outcome).await
}

async fn read(
    connections: &Arc<Connections>,
    session: &mut Session,
    request: &CellRequest,
) -> Result<Option<String>> {
    let table = connections.tables().table(session, &request.table).await?;
    let column = readable(&table, &request.column)?;
    let mut conditions = Conditions::default();
    id_condition(&table, &request.row, &mut conditions)?;
    let text = format!(
        "SELECT {} FROM {} t{}",
        full_text(&reference(column), column),
        table_name(&table.name),
        conditions.clause(),
    );
    let rows = session.rows(&Sql::new(text, conditions.into_values())?).await?;
    let row = rows.first().ok_or_else(|| Error::RowGone { table: table.name.clone() })?;
    owned_at(row, 0)
}
