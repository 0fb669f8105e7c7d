//! Splitting strings as Python does.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine};
use super::super::object::Object;
use super::super::operators::as_int;
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_split(
        &mut self,
        text: &str,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let separator = match arguments.get(0, "sep") {
            None | Some(Object::None) => None,
            Some(Object::Str(separator)) => Some(separator.to_string()),
            Some(_) if name == "splitlines" => None,
            Some(_) => return Err(self.unknown_method(name, range)),
        };
        if separator.as_deref() == Some("") {
            return Err(self.raise("ValueError", "empty separator", range));
        }
        let limit = match arguments.get(1, "maxsplit") {
            Some(limit) => usize::try_from(as_int(limit)).ok(),
            None => None,
        };
        let pieces = match (name, &separator) {
            ("split", None) => by_space(text, limit),
            ("split", Some(separator)) => owned(match limit {
                Some(limit) => text.splitn(limit.saturating_add(1), separator.as_str()).collect(),
                None => text.split(separator.as_str()).collect(),
            }),
            ("rsplit", None) => by_space_from_end(text, limit),
            ("rsplit", Some(separator)) => {
                let mut pieces = owned(match limit {
                    Some(limit) => {
                        text.rsplitn(limit.saturating_add(1), separator.as_str()).collect()
                    }
                    None => text.rsplit(separator.as_str()).collect(),
                });
                pieces.reverse();
                pieces
            }
            ("splitlines", _) => {
                let keep = match arguments.get(0, "keepends") {
                    Some(keep) => self.truth(keep, range)?,
                    None => false,
                };
                lines(text, keep)
            }
            (_, Some(separator)) => return Ok(partition(text, separator, name == "rpartition")),
            _ => return Err(self.unknown_method(name, range)),
        };
        self.check_size(pieces.len(), &range_of_nothing())?;
        let pieces = pieces.into_iter().map(Object::str).collect();
        Ok(self.new_list(pieces))
    }
}

fn range_of_nothing() -> TextRange {
    0..0
}

fn owned(pieces: Vec<&str>) -> Vec<String> {
    pieces.into_iter().map(str::to_owned).collect()
}

/// Python's white space.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

fn by_space(text: &str, limit: Option<usize>) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if limit == Some(pieces.len()) {
            pieces.push(rest.trim_end_matches(is_space).to_owned());
            break;
        }
        let end = rest.find(is_space).unwrap_or(rest.len());
        pieces.push(rest[..end].to_owned());
        rest = rest[end..].trim_start_matches(is_space);
    }
    pieces
}

fn by_space_from_end(text: &str, limit: Option<usize>) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        if limit == Some(pieces.len()) {
            pieces.push(rest.trim_start_matches(is_space).to_owned());
            break;
        }
        let start = rest
            .char_indices()
            .rev()
            .find(|(_, c)| is_space(*c))
            .map_or(0, |(at, c)| at + c.len_utf8());
        pieces.push(rest[start..].to_owned());
        rest = rest[..start].trim_end_matches(is_space);
    }
    pieces.reverse();
    pieces
}

fn lines(text: &str, keep: bool) -> Vec<String> {
    let ends = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(ends).unwrap_or(rest.len());
        let width = match &rest[end..] {
            "" => 0,
            tail if tail.starts_with("\r\n") => 2,
            tail => tail.chars().next().map_or(0, char::len_utf8),
        };
        pieces.push(rest[..if keep { end + width } else { end }].to_owned());
        rest = &rest[end + width..];
    }
    pieces
}

fn partition(text: &str, separator: &str, from_end: bool) -> Object {
    let found = if from_end { text.rsplit_once(separator) } else { text.split_once(separator) };
    let parts = match (found, from_end) {
        (Some((head, tail)), _) => [head, separator, tail],
        (None, false) => [text, "", ""],
        (None, true) => ["", "", text],
    };
    Object::tuple(parts.map(Object::str).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_splits_as_in_python() {
        assert_eq!(by_space("  a  b c ", None), ["a", "b", "c"]);
        assert_eq!(by_space("  a  b c ", Some(1)), ["a", "b c"]);
        assert_eq!(by_space_from_end("  a  b c ", Some(1)), ["a  b", "c"]);
        assert_eq!(by_space("", None), [""; 0]);
        assert_eq!(lines("a\r\nb\x0bc\n", false), ["a", "b", "c"]);
        assert_eq!(lines("a\n\nb", true), ["a\n", "\n", "b"]);
    }
}
