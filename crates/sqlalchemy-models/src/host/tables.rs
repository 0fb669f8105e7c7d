//! `Table`: what a call of it makes, and what is read of tables.

use python_static::program::{Arguments, Machine, Place, TermKind, Value};

use super::mentions::{mentions, table_in};
use super::{Col, Sql, Tab};
use crate::declarative::is_call_of;
use crate::types::library_name;

impl Sql {
    /// A call of `Table`.
    pub(crate) fn table_call(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        place: Place,
    ) -> Value {
        self.new_table(machine, arguments, place)
            .unwrap_or_else(|| machine.unknown("the table is not known", place))
    }

    /// `Table(…)`: a new table, or the one of that name; `None` with a problem when it cannot be told which.
    fn new_table(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let name = arguments.get(0, "name")?;
        let meta = arguments.get(1, "metadata").and_then(|meta| Self::number(meta, "metadata"));
        let Some(meta) = meta else {
            self.problem(place, "the metadata of the table is not known", vec!["*".into()]);
            return None;
        };
        let Value::Str(name) = name else {
            self.problem(place, "the name of the table is not known", vec!["*".into()]);
            return None;
        };
        let schema = self.table_schema(meta, arguments.keyword("schema").cloned());
        let existing = self.find_table(meta, name, schema.as_ref());
        let table = existing.unwrap_or_else(|| {
            self.push_table(Tab {
                meta,
                name: name.to_string(),
                schema,
                comment: arguments
                    .keyword("comment")
                    .cloned()
                    .filter(|comment| !matches!(comment, Value::None)),
                columns: Vec::new(),
                arguments: Vec::new(),
                place,
                doubts: arguments.unknown.iter().cloned().collect(),
            })
        });
        let is_kept =
            !matches!(arguments.keyword("keep_existing"), None | Some(Value::Bool(false)));
        if existing.is_none() || !is_kept {
            self.fill_table(machine, table, arguments, place);
        }
        Some(Self::object(machine, "table", table, name, place))
    }

    /// Adds a table, and says its number.
    pub(crate) fn push_table(&self, table: Tab) -> usize {
        let mut state = self.state.borrow_mut();
        state.tables.push(table);
        state.tables.len() - 1
    }

    /// Adds the columns and constraints of a call of `Table`.
    fn fill_table(&self, machine: &mut Machine, table: usize, arguments: &Arguments, place: Place) {
        let reflects = ["autoload", "autoload_with"].iter().any(|name| {
            !matches!(arguments.keyword(name), None | Some(Value::None | Value::Bool(false)))
        });
        if reflects {
            let unknown = machine.unknown("the columns are those of a database", place);
            self.doubt_table(table, unknown);
        }
        for item in arguments.positional.iter().skip(2) {
            self.add_to_table(machine, table, item, place);
        }
        self.attach_pending(table);
    }

    /// Something that may change the table is not known.
    fn doubt_table(&self, table: usize, doubt: Value) {
        self.state.borrow_mut().tables[table].doubts.push(doubt);
    }

    /// The schema of a table: its own, else that of its metadata.
    pub(crate) fn table_schema(&self, meta: usize, given: Option<Value>) -> Option<Value> {
        match given {
            None | Some(Value::None) => self.state.borrow().metas[meta].schema.clone(),
            Some(given) => {
                Some(given).filter(|given| library_name(given).as_deref() != Some("BLANK_SCHEMA"))
            }
        }
    }

    /// The table of that name in a `MetaData`.
    pub(crate) fn find_table(
        &self,
        meta: usize,
        name: &str,
        schema: Option<&Value>,
    ) -> Option<usize> {
        self.state.borrow().tables.iter().position(|table| {
            table.meta == meta
                && table.name == name
                && match (&table.schema, schema) {
                    (None, None) => true,
                    (Some(a), Some(b)) => a.same(b),
                    _ => false,
                }
        })
    }

    /// Adds what a call of `Table` or `append_…` names: a column, which replaces one of its name, or a constraint.
    pub(crate) fn add_to_table(
        &self,
        machine: &mut Machine,
        table: usize,
        item: &Value,
        place: Place,
    ) {
        let kind = item.as_call().and_then(|(function, _)| library_name(function));
        match kind.as_deref() {
            Some("Column" | "mapped_column") => match Self::column(item, None, None, place) {
                Some(column) => self.put_column(machine, table, column),
                None => {
                    let doubt = machine.unknown("the name of a column is not known", place);
                    self.doubt_table(table, doubt);
                }
            },
            Some(_) => {
                let mut state = self.state.borrow_mut();
                let known = &mut state.tables[table].arguments;
                // A constraint over columns of a table has joined it already.
                if !known.iter().any(|known| known.same(item)) {
                    known.push(item.clone());
                }
            }
            None => {
                let place = match item {
                    Value::Unknown(_) => return self.doubt_table(table, item.clone()),
                    Value::Term(term) if matches!(term.kind, TermKind::Object("null", ..)) => {
                        return;
                    }
                    Value::Term(term) => term.place,
                    _ => place,
                };
                let doubt = machine.unknown("what is added to the table is not known", place);
                self.doubt_table(table, doubt);
            }
        }
    }

    /// Adds a column. One that it replaces leaves the index or the constraint that its own arguments made.
    pub(crate) fn put_column(&self, machine: &mut Machine, table: usize, column: Col) {
        let table = &mut self.state.borrow_mut().tables[table];
        match table.columns.iter_mut().find(|known| known.name == column.name) {
            Some(known) => {
                let replaced = std::mem::replace(known, column);
                table.arguments.extend(left_by(machine, &replaced));
            }
            None => table.columns.push(column),
        }
    }

    /// A call of `Index` or of a constraint's class. Over columns of a table it joins that table at once; over columns
    /// that have none yet it waits for theirs.
    pub(super) fn constraint(
        &self,
        machine: &mut Machine,
        function: &Value,
        arguments: &Arguments,
        place: Place,
    ) -> Value {
        let item = machine.term(TermKind::Call(function.clone(), arguments.clone()), place);
        let given = arguments.keyword("_table").and_then(|table| Self::number(table, "table"));
        // What a foreign key refers to is another table's.
        let is_key = library_name(function).as_deref() == Some("ForeignKeyConstraint");
        let own = if is_key { 1 } else { arguments.positional.len() };
        let mut own = arguments.positional.iter().take(own);
        let mentioned = || own.find_map(|value| table_in(value, 0));
        let is_column = |value: &Value| is_call_of(value, &["Column", "mapped_column"]);
        let mut state = self.state.borrow_mut();
        if let Some(table) = given.or_else(mentioned) {
            state.tables[table].arguments.push(item.clone());
        } else if arguments.positional.iter().any(|value| mentions(value, &is_column, 0)) {
            state.pending.push(item.clone());
        }
        item
    }

    /// Constraints and indexes over columns that had no table yet join it with their columns.
    pub(crate) fn attach_pending(&self, table: usize) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let columns = &state.tables[table].columns;
        let belongs = |value: &Value| {
            value.as_term().is_some_and(|term| {
                columns.iter().any(|column| !column.copied && column.identity == term.id)
            })
        };
        let (joining, waiting): (Vec<Value>, Vec<Value>) =
            std::mem::take(&mut state.pending).into_iter().partition(|item| {
                item.as_call().is_some_and(|(_, given)| {
                    given.positional.iter().any(|value| mentions(value, &belongs, 0))
                })
            });
        state.pending = waiting;
        let arguments = &mut state.tables[table].arguments;
        for item in joining {
            if !arguments.iter().any(|known| known.same(&item)) {
                arguments.push(item);
            }
        }
    }

    /// Methods of a table.
    pub(super) fn table_method(
        &self,
        machine: &mut Machine,
        table: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        if matches!(method, "to_metadata" | "tometadata") {
            self.problem(place, "the copy of a table is not known", vec!["*".into()]);
        }
        if !matches!(method, "append_column" | "append_constraint") {
            return None;
        }
        if let Some(item) = arguments.positional.first() {
            self.add_to_table(machine, table, item, place);
        }
        Some(Value::None)
    }

    /// The name of a table behind its schema, as foreign keys write it.
    fn full_name(&self, machine: &mut Machine, table: usize, place: Place) -> Value {
        let Tab { name, schema, .. } = &self.state.borrow().tables[table];
        match schema {
            None => Value::str(name),
            Some(Value::Str(schema)) => Value::str(format!("{schema}.{name}")),
            Some(_) => machine.unknown("the schema of the table is not known", place),
        }
    }

    /// Attributes of a table.
    pub(super) fn table_attribute(
        &self,
        machine: &mut Machine,
        table: usize,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        match name {
            "c" | "columns" => Some(Self::object(machine, "columns", table, "", place)),
            "name" => Some(Value::str(&self.state.borrow().tables[table].name)),
            "fullname" | "key" => Some(self.full_name(machine, table, place)),
            "schema" => {
                Some(self.state.borrow().tables[table].schema.clone().unwrap_or(Value::None))
            }
            "metadata" => {
                let meta = self.state.borrow().tables[table].meta;
                Some(Self::meta_object(machine, meta, place))
            }
            _ => None,
        }
    }
}

/// What `index=True` and `unique=True` of a column have made, as calls of their own.
fn left_by(machine: &mut Machine, column: &Col) -> Option<Value> {
    let (_, arguments) = column.call.as_call()?;
    let is_set = |name: &str| matches!(arguments.keyword(name), Some(Value::Bool(true)));
    let (index, unique) = (is_set("index"), is_set("unique"));
    let (class, mut made) = match (index, unique) {
        (true, _) => ("Index", Arguments::of(vec![Value::None, Value::str(&column.key)])),
        (false, true) => ("UniqueConstraint", Arguments::of(vec![Value::str(&column.key)])),
        (false, false) => return None,
    };
    if index && unique {
        made.keywords.push(("unique".into(), Value::Bool(true)));
    }
    let class = machine.term(TermKind::Name(format!("sqlalchemy.{class}").into()), column.place);
    Some(machine.term(TermKind::Call(class, made), column.place))
}
