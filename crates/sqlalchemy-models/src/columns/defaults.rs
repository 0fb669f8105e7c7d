//! Server defaults, identities, computed columns.

use python_static::program::{Machine, Value};

use super::Doubts;
use super::parts::Parts;
use crate::declarative::is_call_of;
use crate::expression::quoted;
use crate::host::Sql;
use crate::schema::{Computed, Number};
use crate::types::library_name;

/// Reads what the database fills in; whether it is an identity.
pub(super) fn read(
    sql: &Sql,
    machine: &mut Machine,
    doubts: &mut Doubts<'_>,
    table: usize,
    parts: &Parts,
) -> bool {
    const GENERATED: [&str; 4] = ["Identity", "Computed", "FetchedValue", "DefaultClause"];
    let item = parts.items.iter().rev().find(|item| {
        is_call_of(item, &GENERATED) || library_name(item).as_deref() == Some("FetchedValue")
    });
    let Some(value) = item.or_else(|| parts.keyword("server_default")) else { return false };
    let kind = value
        .as_call()
        .map_or_else(|| library_name(value), |(function, _)| library_name(function))
        .unwrap_or_default();
    match (&*kind, value) {
        (_, Value::None) | ("FetchedValue", _) => {}
        ("Identity", _) => {
            match identity(value) {
                Some(found) => doubts.worked.column.identity = Some(found),
                None => doubts.add("identity", Some(value), "the identity is not known"),
            }
            return true;
        }
        ("Computed", _) => match computed(sql, machine, table, value) {
            Some(found) => doubts.worked.column.computed = Some(found),
            None => {
                doubts.add("computed", Some(value), "the computed expression is not known");
            }
        },
        _ => {
            let inner = match value.as_call() {
                Some((_, given)) if kind == "DefaultClause" => {
                    given.positional.first().unwrap_or(&Value::None)
                }
                _ => value,
            };
            match server_default(sql, machine, table, inner) {
                Some(text) => doubts.worked.column.server_default = Some(text),
                None => {
                    doubts.add("server_default", Some(inner), "the server default is not known");
                }
            }
        }
    }
    false
}

fn computed(sql: &Sql, machine: &mut Machine, table: usize, value: &Value) -> Option<Computed> {
    let (_, arguments) = value.as_call()?;
    let sqltext = match arguments.get(0, "sqltext")? {
        Value::Str(text) => text.replace('%', "%%"),
        other => sql.expression(machine, table, other)?.text,
    };
    let persisted = match arguments.get(1, "persisted") {
        None | Some(Value::None) => None,
        Some(Value::Bool(value)) => Some(*value),
        _ => return None,
    };
    Some(Computed { sqltext, persisted })
}

fn server_default(sql: &Sql, machine: &mut Machine, table: usize, value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(quoted(text)),
        Value::Instance(instance)
            if instance.class.has_base("str") || instance.class.has_base("enum.StrEnum") =>
        {
            let value = instance.attributes.borrow().get("value").cloned()?;
            Some(quoted(value.as_str()?))
        }
        Value::Term(_) => Some(sql.expression(machine, table, value)?.text),
        _ => None,
    }
}

fn identity(value: &Value) -> Option<indexmap::IndexMap<String, Number>> {
    let (_, arguments) = value.as_call()?;
    let names = [
        "always",
        "on_null",
        "start",
        "increment",
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
        "order",
    ];
    let mut found = indexmap::IndexMap::new();
    found.insert("always".to_owned(), Number::Bool(false));
    for (at, name) in names.iter().enumerate() {
        let number = match arguments.get(at, name) {
            None | Some(Value::None) => continue,
            Some(Value::Bool(value)) => Number::Bool(*value),
            Some(Value::Int(value)) => Number::Int(i64::try_from(*value).ok()?),
            _ => return None,
        };
        if !matches!(*name, "on_null" | "order") {
            found.insert((*name).to_owned(), number);
        }
    }
    Some(found)
}
