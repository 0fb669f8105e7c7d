//! Methods of strings, lists, sets and dictionaries; formats.

mod containers;
mod format;
mod text;

use super::args::Arguments;
use super::value::{Place, Value};
use super::{Eval, Machine};
pub(super) use containers::from_start;
use containers::{index_of, namespace_method};

impl Machine {
    /// A method of a value that Python itself brings.
    pub(super) fn call_method(
        &mut self,
        of: &Value,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval {
        if let (Some(unknown), false) = (&arguments.unknown, name == "__init__") {
            return Ok(unknown.clone());
        }
        self.charge(size_of(of), place)?;
        let result = match of {
            Value::Str(text) => self.text_method(text, name, arguments, place)?,
            Value::List(items) => self.list_method(items, name, arguments, place)?,
            Value::Set(items) => self.set_method(items, name, arguments, place)?,
            Value::Tuple(items) => match (name, arguments.positional.as_slice()) {
                ("index", [value]) => index_of(items, value),
                _ => None,
            },
            Value::Dict(pairs) => self.dict_method(pairs, name, arguments, place)?,
            Value::Namespace(scope) => namespace_method(scope, name, arguments),
            // `super().__init__()` of a base that belongs to a library.
            Value::Instance(instance) if name == "__init__" => {
                *instance.handed_on.borrow_mut() = Some(arguments.clone());
                Some(Value::None)
            }
            Value::Partial(partial) => match (&partial.0, name, arguments.positional.as_slice()) {
                (Value::Builtin(kind), "group", rest) if &**kind == "match" => {
                    let at = match rest {
                        [] => Some(0),
                        [Value::Int(at)] => usize::try_from(*at).ok(),
                        _ => None,
                    };
                    at.and_then(|at| partial.1.positional.get(at).cloned())
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(result) = &result {
            self.charge(size_of(result).saturating_mul(2), place)?;
            if matches!(result, Value::List(_) | Value::Dict(_) | Value::Tuple(_)) {
                self.allocate(place)?;
            }
        }
        Ok(result.unwrap_or_else(|| {
            self.unknown(format!("the result of `.{name}()` is not known"), place)
        }))
    }
}

/// How many bytes or items a value holds itself.
pub(super) fn size_of(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::Tuple(items) => items.len(),
        Value::List(items) | Value::Set(items) => items.borrow().len(),
        Value::Dict(pairs) => pairs.borrow().len(),
        Value::Namespace(scope) => scope.names.borrow().len(),
        _ => 0,
    }
}
