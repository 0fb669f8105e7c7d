//! SQLAlchemy's objects while a program is followed: metadata, tables, bases, classes.

mod bases;
mod calls;
mod columns;
mod mentions;
mod metadata;
mod state;
mod tables;

use std::cell::RefCell;
use std::rc::Rc;

use python_static::program::{
    Arguments, Cause, Class, Function, Host, Machine, Place, Skipped, TermKind, Value,
};

use crate::expression::{self, Compiler, Kind, MAX_PARTS};
use crate::types::{Context, library_name};
pub(crate) use bases::BASE_MARKER;
pub(crate) use state::{Base, Col, Mapped, Meta, Rel, State, Tab};

/// More problems are not kept.
const MAX_PROBLEMS: usize = 20_000;

/// Functions and classes of libraries whose call may change the schema.
const CONCERNING: [&str; 9] = [
    "Table",
    "Index",
    "DeclarativeBase",
    "SQLModel",
    "SQLAlchemy",
    "declarative_base",
    "automap_base",
    "listen",
    "listens_for",
];

/// The host.
#[derive(Default)]
pub(crate) struct Sql {
    pub(crate) state: RefCell<State>,
}

impl Sql {
    /// States a gap; `affects` names what is missing for it, `*` everything.
    pub(crate) fn problem(&self, place: Place, message: impl Into<String>, affects: Vec<String>) {
        let mut state = self.state.borrow_mut();
        if state.problems.len() < MAX_PROBLEMS {
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

    /// One of our objects as the program holds it: `number` is its place in the list of its kind.
    pub(crate) fn object(
        machine: &mut Machine,
        kind: &'static str,
        number: usize,
        name: &str,
        place: Place,
    ) -> Value {
        machine.term(TermKind::Object(kind, number, name.into()), place)
    }

    /// The number of an object of that kind.
    pub(crate) fn number(value: &Value, kind: &str) -> Option<usize> {
        match &value.as_term()?.kind {
            TermKind::Object(found, number, _) if *found == kind => Some(*number),
            _ => None,
        }
    }

    /// Whether a class that derives from this one may be mapped.
    fn is_base(&self, base: &Value) -> bool {
        match base {
            Value::Class(base) => self.state.borrow().base_of.contains_key(&base.id),
            Value::Term(_) => library_name(base).is_some_and(|name| {
                matches!(&*name, "DeclarativeBase" | "SQLModel" | "DeclarativeBaseNoMeta")
            }),
            Value::Unknown(_) => true,
            _ => false,
        }
    }
}

impl Host for Sql {
    fn call(
        &self,
        machine: &mut Machine,
        function: &Value,
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        match &function.as_term()?.kind {
            TermKind::Name(full) => self.function_call(machine, (function, full), arguments, place),
            TermKind::Attribute(of, method) => {
                self.method_call(machine, (of, method), arguments, place)
            }
            TermKind::Call(decorator, given) => {
                self.decorator_call(machine, (decorator, given), arguments, place)
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
        match &of.as_term()?.kind {
            TermKind::Object("table", number, _) => {
                self.table_attribute(machine, *number, name, place)
            }
            TermKind::Object("columns", table, _) => {
                self.columns_attribute(machine, *table, name, place)
            }
            TermKind::Object("column", table, key) => match name {
                "name" | "key" => Some(Value::str(&**key)),
                "table" => Some(Self::object(machine, "table", *table, "", place)),
                _ => None,
            },
            TermKind::Object("registry", base, _) if name == "metadata" => {
                Some(self.meta_of_base(machine, *base, place))
            }
            TermKind::Object("dialect", ..) if name == "name" => Some(Value::str("postgresql")),
            TermKind::Object("metadata", meta, _) if name == "schema" => {
                Some(self.state.borrow().metas[*meta].schema.clone().unwrap_or(Value::None))
            }
            TermKind::Object("database", base, _) => {
                self.flask_attribute(machine, *base, name, place)
            }
            TermKind::Name(full) if name == "metadata" && full.ends_with(".SQLModel") => {
                Some(self.meta_of_base(machine, self.sqlmodel(), place))
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
        let term = match of {
            Value::Class(class) => return self.assign_class(class, name, value, place),
            Value::Term(term) => term,
            _ => return false,
        };
        match &term.kind {
            TermKind::Object("metadata", meta, _) => self.assign_meta(*meta, name, value),
            TermKind::Name(full) if name == "metadata" && full.ends_with(".SQLModel") => {
                if let Some(meta) = Self::number(value, "metadata") {
                    let base = self.sqlmodel();
                    self.state.borrow_mut().bases[base].meta = meta;
                }
            }
            _ => {}
        }
        true
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
            Value::Class(class) => class.mro.borrow().iter().any(|base| self.is_base(base)),
            Value::Term(term) => match &term.kind {
                TermKind::Object(kind, ..) => *kind != "match" && *kind != "object",
                TermKind::Attribute(of, _) => self.concerns(of),
                TermKind::Name(name) => library_name(value).is_some_and(|last| {
                    CONCERNING.contains(&&*last) || name.ends_with("context.configure")
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
