//! Types and columns from annotations.

use python_static::program::{Arguments, Machine, Place, TermKind, Value};

use crate::declarative::is_call_of;
use crate::host::Sql;

/// An annotation without `None`, and whether `None` was there.
pub(crate) fn optional(value: &Value) -> (Value, bool) {
    without_none(value, 0)
}

fn without_none(value: &Value, depth: usize) -> (Value, bool) {
    let Some(term) = value.as_term().filter(|_| depth < 10) else { return (value.clone(), false) };
    let members: Vec<Value> = match &term.kind {
        TermKind::Operator("|", members) => members.clone(),
        TermKind::Item(of, inner) => {
            let name = of.name();
            match name.as_deref().map(|name| name.rsplit('.').next().unwrap_or(name)) {
                Some("Optional") => return (without_none(inner, depth + 1).0, true),
                Some("Union") => inner.items().unwrap_or_else(|| vec![inner.clone()]),
                _ => return (value.clone(), false),
            }
        }
        _ => return (value.clone(), false),
    };
    let mut kept = Vec::new();
    let mut nullable = false;
    for member in members {
        if matches!(member, Value::None) {
            nullable = true;
            continue;
        }
        let (inner, is_optional) = without_none(&member, depth + 1);
        nullable |= is_optional;
        kept.push(inner);
    }
    if kept.len() == 1 { (kept.remove(0), nullable) } else { (value.clone(), nullable) }
}

pub(super) fn item_of(value: &Value) -> Option<(String, Value)> {
    match &value.as_term()?.kind {
        TermKind::Item(of, inner) => {
            let name = of.name()?;
            Some((name.rsplit('.').next().unwrap_or(&name).to_owned(), inner.clone()))
        }
        _ => None,
    }
}

pub(super) fn alias(value: &Value) -> Option<Value> {
    let (function, arguments) = value.as_call()?;
    let name = function.name()?;
    match name.rsplit('.').next() {
        Some("TypeAliasType") => arguments.get(1, "value").cloned(),
        _ => None,
    }
}

/// What stands inside an `Annotated`; Python makes one of those that are nested.
fn flattened(inside: &Value) -> Vec<Value> {
    let mut items = inside.items().unwrap_or_default();
    for _ in 0..8 {
        match items.first().and_then(item_of) {
            Some((name, nested)) if name == "Annotated" => {
                items.splice(..1, nested.items().unwrap_or_default());
            }
            _ => break,
        }
    }
    items
}

/// The type of an annotation.
pub(super) fn type_of(
    sql: &Sql,
    machine: &mut Machine,
    annotation: &Value,
    base: Option<usize>,
    depth: usize,
) -> Option<Value> {
    if depth > 8 {
        return None;
    }
    let (map, version) = {
        let state = sql.state.borrow();
        (
            base.map(|base| state.bases[base].type_map.clone()).unwrap_or_default(),
            state.version.sqlalchemy,
        )
    };
    if let Some((_, found)) = map.iter().find(|(key, _)| key.same(annotation)) {
        return Some(found.clone());
    }
    let place = annotation.as_term().map_or(Place::default(), |term| term.place);
    let mut named = |name: &str, arguments: Option<Arguments>| {
        let head = machine.term(TermKind::Name(format!("sqlalchemy.{name}").into()), place);
        Some(match arguments {
            Some(arguments) => machine.term(TermKind::Call(head, arguments), place),
            None => head,
        })
    };
    if let Some(inner) = alias(annotation) {
        return type_of(sql, machine, &inner, base, depth + 1);
    }
    if let Some((name, inner)) = item_of(annotation) {
        match name.as_str() {
            "Annotated" => {
                let (plain, _) = optional(flattened(&inner).first()?);
                return type_of(sql, machine, &plain, base, depth + 1);
            }
            "Literal" => {
                let values = inner.items().unwrap_or_else(|| vec![inner.clone()]);
                if !values.iter().all(|value| matches!(value, Value::Str(_))) {
                    return None;
                }
                return named(
                    "Enum",
                    Some(Arguments {
                        positional: values,
                        keywords: vec![("native_enum".into(), Value::Bool(false))],
                        unknown: None,
                    }),
                );
            }
            _ => return None,
        }
    }
    match annotation {
        Value::Builtin(name) => match &**name {
            "int" => named("Integer", None),
            "str" => named("String", None),
            "bool" => named("Boolean", None),
            "bytes" => named("LargeBinary", None),
            "float" => named(if version >= (2, 1) { "Double" } else { "Float" }, None),
            _ => None,
        },
        Value::Class(class) if class.is_enum.get() => {
            // An entry for a base of the enumeration is a pattern for it.
            let parents: Vec<Value> = class.mro.borrow().iter().skip(1).cloned().collect();
            let pattern = parents.iter().find_map(|parent| {
                let is_enum = matches!(parent, Value::Class(class) if class.is_enum.get())
                    || parent.name().is_some_and(|name| &*name == "enum.Enum");
                let (_, found) = map.iter().find(|(key, _)| key.same(parent))?;
                is_enum.then(|| found.clone())
            });
            let keywords = match pattern {
                None => Vec::new(),
                Some(pattern) => {
                    let (_, given) =
                        pattern.as_call().filter(|_| is_call_of(&pattern, &["Enum"]))?;
                    given.keywords.clone()
                }
            };
            let positional = vec![annotation.clone()];
            named("Enum", Some(Arguments { positional, keywords, unknown: None }))
        }
        Value::Term(term) => match &term.kind {
            TermKind::Name(name) => match &**name {
                "datetime.datetime" => named("DateTime", None),
                "datetime.date" => named("Date", None),
                "datetime.time" => named("Time", None),
                "datetime.timedelta" => named("Interval", None),
                "decimal.Decimal" => named("Numeric", None),
                "uuid.UUID" => named("Uuid", None),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// An annotation without `Mapped`.
pub(super) struct Read {
    /// Without `None`.
    pub(super) inner: Value,
    pub(super) nullable: bool,
    /// `mapped_column` calls inside `Annotated`.
    pub(super) columns: Vec<Value>,
}

/// Reads an annotation: whether it may be `None`, and the columns that it brings.
pub(super) fn read(sql: &Sql, given: &Value, base: Option<usize>) -> Read {
    let (inner, mut nullable) = optional(given);
    let mut columns = annotated_columns(&inner);
    if !nullable {
        columns.extend(annotated_columns(given));
    }
    if let Some((name, inside)) = item_of(&inner)
        && name == "Annotated"
        && let Some(first) = inside.items().and_then(|items| items.first().cloned())
    {
        nullable |= optional(&first).1;
    }
    let mapped_whole = base.is_some_and(|base| {
        sql.state.borrow().bases[base].type_map.iter().any(|(key, _)| key.same(given))
    });
    Read { inner: if mapped_whole { given.clone() } else { inner }, nullable, columns }
}

/// `mapped_column` calls inside an `Annotated`.
fn annotated_columns(annotation: &Value) -> Vec<Value> {
    let mut at = annotation.clone();
    for _ in 0..8 {
        if let Some(inner) = alias(&at) {
            at = inner;
        } else {
            break;
        }
    }
    match item_of(&at) {
        Some((name, inner)) if name == "Annotated" => flattened(&inner)
            .into_iter()
            .skip(1)
            .filter(|value| is_call_of(value, &["mapped_column"]))
            .collect(),
        _ => Vec::new(),
    }
}

/// `sort_order` of the `mapped_column` inside `Annotated`.
pub(crate) fn sort_order(given: &Value) -> Option<i128> {
    let column = annotated_columns(&optional(given).0).into_iter().next()?;
    match column.as_call()?.1.keyword("sort_order") {
        Some(Value::Int(order)) => Some(*order),
        _ => None,
    }
}
