//! Which column a value stands for, and where foreign keys lead.

use python_static::program::{TermKind, Value};

use crate::host::Sql;

/// A foreign key's target: schema, table, key; and the table's number if it is there.
pub(crate) struct Target {
    pub(crate) schema: Option<String>,
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) found: Option<(usize, usize)>,
}

pub(crate) fn schema_text(value: Option<&Value>) -> Option<Option<String>> {
    match value {
        None | Some(Value::None) => Some(None),
        Some(Value::Str(text)) => Some(Some(text.to_string())),
        _ => None,
    }
}

pub(crate) fn target(sql: &Sql, table: usize, own: &str, value: &Value) -> Option<Target> {
    let state = sql.state.borrow();
    let meta = state.tables[table].meta;
    if let Value::Str(text) = value {
        let mut pieces: Vec<&str> = text.split('.').collect();
        let (schema, name, column) = if pieces.len() == 1 {
            (None, pieces[0], own)
        } else {
            let column = pieces.pop()?;
            let name = pieces.pop()?;
            ((!pieces.is_empty()).then(|| pieces.join(".")), name, column)
        };
        let schema = match schema {
            Some(schema) => Some(schema),
            None => schema_text(state.metas[meta].schema.as_ref())?,
        };
        let found = state.tables.iter().position(|other| {
            other.meta == meta
                && other.name == name
                && schema_text(other.schema.as_ref()).is_some_and(|other| other == schema)
        });
        let at = found.and_then(|found| {
            state.tables[found]
                .columns
                .iter()
                .position(|known| known.key == column)
                .map(|at| (found, at))
        });
        if at.is_none() && found.is_some_and(|found| state.tables[found].doubts.is_empty()) {
            return None;
        }
        let column = at.map_or_else(
            || column.to_owned(),
            |(found, at)| state.tables[found].columns[at].name.clone(),
        );
        return Some(Target { schema, table: name.to_owned(), column, found: at });
    }
    let (found, at) = column_of(&state, table, value)?;
    let schema = schema_text(state.tables[found].schema.as_ref())?;
    Some(Target {
        schema,
        table: state.tables[found].name.clone(),
        column: state.tables[found].columns[at].name.clone(),
        found: Some((found, at)),
    })
}

/// The column that a value stands for: table and index.
pub(crate) fn column_of(
    state: &crate::host::State,
    table: usize,
    value: &Value,
) -> Option<(usize, usize)> {
    let term = value.as_term()?;
    match &term.kind {
        TermKind::Object("column", number, key) => state.tables[*number]
            .columns
            .iter()
            .position(|column| *column.key == **key)
            .map(|at| (*number, at)),
        TermKind::Call(..) => {
            let own = state.tables[table]
                .columns
                .iter()
                .position(|column| column.identity == term.id)
                .map(|at| (table, at));
            own.or_else(|| {
                let mut found = None;
                for (number, other) in state.tables.iter().enumerate() {
                    if let Some(at) =
                        other.columns.iter().position(|column| column.identity == term.id)
                    {
                        if found.is_some() {
                            return None;
                        }
                        found = Some((number, at));
                    }
                }
                found
            })
        }
        _ => None,
    }
}
