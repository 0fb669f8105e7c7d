//! One Python file in memory: its name, its decoded text, its lines.
//!
//! [`SourceFile::decode`] follows the rules by which Python itself reads a file (PEP 263): a coding cookie in one of
//! the first two lines, UTF-8 otherwise, an optional byte order mark, no NUL bytes. All offsets of this crate are byte
//! offsets into [`SourceFile::text`], which is the decoded text without the byte order mark and with the line ends of
//! the file as they are.

mod encoding;
mod tables;

use std::ops::Range;
use std::sync::Arc;

/// Byte offsets into [`SourceFile::text`].
pub type TextRange = Range<usize>;

/// A decoded Python file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: Arc<str>,
    text: String,
}

impl SourceFile {
    /// A file whose text is already known.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Decodes the bytes of a file as Python does.
    ///
    /// # Errors
    /// When Python would refuse the bytes: a NUL byte, an unknown encoding, bytes that the encoding does not allow, a
    /// byte order mark beside a cookie other than `utf-8`. Bytes that are wrong inside a comment are replaced, since
    /// Python passes over them too.
    pub fn decode(name: impl Into<Arc<str>>, bytes: Vec<u8>) -> Result<Self, DecodeError> {
        Ok(Self { name: name.into(), text: encoding::decode(bytes)? })
    }

    /// The name the file goes by in messages, usually its path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The decoded text, by value.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The line that holds the byte at `offset`, counted from 1. An offset behind the end counts as the last line.
    pub fn line_of(&self, offset: usize) -> usize {
        // Counted newline by newline this took a fiftieth of all the time; a lone CR is rare.
        let bytes = self.text.as_bytes();
        let before = &bytes[..offset.min(bytes.len())];
        let lone =
            memchr::memchr_iter(b'\r', before).filter(|at| bytes.get(at + 1) != Some(&b'\n'));
        1 + memchr::memchr_iter(b'\n', before).count() + lone.count()
    }

    /// The offset of the first byte of every line, for who asks for many places.
    pub fn line_starts(&self) -> impl Iterator<Item = usize> {
        line_starts(self.text.as_bytes())
    }

    /// Line and column of the byte at `offset`, both counted from 1; the column counts characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let (line, start) = line_starts(self.text.as_bytes())
            .take_while(|&start| start <= offset)
            .enumerate()
            .last()
            .unwrap_or((0, 0));
        (line + 1, self.text[start..offset].chars().count() + 1)
    }
}

/// The offset of the first byte of every line. LF, CR LF and a lone CR end a line, as in Python.
fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
        .map(|at| at + 1);
    std::iter::once(0).chain(ends)
}

/// Why the bytes of a file are no Python text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DecodeError {
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// The line of the offending byte, counted from 1.
    pub line: usize,
    /// The bytes as far as they can be shown to a person: what cannot be decoded is replaced.
    pub text: String,
    /// Where in [`text`](Self::text) the offending byte stands.
    pub range: TextRange,
}

impl DecodeError {
    fn new(message: String, bytes: &[u8], offset: usize) -> Self {
        let line = line_starts(bytes).take_while(|&start| start <= offset).count();
        // A terminal shows nothing for a NUL.
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\0', "␀");
        let start = shown(&bytes[..offset]).len();
        let text = shown(bytes);
        let length =
            text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Self { message, line, text, range: start..start + length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_lf_crlf_and_cr() {
        let file = SourceFile::new("a.py", "a\nb\r\nc\rd");
        assert_eq!([0, 2, 4, 5, 7, 99].map(|at| file.line_of(at)), [1, 2, 2, 3, 4, 4]);
        assert_eq!(file.line_column(5), (3, 1));
    }

    #[test]
    fn columns_count_characters() {
        let file = SourceFile::new("a.py", "x = 'é' + y");
        assert_eq!(file.line_column(11), (1, 11));
        assert_eq!(file.line_column(1000), (1, 12));
    }
}
