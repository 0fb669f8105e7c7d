//! `MetaData`: its schema and its naming convention.

use python_static::program::{Arguments, Machine, Place, Value};

use super::{Meta, Sql};

impl Sql {
    /// A `MetaData` from the arguments of its call. Its schema is the first of them in SQLAlchemy 2, the second before.
    pub(crate) fn new_meta(&self, arguments: &Arguments) -> usize {
        let mut meta = Meta::default();
        if let Some(schema) = arguments.keyword("schema").or_else(|| {
            arguments.positional.get(usize::from(self.state.borrow().version.sqlalchemy < (2, 0)))
        }) {
            meta.schema = Some(schema.clone()).filter(|schema| !matches!(schema, Value::None));
        }
        match arguments.keyword("naming_convention") {
            None | Some(Value::None) => {}
            Some(naming) => meta.set_naming(naming),
        }
        let mut state = self.state.borrow_mut();
        state.metas.push(meta);
        state.metas.len() - 1
    }

    /// The metadata of `metadata=…` or a new one.
    pub(crate) fn meta_of(&self, value: Option<&Value>) -> usize {
        value
            .and_then(|value| Self::number(value, "metadata"))
            .unwrap_or_else(|| self.new_meta(&Arguments::default()))
    }

    /// A `MetaData` as the program holds it.
    pub(crate) fn meta_object(machine: &mut Machine, meta: usize, place: Place) -> Value {
        Self::object(machine, "metadata", meta, "", place)
    }

    /// The `MetaData` of a base.
    pub(crate) fn meta_of_base(&self, machine: &mut Machine, base: usize, place: Place) -> Value {
        let meta = self.state.borrow().bases[base].meta;
        Self::meta_object(machine, meta, place)
    }

    /// A method of a `MetaData`.
    pub(super) fn meta_call(
        &self,
        meta: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        match method {
            "reflect" => {
                self.problem(place, "the tables are those of a database", vec!["*".into()]);
            }
            "clear" => self.forget_tables(meta, None),
            "remove" => {
                let table =
                    arguments.get(0, "table").and_then(|table| Self::number(table, "table"));
                match table {
                    Some(table) => self.forget_tables(meta, Some(table)),
                    None => self.problem(place, "the removed table is not known", vec!["*".into()]),
                }
            }
            _ => return None,
        }
        Some(Value::None)
    }

    /// Takes one table or all of them out of a `MetaData`; they live on in one that nobody has.
    fn forget_tables(&self, meta: usize, only: Option<usize>) {
        let nowhere = self.new_meta(&Arguments::default());
        let mut state = self.state.borrow_mut();
        for (number, table) in state.tables.iter_mut().enumerate() {
            if table.meta == meta && only.is_none_or(|only| only == number) {
                table.meta = nowhere;
            }
        }
    }

    /// `metadata.name = value`
    pub(super) fn assign_meta(&self, meta: usize, name: &str, value: &Value) {
        let meta = &mut self.state.borrow_mut().metas[meta];
        match name {
            "naming_convention" => meta.set_naming(value),
            "schema" => {
                meta.schema = Some(value.clone()).filter(|value| !matches!(value, Value::None));
            }
            _ => {}
        }
    }
}

impl Meta {
    fn set_naming(&mut self, naming: &Value) {
        match naming.pairs() {
            Some(pairs) => self.naming = pairs,
            None => self.naming_unknown = Some(naming.clone()),
        }
    }
}
