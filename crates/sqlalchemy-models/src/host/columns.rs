//! Columns as the program holds them: what a call of `Column` says, `table.c`.

use python_static::program::{Arguments, Machine, Place, Value};

use super::{Col, Sql};
use crate::columns::sort_order;

impl Sql {
    /// A column from its call.
    pub(crate) fn column(
        call: &Value,
        attribute: Option<&str>,
        annotation: Option<Value>,
        place: Place,
    ) -> Option<Col> {
        let term = call.as_term();
        let (_, arguments) = call.as_call()?;
        let name = match arguments.positional.first() {
            Some(Value::Str(name)) => Some(name.to_string()),
            Some(Value::Unknown(_)) if attribute.is_none() => return None,
            _ => match arguments.keyword("name") {
                Some(Value::Str(name)) => Some(name.to_string()),
                Some(Value::None) | None => None,
                Some(_) => return None,
            },
        };
        let name = name.or_else(|| attribute.map(str::to_owned))?;
        let key = match arguments.keyword("key") {
            Some(Value::Str(key)) => key.to_string(),
            _ => name.clone(),
        };
        let sort = match arguments.keyword("sort_order") {
            Some(Value::Int(sort)) => *sort,
            _ => annotation.as_ref().and_then(sort_order).unwrap_or_default(),
        };
        Some(Col {
            call: call.clone(),
            name,
            key,
            annotation,
            base: None,
            place: term.map_or(place, |term| term.place),
            sort,
            identity: term.map_or(0, |term| term.id),
            copied: false,
        })
    }

    /// Methods of `table.c`.
    pub(super) fn columns_call(
        &self,
        machine: &mut Machine,
        table: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let keys = self.column_keys(table);
        let mut column = |key: &str| Self::object(machine, "column", table, key, place);
        match (method, arguments.positional.as_slice()) {
            ("__getitem__", [Value::Str(name)]) => Some(column(name)),
            ("get", [Value::Str(name), rest @ ..]) => {
                if keys.iter().any(|key| **key == **name) {
                    return Some(column(name));
                }
                let doubtful = !self.state.borrow().tables[table].doubts.is_empty();
                (!doubtful).then(|| rest.first().cloned().unwrap_or(Value::None))
            }
            ("keys", []) => Some(Value::list(keys.iter().map(Value::str).collect())),
            ("values", []) => Some(Value::list(keys.iter().map(|key| column(key)).collect())),
            ("items", []) => Some(Value::list(
                keys.iter().map(|key| Value::tuple(vec![Value::str(key), column(key)])).collect(),
            )),
            _ => None,
        }
    }

    /// Attributes of `table.c`: its columns, by their keys.
    pub(super) fn columns_attribute(
        &self,
        machine: &mut Machine,
        table: usize,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        match name {
            "__iter__" => {
                let keys = self.column_keys(table);
                let column = |key: &String| Self::object(machine, "column", table, key, place);
                Some(Value::list(keys.iter().map(column).collect()))
            }
            "keys" | "values" | "items" | "get" => None,
            _ => Some(Self::object(machine, "column", table, name, place)),
        }
    }

    fn column_keys(&self, table: usize) -> Vec<String> {
        let columns = &self.state.borrow().tables[table].columns;
        columns.iter().map(|column| column.key.clone()).collect()
    }
}
