//! The escapes of string literals.

use std::borrow::Cow;

/// The text between the quotes of a string literal as Python sees it: CR LF and CR become LF, and unless the literal
/// is raw, escapes are replaced.
///
/// `None` for what is left to the parser: `\N{…}`, half surrogate pairs, escapes that Python refuses.
pub(crate) fn unescape(body: &str, raw: bool) -> Option<Cow<'_, str>> {
    let special = if raw {
        memchr::memchr(b'\r', body.as_bytes())
    } else {
        memchr::memchr2(b'\\', b'\r', body.as_bytes())
    };
    let Some(first) = special else {
        return Some(Cow::Borrowed(body));
    };
    let mut text = String::with_capacity(body.len());
    text.push_str(&body[..first]);
    let mut rest = &body[first..];
    while let Some(c) = rest.chars().next() {
        let used = match c {
            '\\' if !raw => escape(rest, &mut text)?,
            '\r' => {
                text.push('\n');
                if rest.starts_with("\r\n") { 2 } else { 1 }
            }
            other => {
                text.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[used..];
    }
    Some(Cow::Owned(text))
}

/// Replaces the escape at the beginning of `rest`; returns its length in bytes.
fn escape(rest: &str, text: &mut String) -> Option<usize> {
    let c = rest[1..].chars().next()?;
    let replaced = match c {
        '\n' => return Some(2),
        '\r' => return Some(if rest[1..].starts_with("\r\n") { 3 } else { 2 }),
        '\\' | '\'' | '"' => c,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '0'..='7' => return Some(octal(rest, text)),
        'x' => return hexadecimal(rest, 2, text),
        'u' => return hexadecimal(rest, 4, text),
        'U' => return hexadecimal(rest, 8, text),
        'N' => return None,
        other => {
            // Unknown escapes stay as they are.
            text.push('\\');
            other
        }
    };
    text.push(replaced);
    Some(1 + c.len_utf8())
}

fn octal(rest: &str, text: &mut String) -> usize {
    let digits = rest[1..].bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let code = rest[1..=digits].bytes().fold(0, |code, byte| code * 8 + u32::from(byte - b'0'));
    text.extend(char::from_u32(code));
    digits + 1
}

fn hexadecimal(rest: &str, digits: usize, text: &mut String) -> Option<usize> {
    let digits = rest.get(2..2 + digits)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    text.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
    Some(2 + digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        let cases = [
            (r"a\nb", Some("a\nb")),
            (r"\x41\u00e9\U0001F680\101\0", Some("Aé🚀A\0")),
            (r"\d\'\\", Some(r"\d'\")),
            ("a\\\nb\\\r\nc", Some("abc")),
            ("a\rb\r\nc", Some("a\nb\nc")),
            (r"\x4", None),
            (r"\ud800", None),
            (r"\N{BULLET}", None),
            (r"\é", Some(r"\é")),
        ];
        for (body, wanted) in cases {
            assert_eq!(unescape(body, false).as_deref(), wanted, "{body}");
        }
        assert_eq!(unescape("\\n\r\n", true).as_deref(), Some("\\n\n"));
    }
}
