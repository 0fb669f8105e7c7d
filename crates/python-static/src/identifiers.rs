//! The identifiers that a piece of code mentions.

use crate::statements;
use crate::syntax::{is_word_byte, word_at};

/// The identifiers and keywords of a piece of code, in order, found without a parser.
///
/// Plain strings and comments are passed over; everything inside an f-string counts as code, so some words of its
/// text may be reported too. A name behind a dot is an attribute and is left out.
pub(crate) fn identifiers(code: &str) -> impl Iterator<Item = &str> {
    Identifiers { code, at: 0, behind_dot: false, fields_end: 0 }
}

struct Identifiers<'a> {
    code: &'a str,
    at: usize,
    behind_dot: bool,
    /// Up to here an f-string reaches, in which quotes and number signs mean nothing.
    fields_end: usize,
}

impl<'a> Iterator for Identifiers<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.code.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'#' | b'\'' | b'"' if self.at < self.fields_end => self.at += 1,
                b'#' => {
                    self.at += memchr::memchr2(b'\n', b'\r', &bytes[self.at..])
                        .unwrap_or(bytes.len() - self.at);
                }
                b'\'' | b'"' => self.at = string_end(bytes, self.at),
                b' ' | b'\t' => self.at += 1,
                b'0'..=b'9' => {
                    let digits = bytes[self.at..].iter().take_while(|&&byte| is_word_byte(byte));
                    self.at += digits.count();
                    self.behind_dot = false;
                }
                _ if is_word_byte(byte) => {
                    let word = word_at(bytes, self.at);
                    let range = self.at..self.at + word.len();
                    let is_attribute = std::mem::take(&mut self.behind_dot);
                    self.at = range.end;
                    self.enter_fields(&range);
                    // A word of bytes that are no characters cannot be: the text is a `str` and words end before ASCII.
                    if !is_attribute && let Some(word) = self.code.get(range) {
                        return Some(word);
                    }
                }
                _ => {
                    self.behind_dot = byte == b'.' && bytes.get(self.at + 1) != Some(&b'.');
                    self.at += 1;
                }
            }
        }
        None
    }
}

impl Identifiers<'_> {
    /// Notes where the f-string ends whose prefix `word` is, if it is one.
    fn enter_fields(&mut self, word: &std::ops::Range<usize>) {
        let bytes = self.code.as_bytes();
        let prefix = &bytes[word.clone()];
        let fields = prefix.len() <= 2
            && prefix.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'));
        if fields && self.at >= self.fields_end && matches!(bytes.get(word.end), Some(b'\'' | b'"'))
        {
            self.fields_end = statements::string_end(self.code, word.end);
            self.at = word.end + 1;
        }
    }
}

/// Behind the string without fields that begins at `quote`.
fn string_end(bytes: &[u8], quote: usize) -> usize {
    let mark = bytes[quote];
    let triple = bytes[quote..].starts_with(&[mark; 3]);
    let mut at = quote + if triple { 3 } else { 1 };
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(mark, b'\\', rest)) {
        at += found;
        match bytes[at] {
            b'\\' => at += 2,
            _ if !triple => return at + 1,
            _ if bytes[at..].starts_with(&[mark; 3]) => return at + 3,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_but_no_attributes_strings_or_comments() {
        let words: Vec<&str> = identifiers("a.b = f(c, 'd', e=1)  # g\n(h) + 1j + x").collect();
        assert_eq!(words, ["a", "f", "c", "e", "h", "x"]);
    }

    #[test]
    fn f_strings_count_as_code() {
        let words: Vec<&str> = identifiers("r = f'{PREFIX}_1' + rf\"{a['k']}\" + y").collect();
        assert!(["r", "PREFIX", "a", "y"].iter().all(|word| words.contains(word)), "{words:?}");
    }

    #[test]
    fn a_slice_of_three_dots_hides_nothing() {
        let words: Vec<&str> = identifiers("x[...] y[..., z] é.k").collect();
        assert_eq!(words, ["x", "y", "z", "é"]);
    }
}
