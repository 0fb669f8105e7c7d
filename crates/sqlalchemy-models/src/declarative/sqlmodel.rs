//! SQLModel: fields and relationships of a table model.

use std::rc::Rc;

use indexmap::IndexMap;
use python_static::program::{Annotation, Arguments, TermKind, Value};

use super::collect::{Collector, merged};
use super::{is_call_of, last};
use crate::host::{Col, Rel};

/// An attribute: its value and annotation.
type Field = (Option<Value>, Annotation);

impl Collector<'_> {
    /// The fields of the class and its bases, as pydantic orders them and SQLAlchemy then reads them.
    pub(super) fn sqlmodel(&mut self) {
        let (fields, relationships) = self.fields();
        let own: Vec<Rc<str>> =
            self.class.annotations.borrow().iter().map(|(name, _)| Rc::clone(name)).collect();
        // SQLModel writes relationships in front of the annotations, and their values behind the columns.
        let annotated: Vec<Rc<str>> = relationships
            .keys()
            .cloned()
            .chain(own.into_iter().filter(|name| !relationships.contains_key(name)))
            .collect();
        let order = merged(fields.keys().chain(relationships.keys()), annotated.iter());
        for name in order {
            if let Some((value, annotation)) = fields.get(&name) {
                let annotated = self.machine.annotation(annotation);
                self.field(&name, value.as_ref(), annotated);
            }
        }
        for (name, (value, annotation)) in relationships {
            let annotated = self.machine.annotation(&annotation);
            self.relationship(&name, value.as_ref(), annotated);
        }
    }

    /// Fields of the class and its bases, and the relationships of the class alone.
    fn fields(&self) -> (IndexMap<Rc<str>, Field>, IndexMap<Rc<str>, Field>) {
        let mut fields: IndexMap<Rc<str>, Field> = IndexMap::new();
        let mut relationships = IndexMap::new();
        for base in self.class.mro.borrow().iter().rev() {
            let Value::Class(base) = base else { continue };
            for (name, annotation) in base.annotations.borrow().iter() {
                if name.starts_with('_') || &**name == "model_config" {
                    continue;
                }
                let value = base.dict.borrow().get(name).cloned();
                let is_relationship =
                    value.as_ref().is_some_and(|value| is_call_of(value, &["Relationship"]));
                let field = (value, annotation.clone());
                if !is_relationship {
                    fields.insert(Rc::clone(name), field);
                } else if base.id == self.class.id {
                    relationships.insert(Rc::clone(name), field);
                }
            }
        }
        (fields, relationships)
    }

    fn field(&mut self, name: &str, value: Option<&Value>, annotated: Value) {
        let of = match annotated.as_term().map(|term| &term.kind) {
            Some(TermKind::Item(of, _)) => of.name(),
            Some(TermKind::Name(name)) => Some(Rc::clone(name)),
            _ => None,
        };
        if of.is_some_and(|name| last(&name) == "ClassVar") {
            return;
        }
        let place = value.and_then(Value::as_term).map_or(self.place(), |term| term.place);
        if let Some(unknown @ Value::Unknown(_)) = value {
            self.gathered.doubts.push(unknown.clone());
            return;
        }
        let field = value.filter(|value| is_call_of(value, &["Field"])).and_then(Value::as_call);
        if let Some((_, arguments)) = field
            && let Some(column) =
                arguments.keyword("sa_column").filter(|column| !matches!(column, Value::None))
        {
            self.column(name, column, None, place);
            return;
        }
        let options = field
            .and_then(|(_, arguments)| arguments.keyword("sa_column_kwargs")?.pairs())
            .unwrap_or_default();
        let option = |wanted: &str| {
            options.iter().find(|(key, _)| key.as_str() == Some(wanted)).map(|(_, value)| value)
        };
        let column_name = option("name").and_then(Value::as_str).unwrap_or(name).to_owned();
        let key = option("key").and_then(Value::as_str).unwrap_or(&column_name).to_owned();
        let head = self.machine.term(TermKind::Name("sqlmodel.Field".into()), place);
        let arguments = field.map_or_else(Arguments::default, |(_, arguments)| arguments.clone());
        let call = self.machine.term(TermKind::Call(head, arguments), place);
        let identity = call.as_term().map_or(0, |term| term.id);
        let column = Col {
            call,
            name: column_name,
            key,
            annotation: Some(annotated),
            base: Some(self.base),
            place,
            sort: 0,
            identity,
            copied: false,
        };
        self.gathered.columns.push((name.to_owned(), column));
    }

    fn relationship(&mut self, name: &str, value: Option<&Value>, annotated: Value) {
        let Some((_, given)) = value.and_then(Value::as_call) else { return };
        let place = value.and_then(Value::as_term).map_or(self.place(), |term| term.place);
        let whole = given.keyword("sa_relationship").and_then(Value::as_call);
        let (arguments, annotation) = match whole {
            Some((_, arguments)) => (arguments.clone(), None),
            None => (related(given), Some(annotated)),
        };
        self.gathered.relationships.push(Rel {
            name: name.to_owned(),
            arguments,
            annotation,
            place,
        });
    }
}

/// The arguments that SQLModel hands on to `relationship()`.
fn related(given: &Arguments) -> Arguments {
    let mut arguments = Arguments { unknown: given.unknown.clone(), ..Arguments::default() };
    for (from, to) in [("back_populates", "back_populates"), ("link_model", "secondary")] {
        if let Some(value) = given.keyword(from).filter(|value| !matches!(value, Value::None)) {
            arguments.keywords.push((to.into(), value.clone()));
        }
    }
    match given.keyword("sa_relationship_kwargs") {
        None | Some(Value::None) => {}
        Some(value) => match value.pairs() {
            Some(pairs) => {
                for (key, value) in pairs {
                    if let Value::Str(key) = key {
                        arguments.keywords.retain(|(known, _)| *known != key);
                        arguments.keywords.push((key, value));
                    }
                }
            }
            None => arguments.unknown = Some(value.clone()),
        },
    }
    arguments
}
