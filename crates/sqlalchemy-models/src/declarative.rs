//! Declarative mapping: what SQLAlchemy does when a mapped class is created.

mod access;
mod collect;
mod flask;
mod mapping;
mod registry;
mod sqlmodel;

use std::rc::Rc;

use python_static::program::{Arguments, Class, Function, Machine, TermKind, Value};

use crate::host::{BASE_MARKER, Sql};
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
    matches!(name.as_str(), "Mapped" | "DynamicMapped" | "WriteOnlyMapped")
        .then(|| (inner.clone(), name))
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

    pub(crate) fn declare(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        keywords: &[(Rc<str>, Value)],
    ) {
        let marker =
            class.dict.borrow().get(BASE_MARKER).and_then(|marker| Self::number(marker, "base"));
        if let Some(base) = marker {
            self.state.borrow_mut().base_of.insert(class.id, base);
            class.dict.borrow_mut().shift_remove(BASE_MARKER);
            return;
        }
        if let Some(base) = self.base_number(class) {
            self.state.borrow_mut().base_of.insert(class.id, base);
            let own_meta =
                class.dict.borrow().get("metadata").and_then(|meta| Self::number(meta, "metadata"));
            if let Some(meta) = own_meta {
                let mut state = self.state.borrow_mut();
                let mut changed = state.bases[base].clone();
                changed.meta = meta;
                state.bases.push(changed);
                let number = state.bases.len() - 1;
                state.base_of.insert(class.id, number);
            }
            if matches!(class.dict.borrow().get("__abstract__"), Some(Value::Bool(true))) {
                return;
            }
            let sqlmodel = self.state.borrow().bases[base].sqlmodel;
            if sqlmodel
                && !keywords
                    .iter()
                    .any(|(name, value)| &**name == "table" && matches!(value, Value::Bool(true)))
            {
                return;
            }
            self.map(machine, class);
            return;
        }
        let directly =
            |wanted: &[&str]| {
                class.mro.borrow().iter().any(|base| {
                    library_name(base).is_some_and(|name| wanted.contains(&name.as_str()))
                })
            };
        if directly(&["SQLModel"]) {
            let base = self.sqlmodel();
            let own_meta =
                class.dict.borrow().get("metadata").and_then(|meta| Self::number(meta, "metadata"));
            if let Some(meta) = own_meta {
                let number = self.new_base(meta, Vec::new());
                let mut state = self.state.borrow_mut();
                state.bases[number].sqlmodel = true;
                state.base_of.insert(class.id, number);
            } else {
                self.state.borrow_mut().base_of.insert(class.id, base);
            }
            if keywords
                .iter()
                .any(|(name, value)| &**name == "table" && matches!(value, Value::Bool(true)))
            {
                self.map(machine, class);
            }
            return;
        }
        let declarative_meta = class
            .metaclass
            .as_ref()
            .and_then(library_name)
            .is_some_and(|name| name == "DeclarativeMeta");
        if directly(&["DeclarativeBase", "DeclarativeBaseNoMeta"]) || declarative_meta {
            let registry = machine
                .class_lookup(class, "registry")
                .and_then(|registry| Self::number(&registry, "registry"));
            let own_map = machine.class_lookup(class, "type_annotation_map");
            let own_meta = machine.class_lookup(class, "metadata");
            let (mut meta, mut map) = match registry {
                Some(registry) => {
                    let state = self.state.borrow();
                    (Some(state.bases[registry].meta), state.bases[registry].type_map.clone())
                }
                None => (None, Vec::new()),
            };
            if let Some(own) = own_meta.as_ref().and_then(|meta| Self::number(meta, "metadata")) {
                meta = Some(own);
            }
            if let Some(pairs) = own_map.and_then(|map| map.pairs()) {
                map = pairs;
            }
            let meta = meta.unwrap_or_else(|| self.new_meta(&Arguments::default()));
            let number = self.new_base(meta, map);
            self.state.borrow_mut().base_of.insert(class.id, number);
        }
    }
}
