//! `json.dumps`.

use std::fmt::Write;

use crate::program::args::Arguments;
use crate::program::value::Value;
use crate::text::json_text;

/// What `json.dumps` makes of a value with its usual separators; `None` when that is not known.
pub(super) fn dumps(arguments: &Arguments) -> Option<Value> {
    let [value] = arguments.positional.as_slice() else { return None };
    if !arguments.keywords.is_empty() {
        return None;
    }
    let mut out = String::new();
    write_value(&mut out, value, 0)?;
    Some(Value::str(out))
}

fn write_value(out: &mut String, value: &Value, depth: usize) -> Option<()> {
    if depth > 40 {
        return None;
    }
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => write!(out, "{value}").ok()?,
        Value::Str(text) => out.push_str(&json_text(text)),
        Value::List(_) | Value::Tuple(_) => {
            out.push('[');
            for (at, item) in value.items()?.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_value(out, item, depth + 1)?;
            }
            out.push(']');
        }
        Value::Dict(_) => {
            out.push('{');
            for (at, (key, item)) in value.pairs()?.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(&json_text(key.as_str()?));
                out.push_str(": ");
                write_value(out, item, depth + 1)?;
            }
            out.push('}');
        }
        _ => return None,
    }
    Some(())
}
