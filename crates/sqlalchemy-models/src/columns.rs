//! One column: its type, nullability, defaults, keys.

mod annotation;
mod defaults;
mod parts;
mod sqlmodel;
mod target;
mod types;

use python_static::program::{Machine, Place, Term, TermKind, Value};

pub(crate) use annotation::{optional, sort_order};
pub(crate) use target::{column_of, schema_text, target};
pub(crate) use types::typed;

use crate::declarative::is_call_of;
use crate::host::{Col, Sql};
use crate::schema::Column;
use crate::types::{Typed, library_name};
use parts::Parts;

/// A column worked out.
pub(crate) struct Worked {
    pub(crate) column: Column,
    pub(crate) typed: Option<Typed>,
    pub(crate) foreign_keys: Vec<Value>,
    pub(crate) checks: Vec<Value>,
    pub(crate) index: bool,
    pub(crate) unique: bool,
    pub(crate) problems: Vec<(Place, String)>,
    /// Lists of the table that lack something because of this column.
    pub(crate) lost: Vec<&'static str>,
}

/// A column's call and annotation, read but not yet understood.
struct Described {
    parts: Parts,
    /// The annotation without `Mapped` and `None`.
    annotation: Option<Value>,
    nullable: Option<bool>,
    is_field: bool,
    /// Its type is a copy, made when the annotation was looked up.
    copied: bool,
}

fn describe(sql: &Sql, col: &Col) -> Described {
    let Some((function, arguments)) = col.call.as_call() else {
        return Described {
            parts: Parts::default(),
            annotation: None,
            nullable: None,
            is_field: false,
            copied: false,
        };
    };
    let kind = library_name(function).unwrap_or_default();
    let is_field = kind == "Field";
    let mut described = Described {
        parts: if is_field { parts::of_field(arguments) } else { parts::of_column(arguments) },
        annotation: None,
        nullable: None,
        is_field,
        copied: false,
    };
    let Some(given) = col.annotation.as_ref().filter(|_| kind != "Column") else {
        return described;
    };
    let read = annotation::read(sql, given, col.base);
    described.copied = described.parts.type_.is_none();
    for call in &read.columns {
        if let Some((_, more)) = call.as_call() {
            described.parts.merge(parts::of_column(more));
        }
    }
    described.nullable = Some(read.nullable);
    described.annotation = Some(read.inner);
    described
}

/// What the foreign keys of a column refer to.
pub(crate) fn foreign_keys(sql: &Sql, col: &Col) -> Vec<Value> {
    let items = describe(sql, col).parts.items;
    let keys = items.iter().filter(|item| is_call_of(item, &["ForeignKey"]));
    keys.filter_map(|key| key.as_call()?.1.get(0, "column").cloned()).collect()
}

/// Collects what is not known of a column.
struct Doubts<'a> {
    worked: &'a mut Worked,
    place: Place,
}

impl Doubts<'_> {
    fn add(&mut self, key: &str, value: Option<&Value>, reason: &str) {
        let (place, reason) = self.located(value, reason);
        if !self.worked.column.unknown.iter().any(|known| known == key) {
            self.worked.column.unknown.push(key.to_owned());
        }
        self.worked.problems.push((place, reason));
    }

    fn lose(&mut self, list: &'static str, value: Option<&Value>, reason: &str) {
        let (place, reason) = self.located(value, reason);
        self.worked.lost.push(list);
        self.worked.problems.push((place, reason));
    }

    fn located(&self, value: Option<&Value>, reason: &str) -> (Place, String) {
        let (place, reason) = match value {
            Some(Value::Unknown(cause)) => (cause.place, cause.reason.clone()),
            Some(Value::Term(term)) => (deepest(term), reason.to_owned()),
            _ => (self.place, reason.to_owned()),
        };
        (if place == Place::default() { self.place } else { place }, reason)
    }
}

fn flag(value: Option<&Value>) -> Option<Option<bool>> {
    match value {
        None | Some(Value::None) => Some(None),
        Some(Value::Bool(value)) => Some(Some(*value)),
        Some(Value::Int(value)) => Some(Some(*value != 0)),
        _ => None,
    }
}

/// Works a column out.
pub(crate) fn work(sql: &Sql, machine: &mut Machine, table: usize, col: &Col) -> Worked {
    let mut worked = Worked {
        column: Column { name: col.name.clone(), ..Column::default() },
        typed: None,
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        index: false,
        unique: false,
        problems: Vec::new(),
        lost: Vec::new(),
    };
    let described = describe(sql, col);
    let parts = &described.parts;
    let mut doubts = Doubts { worked: &mut worked, place: col.place };
    if let Some(value) = &parts.unknown {
        for key in
            ["type", "nullable", "server_default", "comment", "primary_key", "identity", "computed"]
        {
            doubts.add(key, Some(value), "the arguments of the column are not known");
        }
        for list in ["foreign_keys", "indexes", "unique_constraints", "check_constraints"] {
            doubts.worked.lost.push(list);
        }
        return worked;
    }
    flags(&mut doubts, parts);
    items(&mut doubts, parts);
    let generated = defaults::read(sql, machine, &mut doubts, table, parts);
    nullable(&mut doubts, &described, generated);
    comment(&mut doubts, parts);
    match types::of(sql, machine, table, col, &described, 0) {
        Ok(typed) => {
            worked.column.type_ = Some(typed.text.clone());
            worked.typed = Some(typed);
        }
        Err(value) => {
            Doubts { worked: &mut worked, place: col.place }.add(
                "type",
                Some(&value),
                "the type of the column is not known",
            );
        }
    }
    worked
}

fn flags(doubts: &mut Doubts<'_>, parts: &Parts) {
    let given = parts.keyword("primary_key");
    match flag(given) {
        Some(value) => doubts.worked.column.primary_key = Some(value.unwrap_or(false)),
        None => doubts.add("primary_key", given, "whether it is a primary key is not known"),
    }
    let given = parts.keyword("index");
    match flag(given) {
        Some(value) => doubts.worked.index = value.unwrap_or(false),
        None => doubts.lose("indexes", given, "whether the column has an index is not known"),
    }
    let given = parts.keyword("unique");
    match flag(given) {
        Some(value) => doubts.worked.unique = value.unwrap_or(false),
        None => {
            doubts.lose("indexes", given, "whether the column is unique is not known");
            doubts.worked.lost.push("unique_constraints");
        }
    }
}

fn items(doubts: &mut Doubts<'_>, parts: &Parts) {
    for item in &parts.items {
        if is_call_of(item, &["ForeignKey"]) {
            doubts.worked.foreign_keys.push(item.clone());
        } else if is_call_of(item, &["CheckConstraint"]) {
            doubts.worked.checks.push(item.clone());
        }
    }
}

fn nullable(doubts: &mut Doubts<'_>, described: &Described, identity: bool) {
    let given = described.parts.keyword("nullable");
    let known = flag(given);
    let key = described.parts.keyword("primary_key");
    doubts.worked.column.nullable = match (given, known) {
        (Some(_), None) => {
            doubts.add("nullable", given, "whether it is nullable is not known");
            None
        }
        (Some(_), Some(Some(value))) => Some(value),
        _ if doubts.worked.column.primary_key == Some(true) || identity => Some(false),
        // A column of the primary key is not nullable.
        _ if described.nullable != Some(false) && flag(key).is_none() => {
            doubts.add("nullable", key, "whether it is nullable is not known");
            None
        }
        _ => Some(described.nullable.unwrap_or(true)),
    };
}

fn comment(doubts: &mut Doubts<'_>, parts: &Parts) {
    match parts.keyword("comment") {
        None | Some(Value::None) => {}
        Some(Value::Str(text)) => doubts.worked.column.comment = Some(text.to_string()),
        value => doubts.add("comment", value, "the comment is not known"),
    }
}

/// The place of the innermost term.
fn deepest(term: &Term) -> Place {
    let TermKind::Call(_, arguments) = &term.kind else { return term.place };
    let all = arguments.positional.iter().chain(arguments.keywords.iter().map(|(_, value)| value));
    for value in all {
        match value {
            Value::Unknown(cause) => return cause.place,
            Value::Term(inner)
                if matches!(inner.kind, TermKind::Call(..) | TermKind::Item(..))
                    && library_name(value).is_none()
                    && value
                        .as_call()
                        .is_none_or(|(function, _)| library_name(function).is_none()) =>
            {
                return inner.place;
            }
            _ => {}
        }
    }
    term.place
}
