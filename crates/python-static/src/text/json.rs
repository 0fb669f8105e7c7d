//! A text as `json.dumps` writes it.

use std::fmt::Write as _;

/// The text in quotes; what is not ASCII is escaped.
pub(crate) fn json_text(text: &str) -> String {
    let mut out = String::from('"');
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
            _ => {
                let _infallible = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('"');
    out
}
