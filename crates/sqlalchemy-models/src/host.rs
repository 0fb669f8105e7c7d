//! SQLAlchemy's objects while a program is followed: metadata, tables, bases, classes.

mod mentions;
mod state;

use std::cell::RefCell;
use std::rc::Rc;

use python_static::program::{
    Arguments, Cause, Class, Function, Host, Machine, Place, Skipped, TermKind, Value,
};

use crate::expression::{self, Compiler, Kind, MAX_PARTS};
use crate::types::{Context, library_name};
use mentions::{mentions, table_in};
pub(crate) use state::{Base, Col, Mapped, Meta, Rel, State, Tab, Value2};

/// The host.
#[derive(Default)]
pub(crate) struct Sql {
    pub(crate) state: RefCell<State>,
}

impl Sql {
    pub(crate) fn problem(&self, place: Place, message: impl Into<String>, affects: Vec<String>) {
        let mut state = self.state.borrow_mut();
        if state.problems.len() < 20_000 {
            state.problems.push((place, message.into(), affects));
        }
    }

    /// The text of an SQL expression over the columns of a table, if it is known in full.
    pub(crate) fn expression(
        &self,
        machine: &mut Machine,
        table: usize,
        value: &Value,
    ) -> Option<expression::Sql> {
        let columns = |machine: &mut Machine, value: &Value| -> Option<(String, Kind)> {
            if let Some((function, arguments)) = value.as_call()
                && library_name(function).as_deref() == Some("column")
            {
                let kind =
                    if arguments.get(1, "type_").is_some() { Kind::Other } else { Kind::Any };
                return Some((arguments.positional.first()?.as_str()?.to_owned(), kind));
            }
            let (found, at) = crate::columns::column_of(&self.state.borrow(), table, value)?;
            let name = self.state.borrow().tables[found].columns[at].name.clone();
            let typed = crate::columns::typed(self, machine, found, at);
            Some((name, Kind::of(typed.as_ref())))
        };
        let context = Context { sql: self, table: Some(table), copied: false };
        Compiler { machine, columns: &columns, context, depth: 0, left: MAX_PARTS }.compile(value)
    }

    pub(crate) fn new_meta(&self, arguments: &Arguments) -> usize {
        let mut meta = Meta::default();
        if let Some(schema) = arguments.keyword("schema").or_else(|| {
            arguments.positional.get(usize::from(self.state.borrow().version.sqlalchemy < (2, 0)))
        }) {
            meta.schema = Some(schema.clone()).filter(|schema| !matches!(schema, Value::None));
        }
        if let Some(naming) = arguments.keyword("naming_convention") {
            match naming.pairs() {
                Some(pairs) => meta.naming = pairs,
                None if matches!(naming, Value::None) => {}
                None => meta.naming_unknown = Some(naming.clone()),
            }
        }
        let mut state = self.state.borrow_mut();
        state.metas.push(meta);
        state.metas.len() - 1
    }

    pub(crate) fn object(
        machine: &mut Machine,
        kind: &'static str,
        number: usize,
        name: &str,
        place: Place,
    ) -> Value {
        machine.term(TermKind::Object(kind, number, name.into()), place)
    }

    pub(crate) fn number(value: &Value, kind: &str) -> Option<usize> {
        match &value.as_term()?.kind {
            TermKind::Object(found, number, _) if *found == kind => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn new_base(&self, meta: usize, type_map: Vec<(Value, Value)>) -> usize {
        let mut state = self.state.borrow_mut();
        state.bases.push(Base { meta, type_map, sqlmodel: false, flask: false });
        state.bases.len() - 1
    }

    /// The metadata of `metadata=…` or a new one.
    pub(crate) fn meta_of(&self, value: Option<&Value>) -> usize {
        value
            .and_then(|value| Self::number(value, "metadata"))
            .unwrap_or_else(|| self.new_meta(&Arguments::default()))
    }

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

    fn make_base(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        module: &str,
        place: Place,
    ) -> Value {
        let (meta, map) = match arguments
            .keyword("registry")
            .and_then(|registry| Self::number(registry, "registry"))
        {
            Some(registry) => {
                let state = self.state.borrow();
                (state.bases[registry].meta, state.bases[registry].type_map.clone())
            }
            None => (
                self.meta_of(arguments.keyword("metadata")),
                arguments.keyword("type_annotation_map").and_then(Value::pairs).unwrap_or_default(),
            ),
        };
        let number = self.new_base(meta, map);
        let bases = match arguments.keyword("cls") {
            Some(Value::Tuple(classes)) => classes.to_vec(),
            Some(Value::None) | None => Vec::new(),
            Some(class) => vec![class.clone()],
        };
        let name = arguments
            .keyword("name")
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_else(|| "Base".to_owned());
        let marker = Self::object(machine, "base", number, &name, place);
        let mut dict = indexmap::IndexMap::new();
        dict.insert("__base_marker__".into(), marker);
        let keywords: Vec<(Rc<str>, Value)> = arguments
            .keyword("metaclass")
            .map(|meta| ("metaclass".into(), meta.clone()))
            .into_iter()
            .collect();
        Value::Class(machine.create_class(&name, module, bases, dict, Vec::new(), &keywords, place))
    }

    fn new_table(
        &self,
        machine: &mut Machine,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let name = arguments.get(0, "name")?;
        let meta = match arguments.get(1, "metadata") {
            Some(value) => Self::number(value, "metadata"),
            None => None,
        };
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
        let number = match existing {
            Some(number) => number,
            None => {
                let mut state = self.state.borrow_mut();
                state.tables.push(Tab {
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
                });
                state.tables.len() - 1
            }
        };
        if existing.is_some()
            && !matches!(arguments.keyword("keep_existing"), None | Some(Value::Bool(false)))
        {
            return Some(Self::object(machine, "table", number, name, place));
        }
        let reflects = ["autoload", "autoload_with"].iter().any(|name| {
            !matches!(arguments.keyword(name), None | Some(Value::None | Value::Bool(false)))
        });
        if reflects {
            let unknown = machine.unknown("the columns are those of a database", place);
            self.state.borrow_mut().tables[number].doubts.push(unknown);
        }
        for item in arguments.positional.iter().skip(2) {
            self.add_to_table(machine, number, item, place);
        }
        self.attach_pending(number);
        Some(Self::object(machine, "table", number, name, place))
    }

    /// The schema of a table: its own, else that of its metadata.
    pub(crate) fn table_schema(&self, meta: usize, given: Option<Value>) -> Value2 {
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

    pub(crate) fn add_to_table(
        &self,
        machine: &mut Machine,
        table: usize,
        item: &Value,
        place: Place,
    ) {
        let kind = item.as_call().and_then(|(function, _)| library_name(function));
        match kind.as_deref() {
            Some("Column" | "mapped_column") => {
                let Some(column) = Self::column(item, None, None, place) else {
                    self.state.borrow_mut().tables[table]
                        .doubts
                        .push(machine.unknown("the name of a column is not known", place));
                    return;
                };
                let mut state = self.state.borrow_mut();
                let columns = &mut state.tables[table].columns;
                match columns.iter().position(|known| known.name == column.name) {
                    Some(at) => columns[at] = column,
                    None => columns.push(column),
                }
            }
            Some(_) => {
                let mut state = self.state.borrow_mut();
                let known = &mut state.tables[table].arguments;
                // A constraint over columns of a table has joined it already.
                if !known.iter().any(|known| known.same(item)) {
                    known.push(item.clone());
                }
            }
            None => {
                if let Value::Term(term) = item
                    && let TermKind::Object("null", ..) = term.kind
                {
                    return;
                }
                let value = match item {
                    Value::Unknown(_) => item.clone(),
                    Value::Term(term) => {
                        machine.unknown("what is added to the table is not known", term.place)
                    }
                    _ => machine.unknown("what is added to the table is not known", place),
                };
                self.state.borrow_mut().tables[table].doubts.push(value);
            }
        }
    }

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
            _ => 0,
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
    fn columns_call(
        &self,
        machine: &mut Machine,
        table: usize,
        method: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let keys: Vec<String> = self.state.borrow().tables[table]
            .columns
            .iter()
            .map(|column| column.key.clone())
            .collect();
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

    fn table_attribute(
        &self,
        machine: &mut Machine,
        table: usize,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        match name {
            "c" | "columns" => Some(Self::object(machine, "columns", table, "", place)),
            "name" | "fullname" | "key" => {
                Some(Value::str(&self.state.borrow().tables[table].name))
            }
            "schema" => {
                Some(self.state.borrow().tables[table].schema.clone().unwrap_or(Value::None))
            }
            "metadata" => {
                let meta = self.state.borrow().tables[table].meta;
                Some(Self::object(machine, "metadata", meta, "", place))
            }
            _ => None,
        }
    }
}

impl Host for Sql {
    #[expect(clippy::too_many_lines, reason = "a table of functions")]
    fn call(
        &self,
        machine: &mut Machine,
        function: &Value,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        if let Value::Class(_) = function {
            return None;
        }
        let term = function.as_term()?;
        match &term.kind {
            TermKind::Name(full) => {
                if full.starts_with("alembic.") && full.ends_with("context.configure") {
                    if let Some(target) = arguments.keyword("target_metadata") {
                        let mut state = self.state.borrow_mut();
                        if state.targets.is_none() {
                            state.targets = Some(target.clone());
                        }
                    }
                    return Some(Value::None);
                }
                if full.starts_with("alembic.") && full.ends_with("is_offline_mode") {
                    return Some(Value::Bool(true));
                }
                if full.ends_with("event.listen") {
                    self.listener(place, &arguments.positional, arguments.get(2, "fn"));
                    return Some(Value::None);
                }
                let name = library_name(function)?;
                match name.as_str() {
                    "MetaData" => {
                        let meta = self.new_meta(arguments);
                        Some(Self::object(machine, "metadata", meta, "", place))
                    }
                    "Table" => self
                        .new_table(machine, arguments, place)
                        .or_else(|| Some(machine.unknown("the table is not known", place))),
                    "declarative_base" | "automap_base" => {
                        Some(self.make_base(machine, arguments, "", place))
                    }
                    "registry" => {
                        let meta = self.meta_of(arguments.keyword("metadata"));
                        let map = arguments
                            .keyword("type_annotation_map")
                            .and_then(Value::pairs)
                            .unwrap_or_default();
                        let number = self.new_base(meta, map);
                        Some(Self::object(machine, "registry", number, "", place))
                    }
                    "SQLAlchemy" if full.starts_with("flask_sqlalchemy") => {
                        Some(self.flask(machine, arguments, place))
                    }
                    "Index"
                    | "UniqueConstraint"
                    | "CheckConstraint"
                    | "PrimaryKeyConstraint"
                    | "ForeignKeyConstraint" => {
                        let item = machine
                            .term(TermKind::Call(function.clone(), arguments.clone()), place);
                        let table = arguments
                            .keyword("_table")
                            .and_then(|table| Self::number(table, "table"))
                            .or_else(|| {
                                arguments.positional.iter().find_map(|value| table_in(value, 0))
                            });
                        let waits = arguments
                            .positional
                            .iter()
                            .any(|value| mentions(value, &is_column_call, 0));
                        let Some(table) = table else {
                            if !waits {
                                return Some(item);
                            }
                            self.state.borrow_mut().pending.push(item.clone());
                            return Some(item);
                        };
                        self.state.borrow_mut().tables[table].arguments.push(item.clone());
                        Some(item)
                    }
                    "has_inherited_table" => {
                        let Some(Value::Class(class)) = arguments.positional.first() else {
                            return None;
                        };
                        let state = self.state.borrow();
                        let has = class.mro.borrow().iter().skip(1).any(|base| match base {
                            Value::Class(base) => state
                                .mapped_of
                                .get(&base.id)
                                .is_some_and(|mapped| state.mapped[*mapped].table.is_some()),
                            _ => false,
                        });
                        Some(Value::Bool(has))
                    }
                    "quoted_name" => arguments.positional.first().cloned(),
                    _ => None,
                }
            }
            TermKind::Attribute(of, method) => {
                if let Some(number) = Self::number(of, "registry") {
                    return self.registry_call(machine, number, method, arguments, place);
                }
                if Self::number(of, "metadata").is_some() && &**method == "reflect" {
                    self.problem(place, "the tables are those of a database", vec!["*".into()]);
                    return Some(Value::None);
                }
                if let Some(table) = Self::number(of, "table") {
                    return match &**method {
                        "append_column" | "append_constraint" => {
                            if let Some(item) = arguments.positional.first() {
                                self.add_to_table(machine, table, item, place);
                            }
                            Some(Value::None)
                        }
                        _ => None,
                    };
                }
                if let Some(table) = Self::number(of, "columns") {
                    return self.columns_call(machine, table, method, arguments, place);
                }
                if Self::number(of, "database").is_some() {
                    let name = format!("sqlalchemy.{method}");
                    let head = machine.term(TermKind::Name(name.into()), place);
                    return self.flask_call(
                        machine,
                        Self::number(of, "database").unwrap_or(0),
                        &head,
                        method,
                        arguments,
                        place,
                    );
                }
                if Self::number(of, "flask_metadata").is_some() {
                    return None;
                }
                None
            }
            // A decorator: a call that is called with a class or function.
            TermKind::Call(inner, given) => {
                let (Some(name), Some(subject)) = (inner.name(), arguments.positional.first())
                else {
                    return self.decorator_call(machine, inner, given, arguments, place);
                };
                if name.contains("event.listens_for") {
                    self.listener(place, &given.positional, Some(subject));
                    return Some(subject.clone());
                }
                if name.ends_with("as_declarative")
                    && let Value::Class(class) = subject
                {
                    let meta = self.meta_of(given.keyword("metadata"));
                    let map = given
                        .keyword("type_annotation_map")
                        .and_then(Value::pairs)
                        .unwrap_or_default();
                    let base = self.new_base(meta, map);
                    self.state.borrow_mut().base_of.insert(class.id, base);
                    return Some(subject.clone());
                }
                None
            }
            _ => None,
        }
    }

    fn attribute(
        &self,
        machine: &mut Machine,
        of: &Value,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        if let Value::Class(class) = of {
            return self.class_attribute(machine, class, name, place);
        }
        let term = of.as_term()?;
        match &term.kind {
            TermKind::Object("table", number, _) => {
                self.table_attribute(machine, *number, name, place)
            }
            TermKind::Object("columns", table, _) => match name {
                "__iter__" => {
                    let keys: Vec<String> = self.state.borrow().tables[*table]
                        .columns
                        .iter()
                        .map(|column| column.key.clone())
                        .collect();
                    let items = keys
                        .iter()
                        .map(|key| Self::object(machine, "column", *table, key, place))
                        .collect();
                    Some(Value::list(items))
                }
                "keys" | "values" | "items" | "get" => None,
                _ => Some(Self::object(machine, "column", *table, name, place)),
            },
            TermKind::Object("column", table, key) => match name {
                "name" | "key" => Some(Value::str(&**key)),
                "table" => Some(Self::object(machine, "table", *table, "", place)),
                _ => None,
            },
            TermKind::Object("registry", number, _) if name == "metadata" => {
                let meta = self.state.borrow().bases[*number].meta;
                Some(Self::object(machine, "metadata", meta, "", place))
            }
            TermKind::Object("dialect", ..) if name == "name" => Some(Value::str("postgresql")),
            TermKind::Object("metadata", meta, _) if name == "schema" => {
                Some(self.state.borrow().metas[*meta].schema.clone().unwrap_or(Value::None))
            }
            TermKind::Object("database", base, _) => {
                self.flask_attribute(machine, *base, name, place)
            }
            TermKind::Name(full) if name == "metadata" && (full.ends_with(".SQLModel")) => {
                let base = self.sqlmodel();
                let meta = self.state.borrow().bases[base].meta;
                Some(Self::object(machine, "metadata", meta, "", place))
            }
            _ => None,
        }
    }

    fn assign(
        &self,
        _machine: &mut Machine,
        of: &Value,
        name: &str,
        value: &Value,
        place: Place,
    ) -> bool {
        match of {
            Value::Class(class) => self.assign_class(class, name, value, place),
            Value::Term(term) => {
                if let TermKind::Object("metadata", meta, _) = &term.kind {
                    match name {
                        "naming_convention" => match value.pairs() {
                            Some(pairs) => self.state.borrow_mut().metas[*meta].naming = pairs,
                            None => {
                                self.state.borrow_mut().metas[*meta].naming_unknown =
                                    Some(value.clone());
                            }
                        },
                        "schema" => {
                            self.state.borrow_mut().metas[*meta].schema =
                                Some(value.clone()).filter(|value| !matches!(value, Value::None));
                        }
                        _ => {}
                    }
                } else if let TermKind::Name(full) = &term.kind
                    && full.ends_with(".SQLModel")
                    && name == "metadata"
                    && let Some(meta) = Self::number(value, "metadata")
                {
                    let base = self.sqlmodel();
                    self.state.borrow_mut().bases[base].meta = meta;
                } else if let TermKind::Name(full) = &term.kind
                    && full.ends_with(".metadata.naming_convention")
                {
                    return true;
                }
                true
            }
            _ => false,
        }
    }

    fn class_created(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        keywords: &[(Rc<str>, Value)],
    ) {
        self.declare(machine, class, keywords);
    }

    fn concerns(&self, value: &Value) -> bool {
        match value {
            Value::Unknown(_) => true,
            Value::Class(class) => {
                let known = |base: &Value| match base {
                    Value::Class(base) => self.state.borrow().base_of.contains_key(&base.id),
                    Value::Term(_) => library_name(base).is_some_and(|name| {
                        matches!(&*name, "DeclarativeBase" | "SQLModel" | "DeclarativeBaseNoMeta")
                    }),
                    Value::Unknown(_) => true,
                    _ => false,
                };
                class.mro.borrow().iter().any(known)
            }
            Value::Term(term) => match &term.kind {
                TermKind::Object(kind, ..) => *kind != "match" && *kind != "object",
                TermKind::Attribute(of, _) => self.concerns(of),
                TermKind::Name(name) => library_name(value).is_some_and(|last| {
                    matches!(
                        &*last,
                        "Table"
                            | "Index"
                            | "DeclarativeBase"
                            | "SQLModel"
                            | "SQLAlchemy"
                            | "declarative_base"
                            | "automap_base"
                            | "listen"
                            | "listens_for"
                    ) || name.ends_with("context.configure")
                }),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_descriptor(&self, function: &Function) -> bool {
        crate::declarative::is_declared(function)
    }

    fn skipped(&self, _machine: &mut Machine, cause: &Rc<Cause>, place: Place, defines: &Skipped) {
        if defines.classes.is_empty() && !defines.imports && !defines.calls {
            return;
        }
        let place = if cause.place == Place::default() { place } else { cause.place };
        self.problem(place, cause.reason.clone(), vec!["*".into()]);
    }
}

fn is_column_call(value: &Value) -> bool {
    crate::declarative::is_call_of(value, &["Column", "mapped_column"])
}
