//! Values as Python source.

use std::fmt::Write as _;

use python_static::Value;

/// Writes a string literal that any Python reads back as `text`.
pub(super) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            // Everything that some reader may take for a line end or a mark.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The source of a value; what has none is `None`.
pub(super) fn value(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

/// Recursion ends with the value, whose depth its maker bounds.
fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Str(text) => write_text(out, text),
        Value::Tuple(items) => write_items(out, "(", items, ",)"),
        Value::List(items) => write_items(out, "[", items, "]"),
        _ => out.push_str("None"),
    }
}

fn write_items(out: &mut String, open: &str, items: &[Value], close: &str) {
    out.push_str(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_value(out, item);
    }
    out.push_str(if items.is_empty() { &close[close.len() - 1..] } else { close });
}
