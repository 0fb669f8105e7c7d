//! Doing edits.
//!
//! Rows are not locked first: the guard on `xmin` in each UPDATE and DELETE is looked at again by the server when it has
//! waited for someone else's change, and then finds no row.

use std::{collections::HashSet, sync::Arc};

use sqlx::postgres::PgRow;

use super::{
    Conflict, ConflictReason, Edit, EditOutcome, EditPreview, EditSet, EditedRow, PreviewStatement,
    refusal, undo::inverse,
};
use crate::{
    Cell, Error, Result, RowId,
    catalog::Table,
    connection::{Connections, Mode, Session},
    rows::{owned_at, text_at},
    sql::{self, Returned, Sql},
};

/// The statements of a set.
pub(crate) async fn preview(
    connections: &Arc<Connections>,
    edits: &EditSet,
) -> Result<EditPreview> {
    check(edits)?;
    let mut session = Session::begin(connections, Mode::Read, None).await?;
    let outcome = statements(connections, &mut session, edits).await;
    session.end(outcome).await
}

async fn statements(
    connections: &Arc<Connections>,
    session: &mut Session,
    edits: &EditSet,
) -> Result<EditPreview> {
    let mut statements = Vec::with_capacity(edits.edits.len());
    for (at, edit) in edits.edits.iter().enumerate() {
        let table = connections.tables().checked(session, edit.table()).await?;
        check_table(&table, edit)?;
        let sql = sql::inlined(&statement(&table, edit, None)?)?;
        statements.push(PreviewStatement { edit: at, sql: format!("{sql};") });
    }
    Ok(EditPreview { statements })
}

/// Does a set.
pub(crate) async fn apply(connections: &Arc<Connections>, edits: &EditSet) -> Result<EditOutcome> {
    connections.require_writable()?;
    check(edits)?;
    let session = Session::begin(connections, Mode::Write, None).await?;
    let mut work =
        Work { connections, session, rows: Vec::new(), undo: Vec::new(), conflicts: Vec::new() };
    for (at, edit) in edits.edits.iter().enumerate() {
        if let Err(error) = work.one(at, edit).await {
            let error = work.session.end::<()>(Err(error)).await.err();
            let error = error.unwrap_or(Error::Cancelled);
            return Err(refusal::explained(connections, at, edit, error).await);
        }
    }
    work.finish().await
}

/// A set that is being done.
struct Work<'a> {
    connections: &'a Arc<Connections>,
    session: Session,
    rows: Vec<EditedRow>,
    undo: Vec<Edit>,
    conflicts: Vec<Conflict>,
}

impl Work<'_> {
    async fn one(&mut self, at: usize, edit: &Edit) -> Result<()> {
        let table = self.connections.tables().checked(&mut self.session, edit.table()).await?;
        check_table(&table, edit)?;
        let returned = Returned::of(&table)?;
        // Refuses a set that cannot be done before it is asked who is in the way.
        let sql = statement(&table, edit, Some(&returned))?;
        let mut before = None;
        if let Some(row) = edit.row() {
            let current = self.current(at, &table, row, &returned).await?;
            match current {
                Some(current) if is_seen(&current, row) => before = Some(current),
                current => {
                    self.conflict(at, edit, current);
                    return Ok(());
                }
            }
        }
        if !self.conflicts.is_empty() {
            return Ok(());
        }
        let rows = self.session.rows(&sql).await?;
        let Some(after) = rows.first() else {
            return self.nothing_done(at, edit, &table, &returned).await;
        };
        let is_delete = matches!(edit, Edit::Delete { .. });
        let mut after = edited(at, &returned, after, None)?;
        if is_delete {
            after = EditedRow { id: None, cells: None, ..after };
        } else if let Some(id) = &mut after.id {
            id.version = self.version().await?;
        }
        self.undo.extend(inverse(&table, edit, before.as_ref(), &after));
        self.rows.push(after);
        Ok(())
    }

    async fn current(
        &mut self,
        at: usize,
        table: &Table,
        row: &RowId,
        returned: &Returned<'_>,
    ) -> Result<Option<EditedRow>> {
        let rows = self.session.rows(&sql::current(table, row, returned)?).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let version = returned.columns.len() + returned.id.unwrap_or(0);
        Ok(Some(edited(at, returned, row, owned_at(row, version)?)?))
    }

    /// All rows that this transaction writes are of one version.
    async fn version(&mut self) -> Result<Option<String>> {
        let rows = self.session.rows(&Sql::fixed("SELECT pg_current_xact_id()::xid::text")).await?;
        rows.first().map_or(Ok(None), |row| owned_at(row, 0))
    }

    /// The statement found no row: someone was faster, or the server keeps the row from being written.
    async fn nothing_done(
        &mut self,
        at: usize,
        edit: &Edit,
        table: &Table,
        returned: &Returned<'_>,
    ) -> Result<()> {
        if let Some(row) = edit.row() {
            let current = self.current(at, table, row, returned).await?;
            if !current.as_ref().is_some_and(|current| is_seen(current, row)) {
                self.conflict(at, edit, current);
                return Ok(());
            }
        }
        let reason = "a trigger, a rule or row security keeps the change from happening".to_owned();
        Err(Error::NotEditable { table: table.name.clone(), reason })
    }

    fn conflict(&mut self, at: usize, edit: &Edit, theirs: Option<EditedRow>) {
        let reason = if theirs.is_some() { ConflictReason::Changed } else { ConflictReason::Gone };
        self.conflicts.push(Conflict { edit: at, reason, ours: edit.clone(), theirs });
    }

    async fn finish(self) -> Result<EditOutcome> {
        if !self.conflicts.is_empty() {
            return self.session.end(Ok(EditOutcome::Conflict { conflicts: self.conflicts })).await;
        }
        self.session.commit().await?;
        let mut edits = self.undo;
        edits.reverse();
        Ok(EditOutcome::Applied { rows: self.rows, undo: EditSet { edits } })
    }
}

fn statement(table: &Table, edit: &Edit, returned: Option<&Returned<'_>>) -> Result<Sql> {
    match edit {
        Edit::Insert { values, .. } => sql::insert(table, values, returned),
        Edit::Update { row, changes, .. } => sql::update(table, row, changes, returned),
        Edit::Delete { row, .. } => sql::delete(table, row, returned),
    }
}

fn edited(
    at: usize,
    returned: &Returned<'_>,
    row: &PgRow,
    version: Option<String>,
) -> Result<EditedRow> {
    let width = returned.columns.len();
    let cells: Result<Vec<Cell>> =
        (0..width).map(|column| Ok(owned_at(row, column)?.into())).collect();
    let id = match returned.id {
        Some(number) => {
            let key: Option<Vec<String>> = (width..width + number)
                .map(|column| Ok(text_at(row, column)?.map(str::to_owned)))
                .collect::<Result<_>>()?;
            key.map(|key| RowId { key, version })
        }
        None => None,
    };
    let columns = returned.columns.iter().map(|column| column.name.clone()).collect();
    Ok(EditedRow { edit: at, id, columns, cells: Some(cells?) })
}

fn is_seen(current: &EditedRow, row: &RowId) -> bool {
    current.id.as_ref().is_some_and(|id| id.version == row.version)
}

/// A set that contradicts itself.
fn check(edits: &EditSet) -> Result<()> {
    let mut seen = HashSet::new();
    for edit in &edits.edits {
        if let Some(row) = edit.row()
            && !seen.insert((edit.table(), &row.key))
        {
            let reason = format!("two edits of the same row of `{}`", edit.table());
            return Err(Error::InvalidRequest { reason });
        }
    }
    Ok(())
}

/// Bits of `pg_relation_is_updatable`.
fn check_table(table: &Table, edit: &Edit) -> Result<()> {
    let (bit, what) = match edit {
        Edit::Insert { .. } => (8, "it takes no new rows"),
        Edit::Update { .. } => (4, "its rows cannot be changed"),
        Edit::Delete { .. } => (16, "its rows cannot be deleted"),
    };
    if table.updatable & bit == bit {
        return Ok(());
    }
    Err(Error::NotEditable { table: table.name.clone(), reason: what.to_owned() })
}
