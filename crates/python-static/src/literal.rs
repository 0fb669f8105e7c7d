//! The fast path: values that can be read off the text without a parser.
//!
//! `None`, `True`, `False`, strings (prefixes `r` and `u`, escapes, implicit concatenation), decimal integers, and
//! tuples, lists and sets of them, over several lines and with comments inside brackets. Everything else is left to the
//! parser: the reader then answers `None`, which says nothing about the text.

mod escape;

use crate::source::TextRange;
use crate::syntax::{is_keyword, word_at};
use crate::value::Value;

pub(crate) use escape::unescape;

/// Displays nested deeper than this are left to the parser.
const MAX_DEPTH: usize = 16;

/// The outline of `name = value` or `name: annotation = value`.
pub(crate) struct Assignment<'a> {
    /// The name that is bound.
    pub(crate) name: &'a str,
    /// From behind the `=` to the end of the statement; `None` for an annotation without a value.
    pub(crate) value: Option<TextRange>,
}

/// Splits a simple statement into the name that it assigns and the text of the value.
pub(crate) fn assignment(text: &str, statement: TextRange) -> Option<Assignment<'_>> {
    let bytes = &text.as_bytes()[..statement.end];
    let word = word_at(bytes, statement.start);
    if word.is_empty() || !word.is_ascii() || is_keyword(word) {
        return None;
    }
    let name = &text[statement.start..statement.start + word.len()];
    let reader = Reader { text, bytes };
    let at = reader.skip_blanks(statement.start + word.len());
    let equals = match bytes.get(at) {
        Some(b'=') => at,
        Some(b':') => match reader.annotation_end(at + 1)? {
            None => return Some(Assignment { name, value: None }),
            Some(equals) => equals,
        },
        _ => return None,
    };
    if bytes.get(equals + 1) == Some(&b'=') {
        return None;
    }
    let value = reader.skip_blanks(equals + 1);
    Some(Assignment { name, value: Some(value..statement.end) })
}

/// Reads the whole of `range` as one literal. A tuple needs no parentheses.
pub(crate) fn read(text: &str, range: TextRange) -> Option<Value> {
    let reader = Reader { text, bytes: &text.as_bytes()[..range.end] };
    let (first, at) = reader.value(range.start, 0)?;
    let mut at = reader.skip_blanks(at);
    if at == range.end {
        return Some(first);
    }
    let mut items = vec![first];
    while at < range.end {
        if reader.bytes[at] != b',' {
            return None;
        }
        at = reader.skip_blanks(at + 1);
        if at == range.end {
            break;
        }
        let (item, end) = reader.value(at, 0)?;
        items.push(item);
        at = reader.skip_blanks(end);
    }
    Some(Value::Tuple(items.into()))
}

struct Reader<'a> {
    text: &'a str,
    /// Cut off at the end of the statement.
    bytes: &'a [u8],
}

impl Reader<'_> {
    /// Behind blanks and continuation marks.
    fn skip_blanks(&self, mut at: usize) -> usize {
        loop {
            match self.bytes.get(at) {
                Some(b' ' | b'\t' | 0x0c) => at += 1,
                Some(b'\\') => match self.bytes.get(at + 1) {
                    Some(b'\r') if self.bytes.get(at + 2) == Some(&b'\n') => at += 3,
                    Some(b'\r' | b'\n') => at += 2,
                    _ => return at,
                },
                _ => return at,
            }
        }
    }

    /// Behind blanks, newlines and comments, as inside brackets.
    fn skip_space(&self, mut at: usize) -> usize {
        loop {
            at = self.skip_blanks(at);
            match self.bytes.get(at) {
                Some(b'\n' | b'\r') => at += 1,
                Some(b'#') => {
                    let rest = &self.bytes[at..];
                    at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                _ => return at,
            }
        }
    }

    /// Where the `=` behind an annotation stands: `Some(None)` when there is none, `None` when the annotation is odd.
    #[expect(clippy::option_option, reason = "no value and no answer are two things")]
    fn annotation_end(&self, mut at: usize) -> Option<Option<usize>> {
        let mut depth = 0_usize;
        loop {
            match self.bytes.get(at) {
                None => return (depth == 0).then_some(None),
                Some(b'=') if depth == 0 => return Some(Some(at)),
                Some(b'\'' | b'"') => at = self.plain_string_end(at)?,
                Some(b'(' | b'[' | b'{') => {
                    depth += 1;
                    at += 1;
                }
                Some(b')' | b']' | b'}') => {
                    depth = depth.checked_sub(1)?;
                    at += 1;
                }
                // Comparisons and walruses, calls with keywords, comments: rare enough for the parser.
                Some(b'=' | b'!' | b'<' | b'>' | b'#') => return None,
                Some(_) => at += 1,
            }
        }
    }

    /// Behind a string of one line without escapes.
    fn plain_string_end(&self, quote: usize) -> Option<usize> {
        let rest = self.bytes.get(quote + 1..)?;
        let end = memchr::memchr3(self.bytes[quote], b'\\', b'\n', rest)?;
        (rest[end] == self.bytes[quote]).then_some(quote + end + 2)
    }

    fn value(&self, at: usize, depth: usize) -> Option<(Value, usize)> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.bytes.get(at)? {
            b'\'' | b'"' => self.strings(at, depth),
            b'(' => self.parenthesised(at, depth),
            b'[' => {
                let (items, _, end) = self.items(at + 1, b']', depth)?;
                Some((Value::List(items.into()), end))
            }
            b'{' => {
                let (items, _, end) = self.items(at + 1, b'}', depth)?;
                // `{}` is a dictionary.
                (!items.is_empty()).then(|| (Value::Set(distinct(items).into()), end))
            }
            b'0'..=b'9' => self.integer(at),
            _ => match word_at(self.bytes, at) {
                b"None" => Some((Value::None, at + 4)),
                b"True" => Some((Value::Bool(true), at + 4)),
                b"False" => Some((Value::Bool(false), at + 5)),
                b"r" | b"R" | b"u" | b"U" => self.strings(at, depth),
                _ => None,
            },
        }
    }

    fn integer(&self, at: usize) -> Option<(Value, usize)> {
        let digits = self.bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let end = at + digits;
        let followed = self
            .bytes
            .get(end)
            .is_some_and(|&byte| byte == b'.' || crate::syntax::is_word_byte(byte));
        if followed || (digits > 1 && self.bytes[at] == b'0') {
            return None;
        }
        Some((Value::Int(self.text[at..end].parse().ok()?), end))
    }

    /// `( … )`: a tuple, or a value in parentheses.
    fn parenthesised(&self, at: usize, depth: usize) -> Option<(Value, usize)> {
        let (mut items, comma, end) = self.items(at + 1, b')', depth)?;
        if items.len() == 1 && !comma {
            return Some((items.remove(0), end));
        }
        Some((Value::Tuple(items.into()), end))
    }

    /// Values parted by commas up to `close`; tells whether a comma stood behind the last one.
    fn items(&self, at: usize, close: u8, depth: usize) -> Option<(Vec<Value>, bool, usize)> {
        let mut items = Vec::new();
        let mut comma = false;
        let mut at = self.skip_space(at);
        while *self.bytes.get(at)? != close {
            if !items.is_empty() && !comma {
                return None;
            }
            let (item, end) = self.value(at, depth + 1)?;
            items.push(item);
            at = self.skip_space(end);
            comma = self.bytes.get(at) == Some(&b',');
            if comma {
                at = self.skip_space(at + 1);
            }
        }
        Some((items, comma, at + 1))
    }

    /// One or more adjacent string literals.
    fn strings(&self, at: usize, depth: usize) -> Option<(Value, usize)> {
        let (first, mut end) = self.string(at)?;
        let mut joined: Option<String> = None;
        loop {
            let next = if depth > 0 { self.skip_space(end) } else { self.skip_blanks(end) };
            if !self.begins_string(next) {
                break;
            }
            let (piece, behind) = self.string(next)?;
            joined.get_or_insert_with(|| first.to_string()).push_str(&piece);
            end = behind;
        }
        let text = joined.map_or(first, std::borrow::Cow::Owned);
        Some((Value::Str(text.into()), end))
    }

    fn begins_string(&self, at: usize) -> bool {
        match self.bytes.get(at) {
            Some(b'\'' | b'"') => true,
            // Any prefix: `string` answers for those that it does not read.
            Some(byte) if byte.is_ascii_alphabetic() => {
                let word = word_at(self.bytes, at);
                matches!(self.bytes.get(at + word.len()), Some(b'\'' | b'"'))
            }
            _ => false,
        }
    }

    fn string(&self, at: usize) -> Option<(std::borrow::Cow<'_, str>, usize)> {
        let raw = match self.bytes[at] {
            b'r' | b'R' => Some(true),
            b'u' | b'U' => Some(false),
            _ => None,
        };
        let quote_at = at + usize::from(raw.is_some());
        let quote = *self.bytes.get(quote_at).filter(|&&byte| byte == b'\'' || byte == b'"')?;
        let rest = &self.bytes[quote_at..];
        let triple = rest.starts_with(&[quote; 3]);
        let width = if triple { 3 } else { 1 };
        let body = quote_at + width;
        let mut end = body;
        loop {
            let rest = self.bytes.get(end..)?;
            end += memchr::memchr2(quote, b'\\', rest)?;
            if self.bytes[end] == b'\\' {
                end += 2;
            } else if !triple || self.bytes[end..].starts_with(&[quote; 3]) {
                break;
            } else {
                end += 1;
            }
        }
        let text = unescape(&self.text[body..end], raw == Some(true))?;
        Some((text, end + width))
    }
}

/// Each value once, the first of equal ones.
fn distinct(items: Vec<Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    let mut seen = std::collections::HashSet::new();
    for item in items {
        let fresh = match &item {
            Value::Str(text) => seen.insert(std::sync::Arc::clone(text)),
            other => !kept.contains(other),
        };
        if fresh {
            kept.push(item);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<Value> {
        read(text, 0..text.len())
    }

    fn strings(items: &[&str]) -> std::sync::Arc<[Value]> {
        items.iter().map(|&item| Value::str(item)).collect()
    }

    #[test]
    fn plain_values() {
        assert_eq!(value("'a'"), Some(Value::str("a")));
        assert_eq!(value("None"), Some(Value::None));
        assert_eq!(value("1234"), Some(Value::Int(1234)));
        assert_eq!(value("('a' # why\n \"b\")"), Some(Value::str("ab")));
        assert_eq!(value("('a',)"), Some(Value::Tuple(strings(&["a"]))));
        assert_eq!(value("'a', 'b'"), Some(Value::Tuple(strings(&["a", "b"]))));
        assert_eq!(value("()"), Some(Value::Tuple(strings(&[]))));
        assert_eq!(value("[\n 'a',\n # c\n u'b',\n]"), Some(Value::List(strings(&["a", "b"]))));
        assert_eq!(value("{'a', 'a', 'b'}"), Some(Value::Set(strings(&["a", "b"]))));
        assert_eq!(value("r'\\d' \\\n 'x'"), Some(Value::str("\\dx")));
        assert_eq!(value("'''a\r\nb\\\n'c'''"), Some(Value::str("a\nb'c")));
    }

    #[test]
    fn the_rest_is_left_to_the_parser() {
        for text in [
            "f'a'",
            "b'a'",
            "'a' f'b'",
            "a",
            "'a' + 'b'",
            "{}",
            "{'a': 1}",
            "1.5",
            "0x1",
            "007",
            "1_0",
            "'a' if x else 'b'",
            "-1",
            "(1",
            "[1 2]",
            "[,]",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn assignments_are_split() {
        let split = |text: &'static str| {
            assignment(text, 0..text.len())
                .map(|found| (found.name, found.value.map(|range| &text[range])))
        };
        assert_eq!(split("a='b'"), Some(("a", Some("'b'"))));
        assert_eq!(split("a: Union[str, 'x'] = 1"), Some(("a", Some("1"))));
        assert_eq!(split("a: str"), Some(("a", None)));
        assert_eq!(split("a == 1"), None);
        assert_eq!(split("a.b = 1"), None);
        assert_eq!(split("a, b = 1, 2"), None);
        assert_eq!(split("del a"), None);
    }
}
