//! The byte scanner: finds the end of a logical line, knowing strings, comments, brackets and continuation lines.
//!
//! It reads every byte once and keeps no tokens. Strings with replacement fields are read by the rules of Python 3.12
//! (PEP 701), which accept everything that older versions accept.

mod special;

use crate::source::TextRange;
use crate::syntax::{
    SyntaxError, is_keyword, is_never_in_identifier, is_soft_keyword, is_string_prefix,
    is_word_byte, is_word_start, word_at,
};

use special::{Class, SpecialBytes, class};

/// CPython's limit of nested brackets.
const MAX_BRACKETS: usize = 200;
/// CPython's limit of strings nested in replacement fields.
const MAX_NESTED_STRINGS: usize = 150;

/// One logical line.
pub(super) struct LogicalLine {
    /// Behind the last byte that is neither blank nor comment.
    pub(super) end: usize,
    /// Where the next physical line begins.
    pub(super) next: usize,
    /// A colon stood outside brackets.
    pub(super) colon: bool,
}

/// A string literal on its way.
#[derive(Clone, Copy)]
struct Literal {
    start: usize,
    quote: u8,
    triple: bool,
    raw: bool,
}

pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    special: SpecialBytes<'a>,
    /// The open brackets and where they stand.
    brackets: Vec<(u8, usize)>,
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
            brackets: Vec::new(),
            semicolons: Vec::new(),
            comments: None,
        }
    }

    /// Reads the logical line whose first token begins at `start`.
    pub(super) fn logical_line(&mut self, start: usize) -> Result<LogicalLine, SyntaxError> {
        self.semicolons.clear();
        let mut colon = false;
        let mut at = start;
        loop {
            at = self.special.next(at);
            let Some(&byte) = self.bytes.get(at) else {
                break;
            };
            match class(byte) {
                Class::Newline if self.brackets.is_empty() => break,
                Class::Comment => {
                    let end = self.line_end(at);
                    if self.brackets.is_empty() {
                        self.note_comment(at, end);
                        return Ok(self.finish(start, at, end, colon));
                    }
                    self.note_comment(at, end);
                    at = end;
                }
                Class::Colon => {
                    colon |= self.brackets.is_empty();
                    at += 1;
                }
                Class::Semicolon => {
                    self.semicolon(at)?;
                    at += 1;
                }
                other => at = self.step(other, at, start, 0)?,
            }
        }
        if let Some(&(bracket, opened)) = self.brackets.last() {
            let message = format!("`{}` was never closed", char::from(bracket));
            return Err(SyntaxError::new(message, opened..opened + 1));
        }
        Ok(self.finish(start, at, at, colon))
    }

    #[inline]
    fn finish(&self, start: usize, at: usize, line_end: usize, colon: bool) -> LogicalLine {
        LogicalLine { end: self.trim_end(start, at), next: self.behind_newline(line_end), colon }
    }

    /// What is the same in code outside and inside of strings: everything but colons, comments and line ends.
    #[inline]
    fn step(
        &mut self,
        class: Class,
        at: usize,
        floor: usize,
        nesting: usize,
    ) -> Result<usize, SyntaxError> {
        match class {
            Class::Quote => self.string(at, floor, nesting),
            Class::Open => self.open(at),
            Class::Close => self.close(at),
            Class::Backslash => self.continuation(at),
            Class::Exclamation if self.bytes.get(at + 1) == Some(&b'=') => Ok(at + 2),
            Class::Exclamation | Class::Invalid => Err(self.invalid_character(at)),
            Class::Wide => self.wide(at),
            _ => Ok(at + 1),
        }
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

    fn note_comment(&mut self, start: usize, end: usize) {
        if let Some(comments) = &mut self.comments {
            comments.push(start..end);
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

    fn semicolon(&mut self, at: usize) -> Result<(), SyntaxError> {
        if self.brackets.is_empty() {
            self.semicolons.push(at);
            return Ok(());
        }
        Err(SyntaxError::new("invalid syntax: `;` inside brackets", at..at + 1))
    }

    #[inline]
    fn open(&mut self, at: usize) -> Result<usize, SyntaxError> {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(SyntaxError::new("too many nested parentheses", at..at + 1));
        }
        self.brackets.push((self.bytes[at], at));
        Ok(at + 1)
    }

    #[inline]
    fn close(&mut self, at: usize) -> Result<usize, SyntaxError> {
        let closing = self.bytes[at];
        match (self.brackets.pop(), closing) {
            (Some((b'(', _)), b')') | (Some((b'[', _)), b']') | (Some((b'{', _)), b'}') => {
                Ok(at + 1)
            }
            (opening, _) => Err(self.mismatch(opening, at)),
        }
    }

    #[cold]
    fn mismatch(&self, opening: Option<(u8, usize)>, at: usize) -> SyntaxError {
        let closing = char::from(self.bytes[at]);
        let message = match opening {
            None => format!("unmatched `{closing}`"),
            Some((opening, opened)) => format!(
                "closing parenthesis `{closing}` does not match opening parenthesis `{}` on line {}",
                char::from(opening),
                self.line_number(opened)
            ),
        };
        SyntaxError::new(message, at..at + 1)
    }

    fn continuation(&self, at: usize) -> Result<usize, SyntaxError> {
        match self.bytes.get(at + 1) {
            Some(b'\n' | b'\r') => Ok(self.behind_newline(at + 1)),
            Some(_) => {
                let message = "unexpected character after line continuation character";
                Err(SyntaxError::new(message, at..at + 1))
            }
            None => Err(SyntaxError::new("unexpected end of file while parsing", at..at + 1)),
        }
    }

    fn wide(&self, at: usize) -> Result<usize, SyntaxError> {
        let c = self.text[at..].chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        if is_never_in_identifier(c) {
            return Err(self.invalid_character(at));
        }
        Ok(at + c.len_utf8())
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

    /// Reads the string literal whose opening quote stands at `at`; `floor` is where its statement begins.
    #[inline]
    pub(super) fn string(
        &mut self,
        at: usize,
        floor: usize,
        nesting: usize,
    ) -> Result<usize, SyntaxError> {
        let prefix = self.check_before_string(at, floor)?;
        let quote = self.bytes[at];
        let triple =
            self.bytes.get(at + 1) == Some(&quote) && self.bytes.get(at + 2) == Some(&quote);
        let raw = prefix.iter().any(|byte| byte.eq_ignore_ascii_case(&b'r'));
        let literal = Literal { start: at, quote, triple, raw };
        if prefix.is_empty() && !triple {
            let end = self.single_quoted(at + 1, literal)?;
            self.check_behind_string(end)?;
            return Ok(end);
        }
        let body = if triple { at + 3 } else { at + 1 };
        let fields = prefix.iter().any(|byte| matches!(byte.to_ascii_lowercase(), b'f' | b't'));
        let end = if fields {
            self.string_with_fields(body, literal, nesting + 1)?
        } else if triple {
            self.triple_quoted(body, literal)?
        } else {
            self.single_quoted(body, literal)?
        };
        let is_bytes = prefix.iter().any(|byte| byte.eq_ignore_ascii_case(&b'b'));
        if is_bytes && !self.bytes[at..end].is_ascii() {
            let message = "bytes can only contain ASCII literal characters";
            return Err(SyntaxError::new(message, at..end));
        }
        self.check_behind_string(end)?;
        Ok(end)
    }

    #[inline]
    fn single_quoted(&mut self, body: usize, literal: Literal) -> Result<usize, SyntaxError> {
        let mut at = body;
        loop {
            at = self.special.next(at);
            match self.bytes.get(at) {
                None | Some(b'\n' | b'\r') => return Err(self.unterminated(literal, at)),
                Some(b'\\') => at = self.behind_newline(at + 1),
                Some(&byte) => {
                    at += 1;
                    if byte == literal.quote {
                        return Ok(at);
                    }
                }
            }
        }
    }

    fn triple_quoted(&self, body: usize, literal: Literal) -> Result<usize, SyntaxError> {
        let mut at = body;
        while let Some(found) =
            memchr::memchr2(literal.quote, b'\\', self.bytes.get(at..).unwrap_or_default())
        {
            at += found;
            if self.bytes[at] == b'\\' {
                at += 2;
            } else if self.closes(at, literal) {
                return Ok(at + 3);
            } else {
                at += 1;
            }
        }
        Err(self.unterminated(literal, self.bytes.len()))
    }

    fn closes(&self, at: usize, literal: Literal) -> bool {
        let quote = Some(&literal.quote);
        self.bytes.get(at) == quote
            && (!literal.triple
                || (self.bytes.get(at + 1) == quote && self.bytes.get(at + 2) == quote))
    }

    #[cold]
    fn unterminated(&self, literal: Literal, at: usize) -> SyntaxError {
        let kind = if literal.triple { "triple-quoted string" } else { "string" };
        let line = self.line_number(at.min(self.bytes.len()));
        let message = format!("unterminated {kind} literal (detected at line {line})");
        SyntaxError::new(message, literal.start..literal.start + 1)
    }

    /// An f-string or t-string from behind its opening quote.
    fn string_with_fields(
        &mut self,
        body: usize,
        literal: Literal,
        nesting: usize,
    ) -> Result<usize, SyntaxError> {
        if nesting > MAX_NESTED_STRINGS {
            return Err(SyntaxError::new(
                "too many nested f-strings",
                literal.start..literal.start + 1,
            ));
        }
        let mut at = body;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at = self.escape_in_fields(at, literal),
                b'{' if self.bytes.get(at + 1) == Some(&b'{') => at += 2,
                b'{' => at = self.field(at, literal, nesting)?,
                b'}' if self.bytes.get(at + 1) == Some(&b'}') => at += 2,
                b'}' => {
                    return Err(SyntaxError::new(
                        "f-string: single `}` is not allowed",
                        at..at + 1,
                    ));
                }
                b'\n' | b'\r' if !literal.triple => break,
                _ if self.closes(at, literal) => return Ok(at + if literal.triple { 3 } else { 1 }),
                _ => at += 1,
            }
        }
        Err(self.unterminated(literal, at))
    }

    /// Behind a backslash and what it escapes. Braces are never escaped; `\N{...}` holds no field.
    fn escape_in_fields(&self, at: usize, literal: Literal) -> usize {
        match self.bytes.get(at + 1) {
            None | Some(b'{' | b'}') => at + 1,
            Some(b'N') if !literal.raw && self.bytes.get(at + 2) == Some(&b'{') => {
                let name = &self.bytes[at..];
                memchr::memchr2(b'}', literal.quote, name).map_or(self.bytes.len(), |end| {
                    if name[end] == b'}' { at + end + 1 } else { at + end }
                })
            }
            Some(_) => self.behind_newline(at + 1),
        }
    }

    /// A replacement field from its `{` to behind its `}`.
    fn field(&mut self, at: usize, literal: Literal, nesting: usize) -> Result<usize, SyntaxError> {
        if nesting > MAX_NESTED_STRINGS {
            return Err(SyntaxError::new("f-string: expressions nested too deeply", at..at + 1));
        }
        let floor = at + 1;
        let depth = self.brackets.len();
        let mut at = self.open(at)?;
        loop {
            at = self.special.next(at);
            let Some(&byte) = self.bytes.get(at) else {
                return Err(self.unterminated(literal, at));
            };
            let outermost = self.brackets.len() == depth + 1;
            match class(byte) {
                Class::Close if outermost => return self.close(at),
                Class::Colon if outermost => {
                    at = self.format_spec(at + 1, literal, nesting)?;
                    return self.close(at);
                }
                Class::Exclamation if outermost => at += 1,
                Class::Comment => at = self.line_end(at),
                other => at = self.step(other, at, floor, nesting)?,
            }
        }
    }

    /// A format specification; returns where its closing brace stands.
    fn format_spec(
        &mut self,
        body: usize,
        literal: Literal,
        nesting: usize,
    ) -> Result<usize, SyntaxError> {
        let mut at = body;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'{' => at = self.field(at, literal, nesting + 1)?,
                b'}' => return Ok(at),
                b'\n' | b'\r' if !literal.triple => break,
                _ if self.closes(at, literal) => {
                    return Err(SyntaxError::new("f-string: expecting `}`", at..at + 1));
                }
                _ => at += 1,
            }
        }
        Err(self.unterminated(literal, at))
    }

    /// Refuses a name or a closing bracket directly before a string (`print "x"`); returns the string's prefix.
    #[inline]
    fn check_before_string(&self, quote: usize, floor: usize) -> Result<&'a [u8], SyntaxError> {
        let opens = |byte| matches!(byte, b'(' | b',' | b'=' | b'[' | b'{' | b':');
        match self.bytes[floor..quote] {
            [] | [.., b',' | b'=', b' '] => return Ok(&[]),
            [.., byte] if opens(byte) => return Ok(&[]),
            _ => {}
        }
        let mut word = self.word_before(quote, floor);
        let mut prefix: &[u8] = &[];
        if is_string_prefix(&self.bytes[word.clone()]) {
            prefix = &self.bytes[word.clone()];
            let blanks = self.bytes[floor..word.start]
                .iter()
                .rev()
                .take_while(|&&byte| byte == b' ' || byte == b'\t')
                .count();
            let before = word.start - blanks;
            if before > floor && matches!(self.bytes[before - 1], b')' | b']' | b'}') {
                return Err(SyntaxError::new(
                    "invalid syntax: perhaps you forgot a comma?",
                    before - 1..quote + 1,
                ));
            }
            word = self.word_before(before, floor);
        }
        let name = &self.bytes[word.clone()];
        let fine = name.first().is_none_or(u8::is_ascii_digit)
            || is_keyword(name)
            || (is_soft_keyword(name) && word.start == floor);
        if fine {
            return Ok(prefix);
        }
        let message = match name {
            b"print" | b"exec" => format!(
                "missing parentheses in call to `{0}`: did you mean `{0}(...)`?",
                String::from_utf8_lossy(name)
            ),
            _ => "invalid syntax: a string behind a name".to_owned(),
        };
        Err(SyntaxError::new(message, word.start..quote + 1))
    }

    /// The word that ends at `end`, not reaching before `floor`.
    fn word_before(&self, end: usize, floor: usize) -> TextRange {
        let length =
            self.bytes[floor..end].iter().rev().take_while(|&&byte| is_word_byte(byte)).count();
        end - length..end
    }

    /// Refuses a name directly behind a string (`'it's'`); a keyword or another string may follow.
    #[inline]
    fn check_behind_string(&self, end: usize) -> Result<(), SyntaxError> {
        if matches!(self.bytes.get(end), Some(b',' | b')' | b'\n' | b']' | b':' | b'}')) {
            return Ok(());
        }
        let blanks =
            self.bytes[end..].iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
        let at = end + blanks;
        if !self.bytes.get(at).is_some_and(|&byte| is_word_start(byte) && byte < 0x80) {
            return Ok(());
        }
        let word = word_at(self.bytes, at);
        let quoted = matches!(self.bytes.get(at + word.len()), Some(b'\'' | b'"'));
        if is_keyword(word) || (quoted && is_string_prefix(word)) {
            return Ok(());
        }
        Err(SyntaxError::new("invalid syntax: a name behind a string", at..at + word.len()))
    }
}
