//! The statements of edits.

use std::fmt::Write as _;

use super::{
    Sql,
    filter::{Conditions, Values},
    full_text, quoted, readable, reference, table_name,
};
use crate::{
    Assignment, Error, Identity, Result, RowId, Value,
    catalog::{Column, Table},
    rows::{id_condition, id_items},
};

/// What a statement of an edit gives for a row: all columns that we may read, then what tells it apart.
#[derive(Debug, Clone)]
pub(crate) struct Returned<'a> {
    pub(crate) columns: Vec<&'a Column>,
    /// How many items behind the columns tell the row apart; `None` when nothing does.
    pub(crate) id: Option<usize>,
    items: Vec<String>,
}

impl<'a> Returned<'a> {
    pub(crate) fn of(table: &'a Table) -> Result<Self> {
        let columns: Vec<&Column> =
            table.columns.iter().filter(|column| column.can_select).collect();
        let mut items: Vec<String> =
            columns.iter().map(|column| full_text(&reference(column), column)).collect();
        let id = id_items(table, &table.row_key)?;
        let number = id.as_ref().map(Vec::len);
        items.extend(id.unwrap_or_default());
        Ok(Self { columns, id: number, items })
    }

    fn clause(&self) -> String {
        // RETURNING needs something to return.
        if self.items.is_empty() { "NULL::text".to_owned() } else { self.items.join(", ") }
    }
}

/// The row as it is now, its version in front.
pub(crate) fn current(table: &Table, row: &RowId, returned: &Returned<'_>) -> Result<Sql> {
    let mut conditions = Conditions::default();
    id_condition(table, row, &mut conditions)?;
    let text = format!(
        "SELECT {}, t.xmin::text FROM {} t{}",
        returned.clause(),
        table_name(&table.name),
        conditions.clause(),
    );
    Sql::new(text, conditions.into_values())
}

/// The new row.
pub(crate) fn insert(
    table: &Table,
    values: &[Assignment],
    returned: Option<&Returned<'_>>,
) -> Result<Sql> {
    let assigned = assigned(table, values)?;
    let mut parameters = Values::default();
    let mut text = format!("INSERT INTO {} AS t", table_name(&table.name));
    if assigned.is_empty() {
        text += " DEFAULT VALUES";
    } else {
        let names: Vec<String> = assigned.iter().map(|(column, _)| quoted(&column.name)).collect();
        let list: Vec<String> = assigned
            .iter()
            .map(|(column, value)| expression(column, value, &mut parameters))
            .collect();
        let is_numbered = |(column, value): &(&Column, &Value)| {
            column.identity == Some(Identity::Always) && matches!(value, Value::Text(_))
        };
        let overriding =
            if assigned.iter().any(is_numbered) { " OVERRIDING SYSTEM VALUE" } else { "" };
        let _ = write!(text, " ({}){overriding} VALUES ({})", names.join(", "), list.join(", "));
    }
    finished(text, parameters.into_inner(), returned)
}

/// The change of a row, in the version that was seen.
pub(crate) fn update(
    table: &Table,
    row: &RowId,
    changes: &[Assignment],
    returned: Option<&Returned<'_>>,
) -> Result<Sql> {
    let assigned = assigned(table, changes)?;
    if assigned.is_empty() {
        return Err(Error::InvalidRequest { reason: "an update changes no column".to_owned() });
    }
    let mut conditions = Conditions::default();
    let values = conditions.values_mut();
    let list: Vec<String> = assigned
        .iter()
        .map(|(column, value)| {
            format!("{} = {}", quoted(&column.name), expression(column, value, values))
        })
        .collect();
    guard(table, row, &mut conditions)?;
    let text = format!(
        "UPDATE {} t SET {}{}",
        table_name(&table.name),
        list.join(", "),
        conditions.clause(),
    );
    finished(text, conditions.into_values(), returned)
}

/// The end of a row, in the version that was seen.
pub(crate) fn delete(table: &Table, row: &RowId, returned: Option<&Returned<'_>>) -> Result<Sql> {
    let mut conditions = Conditions::default();
    guard(table, row, &mut conditions)?;
    let text = format!("DELETE FROM {} t{}", table_name(&table.name), conditions.clause());
    finished(text, conditions.into_values(), returned)
}

fn guard(table: &Table, row: &RowId, conditions: &mut Conditions) -> Result<()> {
    id_condition(table, row, conditions)?;
    let Some(version) = &row.version else {
        let reason = "its rows have no version that we may read".to_owned();
        return Err(Error::NotEditable { table: table.name.clone(), reason });
    };
    conditions.and(|values| format!("t.xmin = {}", values.bind(Some(version), "xid")));
    Ok(())
}

fn finished(
    text: String,
    values: Vec<Option<String>>,
    returned: Option<&Returned<'_>>,
) -> Result<Sql> {
    let returning =
        returned.map(|returned| format!(" RETURNING {}", returned.clause())).unwrap_or_default();
    Sql::new(text + &returning, values)
}

fn expression(column: &Column, value: &Value, values: &mut Values) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Default => "DEFAULT".to_owned(),
        // The cast names no length: one that did would cut what is too long and say nothing.
        Value::Text(text) => values.bind(Some(text), &column.cast_type),
    }
}

fn assigned<'a>(
    table: &'a Table,
    values: &'a [Assignment],
) -> Result<Vec<(&'a Column, &'a Value)>> {
    let mut assigned: Vec<(&Column, &Value)> = Vec::new();
    for Assignment { column, value } in values {
        let column = readable(table, column)?;
        if assigned.iter().any(|(other, _)| other.name == column.name) {
            let reason = format!("column `{}` is given two values", column.name);
            return Err(Error::InvalidRequest { reason });
        }
        match (&column.generated, value) {
            (Some(_), Value::Default) => {}
            (Some(_), _) => {
                let reason = format!("column `{}` is generated", column.name);
                return Err(Error::NotEditable { table: table.name.clone(), reason });
            }
            (None, value) => assigned.push((column, value)),
        }
    }
    Ok(assigned)
}
