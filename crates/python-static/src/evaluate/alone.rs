//! Single operations on values, without a program around them.

use std::path::PathBuf;

use super::export;
use super::machine::{FileContext, Machine, Stop};
use super::object::{Cell, Object};
use crate::project::Project;
use crate::value::Value;

/// What Python's `format % values` gives for a dictionary of values: `None`, booleans, integers, strings and tuples of
/// them.
///
/// # Errors
/// What Python raises, or why the result cannot be known.
pub fn percent(format: &str, values: &[(&str, Value)]) -> Result<String, String> {
    let nowhere =
        FileContext { path: PathBuf::new(), name: "".into(), package: None, needed: Vec::new() };
    let project = Project::new([]);
    let mut machine = Machine::new(&project, nowhere);
    let pair = |(name, value): &(&str, Value)| (Object::str(*name), export::from_value(value));
    let values = Cell::Dict(values.iter().map(pair).collect());
    let values = Object::Dict(machine.state.allocate(values));
    match machine.percent(format, &values, 0..0) {
        Ok(Object::Str(text)) => Ok(text.to_string()),
        Ok(_) => Err("the result is no text".to_owned()),
        Err(Stop::Raise(raised)) => Err(raised.sentence()),
        Err(Stop::Unknown(cause) | Stop::Limit(cause)) => Err(cause.reason.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_their_names() {
        let values = [("rev", Value::str("ab")), ("month", Value::Int(3)), ("x", Value::None)];
        let cases = [
            ("%(rev)s_%(month).2d", Ok("ab_03")),
            ("%(month)04d %(rev)-4s|%% %(x)r", Ok("0003 ab  |% None")),
            ("%(y)s", Err("the script raises `KeyError`: 'y'")),
            ("%(rev)d", Err("the script raises `TypeError`: a number is required")),
            ("%(rev", Err("the script raises `ValueError`: malformed format string")),
        ];
        for (text, expected) in cases {
            let found = percent(text, &values);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text}");
        }
    }
}
