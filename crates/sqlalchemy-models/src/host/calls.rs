//! Calls of SQLAlchemy's functions, methods and decorators, each handed to what knows its subject.

use python_static::program::{Arguments, Machine, Place, TermKind, Value};

use super::Sql;
use crate::types::library_name;

impl Sql {
    /// A function of a library, by its full name.
    pub(super) fn function_call(
        &self,
        machine: &mut Machine,
        (function, full): (&Value, &str),
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        if full.starts_with("alembic.")
            && let Some(answer) = self.alembic_call(full, arguments)
        {
            return Some(answer);
        }
        if full.ends_with("event.listen") {
            self.listener(place, &arguments.positional, arguments.get(2, "fn"));
            return Some(Value::None);
        }
        match library_name(function)?.as_str() {
            "MetaData" => {
                let meta = self.new_meta(arguments);
                Some(Self::meta_object(machine, meta, place))
            }
            "Table" => Some(self.table_call(machine, arguments, place)),
            "declarative_base" | "automap_base" => Some(self.make_base(machine, arguments, place)),
            "registry" => {
                let base = self.base_of_arguments(arguments);
                Some(Self::object(machine, "registry", base, "", place))
            }
            "SQLAlchemy" if full.starts_with("flask_sqlalchemy") => {
                Some(self.flask(machine, arguments, place))
            }
            "Index"
            | "UniqueConstraint"
            | "CheckConstraint"
            | "PrimaryKeyConstraint"
            | "ForeignKeyConstraint" => Some(self.constraint(machine, function, arguments, place)),
            "has_inherited_table" => match arguments.positional.first() {
                Some(Value::Class(class)) => Some(Value::Bool(self.has_inherited_table(class))),
                _ => None,
            },
            "quoted_name" => arguments.positional.first().cloned(),
            _ => None,
        }
    }

    /// What env.py calls: the first `target_metadata` counts.
    fn alembic_call(&self, full: &str, arguments: &Arguments) -> Option<Value> {
        if full.ends_with("context.configure") {
            if let Some(target) = arguments.keyword("target_metadata") {
                self.state.borrow_mut().targets.get_or_insert_with(|| target.clone());
            }
            return Some(Value::None);
        }
        full.ends_with("is_offline_mode").then_some(Value::Bool(true))
    }

    /// A method of an object that was made here.
    pub(super) fn method_call(
        &self,
        machine: &mut Machine,
        (of, method): (&Value, &str),
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let TermKind::Object(kind, number, _) = of.as_term()?.kind else { return None };
        match kind {
            "registry" => self.registry_call(machine, number, method, arguments, place),
            "metadata" => self.meta_call(number, method, arguments, place),
            "table" => self.table_method(machine, number, method, arguments, place),
            "columns" => self.columns_call(machine, number, method, arguments, place),
            "database" => self.flask_call(machine, number, method, arguments, place),
            _ => None,
        }
    }

    /// A decorator that was called itself: `decorator` is what was called, with what was `given`.
    pub(super) fn decorator_call(
        &self,
        machine: &mut Machine,
        (decorator, given): (&Value, &Arguments),
        arguments: &Arguments,
        place: Place,
    ) -> Option<Value> {
        let (Some(name), Some(subject)) = (decorator.name(), arguments.positional.first()) else {
            return self.registry_decorator(machine, decorator, arguments, place);
        };
        if name.contains("event.listens_for") {
            self.listener(place, &given.positional, Some(subject));
            return Some(subject.clone());
        }
        if name.ends_with("as_declarative")
            && let Value::Class(class) = subject
        {
            let base = self.base_of_arguments(given);
            self.state.borrow_mut().base_of.insert(class.id, base);
            return Some(subject.clone());
        }
        None
    }
}
