//! `registry`: bases, decorators and imperative mappings.

use std::rc::Rc;

use python_static::program::{Arguments, Class, Machine, Place, TermKind, Value};

use super::is_call_of;
use crate::host::{Mapped, Rel, Sql};

impl Sql {
    /// Methods of a registry.
    pub(crate) fn registry_call(
        &self,
        machine: &mut Machine,
        number: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        if method == "generate_base" {
            let mut all = arguments.clone();
            let registry = Self::object(machine, "registry", number, "", place);
            all.keywords.push(("registry".into(), registry));
            return Some(self.make_base(machine, &all, place));
        }
        let Some(Value::Class(class)) = arguments.positional.first() else { return None };
        match method {
            "mapped" | "mapped_as_dataclass" => {
                self.state.borrow_mut().base_of.insert(class.id, number);
                self.map(machine, class);
                Some(Value::Class(Rc::clone(class)))
            }
            "map_imperatively" => {
                self.state.borrow_mut().base_of.insert(class.id, number);
                self.map_imperatively(class, arguments, place);
                Some(Value::None)
            }
            _ => None,
        }
    }

    /// `registry.map_imperatively(class, table, properties=…)`
    fn map_imperatively(&self, class: &Rc<Class>, arguments: &Arguments, place: Place) {
        let parent = self.mapped_parent(class);
        let mut state = self.state.borrow_mut();
        let table = arguments
            .get(1, "local_table")
            .and_then(|table| Self::number(table, "table"))
            .or_else(|| state.mapped[parent?].table);
        let columns = table.map_or(&[][..], |table| &state.tables[table].columns);
        let keys = columns.iter().map(|column| (column.key.clone(), column.key.clone())).collect();
        let number = state.mapped.len();
        state.mapped_of.insert(class.id, number);
        state.mapped.push(Mapped {
            class: Rc::clone(class),
            table,
            relationships: imperative_relationships(arguments, place),
            doubts: Vec::new(),
            keys,
            parent,
            place,
        });
    }

    /// A method of a registry that was called for a decorator: `@registry.mapped_as_dataclass(…)`.
    pub(crate) fn registry_decorator(
        &self,
        machine: &mut Machine,
        decorator: &Value,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let TermKind::Attribute(of, method) = &decorator.as_term()?.kind else { return None };
        let number = Self::number(of, "registry")?;
        match &**method {
            "mapped_as_dataclass" => {
                self.registry_call(machine, number, "mapped", arguments, place)
            }
            "as_declarative_base" => {
                if let Some(Value::Class(class)) = arguments.positional.first() {
                    self.state.borrow_mut().base_of.insert(class.id, number);
                }
                arguments.positional.first().cloned()
            }
            _ => None,
        }
    }
}

/// The relationships among `properties`.
fn imperative_relationships(arguments: &Arguments, place: Place) -> Vec<Rel> {
    let properties = arguments.keyword("properties").and_then(Value::pairs).unwrap_or_default();
    let relationship = |(key, value): &(Value, Value)| {
        let (_, given) = value.as_call().filter(|_| is_call_of(value, &["relationship"]))?;
        let name = key.as_str()?.to_owned();
        Some(Rel { name, arguments: given.clone(), annotation: None, place })
    };
    properties.iter().filter_map(relationship).collect()
}
