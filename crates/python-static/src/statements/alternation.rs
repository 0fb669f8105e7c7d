//! Operands and operators take turns: a cheap check of simple statements.
//!
//! Whatever newer Pythons add, no expression has two operands side by side, an operator without an operand, or an
//! empty item between two commas. The check knows tokens and brackets and no grammar; what it does not know it accepts.

use super::string_end;
use crate::source::TextRange;
use crate::syntax::{
    SyntaxError, is_keyword, is_soft_keyword, is_string_prefix, is_word_byte, is_word_start,
    word_at,
};

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// An operand must come.
    Operand,
    /// An operand may come, or the end of what is open: behind a comma, a colon, an opening bracket.
    Maybe,
    /// The same directly behind a comma, where no second comma may follow.
    BehindComma,
    /// An operand has come; behind a string another string may follow.
    Operator { behind_string: bool },
}

const OPERATOR: Next = Next::Operator { behind_string: false };

/// Refuses a simple statement in which operands and operators do not take turns.
pub(super) fn check(text: &str, range: TextRange) -> Result<(), SyntaxError> {
    let mut check = Check {
        text,
        bytes: &text.as_bytes()[..range.end],
        at: range.start,
        depth: 0,
        next: Next::Operand,
        is_raise: false,
    };
    let first = word_at(check.bytes, range.start);
    if is_soft_keyword(first) && first != b"type" {
        return Ok(());
    }
    check.leading_keyword(first);
    while check.skip_space() {
        check.token(range.start)?;
    }
    if check.next == Next::Operand {
        return Err(SyntaxError::new("invalid syntax", range.end - 1..range.end));
    }
    Ok(())
}

struct Check<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    next: Next,
    is_raise: bool,
}

impl Check<'_> {
    /// Passes over the keyword that begins a statement.
    fn leading_keyword(&mut self, word: &[u8]) {
        let next = match word {
            b"pass" | b"break" | b"continue" => OPERATOR,
            b"return" | b"raise" | b"yield" => Next::Maybe,
            b"del" | b"assert" | b"global" | b"nonlocal" | b"import" | b"from" => Next::Operand,
            b"type" if self.bytes.get(self.at + word.len()) == Some(&b' ') => {
                let behind = self.bytes[self.at + word.len()..].trim_ascii_start();
                match behind.first() {
                    Some(&byte) if is_word_start(byte) => Next::Operand,
                    _ => return,
                }
            }
            _ => return,
        };
        self.is_raise = word == b"raise";
        self.at += word.len();
        self.next = next;
    }

    /// Behind blanks, comments, newlines and continuation marks; false at the end.
    fn skip_space(&mut self) -> bool {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'\\' => self.at += 1,
                b'#' => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                }
                _ => return true,
            }
        }
        false
    }

    fn error(&self, width: usize) -> SyntaxError {
        let end = (self.at + width.max(1)).min(self.bytes.len());
        SyntaxError::new("invalid syntax", self.at..end)
    }

    fn token(&mut self, start: usize) -> Result<(), SyntaxError> {
        let byte = self.bytes[self.at];
        match byte {
            b'\'' | b'"' => self.string(self.at),
            b'0'..=b'9' => self.number(),
            b'.' if self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) => self.number(),
            b'.' => self.dots(start),
            b'(' | b'[' | b'{' => {
                if byte == b'{' && self.has_operand() {
                    return Err(self.error(1));
                }
                self.depth += 1;
                self.advance(1, Next::Maybe)
            }
            b')' | b']' | b'}' => {
                if self.next == Next::Operand {
                    return Err(self.error(1));
                }
                self.depth = self.depth.saturating_sub(1);
                self.advance(1, OPERATOR)
            }
            b',' => {
                let empty = matches!(self.next, Next::Operand | Next::BehindComma);
                if empty || (self.is_raise && self.depth == 0) {
                    return Err(self.error(1));
                }
                self.advance(1, Next::BehindComma)
            }
            _ if is_word_start(byte) => self.word(),
            _ => self.operator(byte),
        }
    }

    fn has_operand(&self) -> bool {
        matches!(self.next, Next::Operator { .. })
    }

    #[expect(clippy::unnecessary_wraps, reason = "the arms of `token` all answer so")]
    fn advance(&mut self, width: usize, next: Next) -> Result<(), SyntaxError> {
        self.at += width;
        self.next = next;
        Ok(())
    }

    fn operand(&mut self, width: usize) -> Result<(), SyntaxError> {
        if self.has_operand() {
            return Err(self.error(width));
        }
        self.advance(width, OPERATOR)
    }

    fn string(&mut self, quote: usize) -> Result<(), SyntaxError> {
        if self.next == OPERATOR {
            return Err(self.error(1));
        }
        let end = string_end(self.text, quote).min(self.bytes.len());
        self.at = end;
        self.next = Next::Operator { behind_string: true };
        Ok(())
    }

    fn word(&mut self) -> Result<(), SyntaxError> {
        let word = word_at(self.bytes, self.at);
        let behind = self.at + word.len();
        if matches!(self.bytes.get(behind), Some(b'\'' | b'"')) && is_string_prefix(word) {
            return self.string(behind);
        }
        match word {
            b"None" | b"True" | b"False" => self.operand(word.len()),
            b"and" | b"or" | b"in" | b"is" | b"else" | b"as" => {
                if !self.has_operand() {
                    return Err(self.error(word.len()));
                }
                self.advance(word.len(), Next::Operand)
            }
            b"if" if !self.has_operand() => Err(self.error(word.len())),
            // Of `not in`.
            b"not" if self.has_operand() => self.advance(word.len(), OPERATOR),
            // They stand in more places than one.
            b"not" | b"if" | b"for" | b"async" | b"await" | b"from" => {
                self.advance(word.len(), Next::Operand)
            }
            b"import" => self.advance(word.len(), Next::Operand),
            b"lambda" | b"yield" => self.advance(word.len(), Next::Maybe),
            _ if is_keyword(word) => Err(self.error(word.len())),
            _ => self.operand(word.len()),
        }
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let bytes = &self.bytes[self.at..];
        let count = |bytes: &[u8], test: fn(&u8) -> bool| {
            bytes.iter().take_while(|byte| test(byte)).count()
        };
        let digits: fn(&u8) -> bool = |byte| byte.is_ascii_digit() || *byte == b'_';
        let mut width = match bytes {
            [b'0', b'x' | b'X', ..] => {
                2 + count(&bytes[2..], |byte| byte.is_ascii_hexdigit() || *byte == b'_')
            }
            [b'0', b'o' | b'O' | b'b' | b'B', ..] => 2 + count(&bytes[2..], digits),
            _ => count(bytes, digits),
        };
        let is_plain = bytes[..width].iter().all(u8::is_ascii_digit);
        if bytes.get(width) == Some(&b'.') {
            width += 1 + count(&bytes[width + 1..], digits);
        }
        if let [b'e' | b'E', sign, rest @ ..] = &bytes[width..]
            && (sign.is_ascii_digit()
                || (matches!(sign, b'+' | b'-') && rest.first().is_some_and(u8::is_ascii_digit)))
        {
            width += 2 + count(rest, digits);
        }
        width += usize::from(matches!(bytes.get(width), Some(b'j' | b'J')));
        let leading_zero = is_plain
            && bytes[0] == b'0'
            && bytes[..width].iter().any(|byte| (b'1'..=b'9').contains(byte));
        if leading_zero && bytes[..width].iter().all(u8::is_ascii_digit) {
            let message = "leading zeros in decimal integer literals are not permitted";
            return Err(SyntaxError::new(message, self.at..self.at + width));
        }
        let word = word_at(self.bytes, self.at + width);
        if bytes.get(width).is_some_and(|&byte| is_word_byte(byte)) && !is_keyword(word) {
            return Err(SyntaxError::new("invalid decimal literal", self.at..self.at + width));
        }
        self.operand(width)
    }

    /// `...`, an attribute, or the dots of a relative import.
    fn dots(&mut self, start: usize) -> Result<(), SyntaxError> {
        let is_import = self.bytes[start..].starts_with(b"from");
        if is_import && !self.has_operand() {
            // `from . import x`: a module without a name.
            return self.advance(1, Next::Maybe).map(|()| self.behind_relative_dots());
        }
        if self.has_operand() {
            return self.advance(1, Next::Operand);
        }
        if self.bytes[self.at..].starts_with(b"...") { self.operand(3) } else { Err(self.error(1)) }
    }

    fn behind_relative_dots(&mut self) {
        while self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
        }
    }

    fn operator(&mut self, byte: u8) -> Result<(), SyntaxError> {
        let rest = &self.bytes[self.at..];
        let wide =
            [b"**=".as_slice(), b"//=", b">>=", b"<<="].iter().any(|mark| rest.starts_with(mark));
        let double = [
            b"**".as_slice(),
            b"//",
            b">>",
            b"<<",
            b"==",
            b"!=",
            b"<=",
            b">=",
            b":=",
            b"+=",
            b"-=",
            b"*=",
            b"/=",
            b"%=",
            b"&=",
            b"|=",
            b"^=",
            b"@=",
            b"->",
        ];
        let width = if wide {
            3
        } else {
            1 + usize::from(double.iter().any(|mark| rest.starts_with(mark)))
        };
        let operand_came = self.has_operand();
        match &rest[..width] {
            b":=" if self.depth == 0 || !operand_came => Err(self.error(width)),
            b":" => self.advance(width, Next::Maybe),
            // Signs, and the stars of unpacking, stand before an operand too.
            b"+" | b"-" | b"~" | b"*" | b"**" => self.star_or_sign(width),
            _ if !operand_came && byte != b'*' => {
                // `lambda x=1`, `f(a=1)` and annotations have their operand; nothing else goes without.
                Err(self.error(width))
            }
            _ => self.advance(width, Next::Operand),
        }
    }

    fn star_or_sign(&mut self, width: usize) -> Result<(), SyntaxError> {
        // `from x import *` ends with its star; `lambda *, a: …` has a star for an operand.
        let is_star = self.bytes[self.at] == b'*';
        self.advance(width, if is_star { Next::Maybe } else { Next::Operand })
    }
}
