//! Declarative bases: registries, `declarative_base()`, `SQLModel`.

use std::rc::Rc;

use indexmap::IndexMap;
use python_static::program::{Arguments, Class, Machine, Place, Value};

use super::{Base, Sql};

/// Stands in the body of a class that is itself a base until the class is declared, and says which one.
pub(crate) const BASE_MARKER: &str = "__base_marker__";

impl Sql {
    /// A declarative base.
    pub(crate) fn new_base(&self, meta: usize, type_map: Vec<(Value, Value)>) -> usize {
        let mut state = self.state.borrow_mut();
        state.bases.push(Base { meta, type_map, sqlmodel: false, flask: false });
        state.bases.len() - 1
    }

    /// A base with the `metadata` and `type_annotation_map` of a call.
    pub(super) fn base_of_arguments(&self, arguments: &Arguments) -> usize {
        let meta = self.meta_of(arguments.keyword("metadata"));
        let map = arguments.keyword("type_annotation_map").and_then(Value::pairs);
        self.new_base(meta, map.unwrap_or_default())
    }

    /// The base that `SQLModel` itself is.
    pub(crate) fn sqlmodel(&self) -> usize {
        let known = self.state.borrow().sqlmodel;
        known.unwrap_or_else(|| {
            let meta = self.new_meta(&Arguments::default());
            let base = self.new_base(meta, Vec::new());
            let mut state = self.state.borrow_mut();
            state.bases[base].sqlmodel = true;
            state.sqlmodel = Some(base);
            base
        })
    }

    /// `declarative_base()`: a class of the name, and with the bases, that its arguments give.
    pub(crate) fn make_base(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        place: Place,
    ) -> Value {
        let registry = arguments.keyword("registry");
        let base = match registry.and_then(|registry| Self::number(registry, "registry")) {
            Some(registry) => {
                let Base { meta, type_map, .. } = self.state.borrow().bases[registry].clone();
                self.new_base(meta, type_map)
            }
            None => self.base_of_arguments(arguments),
        };
        let bases = match arguments.keyword("cls") {
            Some(Value::Tuple(classes)) => classes.to_vec(),
            Some(Value::None) | None => Vec::new(),
            Some(class) => vec![class.clone()],
        };
        let name = arguments.keyword("name").and_then(Value::as_str).unwrap_or("Base");
        let marker = Self::object(machine, "base", base, name, place);
        let dict = IndexMap::from([(BASE_MARKER.into(), marker)]);
        let keywords: Vec<(Rc<str>, Value)> = arguments
            .keyword("metaclass")
            .map(|meta| ("metaclass".into(), meta.clone()))
            .into_iter()
            .collect();
        Value::Class(machine.create_class(name, "", bases, dict, Vec::new(), &keywords, place))
    }

    /// `has_inherited_table()`
    pub(super) fn has_inherited_table(&self, class: &Class) -> bool {
        let state = self.state.borrow();
        let has_table = |base: &Value| match base {
            Value::Class(base) => {
                let mapped = state.mapped_of.get(&base.id);
                mapped.is_some_and(|mapped| state.mapped[*mapped].table.is_some())
            }
            _ => false,
        };
        class.mro.borrow().iter().skip(1).any(has_table)
    }
}
