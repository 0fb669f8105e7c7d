//! Declarative mapping: what SQLAlchemy does when a mapped class is created.

mod access;
mod collect;
mod flask;
mod mapping;
mod registry;
mod sqlmodel;

use std::rc::Rc;

use python_static::program::{Arguments, Class, Function, Machine, TermKind, Value};

use crate::host::{BASE_MARKER, Base, Sql};
use crate::types::library_name;

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

pub(crate) fn is_call_of(value: &Value, names: &[&str]) -> bool {
    value
        .as_call()
        .and_then(|(function, _)| library_name(function))
        .is_some_and(|name| names.contains(&name.as_str()))
}

/// Whether a function is a `declared_attr`, a directive or cascading.
pub(crate) fn is_declared(function: &Function) -> bool {
    function.decorators.iter().any(|decorator| {
        let name =
            decorator.name().or_else(|| decorator.as_call().and_then(|(inner, _)| inner.name()));
        name.is_some_and(|name| name.contains("declared_attr"))
    })
}

/// `@declared_attr.cascading`
fn is_cascading(value: &Value) -> bool {
    matches!(value, Value::Function(function) if function.decorators.iter().any(|decorator| {
        decorator.name().is_some_and(|name| name.ends_with("declared_attr.cascading"))
    }))
}

fn declared(value: &Value) -> bool {
    matches!(value, Value::Function(function) if is_declared(function))
}

/// Classes whose items say what a mapped attribute holds.
const MAPPED: [&str; 5] =
    ["Mapped", "MappedColumn", "Relationship", "DynamicMapped", "WriteOnlyMapped"];

/// What stands in an annotation: `Mapped[…]` gives what is inside.
pub(crate) fn mapped_inner(value: &Value) -> Option<(Value, String)> {
    let term = value.as_term()?;
    let TermKind::Item(of, inner) = &term.kind else { return None };
    let name = match of {
        Value::Term(term) => match &term.kind {
            TermKind::Name(name) => last(name).to_owned(),
            TermKind::Forward(name) => last(name).to_owned(),
            _ => return None,
        },
        _ => return None,
    };
    MAPPED.contains(&name.as_str()).then(|| (inner.clone(), name))
}

impl Sql {
    fn base_number(&self, class: &Class) -> Option<usize> {
        let state = self.state.borrow();
        class.mro.borrow().iter().skip(1).find_map(|base| match base {
            Value::Class(base) => state.base_of.get(&base.id).copied(),
            Value::Term(term) => match &term.kind {
                TermKind::Object("flask_model", number, _) => Some(*number),
                _ => None,
            },
            _ => None,
        })
    }

    /// Tells what a new class is: a base, a class to be mapped, or nothing of SQLAlchemy's.
    pub(crate) fn declare(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        keywords: &[(Rc<str>, Value)],
    ) {
        let marker = class.dict.borrow_mut().shift_remove(BASE_MARKER);
        if let Some(base) = marker.and_then(|marker| Self::number(&marker, "base")) {
            self.state.borrow_mut().base_of.insert(class.id, base);
            return;
        }
        let is_table = keywords
            .iter()
            .any(|(name, value)| &**name == "table" && matches!(value, Value::Bool(true)));
        let derives =
            |wanted: &[&str]| {
                class.mro.borrow().iter().any(|base| {
                    library_name(base).is_some_and(|name| wanted.contains(&name.as_str()))
                })
            };
        let has_metaclass = |wanted: &str| {
            class.metaclass.as_ref().and_then(library_name).is_some_and(|name| name == wanted)
        };
        if let Some(base) = self.base_number(class) {
            let sqlmodel = self.declare_derived(class, base);
            let is_abstract =
                matches!(class.dict.borrow().get("__abstract__"), Some(Value::Bool(true)));
            if !is_abstract && (!sqlmodel || is_table) {
                self.map(machine, class);
            }
        } else if derives(&["SQLModel"]) {
            self.declare_sqlmodel(class);
            if is_table {
                self.map(machine, class);
            }
        } else if derives(&["DeclarativeBase", "DeclarativeBaseNoMeta"])
            || has_metaclass("DeclarativeMeta")
        {
            self.declare_base(machine, class);
        }
    }

    /// The `MetaData` that a class has in its own body.
    fn own_meta(class: &Class) -> Option<usize> {
        class.dict.borrow().get("metadata").and_then(|meta| Self::number(meta, "metadata"))
    }

    /// A class below a base. A `MetaData` of its own makes it a base of its own. Says whether that is one of SQLModel.
    fn declare_derived(&self, class: &Class, base: usize) -> bool {
        let mut state = self.state.borrow_mut();
        let mut number = base;
        if let Some(meta) = Self::own_meta(class) {
            let changed = Base { meta, ..state.bases[base].clone() };
            number = state.bases.len();
            state.bases.push(changed);
        }
        state.base_of.insert(class.id, number);
        state.bases[base].sqlmodel
    }

    /// A class right below `SQLModel`.
    fn declare_sqlmodel(&self, class: &Class) {
        let shared = self.sqlmodel();
        let number = match Self::own_meta(class) {
            Some(meta) => {
                let number = self.new_base(meta, Vec::new());
                self.state.borrow_mut().bases[number].sqlmodel = true;
                number
            }
            None => shared,
        };
        self.state.borrow_mut().base_of.insert(class.id, number);
    }

    /// `class Base(DeclarativeBase)`, or with the metaclass `DeclarativeMeta`.
    fn declare_base(&self, machine: &mut Machine, class: &Rc<Class>) {
        let registry = machine
            .class_lookup(class, "registry")
            .and_then(|registry| Self::number(&registry, "registry"));
        let (mut meta, mut map) = match registry {
            Some(registry) => {
                let Base { meta, type_map, .. } = self.state.borrow().bases[registry].clone();
                (Some(meta), type_map)
            }
            None => (None, Vec::new()),
        };
        let own_meta = machine.class_lookup(class, "metadata");
        meta = own_meta.and_then(|own| Self::number(&own, "metadata")).or(meta);
        let own_map = machine.class_lookup(class, "type_annotation_map");
        if let Some(pairs) = own_map.and_then(|map| map.pairs()) {
            map = pairs;
        }
        let meta = meta.unwrap_or_else(|| self.new_meta(&Arguments::default()));
        let number = self.new_base(meta, map);
        self.state.borrow_mut().base_of.insert(class.id, number);
    }
}
