//! Relationships: target, direction, lists.

mod direction;
mod names;

use python_static::program::{Arguments, Machine, Place, TermKind, Value};

use crate::columns::optional;
use crate::host::{Rel, Sql};
use crate::schema::Relationship;

/// The relationships of a class, or where and why they are not known.
pub(crate) type Answer = Result<Vec<Relationship>, (Place, String)>;

/// The relationships of each mapped class.
pub(crate) fn build(sql: &Sql, machine: &mut Machine) -> Vec<Answer> {
    let count = sql.state.borrow().mapped.len();
    let mut all: Vec<Answer> = (0..count).map(|_| Ok(Vec::new())).collect();
    let mut back: Vec<(usize, Relationship)> = Vec::new();
    let mut lost: Option<(Place, String)> = None;
    for (index, found) in all.iter_mut().enumerate() {
        let rels = sql.state.borrow().mapped[index].relationships.clone();
        for rel in rels {
            let mut one = One { sql, machine, index, rel: &rel };
            match one.work() {
                Some((relationship, other, reverse)) => {
                    if let Ok(list) = found {
                        list.push(relationship);
                    }
                    back.extend(reverse.map(|reverse| (other, reverse)));
                }
                None => {
                    let why = (rel.place, format!("the relationship `{}` is not known", rel.name));
                    // A backref may stand on any class.
                    if rel.keyword("backref").is_some() || rel.arguments.unknown.is_some() {
                        lost.get_or_insert_with(|| why.clone());
                    }
                    *found = Err(why);
                }
            }
        }
    }
    for (other, reverse) in back {
        if let Ok(list) = &mut all[other] {
            list.push(reverse);
        }
    }
    let listener = sql.state.borrow().relationship_listeners.first().copied();
    let lost = lost.or_else(|| {
        listener.map(|place| (place, "an event listener may change relationships".to_owned()))
    });
    if let Some(why) = lost {
        for found in all.iter_mut().filter(|found| found.is_ok()) {
            *found = Err(why.clone());
        }
    }
    all
}

impl Rel {
    /// A keyword that is given and not `None`.
    fn keyword(&self, name: &str) -> Option<&Value> {
        self.arguments.keyword(name).filter(|value| !matches!(value, Value::None))
    }
}

/// One relationship of a class.
struct One<'a> {
    sql: &'a Sql,
    machine: &'a mut Machine,
    /// The class, by its number.
    index: usize,
    rel: &'a Rel,
}

impl One<'_> {
    /// The relationship, its target, and what a backref puts there.
    fn work(&mut self) -> Option<(Relationship, usize, Option<Relationship>)> {
        if self.rel.arguments.unknown.is_some() {
            return None;
        }
        let annotation =
            self.rel.annotation.as_ref().map(|annotation| element(&optional(annotation).0));
        let given =
            self.rel.arguments.get(0, "argument").filter(|value| !matches!(value, Value::None));
        let target = given.cloned().or_else(|| annotation.as_ref().map(|(of, _)| of.clone()))?;
        let other = self.class(&target)?;
        let secondary = match self.rel.arguments.get(1, "secondary") {
            None | Some(Value::None) => None,
            Some(value) => Some(self.table_name(&value.clone())?),
        };
        let direction = if secondary.is_some() { "many_to_many" } else { self.direction(other)? };
        let uselist = match self.rel.keyword("uselist") {
            Some(Value::Bool(value)) => *value,
            Some(_) => return None,
            None => match (direction, &annotation) {
                (_, Some((_, listed))) => *listed,
                ("many_to_one", None) => false,
                _ => true,
            },
        };
        let mut back_populates = match self.rel.keyword("back_populates") {
            None => None,
            Some(Value::Str(name)) => Some(name.to_string()),
            Some(_) => return None,
        };
        let reverse = match self.rel.keyword("backref") {
            None => None,
            Some(backref) => {
                let reverse = self.reverse(backref, direction, secondary.clone())?;
                back_populates = Some(reverse.name.clone());
                Some(reverse)
            }
        };
        let found = Relationship {
            name: self.rel.name.clone(),
            target: self.class_name(other),
            direction: direction.to_owned(),
            uselist,
            secondary,
            back_populates,
        };
        Some((found, other, reverse))
    }

    fn reverse(
        &self,
        backref: &Value,
        direction: &str,
        secondary: Option<String>,
    ) -> Option<Relationship> {
        let none = Arguments::default();
        let (name, options) = match backref {
            Value::Str(name) => (name.to_string(), &none),
            other => {
                let (_, arguments) = other.as_call()?;
                (arguments.positional.first()?.as_str()?.to_owned(), arguments)
            }
        };
        let direction = match direction {
            "one_to_many" => "many_to_one",
            "many_to_one" => "one_to_many",
            other => other,
        };
        let uselist = match options.keyword("uselist") {
            Some(Value::Bool(value)) => *value,
            None | Some(Value::None) => direction != "many_to_one",
            Some(_) => return None,
        };
        Some(Relationship {
            name,
            target: self.class_name(self.index),
            direction: direction.to_owned(),
            uselist,
            secondary,
            back_populates: Some(self.rel.name.clone()),
        })
    }

    fn class_name(&self, index: usize) -> String {
        let state = self.sql.state.borrow();
        let class = &state.mapped[index].class;
        format!("{}.{}", class.module, crate::document::class_name(class))
    }
}

/// The class inside a container, and whether there was one.
fn element(value: &Value) -> (Value, bool) {
    const LISTS: [&str; 9] = [
        "list",
        "List",
        "set",
        "Set",
        "Sequence",
        "Collection",
        "Iterable",
        "DynamicMapped",
        "WriteOnlyMapped",
    ];
    let Some(TermKind::Item(of, inner)) = value.as_term().map(|term| &term.kind) else {
        return (value.clone(), false);
    };
    let name = match of.as_term().map(|term| &term.kind) {
        Some(TermKind::Forward(name)) => name.to_string(),
        _ => of.name().map(|name| name.to_string()).unwrap_or_default(),
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    if LISTS.contains(&last) {
        return (optional(inner).0, true);
    }
    if matches!(last, "dict" | "Dict" | "Mapping" | "MutableMapping")
        && let Some(value) = inner.items().and_then(|items| items.last().cloned())
    {
        return (value, true);
    }
    (value.clone(), false)
}
