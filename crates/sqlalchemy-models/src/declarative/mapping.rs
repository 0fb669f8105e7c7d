//! Makes a table from a class, or finds the one that it has.

use std::collections::BTreeMap;
use std::rc::Rc;

use python_static::program::{Arguments, Class, Machine, Place, Role, Value};

use super::collect::{Collector, Gathered};
use super::declared;
use super::flask::{own_primary_key, snake};
use crate::host::{Col, Mapped, Sql, Tab};

/// Where a class's rows are.
enum Home {
    /// A table that was there before.
    Existing(usize),
    /// A table of its own, by name.
    Own(String),
    /// The table of the parent.
    Parent(usize),
    /// A select or join.
    Elsewhere,
}

impl Sql {
    /// What a function of `declared_attr` or a class method gives for a class.
    pub(super) fn resolved(&self, machine: &mut Machine, class: &Rc<Class>, found: Value) -> Value {
        let Value::Function(function) = &found else { return found };
        if !declared(&found) && function.role != Role::ClassMethod {
            return found;
        }
        // A column that another attribute mentions is the same column.
        let key = (class.id, function.id);
        if let Some(known) = self.state.borrow().declared.get(&key) {
            return known.clone();
        }
        let all = Arguments::of(vec![Value::Class(Rc::clone(class))]);
        let value = machine.call(&found, all, class.place).unwrap_or_else(|_| {
            machine.unknown("what the function returns is not known", function.place)
        });
        self.state.borrow_mut().declared.insert(key, value.clone());
        value
    }

    /// Maps a class.
    pub(crate) fn map(&self, machine: &mut Machine, class: &Rc<Class>) {
        let Some(base) = self.state.borrow().base_of.get(&class.id).copied() else { return };
        let parent = self.mapped_parent(class);
        let home = match self.home(machine, class, base, parent) {
            Ok(Some(home)) => home,
            Ok(None) => return,
            Err((place, reason)) => {
                let qualified = format!("class:{}.{}", class.module, class.name);
                self.problem(place, reason, vec![qualified, "*".into()]);
                return;
            }
        };
        let mut gathered = self.gather(machine, class, base, parent);
        let bases = class.mro.borrow();
        let unknown = bases.iter().filter(|base| matches!(base, Value::Unknown(_)));
        gathered.doubts.extend(unknown.cloned());
        drop(bases);
        let mut keys: BTreeMap<String, String> = gathered
            .columns
            .iter()
            .map(|(attribute, column)| (attribute.clone(), column.key.clone()))
            .collect();
        let Gathered { columns, relationships, doubts } = gathered;
        let table = match home {
            Home::Existing(table) => {
                for column in &self.state.borrow().tables[table].columns {
                    keys.entry(column.key.clone()).or_insert_with(|| column.key.clone());
                }
                Some(table)
            }
            Home::Own(name) => {
                Some(self.create_table(machine, class, base, &name, columns, &doubts))
            }
            Home::Parent(table) => {
                self.extend_parent(table, columns, &doubts);
                Some(table)
            }
            Home::Elsewhere => None,
        };
        let mut state = self.state.borrow_mut();
        if let Some(parent) = parent {
            for (attribute, key) in &state.mapped[parent].keys {
                keys.entry(attribute.clone()).or_insert_with(|| key.clone());
            }
        }
        let place = class.place;
        state.mapped.push(Mapped {
            class: Rc::clone(class),
            table,
            relationships,
            doubts,
            keys,
            parent,
            place,
        });
        let index = state.mapped.len() - 1;
        state.mapped_of.insert(class.id, index);
    }

    pub(super) fn mapped_parent(&self, class: &Class) -> Option<usize> {
        let state = self.state.borrow();
        class.mro.borrow().iter().skip(1).find_map(|base| match base {
            Value::Class(base) => state.mapped_of.get(&base.id).copied(),
            _ => None,
        })
    }

    fn gather(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        base: usize,
        parent: Option<usize>,
    ) -> Gathered {
        let sqlmodel = self.state.borrow().bases[base].sqlmodel;
        let gathered = Gathered::default();
        let mut collector = Collector { sql: self, machine, class, base, gathered };
        if sqlmodel {
            collector.sqlmodel();
        } else {
            collector.declarative(parent);
        }
        collector.gathered
    }

    /// Where the class's rows are: `None` when it is not mapped, an error when that is not known.
    fn home(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        base: usize,
        parent: Option<usize>,
    ) -> Result<Option<Home>, (Place, String)> {
        if let Some(found) = machine.class_lookup(class, "__table__") {
            let found = self.resolved(machine, class, found);
            match Self::number(&found, "table") {
                Some(table) => return Ok(Some(Home::Existing(table))),
                None if class.dict.borrow().contains_key("__table__") => {
                    return match found {
                        Value::Unknown(cause) => Err((cause.place, cause.reason.clone())),
                        _ => Ok(Some(Home::Elsewhere)),
                    };
                }
                None => {}
            }
        }
        let (sqlmodel, flask) = {
            let state = self.state.borrow();
            (state.bases[base].sqlmodel, state.bases[base].flask)
        };
        match self.tablename(machine, class, parent) {
            Some(Value::Str(name)) => return Ok(Some(Home::Own(name.to_string()))),
            Some(Value::None) | None => {}
            Some(Value::Unknown(cause)) => return Err((cause.place, cause.reason.clone())),
            Some(other) => {
                let place = other.as_term().map_or(class.place, |term| term.place);
                return Err((place, "the name of the table is not known".into()));
            }
        }
        if sqlmodel {
            return Ok(Some(Home::Own(class.name.to_lowercase())));
        }
        if flask && (parent.is_none() || own_primary_key(class)) {
            return Ok(Some(Home::Own(snake(&class.name))));
        }
        let of_parent = parent.map(|parent| self.state.borrow().mapped[parent].table);
        match of_parent {
            Some(Some(table)) => Ok(Some(Home::Parent(table))),
            Some(None) => Ok(Some(Home::Elsewhere)),
            None if class.mro.borrow().iter().any(|base| matches!(base, Value::Unknown(_))) => {
                Err((class.place, "the class may have a table of its own".into()))
            }
            None => Ok(None),
        }
    }

    /// `__tablename__`: that of the class or the first base that is not mapped itself.
    fn tablename(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        parent: Option<usize>,
    ) -> Option<Value> {
        let mro: Vec<Value> = class.mro.borrow().clone();
        for (at, base) in mro.iter().enumerate() {
            let Value::Class(base) = base else {
                match base {
                    Value::Unknown(_) if parent.is_none() => return Some(base.clone()),
                    Value::Unknown(_) => return None,
                    _ => continue,
                }
            };
            let Some(found) = base.dict.borrow().get("__tablename__").cloned() else { continue };
            let is_mapped = at > 0 && self.state.borrow().mapped_of.contains_key(&base.id);
            if is_mapped && !matches!(found, Value::Function(_)) {
                return None;
            }
            return Some(self.resolved(machine, class, found));
        }
        None
    }

    /// Columns of a class without a table of its own go to its parent's.
    fn extend_parent(&self, table: usize, columns: Vec<(String, Col)>, doubts: &[Value]) {
        let mut state = self.state.borrow_mut();
        let table = &mut state.tables[table];
        for (_, column) in columns {
            if !table.columns.iter().any(|known| known.name == column.name) {
                table.columns.push(column);
            }
        }
        table.doubts.extend(doubts.iter().cloned());
    }

    fn create_table(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        base: usize,
        name: &str,
        columns: Vec<(String, Col)>,
        doubts: &[Value],
    ) -> usize {
        let place = class.place;
        let meta = self.state.borrow().bases[base].meta;
        let options = self.options(machine, class);
        let schema = self.table_schema(meta, options.schema);
        let mut columns: Vec<Col> = columns.into_iter().map(|(_, column)| column).collect();
        columns.sort_by_key(|column| column.sort);
        let mut unique: Vec<Col> = Vec::new();
        for column in columns {
            if !unique.iter().any(|known| known.name == column.name) {
                unique.push(column);
            }
        }
        let number = match self.find_table(meta, name, schema.as_ref()) {
            Some(number) => {
                for column in unique {
                    self.put_column(machine, number, column);
                }
                number
            }
            None => self.push_table(Tab {
                meta,
                name: name.to_owned(),
                schema,
                comment: options.comment,
                columns: unique,
                arguments: Vec::new(),
                place,
                doubts: Vec::new(),
            }),
        };
        let doubts = doubts.iter().cloned().chain(options.doubts);
        self.state.borrow_mut().tables[number].doubts.extend(doubts);
        for item in options.items {
            self.add_to_table(machine, number, &item, place);
        }
        self.attach_pending(number);
        number
    }

    /// `__table_args__` of the class or of a base that is not mapped.
    fn table_args(&self, machine: &mut Machine, class: &Rc<Class>) -> Option<Value> {
        let mro: Vec<Value> = class.mro.borrow().clone();
        for (at, base) in mro.iter().enumerate() {
            let Value::Class(base) = base else { continue };
            let Some(found) = base.dict.borrow().get("__table_args__").cloned() else { continue };
            if at > 0 && self.state.borrow().mapped_of.contains_key(&base.id) && !declared(&found) {
                continue;
            }
            let value = self.resolved(machine, class, found);
            // What is empty leaves the choice to the next base.
            if !matches!(value, Value::None) {
                return Some(value);
            }
        }
        None
    }

    fn options(&self, machine: &mut Machine, class: &Rc<Class>) -> TableOptions {
        let mut found = TableOptions::default();
        let Some(value) = self.table_args(machine, class) else { return found };
        let mut pairs = None;
        match &value {
            Value::Dict(_) => pairs = value.pairs(),
            Value::Tuple(_) | Value::List(_) => {
                found.items = value.items().unwrap_or_default();
                match found.items.last() {
                    Some(Value::Dict(_)) => pairs = found.items.pop().and_then(|last| last.pairs()),
                    // An options dictionary that is not known may name a schema.
                    Some(Value::Unknown(_)) => {
                        if let Some(last) = found.items.pop() {
                            found.schema = Some(last.clone());
                            found.doubts.push(last);
                        }
                    }
                    Some(Value::None) => {
                        found.items.pop();
                    }
                    _ => {}
                }
            }
            other => {
                let unknown = match other {
                    Value::Unknown(_) => other.clone(),
                    _ => machine.unknown(
                        "`__table_args__` is not known",
                        other.as_term().map_or(class.place, |term| term.place),
                    ),
                };
                found.schema = Some(unknown.clone());
                found.doubts.push(unknown);
            }
        }
        for (key, value) in pairs.unwrap_or_default() {
            match key.as_str() {
                Some("schema") => found.schema = Some(value),
                Some("comment") => {
                    found.comment = Some(value).filter(|value| !matches!(value, Value::None));
                }
                Some("autoload" | "autoload_with") => found
                    .doubts
                    .push(machine.unknown("the columns are those of a database", class.place)),
                _ => {}
            }
        }
        found
    }
}

/// What `__table_args__` holds.
#[derive(Default)]
struct TableOptions {
    items: Vec<Value>,
    schema: Option<Value>,
    comment: Option<Value>,
    doubts: Vec<Value>,
}
