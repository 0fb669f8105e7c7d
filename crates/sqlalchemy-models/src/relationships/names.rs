//! What the names in a relationship stand for: classes, tables, texts that SQLAlchemy evaluates later.

use std::collections::HashSet;
use std::rc::Rc;

use python_static::program::{Arguments, TermKind, Value};

use super::One;
use crate::document::full_name;
use crate::host::Sql;

/// SQLAlchemy's functions among the names of such a text.
const FUNCTIONS: [&str; 10] =
    ["and_", "or_", "not_", "func", "text", "cast", "desc", "asc", "foreign", "remote"];

impl One<'_> {
    /// The mapped class that a value names.
    pub(super) fn class(&mut self, value: &Value) -> Option<usize> {
        match value {
            Value::Class(class) => self.sql.state.borrow().mapped_of.get(&class.id).copied(),
            Value::Str(name) => self.class_by_name(name),
            Value::Term(term) => match &term.kind {
                TermKind::Forward(name) => self.class_by_name(name),
                _ => None,
            },
            Value::Function(_) => {
                let found = self.called(value)?;
                self.class(&found)
            }
            _ => None,
        }
    }

    /// A class of the same registry, by its name or the end of its dotted path.
    fn class_by_name(&self, name: &str) -> Option<usize> {
        let state = self.sql.state.borrow();
        let name = name.trim();
        let last = name.rsplit('.').next()?;
        let meta = |class: usize| state.base_of.get(&class).map(|base| state.bases[*base].meta);
        let own = meta(state.mapped[self.index].class.id);
        let mut all = state.mapped.iter().enumerate().filter(|(_, mapped)| {
            let class = &mapped.class;
            *class.name == *last
                && (name == last
                    || format!(".{}.{}", class.module, class.name).ends_with(&format!(".{name}")))
                && meta(class.id) == own
        });
        let (at, _) = all.next()?;
        all.next().is_none().then_some(at)
    }

    /// What a lambda or function without arguments gives.
    fn called(&mut self, value: &Value) -> Option<Value> {
        let Value::Function(function) = value else { return Some(value.clone()) };
        let found = self.machine.call(value, Arguments::default(), function.place).ok()?;
        (!matches!(found, Value::Function(_))).then_some(found)
    }

    /// An argument that may be a text or function for later.
    pub(super) fn evaluated(&mut self, value: &Value) -> Option<Value> {
        match value {
            Value::Str(text) => {
                let names = self.names_in(text);
                self.machine.evaluate(text, names, self.rel.place).ok()
            }
            other => self.called(other),
        }
    }

    /// The names that such a text may use, as far as it has them: mapped classes, tables, and functions of SQLAlchemy. A
    /// project has hundreds, and a text two.
    fn names_in(&mut self, text: &str) -> Vec<(String, Value)> {
        let place = self.rel.place;
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        let words: HashSet<&str> = text.split(|character| !is_part(character)).collect();
        let mut names = Vec::new();
        for name in FUNCTIONS.into_iter().filter(|name| words.contains(name)) {
            let full = match name {
                "foreign" | "remote" => format!("sqlalchemy.orm.{name}"),
                _ => format!("sqlalchemy.{name}"),
            };
            let term = self.machine.term(TermKind::Name(full.into()), place);
            names.push((name.to_owned(), term));
        }
        let (tables, classes) = {
            let state = self.sql.state.borrow();
            let tables = state.tables.iter().enumerate();
            let tables = tables.filter(|(_, table)| words.contains(table.name.as_str()));
            let classes = state.mapped.iter().map(|mapped| &mapped.class);
            let classes = classes.filter(|class| words.contains(&*class.name));
            (
                tables.map(|(number, table)| (number, table.name.clone())).collect::<Vec<_>>(),
                classes
                    .map(|class| (class.name.to_string(), Value::Class(Rc::clone(class))))
                    .collect::<Vec<_>>(),
            )
        };
        for (number, name) in tables {
            let table = Sql::object(self.machine, "table", number, &name, place);
            names.push((name, table));
        }
        names.extend(classes);
        names
    }

    /// The name of the table that a value stands for.
    pub(super) fn table_name(&mut self, value: &Value) -> Option<String> {
        let value = self.called(value)?;
        let state = self.sql.state.borrow();
        let table = match &value {
            Value::Str(name) => {
                let own = state.mapped[self.index].table.map(|table| state.tables[table].meta);
                state.tables.iter().position(|table| {
                    own.is_none_or(|own| own == table.meta)
                        && full_name(table).is_some_and(|full| full == **name)
                })?
            }
            Value::Class(class) => state.mapped[*state.mapped_of.get(&class.id)?].table?,
            other => Sql::number(other, "table")?,
        };
        full_name(&state.tables[table])
    }
}
