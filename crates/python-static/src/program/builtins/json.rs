//! `json.dumps`.

use std::fmt::Write;

use crate::program::args::Arguments;
use crate::program::value::Value;

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
        Value::Str(text) => write_text(out, text)?,
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
                write_text(out, key.as_str()?)?;
                out.push_str(": ");
                write_value(out, item, depth + 1)?;
            }
            out.push('}');
        }
        _ => return None,
    }
    Some(())
}

/// A text in quotes; what is not ASCII is escaped.
fn write_text(out: &mut String, text: &str) -> Option<()> {
    out.push('"');
    for unit in text.encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some(plain @ ' '..='~') => out.push(plain),
            _ => write!(out, "\\u{unit:04x}").ok()?,
        }
    }
    out.push('"');
    Some(())
}
