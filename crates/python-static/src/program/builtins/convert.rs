//! Conversions: `str`, `int`, `float`, `bool`, `len` and the like.

use crate::program::methods::size_of;
use crate::program::value::{Place, Value};
use crate::program::{Eval, Machine};

impl Machine {
    pub(super) fn conversion(
        &mut self,
        name: &str,
        args: &[Value],
        place: Place,
    ) -> Eval<Option<Value>> {
        Ok(match (name, args) {
            ("str", []) => Some(Value::str("")),
            ("str" | "format", [value]) => self.show(value).map(Value::str),
            ("format", [value, Value::Str(spec)]) => self.format(value, spec).map(Value::str),
            ("repr", [value]) => self.repr(value).map(Value::str),
            ("int", [Value::Int(value)]) => Some(Value::Int(*value)),
            ("int", [Value::Bool(value)]) => Some(Value::Int(i128::from(*value))),
            ("int", [Value::Str(text)]) => {
                text.trim().replace('_', "").parse().ok().map(Value::Int)
            }
            #[expect(clippy::cast_possible_truncation, reason = "as Python truncates")]
            ("int", [Value::Float(value)]) => Some(Value::Int(*value as i128)),
            #[expect(clippy::cast_precision_loss, reason = "as Python does")]
            ("float", [Value::Int(value)]) => Some(Value::Float(*value as f64)),
            ("float", [Value::Float(value)]) => Some(Value::Float(*value)),
            ("bool", [value]) => self.truth(value).map(Value::Bool),
            ("len", [Value::Str(text)]) => {
                i128::try_from(text.chars().count()).ok().map(Value::Int)
            }
            ("len", [Value::Class(class)]) if class.is_enum.get() => {
                i128::try_from(self.members(class).len()).ok().map(Value::Int)
            }
            ("len", [value @ Value::Term(_)]) => match self.iterate(value, place)? {
                Ok(items) => i128::try_from(items.len()).ok().map(Value::Int),
                Err(unknown) => return Ok(Some(unknown)),
            },
            (
                "len",
                [value @ (Value::Tuple(_) | Value::List(_) | Value::Set(_) | Value::Dict(_))],
            ) => i128::try_from(size_of(value)).ok().map(Value::Int),
            ("abs", [Value::Int(value)]) => value.checked_abs().map(Value::Int),
            _ => None,
        })
    }
}
