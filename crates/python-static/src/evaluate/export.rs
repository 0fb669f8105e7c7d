//! From the values of the evaluator to those of the library, and back.

use std::sync::Arc;

use super::object::{Cause, Cell, Object};
use super::state::State;
use crate::value::Value;

/// Values nested deeper than this are not handed out.
const MAX_DEPTH: usize = 40;

/// The value behind an object, or why it is not known.
pub(super) fn to_value(state: &State, object: &Object) -> Result<Value, Arc<Cause>> {
    export(state, object, 0)
}

fn export(state: &State, object: &Object, depth: usize) -> Result<Value, Arc<Cause>> {
    let all = |items: &[Object]| -> Result<Arc<[Value]>, Arc<Cause>> {
        items
            .iter()
            .map(|item| export(state, item, depth + 1))
            .collect()
    };
    if depth > MAX_DEPTH {
        return Ok(other("a value that holds itself"));
    }
    Ok(match object {
        Object::Unknown(cause) => return Err(Arc::new((**cause).clone())),
        Object::None => Value::None,
        Object::Bool(value) => Value::Bool(*value),
        Object::Int(value) => Value::Int(*value),
        Object::Float(value) => Value::Float(*value),
        Object::Str(text) => Value::Str(Arc::clone(text)),
        Object::Bytes(bytes) => Value::Bytes(Arc::clone(bytes)),
        Object::Tuple(items) => Value::Tuple(all(items)?),
        Object::FrozenSet(items) => Value::FrozenSet(all(items)?),
        Object::List(id)
        | Object::Set(id)
        | Object::Dict(id)
        | Object::Iterator(id)
        | Object::Instance(id) => match state.cell(*id) {
            Cell::List(items) => Value::List(all(items)?),
            Cell::Set(items) => Value::Set(all(items)?),
            Cell::Dict(items) => {
                let pairs: Result<Vec<_>, Arc<Cause>> = items
                    .iter()
                    .map(|(key, value)| {
                        Ok((
                            export(state, key, depth + 1)?,
                            export(state, value, depth + 1)?,
                        ))
                    })
                    .collect();
                Value::Dict(pairs?.into())
            }
            Cell::Iterator(_) => other("an iterator"),
            Cell::Instance { class, attributes } => {
                return instance(state, *class, attributes, depth);
            }
            Cell::Class(_) => other("a class"),
            Cell::Lost(cause) => return Err(Arc::new((**cause).clone())),
        },
        Object::Class(id) => match state.cell(*id) {
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

/// A named tuple is a tuple, a member of a string enum a string; other objects have no plain value.
fn instance(
    state: &State,
    class: usize,
    attributes: &[(Arc<str>, Object)],
    depth: usize,
) -> Result<Value, Arc<Cause>> {
    use super::object::ClassKind;
    let Cell::Class(class) = state.cell(class) else {
        return Ok(other("an object"));
    };
    match class.kind {
        ClassKind::NamedTuple => {
            let items: Result<Arc<[Value]>, Arc<Cause>> = attributes
                .iter()
                .map(|(_, value)| export(state, value, depth + 1))
                .collect();
            Ok(Value::Tuple(items?))
        }
        ClassKind::StrEnum => match attributes.iter().find(|(name, _)| &**name == "value") {
            Some((_, value)) => export(state, value, depth + 1),
            None => Ok(other("a member of an enum")),
        },
        _ => Ok(other(&format!("an object of `{}`", class.name))),
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
