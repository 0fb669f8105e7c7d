//! String literals, and what may stand beside them.

use super::Scanner;
use super::special::{Class, class};
use crate::source::TextRange;
use crate::syntax::{
    SyntaxError, is_keyword, is_soft_keyword, is_string_prefix, is_word_byte, is_word_start,
    word_at,
};

/// CPython's limit of strings nested in replacement fields.
const MAX_NESTED_STRINGS: usize = 150;

/// A string literal on its way.
#[derive(Clone, Copy)]
struct Literal {
    start: usize,
    quote: u8,
    triple: bool,
    raw: bool,
}

impl<'a> Scanner<'a> {
    /// Passes over the string literal whose opening quote stands at `at`; `floor` is where its statement begins.
    #[inline]
    pub(super) fn string(
        &mut self,
        at: usize,
        floor: usize,
        nesting: usize,
    ) -> Result<(), SyntaxError> {
        if self.plain_string(at, floor) {
            return Ok(());
        }
        let end = self.any_string(at, floor, nesting)?;
        self.special.seek(end);
        Ok(())
    }

    /// Tries what nearly every string is: without a prefix, between punctuation, and ended by the next byte that is
    /// looked at.
    #[inline]
    fn plain_string(&mut self, at: usize, floor: usize) -> bool {
        if !may_precede_string(&self.bytes[floor..at]) {
            return false;
        }
        let end = self.special.next();
        // Two quotes side by side may be the beginning of three.
        end > at + 1
            && self.bytes.get(end) == Some(&self.bytes[at])
            && may_follow_string(self.bytes.get(end + 1))
    }

    /// Behind the string literal whose opening quote stands at `at`.
    pub(in crate::statements) fn any_string(
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

    fn single_quoted(&mut self, body: usize, literal: Literal) -> Result<usize, SyntaxError> {
        self.special.seek(body);
        loop {
            let at = self.special.next();
            match self.bytes.get(at) {
                None | Some(b'\n' | b'\r') => return Err(self.unterminated(literal, at)),
                Some(b'\\') => self.special.seek(self.behind_newline(at + 1)),
                Some(&byte) if byte == literal.quote => return Ok(at + 1),
                Some(_) => {}
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
        self.open(at)?;
        self.special.seek(floor);
        loop {
            let at = self.special.next();
            let Some(&byte) = self.bytes.get(at) else {
                return Err(self.unterminated(literal, at));
            };
            let outermost = self.brackets.len() == depth + 1;
            match class(byte) {
                Class::Close if outermost => return self.close(at).map(|()| at + 1),
                Class::Colon if outermost => {
                    let end = self.format_spec(at + 1, literal, nesting)?;
                    return self.close(end).map(|()| end + 1);
                }
                Class::Exclamation if outermost => {}
                Class::Comment => self.special.seek(self.line_end(at)),
                other => self.step(other, at, floor, nesting)?,
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
    fn check_before_string(&self, quote: usize, floor: usize) -> Result<&'a [u8], SyntaxError> {
        if may_precede_string(&self.bytes[floor..quote]) {
            return Ok(&[]);
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
    fn check_behind_string(&self, end: usize) -> Result<(), SyntaxError> {
        if may_follow_string(self.bytes.get(end)) {
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

/// Whether it is plain that no word and no closing bracket stands directly before a string.
#[inline]
fn may_precede_string(code: &[u8]) -> bool {
    match code {
        [] | [.., b',' | b'=', b' '] => true,
        [.., byte] => matches!(byte, b'(' | b',' | b'=' | b'[' | b'{' | b':'),
    }
}

/// Whether it is plain that no name stands directly behind a string.
#[inline]
fn may_follow_string(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b',' | b')' | b'\n' | b']' | b':' | b'}'))
}
