//! Types as SQLAlchemy's postgresql dialect compiles them.

mod adapted;
mod catalogue;
mod decorated;
mod enumeration;

use python_static::program::{Arguments, Machine, TermKind, Value};

use crate::host::Sql;

/// A type's text, and the native enumerations in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub(crate) text: String,
    pub(crate) enums: Vec<crate::schema::Enumeration>,
    /// The name and values of the check of an enumeration that is none of the database.
    pub(crate) check: Option<(Option<String>, Vec<String>)>,
    /// The values of an enumeration.
    pub(crate) values: Option<Vec<String>>,
    /// Values pass through code of the project.
    pub(crate) custom: bool,
}

impl Typed {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Where a type stands.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) sql: &'a Sql,
    /// The table of its column.
    pub(crate) table: Option<usize>,
    /// It is a copy: from 2.1 on such a type takes no schema from the metadata.
    pub(crate) copied: bool,
}

impl Context<'_> {
    /// SQLAlchemy's version.
    pub(crate) fn version(&self) -> (u32, u32) {
        self.sql.state.borrow().version.sqlalchemy
    }
}

/// The last part of the full name, when it is one of SQLAlchemy's.
pub(crate) fn library_name(value: &Value) -> Option<String> {
    let Value::Term(term) = value else { return None };
    let TermKind::Name(name) = &term.kind else { return None };
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    if !["sqlalchemy", "sqlmodel", "flask_sqlalchemy"].contains(&first) {
        return None;
    }
    let last = name.rsplit('.').next()?;
    let mut parts = rest.split('.').skip_while(|part| *part != "dialects").skip(1);
    Some(match parts.next() {
        Some(dialect @ ("postgresql" | "mysql" | "sqlite" | "oracle" | "mssql"))
            if parts.next().is_some() =>
        {
            format!("{dialect}.{last}")
        }
        _ => last.to_owned(),
    })
}

/// A number or `None`; the outer `None` when it is something else.
fn int(value: Option<&Value>) -> Option<Option<i128>> {
    match value {
        None | Some(Value::None) => Some(None),
        Some(Value::Int(value)) => Some(Some(*value)),
        _ => None,
    }
}

fn flag(value: Option<&Value>, default: bool) -> Option<bool> {
    match value {
        None => Some(default),
        Some(Value::Bool(value)) => Some(*value),
        Some(Value::None) => Some(false),
        Some(Value::Int(value)) => Some(*value != 0),
        _ => None,
    }
}

/// An identifier as PostgreSQL's preparer writes it: quoted where it has to be.
pub(crate) fn quote(name: &str) -> String {
    const RESERVED: &str = " all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp new not null off offset old on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with authorization between binary cross current_schema freeze full ilike inner is isnull join left like natural notnull outer over overlaps right similar verbose ";
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$')
        && !RESERVED.contains(&format!(" {name} "));
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// Compiles a type; `Err` names what is not known.
pub(crate) fn compile(
    machine: &mut Machine,
    value: &Value,
    context: Context<'_>,
    depth: usize,
) -> Result<Typed, Value> {
    if depth > 12 {
        return Err(value.clone());
    }
    match value {
        Value::None => Ok(Typed::plain("NULL")),
        Value::Class(class) => decorated::compile(machine, class, value, context, depth),
        Value::Instance(instance) => {
            decorated::compile(machine, &instance.class, value, context, depth)
        }
        Value::Term(_) => match value.as_call() {
            Some((Value::Term(head), arguments))
                if matches!(head.kind, TermKind::Attribute(..)) =>
            {
                let TermKind::Attribute(of, method) = &head.kind else {
                    return Err(value.clone());
                };
                derived(machine, value, of, method, arguments, context, depth)
            }
            Some((function, arguments)) => {
                library(machine, value, library_name(function), arguments, context, depth)
            }
            None => {
                let none = Arguments::default();
                library(machine, value, library_name(value), &none, context, depth)
            }
        },
        _ => Err(value.clone()),
    }
}

/// A method of a type that gives a type: `with_variant` and its like.
fn derived(
    machine: &mut Machine,
    value: &Value,
    of: &Value,
    method: &str,
    arguments: &Arguments,
    context: Context<'_>,
    depth: usize,
) -> Result<Typed, Value> {
    match (method, arguments.positional.as_slice()) {
        ("with_variant", [variant, dialects @ ..]) if arguments.unknown.is_none() => {
            let names: Option<Vec<&str>> = dialects
                .iter()
                .chain(arguments.keyword("dialect_name"))
                .map(Value::as_str)
                .collect();
            let chosen = match names {
                Some(names) if names.contains(&"postgresql") => variant,
                Some(_) => {
                    return compile(machine, of, Context { copied: true, ..context }, depth + 1);
                }
                None => return Err(value.clone()),
            };
            compile(machine, chosen, context, depth + 1)
        }
        ("evaluates_none" | "copy", []) => compile(machine, of, context, depth + 1),
        ("as_mutable", [inner]) => compile(machine, inner, context, depth + 1),
        _ => Err(value.clone()),
    }
}

/// A type of SQLAlchemy.
fn library(
    machine: &mut Machine,
    value: &Value,
    name: Option<String>,
    arguments: &Arguments,
    context: Context<'_>,
    depth: usize,
) -> Result<Typed, Value> {
    let unknown = || value.clone();
    let Some(name) = name.filter(|_| arguments.unknown.is_none()) else { return Err(unknown()) };
    let (dialect, name) = name.split_once('.').unwrap_or(("", &name));
    match (dialect, name, arguments.positional.first()) {
        ("", "as_mutable", Some(inner)) => compile(machine, inner, context, depth + 1),
        ("" | "postgresql", "Enum" | "ENUM", _) => {
            enumeration::compile(machine, arguments, context).ok_or_else(unknown)
        }
        ("" | "postgresql", "ARRAY", _) => {
            let Some(item) = arguments.get(0, "item_type") else { return Err(unknown()) };
            let inner = compile(machine, item, context, depth + 1)?;
            let Some(dimensions) = int(arguments.get(2, "dimensions")) else {
                return Err(unknown());
            };
            let brackets =
                "[]".repeat(usize::try_from(dimensions.unwrap_or(1)).unwrap_or(1).min(16));
            let text = match inner.text.find(" COLLATE") {
                Some(at) => format!("{}{brackets}{}", &inner.text[..at], &inner.text[at..]),
                None => format!("{}{brackets}", inner.text),
            };
            Ok(Typed { text, enums: inner.enums, ..Typed::default() })
        }
        ("postgresql", "DOMAIN", Some(Value::Str(name))) => {
            enumeration::named(name, arguments, context)
                .map(|(text, _)| Typed::plain(text))
                .ok_or_else(unknown)
        }
        _ => catalogue::text(dialect, name, arguments, context.version())
            .map(Typed::plain)
            .ok_or_else(unknown),
    }
}
