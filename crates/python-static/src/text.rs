//! How Python writes a `str`, `repr()` and `ascii()`, and the digits that it reads.

mod digits;
mod json;
mod printable;

pub use digits::digit;
pub(crate) use json::json_text;
use printable::is_printable;

/// Python's `repr` of a `str`: single quotes unless the text has one and no double quote.
pub fn repr(text: &str) -> String {
    quoted(text, is_printable)
}

/// Python's `ascii` of a `str`: `repr` with everything beyond ASCII escaped.
pub fn ascii(text: &str) -> String {
    quoted(text, |character| character.is_ascii() && is_printable(character))
}

/// Escapes what is not ASCII in a `repr`.
pub(crate) fn only_ascii(repr: &str) -> String {
    let mut out = String::with_capacity(repr.len());
    for character in repr.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            push_escape(&mut out, character);
        }
    }
    out
}

fn quoted(text: &str, plain: impl Fn(char) -> bool) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if plain(c) => out.push(c),
            c => push_escape(&mut out, c),
        }
    }
    out.push(quote);
    out
}

fn push_escape(out: &mut String, character: char) {
    let code = u32::from(character);
    let escape = match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    out.push_str(&escape);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_prefers_single_quotes() {
        assert_eq!(repr("a"), "'a'");
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("it's \"x\""), r#"'it\'s "x"'"#);
    }

    #[test]
    fn repr_escapes_what_python_escapes() {
        assert_eq!(repr("a\n\t\\\u{0}\u{7f}"), r"'a\n\t\\\x00\x7f'");
        assert_eq!(
            repr("é追e\u{301}🎉\u{a0}\u{200b}\u{3000}\u{feff}\u{10ffff}"),
            "'é追e\u{301}🎉\\xa0\\u200b\\u3000\\ufeff\\U0010ffff'"
        );
        assert_eq!(ascii("é追"), r"'\xe9\u8ffd'");
        assert_eq!(only_ascii("['é', '\\n']"), r"['\xe9', '\n']");
    }

    #[test]
    fn digits_of_every_script() {
        let digits = ['0', '9', '\u{663}', '\u{1d7ff}', 'a', '/', ':', '\u{b2}'].map(digit);
        let none = [None; 3];
        assert_eq!(digits[..4], [Some(0), Some(9), Some(3), Some(9)]);
        assert_eq!(digits[4..7], none);
        assert_eq!(digits[7], None);
    }

    /// Assigned by Unicode 14, by 15, never.
    #[test]
    fn what_was_not_assigned_yet_is_escaped() {
        assert_eq!(repr("\u{1fae0}"), "'\u{1fae0}'");
        assert_eq!(repr("\u{1fae8}\u{ffff}"), "'\\U0001fae8\\uffff'");
    }
}
