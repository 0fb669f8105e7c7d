//! The lines of a `.env` file, as python-dotenv's `parser.py` reads them.

use super::Binding;

/// Where reading has come to.
pub(super) struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

/// The line cannot be read.
struct Unreadable;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    pub(super) fn has_next(&self) -> bool {
        !self.rest.is_empty()
    }

    /// The next line that is more than blank; `None` for a comment. An error is the line that was passed over.
    pub(super) fn binding(&mut self) -> Result<Option<Binding>, usize> {
        self.skip(is_space);
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        #[expect(clippy::single_match_else, reason = "both outcomes of a line stand side by side")]
        match self.content() {
            Ok(found) => Ok(found.map(|(name, value)| Binding { name, value, line })),
            Err(Unreadable) => {
                self.skip(|character| character != '\n');
                self.take('\n');
                Err(line)
            }
        }
    }

    fn content(&mut self) -> Result<Option<(String, Option<String>)>, Unreadable> {
        self.skip_export();
        let name = self.name()?;
        self.skip(is_blank);
        let value = if self.take('=') {
            let blanks = self.skip(is_blank);
            // Behind blanks, a `#` begins a comment; without them it belongs to the value.
            let empty = blanks > 0 && self.rest.starts_with('#');
            Some(if empty { String::new() } else { self.value()? })
        } else {
            None
        };
        self.end_of_line()?;
        Ok(name.map(|name| (name, value)))
    }

    fn skip_export(&mut self) {
        if let Some(behind) = self.rest.strip_prefix("export")
            && behind.starts_with(is_blank)
        {
            self.rest = behind;
            self.skip(is_blank);
        }
    }

    fn name(&mut self) -> Result<Option<String>, Unreadable> {
        if self.rest.starts_with('#') {
            return Ok(None);
        }
        let (name, length) = if let Some(quoted) = self.rest.strip_prefix('\'') {
            let end = quoted.find('\'').ok_or(Unreadable)?;
            (&quoted[..end], end + 2)
        } else {
            let ends = |character: char| matches!(character, '=' | '#') || is_space(character);
            let end = self.rest.find(ends).unwrap_or(self.rest.len());
            (&self.rest[..end], end)
        };
        if name.is_empty() {
            return Err(Unreadable);
        }
        let name = name.to_owned();
        self.advance(length);
        Ok(Some(name))
    }

    fn value(&mut self) -> Result<String, Unreadable> {
        match self.rest.chars().next() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => Ok(self.unquoted()),
        }
    }

    /// May go on over several lines.
    fn quoted(&mut self, quote: char) -> Result<String, Unreadable> {
        let mut value = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            if character == quote {
                self.advance(at + 1);
                return Ok(value);
            }
            if character != '\\' {
                value.push(character);
                continue;
            }
            let (_, escaped) = characters.next().ok_or(Unreadable)?;
            match unescape(quote, escaped) {
                Some(meant) => value.push(meant),
                None => value.extend(['\\', escaped]),
            }
        }
        Err(Unreadable)
    }

    fn unquoted(&mut self) -> String {
        let line = self.rest.split('\n').next().unwrap_or_default();
        let mut end = line.len();
        for (at, _) in line.match_indices('#') {
            if line[..at].ends_with(is_space) {
                end = at;
                break;
            }
        }
        let value = line[..end].trim_end_matches(is_space).to_owned();
        let length = line.len();
        self.advance(length);
        value
    }

    /// An optional comment, then the end of the line.
    fn end_of_line(&mut self) -> Result<(), Unreadable> {
        self.skip(is_blank);
        if self.rest.starts_with('#') {
            self.skip(|character| character != '\n');
        }
        if self.rest.is_empty() || self.take('\n') { Ok(()) } else { Err(Unreadable) }
    }

    fn take(&mut self, character: char) -> bool {
        let found = self.rest.starts_with(character);
        if found {
            self.advance(character.len_utf8());
        }
        found
    }

    /// Returns how many bytes were passed over.
    fn skip(&mut self, passes: impl Fn(char) -> bool) -> usize {
        let length = self.rest.find(|character| !passes(character)).unwrap_or(self.rest.len());
        self.advance(length);
        length
    }

    fn advance(&mut self, length: usize) {
        let (passed, rest) = self.rest.split_at(length);
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = rest;
    }
}

/// What the character behind a backslash means; `None` when the backslash stays.
fn unescape(quote: char, escaped: char) -> Option<char> {
    Some(match (quote, escaped) {
        (_, '\\' | '\'') => escaped,
        ('"', '"') => '"',
        ('"', 'a') => '\u{7}',
        ('"', 'b') => '\u{8}',
        ('"', 'f') => '\u{c}',
        ('"', 'n') => '\n',
        ('"', 'r') => '\r',
        ('"', 't') => '\t',
        ('"', 'v') => '\u{b}',
        _ => return None,
    })
}

/// `\s` of Python.
fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// `[^\S\r\n]` of Python.
fn is_blank(character: char) -> bool {
    is_space(character) && character != '\n'
}
