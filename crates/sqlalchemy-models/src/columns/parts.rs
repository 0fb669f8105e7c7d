//! The parts of a call of `Column`, `mapped_column` or SQLModel's `Field`.

use std::rc::Rc;

use python_static::program::{Arguments, Place, Term, TermKind, Value};

use crate::declarative::is_call_of;
use crate::types::library_name;

const ITEMS: [&str; 12] = [
    "ForeignKey",
    "Identity",
    "Computed",
    "Sequence",
    "CheckConstraint",
    "UniqueConstraint",
    "FetchedValue",
    "DefaultClause",
    "ColumnDefault",
    "Constraint",
    "Index",
    "PrimaryKeyConstraint",
];

fn is_item(value: &Value) -> bool {
    is_call_of(value, &ITEMS) || library_name(value).is_some_and(|name| name == "FetchedValue")
}

/// `mapped_column(init=False)` and its like say nothing about the table.
fn is_marker(value: &Value) -> bool {
    value.name().is_some_and(|name| name.ends_with(".NO_ARG"))
}

/// The parts of a call of `Column`.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) type_: Option<Value>,
    pub(super) items: Vec<Value>,
    pub(super) keywords: Vec<(Rc<str>, Value)>,
    /// What hides the rest.
    pub(super) unknown: Option<Value>,
}

/// The parts of `Column(…)` or `mapped_column(…)`.
pub(super) fn of_column(arguments: &Arguments) -> Parts {
    let mut positional = arguments.positional.as_slice();
    // `None` is no name: it stands for the type.
    if let Some((Value::Str(_), rest)) = positional.split_first() {
        positional = rest;
    }
    let mut found = Parts {
        keywords: arguments.keywords.clone(),
        unknown: arguments.unknown.clone(),
        ..Parts::default()
    };
    for (at, value) in positional.iter().enumerate() {
        if is_item(value) {
            found.items.push(value.clone());
        } else if at == 0 {
            found.type_ = Some(value.clone()).filter(|value| !matches!(value, Value::None));
        } else if found.type_.is_none() && found.items.len() == at && !matches!(value, Value::None)
        {
            // A name that is none, then the type.
            found.type_ = Some(value.clone());
        } else if !matches!(value, Value::None) {
            found.unknown = Some(value.clone());
        }
    }
    for name in ["type_", "type"] {
        if let Some(given) = arguments.keyword(name) {
            found.type_ = Some(given.clone()).filter(|value| !matches!(value, Value::None));
        }
    }
    found
}

impl Parts {
    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| value)
            .filter(|value| !is_marker(value))
    }

    /// Takes what is missing from a `mapped_column` inside `Annotated`.
    pub(super) fn merge(&mut self, more: Self) {
        if self.type_.is_none() {
            self.type_ = more.type_;
        }
        let has_key = self.items.iter().any(|item| is_call_of(item, &["ForeignKey"]));
        for item in more.items {
            let again = has_key && is_call_of(&item, &["ForeignKey"]);
            if !again && !self.items.iter().any(|known| known.same(&item)) {
                self.items.push(item);
            }
        }
        for (name, value) in more.keywords {
            if self.keyword(&name).is_none() {
                self.keywords.push((name, value));
            }
        }
        self.unknown = self.unknown.take().or(more.unknown);
    }
}

/// The parts of `Field(…)`.
pub(super) fn of_field(arguments: &Arguments) -> Parts {
    let mut found = Parts {
        type_: arguments.keyword("sa_type").cloned(),
        items: Vec::new(),
        keywords: Vec::new(),
        unknown: arguments.unknown.clone(),
    };
    for name in
        ["primary_key", "nullable", "index", "unique", "max_length", "max_digits", "decimal_places"]
    {
        if let Some(value) =
            arguments.keyword(name).filter(|value| !matches!(value, Value::Term(_)))
        {
            found.keywords.push((name.into(), value.clone()));
        }
    }
    if let Some(key) = arguments.keyword("foreign_key").filter(|key| matches!(key, Value::Str(_))) {
        let mut given = Arguments::of(vec![key.clone()]);
        if let Some(ondelete) =
            arguments.keyword("ondelete").filter(|ondelete| matches!(ondelete, Value::Str(_)))
        {
            given.keywords.push(("ondelete".into(), ondelete.clone()));
        }
        found.items.push(Value::Term(Rc::new(Term {
            depth: 0,
            id: 0,
            kind: TermKind::Call(
                Value::Term(Rc::new(Term {
                    depth: 0,
                    id: 0,
                    kind: TermKind::Name("sqlalchemy.ForeignKey".into()),
                    place: Place::default(),
                })),
                given,
            ),
            place: Place::default(),
        })));
    }
    match arguments.keyword("sa_column_args").and_then(Value::items) {
        Some(items) => found.items.extend(items),
        None if arguments
            .keyword("sa_column_args")
            .is_some_and(|value| !matches!(value, Value::None)) =>
        {
            found.unknown = arguments.keyword("sa_column_args").cloned();
        }
        None => {}
    }
    match arguments.keyword("sa_column_kwargs").and_then(Value::pairs) {
        Some(pairs) => {
            for (key, value) in pairs {
                if let Value::Str(key) = key {
                    found.keywords.retain(|(known, _)| *known != key);
                    found.keywords.push((key, value));
                }
            }
        }
        None if arguments
            .keyword("sa_column_kwargs")
            .is_some_and(|value| !matches!(value, Value::None)) =>
        {
            found.unknown = arguments.keyword("sa_column_kwargs").cloned();
        }
        None => {}
    }
    found
}
