//! The way back.

use super::{Assignment, Edit, EditedRow};
use crate::{Cell, Value, catalog::Table};

/// The edit that takes an edit back; `None` where the row cannot be found again.
pub(super) fn inverse(
    table: &Table,
    edit: &Edit,
    before: Option<&EditedRow>,
    after: &EditedRow,
) -> Option<Edit> {
    let name = table.name.clone();
    match edit {
        Edit::Insert { .. } => Some(Edit::Delete { table: name, row: after.id.clone()? }),
        Edit::Update { changes, .. } => {
            let before = before?;
            let old = |change: &Assignment| assignment(before, &change.column);
            let changes: Vec<Assignment> = changes.iter().filter_map(old).collect();
            let row = after.id.clone()?;
            (!changes.is_empty()).then_some(Edit::Update { table: name, row, changes })
        }
        Edit::Delete { .. } => {
            let before = before?;
            let stored = table.columns.iter().filter(|column| column.generated.is_none());
            let values = stored.filter_map(|column| assignment(before, &column.name)).collect();
            Some(Edit::Insert { table: name, values })
        }
    }
}

fn assignment(row: &EditedRow, column: &str) -> Option<Assignment> {
    let at = row.columns.iter().position(|name| name == column)?;
    let value = match row.cells.as_ref()?.get(at)? {
        Cell::Null => Value::Null,
        Cell::Text(text) | Cell::Cut(text) => Value::Text(text.clone()),
    };
    Some(Assignment { column: column.to_owned(), value })
}
