//! What is read from mapped classes, and what is set on them.

use std::rc::Rc;

use python_static::program::{Class, Machine, Place, Value};

use super::{declared, is_call_of};
use crate::host::{Rel, Sql};

impl Sql {
    pub(crate) fn class_attribute(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        let base = self.state.borrow().base_of.get(&class.id).copied();
        match name {
            "metadata" => {
                if let Some(own) = machine.class_lookup(class, "metadata")
                    && Self::number(&own, "metadata").is_some()
                {
                    return Some(own);
                }
                Some(self.meta_of_base(machine, base?, place))
            }
            "registry" => Some(Self::object(machine, "registry", base?, "", place)),
            "__table__" | "__tablename__" => {
                let state = self.state.borrow();
                let mapped = *state.mapped_of.get(&class.id)?;
                let table = state.mapped[mapped].table?;
                let table_name = state.tables[table].name.clone();
                drop(state);
                Some(if name == "__table__" {
                    Self::object(machine, "table", table, &table_name, place)
                } else {
                    Value::str(table_name)
                })
            }
            _ => {
                let state = self.state.borrow();
                let Some(mapped) = state.mapped_of.get(&class.id).copied() else {
                    drop(state);
                    let found = machine.class_lookup(class, name).filter(declared)?;
                    return Some(self.resolved(machine, class, found));
                };
                let key = state.mapped[mapped].keys.get(name)?.clone();
                let mut at = Some(mapped);
                while let Some(number) = at {
                    if let Some(table) = state.mapped[number].table
                        && state.tables[table].columns.iter().any(|column| column.key == key)
                    {
                        drop(state);
                        return Some(Self::object(machine, "column", table, &key, place));
                    }
                    at = state.mapped[number].parent;
                }
                None
            }
        }
    }

    pub(crate) fn assign_class(
        &self,
        class: &Rc<Class>,
        name: &str,
        value: &Value,
        place: Place,
    ) -> bool {
        let mapped = self.state.borrow().mapped_of.get(&class.id).copied();
        let Some(mapped) = mapped else { return false };
        if is_call_of(value, &["Column", "mapped_column"]) {
            let column = Sql::column(value, Some(name), None, place);
            let mut state = self.state.borrow_mut();
            if let (Some(table), Some(mut column)) = (state.mapped[mapped].table, column) {
                column.base = state.base_of.get(&class.id).copied();
                state.mapped[mapped].keys.insert(name.to_owned(), column.key.clone());
                state.tables[table].columns.push(column);
            }
        } else if is_call_of(value, &["relationship"])
            && let Some((_, arguments)) = value.as_call()
        {
            self.state.borrow_mut().mapped[mapped].relationships.push(Rel {
                name: name.to_owned(),
                arguments: arguments.clone(),
                annotation: None,
                place,
            });
        }
        false
    }
}
