//! The columns and relationships of a class, in the order of its table.

use std::collections::HashSet;
use std::rc::Rc;

use indexmap::IndexMap;
use python_static::program::{Annotation, Arguments, Class, Machine, Place, TermKind, Value};

use super::{declared, is_call_of, is_cascading, mapped_inner};
use crate::host::{Col, Rel, Sql};
use crate::types::library_name;

/// What a class and its bases give to a table.
#[derive(Default)]
pub(super) struct Gathered {
    /// Columns with the names of their attributes.
    pub(super) columns: Vec<(String, Col)>,
    pub(super) relationships: Vec<Rel>,
    /// What may give more.
    pub(super) doubts: Vec<Value>,
}

/// Collects the attributes of one class.
pub(super) struct Collector<'a> {
    pub(super) sql: &'a Sql,
    pub(super) machine: &'a mut Machine,
    pub(super) class: &'a Rc<Class>,
    /// The number of its declarative base.
    pub(super) base: usize,
    pub(super) gathered: Gathered,
}

impl Collector<'_> {
    pub(super) fn place(&self) -> Place {
        self.class.place
    }

    fn doubt(&mut self, reason: &str, place: Place) {
        let unknown = self.machine.unknown(reason, place);
        self.gathered.doubts.push(unknown);
    }

    /// The class's own attributes, then those of its bases in the order of resolution.
    pub(super) fn declarative(&mut self, parent: Option<usize>) {
        let mro: Vec<Value> = self.class.mro.borrow().clone();
        let inherited: Vec<String> = parent
            .map(|parent| self.sql.state.borrow().mapped[parent].keys.keys().cloned().collect())
            .unwrap_or_default();
        let mut seen: HashSet<Rc<str>> = HashSet::new();
        for (at, base) in mro.iter().enumerate() {
            let Value::Class(base) = base else { continue };
            let is_mapped = at > 0 && self.sql.state.borrow().mapped_of.contains_key(&base.id);
            let dict = base.dict.borrow().clone();
            let annotations = base.annotations.borrow().clone();
            let names = if self.sql.state.borrow().version.sqlalchemy < (2, 0) {
                dict.keys().cloned().collect()
            } else {
                merged(dict.keys(), annotations.iter().map(|(name, _)| name))
            };
            let start = self.gathered.columns.len();
            for name in names {
                if name.starts_with("__") || !seen.insert(Rc::clone(&name)) || is_mapped {
                    continue;
                }
                let value = dict.get(&name).cloned();
                // What a mapped parent has already is not made again, unless it cascades.
                let has = at > 0 && inherited.iter().any(|known| **known == *name);
                if has && !value.as_ref().is_some_and(is_cascading) {
                    continue;
                }
                let annotation = annotations
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, annotation)| annotation.clone());
                self.attribute(&name, value, annotation.as_ref());
            }
            if at > 0 {
                // What functions give comes after the columns that are copied.
                let group = &mut self.gathered.columns[start..];
                for (name, column) in group.iter_mut() {
                    column.copied = !dict.get(&**name).is_some_and(declared);
                }
                group.sort_by_key(|(_, column)| !column.copied);
            }
        }
    }

    fn attribute(&mut self, name: &str, value: Option<Value>, annotation: Option<&Annotation>) {
        let mut annotation = annotation.cloned();
        let value = match value {
            Some(function) if declared(&function) => {
                if let Value::Function(inner) = &function {
                    annotation = annotation.or_else(|| inner.returns.clone());
                }
                Some(self.sql.resolved(self.machine, self.class, function))
            }
            other => other,
        };
        let annotated = annotation.as_ref().map(|annotation| self.machine.annotation(annotation));
        let inner = annotated.as_ref().and_then(mapped_inner);
        let at = annotation.as_ref().map_or(self.place(), |annotation| annotation.place);
        match value {
            None => match (inner, annotated) {
                (Some((inner, _)), _) => self.bare(name, inner, at),
                (None, Some(unknown @ Value::Unknown(_))) => self.gathered.doubts.push(unknown),
                _ => {}
            },
            Some(unknown @ Value::Unknown(_)) => {
                if annotation.is_none() || inner.is_some() {
                    self.gathered.doubts.push(unknown);
                }
            }
            Some(call @ Value::Term(_)) => self.call(name, &call, annotated, inner, at),
            Some(_) => {
                // A plain default of a dataclass.
                if let Some((inner, _)) = inner {
                    self.bare(name, inner, at);
                }
            }
        }
    }

    /// A call of the library stands in the class.
    fn call(
        &mut self,
        name: &str,
        call: &Value,
        annotated: Option<Value>,
        inner: Option<(Value, String)>,
        at: Place,
    ) {
        let place = call.as_term().map_or(self.place(), |term| term.place);
        let Some((function, arguments)) = call.as_call() else {
            if let (Some((inner, _)), false) = (inner, is_column_object(call)) {
                self.bare(name, inner, at);
            }
            return;
        };
        match library_name(function).as_deref() {
            Some("Column" | "mapped_column") => {
                self.column(name, call, inner.map(|(inner, _)| inner), place);
            }
            Some("deferred" | "column_property") => {
                for argument in &arguments.positional {
                    if is_call_of(argument, &["Column", "mapped_column"]) {
                        self.column(
                            name,
                            argument,
                            inner.as_ref().map(|(of, _)| of.clone()),
                            place,
                        );
                    }
                }
            }
            Some("relationship" | "dynamic_loader") => {
                let annotation = inner.map(|(inner, kind)| match (&*kind, annotated) {
                    ("Mapped" | "Relationship", _) | (_, None) => inner,
                    (_, Some(whole)) => whole,
                });
                self.gathered.relationships.push(Rel {
                    name: name.to_owned(),
                    arguments: arguments.clone(),
                    annotation,
                    place,
                });
            }
            Some("composite") => self.composite(arguments, inner.map(|(inner, _)| inner), place),
            Some(_) => {}
            // A call of something that this reader does not know may make a column.
            None if inner.is_some() => self.doubt("what the attribute is is not known", place),
            None => {}
        }
    }

    pub(super) fn column(
        &mut self,
        name: &str,
        call: &Value,
        annotation: Option<Value>,
        place: Place,
    ) {
        match Sql::column(call, Some(name), annotation, place) {
            Some(mut column) => {
                column.base = Some(self.base);
                self.gathered.columns.push((name.to_owned(), column));
            }
            None => self.doubt("the name of a column is not known", place),
        }
    }

    /// `name: Mapped[…]` without a value.
    fn bare(&mut self, name: &str, annotation: Value, place: Place) {
        let head = self.machine.term(TermKind::Name("sqlalchemy.orm.mapped_column".into()), place);
        let call = self.machine.term(TermKind::Call(head, Arguments::default()), place);
        self.column(name, &call, Some(annotation), place);
    }

    /// A composite: its columns take their types from the fields of its class.
    fn composite(&mut self, arguments: &Arguments, annotated: Option<Value>, place: Place) {
        let mut positional = arguments.positional.clone();
        let class = match (positional.first(), annotated) {
            (Some(Value::Class(class)), _) => {
                let class = Rc::clone(class);
                positional.remove(0);
                Some(class)
            }
            (_, Some(Value::Class(class))) => Some(class),
            _ => None,
        };
        let fields: Vec<Value> = class
            .map(|class| class.annotations.borrow().clone())
            .unwrap_or_default()
            .iter()
            .map(|(_, annotation)| self.machine.annotation(annotation))
            .collect();
        for (at, argument) in positional.iter().enumerate() {
            if !is_call_of(argument, &["Column", "mapped_column"]) {
                continue;
            }
            let is_mapped = is_call_of(argument, &["mapped_column"]);
            let annotation = fields.get(at).cloned().filter(|_| is_mapped);
            match Sql::column(argument, None, annotation, place) {
                Some(mut column) if !is_mapped || at < fields.len() => {
                    column.base = Some(self.base);
                    self.gathered.columns.push((column.name.clone(), column));
                }
                _ => self.doubt("a column of the composite is not known", place),
            }
        }
    }
}

/// Whether a value is a column of a table that exists already.
fn is_column_object(value: &Value) -> bool {
    Sql::number(value, "column").is_some()
}

/// The names of a class body in the order in which SQLAlchemy 2 looks at them: two lists, changed at each name that
/// is in both and is met for the first time.
pub(super) fn merged<'a>(
    dict: impl Iterator<Item = &'a Rc<str>>,
    annotations: impl Iterator<Item = &'a Rc<str>>,
) -> Vec<Rc<str>> {
    let lists: [Vec<Rc<str>>; 2] = [dict.cloned().collect(), annotations.cloned().collect()];
    let second: HashSet<&Rc<str>> = lists[1].iter().collect();
    let both: HashSet<Rc<str>> =
        lists[0].iter().filter(|name| second.contains(name)).cloned().collect();
    let mut met = HashSet::new();
    let mut out: IndexMap<Rc<str>, ()> = IndexMap::new();
    let mut at = [0, 0];
    let mut current = 0;
    while let Some(name) = lists[current].get(at[current]) {
        at[current] += 1;
        if both.contains(name) && met.insert(Rc::clone(name)) {
            current = 1 - current;
        } else {
            out.insert(Rc::clone(name), ());
        }
    }
    let other = 1 - current;
    for name in &lists[other][at[other]..] {
        out.entry(Rc::clone(name)).or_default();
    }
    out.into_keys().collect()
}
