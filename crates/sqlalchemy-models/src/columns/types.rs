//! Which type a column has: written, annotated, or that of a foreign key's target.

use python_static::program::{Machine, Value};

use super::{Described, annotation, describe, sqlmodel, target};
use crate::declarative::is_call_of;
use crate::host::{Col, Sql};
use crate::types::{self, Context, Typed};

/// How many foreign keys are followed.
const MAX_CHAIN: usize = 20;

/// The type of a column of a table.
pub(crate) fn typed(sql: &Sql, machine: &mut Machine, table: usize, at: usize) -> Option<Typed> {
    let col = sql.state.borrow().tables[table].columns.get(at)?.clone();
    let described = describe(sql, &col);
    of(sql, machine, table, &col, &described, 0).ok()
}

/// The type, or the value that is not known.
pub(super) fn of(
    sql: &Sql,
    machine: &mut Machine,
    table: usize,
    col: &Col,
    described: &Described,
    depth: usize,
) -> Result<Typed, Value> {
    let context = Context { sql, table: Some(table), copied: col.copied || described.copied };
    let parts = &described.parts;
    if let Some(unknown) = &parts.unknown {
        return Err(unknown.clone());
    }
    if let Some(written) = &parts.type_ {
        return types::compile(machine, written, context, 0);
    }
    let annotation = described.annotation.as_ref();
    if described.is_field {
        let Some(annotation) = annotation else { return Err(col.call.clone()) };
        let found = sqlmodel::type_of(sql, machine, annotation, parts);
        return found.map_or_else(
            || Err(annotation.clone()),
            |found| types::compile(machine, &found, context, 0),
        );
    }
    // The type of a foreign key comes from its target, whatever the annotation says.
    let keys = parts.items.iter().filter(|item| is_call_of(item, &["ForeignKey"]));
    let references: Vec<(Value, Value)> = keys
        .filter_map(|key| {
            let (_, given) = key.as_call()?;
            Some((key.clone(), given.get(0, "column")?.clone()))
        })
        .chain(constraint_reference(sql, table, col).filter(|_| annotation.is_none()))
        .collect();
    if let Some((key, reference)) = references.first() {
        let found = target(sql, table, &col.name, reference).and_then(|target| target.found);
        return match found {
            Some((other, at)) if depth < MAX_CHAIN => {
                let other_col = sql.state.borrow().tables[other].columns[at].clone();
                let described = describe(sql, &other_col);
                of(sql, machine, other, &other_col, &described, depth + 1).map_err(|_| key.clone())
            }
            _ => Err(key.clone()),
        };
    }
    match annotation {
        Some(annotation) => match annotation::type_of(sql, machine, annotation, col.base, 0) {
            Some(found) => types::compile(machine, &found, context, 0),
            None => Err(annotation.clone()),
        },
        None => types::compile(machine, &Value::None, context, 0),
    }
}

/// What a `ForeignKeyConstraint` of the table says about a column without a type.
fn constraint_reference(sql: &Sql, table: usize, col: &Col) -> Option<(Value, Value)> {
    let state = sql.state.borrow();
    state.tables[table].arguments.iter().find_map(|item| {
        if !is_call_of(item, &["ForeignKeyConstraint"]) {
            return None;
        }
        let (_, given) = item.as_call()?;
        let own = given.get(0, "columns")?.items()?;
        let referred = given.get(1, "refcolumns")?.items()?;
        let at = own.iter().position(|value| match value {
            Value::Str(key) => **key == *col.key || **key == *col.name,
            other => other.as_term().is_some_and(|term| term.id == col.identity),
        })?;
        Some((item.clone(), referred.get(at)?.clone()))
    })
}
