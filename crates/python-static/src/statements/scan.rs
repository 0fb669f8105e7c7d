//! The byte scanner: finds the end of a logical line, knowing strings, comments, brackets and continuation lines.
//!
//! It reads every byte once and keeps no tokens. Strings with replacement fields are read by the rules of Python 3.12
//! (PEP 701), which accept everything that older versions accept.

mod brackets;
mod special;
mod strings;

use crate::source::TextRange;
use crate::syntax::{SyntaxError, is_never_in_identifier};

use brackets::Brackets;
use special::{Class, SpecialBytes, class};

/// One logical line.
pub(super) struct LogicalLine {
    /// Behind the last byte that is neither blank nor comment.
    pub(super) end: usize,
    /// Where the next physical line begins.
    pub(super) next: usize,
    /// A colon stood outside brackets.
    pub(super) colon: bool,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    special: SpecialBytes<'a>,
    brackets: Brackets,
    /// Where semicolons stood outside brackets in the line that was read last.
    pub(super) semicolons: Vec<usize>,
    /// Where comments stand, when they are asked for.
    pub(super) comments: Option<Vec<TextRange>>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            special: SpecialBytes::new(text.as_bytes()),
            brackets: Brackets::new(),
            semicolons: Vec::new(),
            comments: None,
        }
    }

    /// Reads the logical line whose first token begins at `start`.
    pub(super) fn logical_line(&mut self, start: usize) -> Result<LogicalLine, SyntaxError> {
        self.semicolons.clear();
        self.special.seek(start);
        let mut colon = false;
        loop {
            let at = self.special.next();
            let Some(&byte) = self.bytes.get(at) else {
                return Ok(self.finish(start, at, at, colon));
            };
            match class(byte) {
                Class::Newline => return Ok(self.finish(start, at, at, colon)),
                Class::Comment => {
                    let end = self.comment(at);
                    return Ok(self.finish(start, at, end, colon));
                }
                Class::Colon => colon = true,
                Class::Semicolon => self.semicolons.push(at),
                Class::Open => self.bracketed(at, start)?,
                other => self.step(other, at, start, 0)?,
            }
        }
    }

    #[inline]
    fn finish(&self, start: usize, at: usize, line_end: usize, colon: bool) -> LogicalLine {
        LogicalLine { end: self.trim_end(start, at), next: self.behind_newline(line_end), colon }
    }

    /// From a bracket outside of all others to behind its partner: most of a script stands there, in a loop of its own
    /// that passes over newlines and colons.
    fn bracketed(&mut self, at: usize, floor: usize) -> Result<(), SyntaxError> {
        self.open(at)?;
        while !self.brackets.is_empty() {
            let at = self.special.next();
            let Some(&byte) = self.bytes.get(at) else {
                return Err(self.never_closed());
            };
            match class(byte) {
                Class::Newline | Class::Colon => {}
                Class::Quote => self.string(at, floor, 0)?,
                Class::Open => self.open(at)?,
                Class::Close => self.close(at)?,
                Class::Comment => {
                    self.comment(at);
                }
                Class::Semicolon => {
                    return Err(SyntaxError::new(
                        "invalid syntax: `;` inside brackets",
                        at..at + 1,
                    ));
                }
                other => self.step(other, at, floor, 0)?,
            }
        }
        Ok(())
    }

    /// What is the same in code outside and inside of brackets and strings: everything but colons, semicolons, comments
    /// and line ends.
    fn step(
        &mut self,
        class: Class,
        at: usize,
        floor: usize,
        nesting: usize,
    ) -> Result<(), SyntaxError> {
        match class {
            Class::Quote => self.string(at, floor, nesting),
            Class::Open => self.open(at),
            Class::Close => self.close(at),
            Class::Backslash => self.continuation(at),
            Class::Exclamation if self.bytes.get(at + 1) == Some(&b'=') => Ok(()),
            Class::Exclamation | Class::Invalid => Err(self.invalid_character(at)),
            Class::Wide => self.wide(at),
            _ => Ok(()),
        }
    }

    /// Passes over the comment that begins at `at`; returns its end.
    fn comment(&mut self, at: usize) -> usize {
        let end = self.line_end(at);
        if let Some(comments) = &mut self.comments {
            comments.push(at..end);
        }
        self.special.seek(end);
        end
    }

    /// The end of the physical line, at its newline.
    fn line_end(&self, at: usize) -> usize {
        memchr::memchr2(b'\n', b'\r', &self.bytes[at..])
            .map_or(self.bytes.len(), |found| at + found)
    }

    fn behind_newline(&self, at: usize) -> usize {
        match self.bytes.get(at) {
            Some(b'\r') if self.bytes.get(at + 1) == Some(&b'\n') => at + 2,
            Some(_) => at + 1,
            None => at,
        }
    }

    /// Takes blanks and continuation marks away from the end of `start..end`.
    #[inline]
    fn trim_end(&self, start: usize, mut end: usize) -> usize {
        while end > start {
            match self.bytes[end - 1] {
                b' ' | b'\t' | 0x0c => end -= 1,
                b'\n' | b'\r' => {
                    let line = self.bytes[start..end].trim_ascii_end().len() + start;
                    if line == start || self.bytes[line - 1] != b'\\' {
                        return end;
                    }
                    end = line - 1;
                }
                _ => break,
            }
        }
        end
    }

    #[inline]
    fn open(&mut self, at: usize) -> Result<(), SyntaxError> {
        if self.brackets.push(at) {
            return Ok(());
        }
        Err(SyntaxError::new("too many nested parentheses", at..at + 1))
    }

    #[inline]
    fn close(&mut self, at: usize) -> Result<(), SyntaxError> {
        let opened = self.brackets.pop();
        match opened {
            Some(opened) if brackets::is_pair(self.bytes[opened], self.bytes[at]) => Ok(()),
            _ => Err(self.mismatch(opened, at)),
        }
    }

    #[cold]
    fn never_closed(&self) -> SyntaxError {
        let opened = self.brackets.last().unwrap_or_default();
        let message = format!("`{}` was never closed", char::from(self.bytes[opened]));
        SyntaxError::new(message, opened..opened + 1)
    }

    #[cold]
    fn mismatch(&self, opened: Option<usize>, at: usize) -> SyntaxError {
        let closing = char::from(self.bytes[at]);
        let message = match opened {
            None => format!("unmatched `{closing}`"),
            Some(opened) => format!(
                "closing parenthesis `{closing}` does not match opening parenthesis `{}` on line {}",
                char::from(self.bytes[opened]),
                self.line_number(opened)
            ),
        };
        SyntaxError::new(message, at..at + 1)
    }

    fn continuation(&mut self, at: usize) -> Result<(), SyntaxError> {
        match self.bytes.get(at + 1) {
            Some(b'\n' | b'\r') => {
                self.special.seek(self.behind_newline(at + 1));
                Ok(())
            }
            Some(_) => {
                let message = "unexpected character after line continuation character";
                Err(SyntaxError::new(message, at..at + 1))
            }
            None => Err(SyntaxError::new("unexpected end of file while parsing", at..at + 1)),
        }
    }

    fn wide(&mut self, at: usize) -> Result<(), SyntaxError> {
        let c = self.text[at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        if is_never_in_identifier(c) {
            return Err(self.invalid_character(at));
        }
        self.special.seek(at + c.len_utf8());
        Ok(())
    }

    #[cold]
    fn invalid_character(&self, at: usize) -> SyntaxError {
        let c = self.text[at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        let message = if c.is_ascii_graphic() {
            format!("invalid syntax: `{c}`")
        } else if c.is_control() || c.is_whitespace() {
            format!("invalid non-printable character U+{:04X}", u32::from(c))
        } else {
            format!("invalid character `{c}` (U+{:04X})", u32::from(c))
        };
        SyntaxError::new(message, at..at + c.len_utf8())
    }

    fn line_number(&self, at: usize) -> usize {
        let newlines = memchr::memchr2_iter(b'\n', b'\r', &self.bytes[..at]);
        1 + newlines
            .filter(|&end| self.bytes[end] == b'\n' || self.bytes.get(end + 1) != Some(&b'\n'))
            .count()
    }
}
