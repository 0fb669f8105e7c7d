//! From the values of the evaluator to those of the library, and back.

use std::sync::Arc;

use super::object::{Cause, Cell, ClassKind, Id, Object};
use super::state::State;
use crate::value::Value;

/// Values nested deeper than this are not handed out.
const MAX_DEPTH: usize = 40;
/// Values of more parts than this are not handed out: a list of lists of one list grows without bound.
const MAX_PARTS: usize = 200_000;

/// The value behind an object, or why it is not known.
pub(super) fn to_value(state: &State, object: &Object) -> Result<Value, Cause> {
    Export { state, parts: 0 }.object(object, 0)
}

struct Export<'s> {
    state: &'s State,
    parts: usize,
}

impl Export<'_> {
    fn object(&mut self, object: &Object, depth: usize) -> Result<Value, Cause> {
        self.parts += 1;
        if depth > MAX_DEPTH || self.parts > MAX_PARTS {
            return Err(Cause {
                reason: "the value is too large to be followed".into(),
                range: 0..0,
                file: 0,
                refused: true,
            });
        }
        Ok(match object {
            Object::Unknown(cause) => return Err((**cause).clone()),
            Object::None => Value::None,
            Object::Bool(value) => Value::Bool(*value),
            Object::Int(value) => Value::Int(*value),
            Object::Float(value) => Value::Float(*value),
            Object::Str(text) => Value::Str(Arc::clone(text)),
            Object::Bytes(bytes) => Value::Bytes(Arc::clone(bytes)),
            Object::Tuple(items) => Value::Tuple(self.items(items.iter(), depth)?),
            Object::FrozenSet(items) => Value::FrozenSet(self.items(items.iter(), depth)?),
            Object::List(id)
            | Object::Set(id)
            | Object::Dict(id)
            | Object::Iterator(id)
            | Object::Instance(id) => {
                let state = self.state;
                self.cell(state.cell(*id), depth)?
            }
            Object::View(view, id) => match self.state.cell(*id) {
                Cell::Dict(items) => {
                    let parts: Vec<Object> =
                        items.iter().map(|item| view.part(item.clone())).collect();
                    Value::List(self.items(parts.iter(), depth)?)
                }
                cell => self.cell(cell, depth)?,
            },
            Object::Class(id) => match self.state.cell(*id) {
                Cell::Class(class) => other(&format!("class `{}`", class.name)),
                _ => other("a class"),
            },
            Object::Ellipsis => other("`...`"),
            Object::Range(..) => other("a range"),
            Object::Function(function) => other(&format!("function `{}`", function.name)),
            Object::Method(method) => other(&format!("method `{}`", method.1.name)),
            Object::Builtin(name) => other(&format!("`{name}`")),
            Object::BoundBuiltin(method) => other(&format!("method `{}`", method.1)),
            Object::Module(file) => other(&format!("module `{}`", file.path.display())),
            Object::Library(name) => other(&format!("module `{name}`")),
            Object::Namespace(_) => other("the names of a module"),
            Object::Path(path) => other(&format!("path `{path}`")),
        })
    }

    fn items<'o>(
        &mut self,
        items: impl Iterator<Item = &'o Object>,
        depth: usize,
    ) -> Result<Arc<[Value]>, Cause> {
        items.map(|item| self.object(item, depth + 1)).collect()
    }

    fn cell(&mut self, cell: &Cell, depth: usize) -> Result<Value, Cause> {
        Ok(match cell {
            Cell::List(items) => Value::List(self.items(items.iter(), depth)?),
            Cell::Set(items) => Value::Set(self.items(items.iter(), depth)?),
            Cell::Dict(items) => {
                let mut pairs = Vec::with_capacity(items.len());
                for (key, value) in items {
                    pairs.push((self.object(key, depth + 1)?, self.object(value, depth + 1)?));
                }
                Value::Dict(pairs.into())
            }
            Cell::Iterator(_) => other("an iterator"),
            Cell::Instance { class, attributes } => {
                return self.instance(*class, attributes, depth);
            }
            Cell::Class(_) => other("a class"),
            Cell::Lost(cause) => return Err((**cause).clone()),
        })
    }

    /// A named tuple is a tuple, a member of a string enum a string; other objects have no plain value.
    fn instance(
        &mut self,
        class: Id,
        attributes: &[(Arc<str>, Object)],
        depth: usize,
    ) -> Result<Value, Cause> {
        let Cell::Class(class) = self.state.cell(class) else {
            return Ok(other("an object"));
        };
        match class.kind {
            ClassKind::NamedTuple => {
                let items = attributes.iter().map(|(_, value)| value);
                Ok(Value::Tuple(self.items(items, depth)?))
            }
            ClassKind::StrEnum => match attributes.iter().find(|(name, _)| &**name == "value") {
                Some((_, value)) => self.object(value, depth + 1),
                None => Ok(other("a member of an enum")),
            },
            _ => Ok(other(&format!("an object of `{}`", class.name))),
        }
    }
}

fn other(what: &str) -> Value {
    Value::Other(what.into())
}

/// Immutable plain data, which is the same for every file that asks.
pub(super) fn to_constant(object: &Object) -> Option<Value> {
    Some(match object {
        Object::None => Value::None,
        Object::Bool(value) => Value::Bool(*value),
        Object::Int(value) => Value::Int(*value),
        Object::Str(text) => Value::Str(Arc::clone(text)),
        Object::Tuple(items) => Value::Tuple(items.iter().map(to_constant).collect::<Option<_>>()?),
        _ => return None,
    })
}

/// The object of a constant.
pub(super) fn from_value(value: &Value) -> Object {
    match value {
        Value::Bool(value) => Object::Bool(*value),
        Value::Int(value) => Object::Int(*value),
        Value::Str(text) => Object::Str(Arc::clone(text)),
        Value::Tuple(items) => Object::tuple(items.iter().map(from_value).collect::<Vec<_>>()),
        _ => Object::None,
    }
}
