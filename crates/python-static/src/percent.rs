//! The grammar of Python's `%` formats, and what one gives for plain values. What a conversion gives for others is for
//! its reader to say.

pub use crate::evaluate::percent as format;

/// A part of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands as it is.
    Text(&'a str),
    /// What stands for a value.
    Conversion(Conversion<'a>),
}

/// `%(key)flags width.precision kind`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversion<'a> {
    /// The key in a dictionary of values; without one the next value is meant.
    pub key: Option<&'a str>,
    /// Those of `#0- +` that were given.
    pub flags: &'a str,
    /// Digits, or `*`.
    pub width: Option<&'a str>,
    /// Digits, `*`, or nothing, which is 0.
    pub precision: Option<&'a str>,
    /// The letter at its end; `%` stands for itself.
    pub kind: char,
}

impl Conversion<'_> {
    /// Whether it is of that kind, and nothing else is asked for than its key.
    pub fn is_plain(&self, kind: char) -> bool {
        self.kind == kind
            && self.flags.is_empty()
            && self.width.is_none()
            && self.precision.is_none()
    }
}

/// A format that ends inside a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed format string")]
pub struct Malformed;

/// The parts of a format, in their order. Nothing follows an error.
pub fn pieces(format: &str) -> Pieces<'_> {
    Pieces { rest: format }
}

/// What [`pieces`] gives.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let text = self.rest.find('%').unwrap_or(self.rest.len());
        if text > 0 {
            let (text, behind) = self.rest.split_at(text);
            self.rest = behind;
            return Some(Ok(Piece::Text(text)));
        }
        let found = conversion(&self.rest[1..]);
        self.rest = found.as_ref().map_or("", |(_, behind)| behind);
        Some(found.map(|(conversion, _)| Piece::Conversion(conversion)).ok_or(Malformed))
    }
}

/// Reads the conversion behind a `%`; returns what stands behind it.
fn conversion(text: &str) -> Option<(Conversion<'_>, &str)> {
    let mut found = Conversion::default();
    let mut rest = text;
    if let Some(inner) = rest.strip_prefix('(') {
        let (key, behind) = inner.split_once(')')?;
        (found.key, rest) = (Some(key), behind);
    }
    let take = |rest: &str, test: fn(char) -> bool| rest.find(|c| !test(c)).unwrap_or(rest.len());
    let end = take(rest, |c| matches!(c, '#' | '0' | '-' | ' ' | '+'));
    (found.flags, rest) = rest.split_at(end);
    let end = take(rest, |c| c.is_ascii_digit() || c == '*');
    if end > 0 {
        found.width = Some(&rest[..end]);
    }
    rest = &rest[end..];
    if let Some(behind) = rest.strip_prefix('.') {
        let end = take(behind, |c| c.is_ascii_digit() || c == '*');
        found.precision = Some(&behind[..end]);
        rest = &behind[end..];
    }
    // Lengths of C's integers, which Python takes and passes over.
    rest = rest.trim_start_matches(['h', 'l', 'L']);
    found.kind = rest.chars().next()?;
    let behind = &rest[found.kind.len_utf8()..];
    Some((found, behind))
}

#[cfg(test)]
mod tests {
    use super::{Conversion, Malformed, Piece, pieces};

    #[test]
    fn text_and_conversions_in_their_order() {
        let read: Result<Vec<_>, _> = pieces("ix_%(table)s: 100%%, %-05.2ld").collect();
        let expected = [
            Piece::Text("ix_"),
            Piece::Conversion(Conversion {
                key: Some("table"),
                kind: 's',
                ..Conversion::default()
            }),
            Piece::Text(": 100"),
            Piece::Conversion(Conversion { kind: '%', ..Conversion::default() }),
            Piece::Text(", "),
            Piece::Conversion(Conversion {
                flags: "-0",
                width: Some("5"),
                precision: Some("2"),
                kind: 'd',
                ..Conversion::default()
            }),
        ];
        assert_eq!(read.unwrap(), expected);
    }

    #[test]
    fn an_end_inside_a_conversion_is_the_last_piece() {
        for format in ["a%", "a%(key", "a%(key)", "a%-5."] {
            let read: Vec<_> = pieces(format).collect();
            assert_eq!(read, [Ok(Piece::Text("a")), Err(Malformed)], "{format}");
        }
    }
}
