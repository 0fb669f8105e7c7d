//! The document, from what was found.

mod classes;
mod constraints;
mod exclude;
mod indexes;
mod table;

pub(crate) use classes::class_name;

use std::path::{Component, Path, PathBuf};

use python_static::program::{Cause, Machine, Place, Value};

use crate::columns::schema_text;
use crate::host::{Sql, Tab};
use crate::schema::{Problem, Schema};

/// `name` or `schema.name`, where both are known.
pub(crate) fn full_name(table: &Tab) -> Option<String> {
    match schema_text(table.schema.as_ref())? {
        Some(schema) => Some(format!("{schema}.{}", table.name)),
        None => Some(table.name.clone()),
    }
}

/// A problem before its place is looked up: where, why, what it affects.
type Found = (Place, String, Vec<String>);

/// Where a value was made, and why it is not known.
fn blame(value: &Value, or: Place, reason: &str) -> (Place, String) {
    let (place, reason) = match value {
        Value::Unknown(cause) => (cause.place, cause.reason.clone()),
        Value::Term(term) => (term.place, reason.to_owned()),
        _ => (or, reason.to_owned()),
    };
    (if place == Place::default() { or } else { place }, reason)
}

/// Builds the document of the tables of `targets`: metadata, lists or dictionaries of metadata.
pub(crate) fn build(sql: &Sql, machine: &mut Machine, targets: &[Value], current: &Path) -> Schema {
    let mut problems: Vec<Found> = Vec::new();
    let metas = metas(targets, &mut problems);
    let mut schema = Schema { version: 1, ..Schema::default() };
    let count = sql.state.borrow().tables.len();
    for number in 0..count {
        if metas.contains(&sql.state.borrow().tables[number].meta) {
            let (table, enums) = table::build(sql, machine, number, &mut problems);
            schema.tables.push(table);
            schema.enums.extend(enums);
        }
    }
    schema.classes = classes::build(sql, machine, &metas, &mut problems);
    problems.extend(sql.state.borrow().problems.iter().cloned());
    finish(machine, schema, problems, current)
}

fn metas(targets: &[Value], problems: &mut Vec<Found>) -> Vec<usize> {
    let mut found = Vec::new();
    for target in targets {
        let all = match target.pairs() {
            Some(pairs) => pairs.into_iter().map(|(_, value)| value).collect(),
            None => target.items().unwrap_or_else(|| vec![target.clone()]),
        };
        for one in all {
            match Sql::number(&one, "metadata") {
                Some(meta) => found.push(meta),
                None => {
                    let (place, reason) =
                        blame(&one, Place::default(), "`target_metadata` is not known");
                    problems.push((place, reason, vec!["*".into()]));
                }
            }
        }
    }
    found
}

fn finish(machine: &Machine, mut schema: Schema, found: Vec<Found>, current: &Path) -> Schema {
    for (place, message, mut affects) in found {
        let Some((path, line)) = machine.locate(place).or_else(|| machine.first_file()) else {
            continue;
        };
        affects.dedup();
        schema.problems.push(Problem { path: relative(&path, current), line, message, affects });
    }
    schema.problems.sort();
    schema.problems.dedup();
    schema.enums.sort();
    schema.enums.dedup();
    schema.tables.sort_by(|a, b| {
        (a.schema.as_deref().unwrap_or(""), &a.name)
            .cmp(&(b.schema.as_deref().unwrap_or(""), &b.name))
    });
    schema.classes.sort_by(|a, b| (&a.module, &a.name).cmp(&(&b.module, &b.name)));
    schema
}

/// A path as seen from a folder, with `/` between its parts.
fn relative(path: &Path, current: &Path) -> String {
    let path = absolute(path, current);
    let parts: Vec<Component<'_>> = path.components().collect();
    let from: Vec<Component<'_>> = current.components().collect();
    let common = parts.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let up = from.len() - common;
    let mut shown: Vec<String> = std::iter::repeat_n("..".to_owned(), up).collect();
    shown
        .extend(parts[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned()));
    shown.join("/")
}

/// The path without `.` and `..`.
fn absolute(path: &Path, current: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in current.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                found.pop();
            }
            other => found.push(other),
        }
    }
    found
}

/// A value that is not known.
fn unknown(reason: &str, place: Place) -> Value {
    Value::Unknown(std::rc::Rc::new(Cause { reason: reason.to_owned(), place }))
}
