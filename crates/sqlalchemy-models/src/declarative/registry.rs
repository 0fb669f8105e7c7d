//! `registry`: bases, decorators and imperative mappings.

use std::rc::Rc;

use python_static::program::{Arguments, Host, Machine, Place, TermKind, Value};

use super::is_call_of;
use crate::host::{Mapped, Rel, Sql};

impl Sql {
    pub(crate) fn registry_call(
        &self,
        machine: &mut Machine,
        number: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        match method {
            "generate_base" => {
                let mut all = arguments.clone();
                all.keywords.push((
                    "registry".into(),
                    Self::object(machine, "registry", number, "", place),
                ));
                let function =
                    machine.term(TermKind::Name("sqlalchemy.orm.declarative_base".into()), place);
                Host::call(self, machine, &function, &all, place)
            }
            "mapped" | "mapped_as_dataclass" => {
                let Some(Value::Class(class)) = arguments.positional.first() else { return None };
                self.state.borrow_mut().base_of.insert(class.id, number);
                self.map(machine, class);
                Some(Value::Class(Rc::clone(class)))
            }
            "map_imperatively" => {
                let Some(Value::Class(class)) = arguments.positional.first() else { return None };
                let table =
                    arguments.get(1, "local_table").and_then(|table| Self::number(table, "table"));
                let mut relationships = Vec::new();
                for (key, value) in
                    arguments.keyword("properties").and_then(Value::pairs).unwrap_or_default()
                {
                    if is_call_of(&value, &["relationship"])
                        && let (Value::Str(name), Some((_, given))) = (&key, value.as_call())
                    {
                        relationships.push(Rel {
                            name: name.to_string(),
                            arguments: given.clone(),
                            annotation: None,
                            place,
                        });
                    }
                }
                let parent = class.mro.borrow().iter().skip(1).find_map(|base| match base {
                    Value::Class(base) => self.state.borrow().mapped_of.get(&base.id).copied(),
                    _ => None,
                });
                let mut state = self.state.borrow_mut();
                state.base_of.insert(class.id, number);
                let table = table.or_else(|| parent.and_then(|parent| state.mapped[parent].table));
                let keys = table
                    .map(|table| {
                        state.tables[table]
                            .columns
                            .iter()
                            .map(|column| (column.key.clone(), column.key.clone()))
                            .collect()
                    })
                    .unwrap_or_default();
                state.mapped.push(Mapped {
                    class: Rc::clone(class),
                    table,
                    relationships,
                    doubts: Vec::new(),
                    keys,
                    parent,
                    place,
                });
                let index = state.mapped.len() - 1;
                state.mapped_of.insert(class.id, index);
                Some(Value::None)
            }
            _ => None,
        }
    }

    pub(crate) fn decorator_call(
        &self,
        machine: &mut Machine,
        inner: &Value,
        given: &Arguments,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let _ = given;
        let term = inner.as_term()?;
        if let TermKind::Attribute(of, method) = &term.kind
            && let Some(number) = Self::number(of, "registry")
        {
            return match &**method {
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
            };
        }
        None
    }
}
