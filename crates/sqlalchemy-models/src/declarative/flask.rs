//! Flask-SQLAlchemy: `db.Model`, `db.Table`, and the names that `db` hands on.

use indexmap::IndexMap;
use python_static::program::{Arguments, Class, Machine, Place, TermKind, Value};

use super::is_call_of;
use crate::host::{BASE_MARKER, Sql};

impl Sql {
    /// `SQLAlchemy(…)`: the object that is called `db`, and its `Model`.
    pub(crate) fn flask(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        place: Place,
    ) -> Value {
        let meta = self.meta_of(arguments.keyword("metadata"));
        let base = self.new_base(meta, Vec::new());
        self.state.borrow_mut().bases[base].flask = true;
        if let Some(Value::Class(class)) = arguments.keyword("model_class") {
            let own_map =
                machine.class_lookup(class, "type_annotation_map").and_then(|map| map.pairs());
            let own = machine
                .class_lookup(class, "metadata")
                .and_then(|meta| Self::number(&meta, "metadata"));
            let mut state = self.state.borrow_mut();
            state.bases[base].type_map = own_map.unwrap_or_default();
            if let Some(own) = own {
                state.bases[base].meta = own;
            }
        }
        let database = Self::object(machine, "database", base, "", place);
        let bases = match arguments.keyword("model_class") {
            Some(class @ Value::Class(_)) => vec![class.clone()],
            _ => Vec::new(),
        };
        let marker = Self::object(machine, "base", base, "Model", place);
        let dict = IndexMap::from([(BASE_MARKER.into(), marker)]);
        let class =
            machine.create_class("Model", "flask_sqlalchemy", bases, dict, Vec::new(), &[], place);
        self.state.borrow_mut().base_of.insert(class.id, base);
        self.state.borrow_mut().flask_models.insert(base, Value::Class(class));
        database
    }

    /// Attributes of `db`: what is not its own is a name of SQLAlchemy.
    pub(crate) fn flask_attribute(
        &self,
        machine: &mut Machine,
        base: usize,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        match name {
            "Model" => self.state.borrow().flask_models.get(&base).cloned(),
            "metadata" => Some(self.meta_of_base(machine, base, place)),
            "Table" | "session" | "init_app" | "create_all" | "engine" | "drop_all" => None,
            "relationship" | "backref" | "Mapped" | "mapped_column" | "column_property"
            | "deferred" | "composite" => {
                Some(machine.term(TermKind::Name(format!("sqlalchemy.orm.{name}").into()), place))
            }
            _ => Some(machine.term(TermKind::Name(format!("sqlalchemy.{name}").into()), place)),
        }
    }

    /// `db.Table(…)`: its metadata may be left out.
    pub(crate) fn flask_call(
        &self,
        machine: &mut Machine,
        base: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        if method != "Table" {
            return None;
        }
        let mut all = arguments.clone();
        if all.positional.get(1).is_none_or(|value| Self::number(value, "metadata").is_none())
            && all.keyword("metadata").is_none()
        {
            let second = all.positional.len().min(1);
            all.positional.insert(second, self.meta_of_base(machine, base, place));
        }
        Some(self.table_call(machine, &all, place))
    }
}

/// Whether a class has a primary key of its own.
pub(super) fn own_primary_key(class: &Class) -> bool {
    class.dict.borrow().values().any(|value| {
        is_call_of(value, &["Column", "mapped_column"])
            && value.as_call().is_some_and(|(_, arguments)| {
                matches!(arguments.keyword("primary_key"), Some(Value::Bool(true)))
            })
    })
}

/// Flask-SQLAlchemy's name of a table.
pub(super) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if c.is_uppercase() && at > 0 {
            let before = chars[at - 1];
            let after = chars.get(at + 1);
            if before.is_lowercase()
                || before.is_ascii_digit()
                || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            {
                out.push('_');
            }
        }
        out.extend(c.to_lowercase());
    }
    out
}
