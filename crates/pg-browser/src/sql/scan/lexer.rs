//! Tokens.

use std::ops::Range;

/// A token and where it stands, in bytes. White space and comments are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) range: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes.
    QuotedName,
    /// A text in quotes or between dollars.
    Text,
    Number,
    /// `$1`
    Parameter,
    Open,
    Close,
    Semicolon,
    /// One character of anything else.
    Symbol,
}

/// What is open at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfinished {
    pub(crate) what: &'static str,
    pub(crate) at: usize,
}

impl Token {
    /// The token as it is written.
    pub(crate) fn text<'a>(&self, sql: &'a str) -> &'a str {
        &sql[self.range.clone()]
    }

    /// Whether it is this keyword.
    pub(crate) fn is_word(&self, sql: &str, word: &str) -> bool {
        self.kind == Kind::Word && self.text(sql).eq_ignore_ascii_case(word)
    }
}

/// All tokens of a text.
pub(crate) fn tokens(sql: &str) -> Result<Vec<Token>, Unfinished> {
    let mut lexer = Lexer { bytes: sql.as_bytes(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self) -> Result<Option<Token>, Unfinished> {
        self.skip_blank()?;
        let start = self.at;
        let Some(first) = self.peek(0) else { return Ok(None) };
        let kind = match first {
            b'\'' => self.text(false)?,
            b'"' => self.quoted_name()?,
            b'$' => self.dollar()?,
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) => self.number(),
            byte if begins_word(byte) => self.word()?,
            byte => {
                self.at += 1;
                match byte {
                    b'(' => Kind::Open,
                    b')' => Kind::Close,
                    b';' => Kind::Semicolon,
                    _ => Kind::Symbol,
                }
            }
        };
        Ok(Some(Token { kind, range: start..self.at }))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    fn skip_while(&mut self, is_part: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&is_part) {
            self.at += 1;
        }
    }

    fn skip_blank(&mut self) -> Result<(), Unfinished> {
        loop {
            self.skip_while(is_space);
            if self.rest().starts_with(b"--") {
                self.skip_while(|byte| !is_line_end(byte));
            } else if self.rest().starts_with(b"/*") {
                self.skip_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    /// These comments nest.
    fn skip_comment(&mut self) -> Result<(), Unfinished> {
        let at = self.at;
        let mut depth = 0_usize;
        loop {
            if self.rest().starts_with(b"/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Ok(());
                }
            } else if self.at < self.bytes.len() {
                self.at += 1;
            } else {
                return Err(Unfinished { what: "a comment has no end", at });
            }
        }
    }

    /// From a quote on, with all the parts that stand on lines of their own.
    fn text(&mut self, has_escapes: bool) -> Result<Kind, Unfinished> {
        loop {
            self.quoted(b'\'', has_escapes, "a text has no closing quote")?;
            if !has_escapes || !self.skip_to_next_part() {
                return Ok(Kind::Text);
            }
        }
    }

    /// A text goes on behind a line's end, which matters where backslashes do.
    fn skip_to_next_part(&mut self) -> bool {
        let back = self.at;
        let mut has_line_end = false;
        loop {
            match self.peek(0) {
                Some(byte) if is_space(byte) => {
                    has_line_end |= is_line_end(byte);
                    self.at += 1;
                }
                Some(b'-') if self.peek(1) == Some(b'-') => {
                    self.skip_while(|byte| !is_line_end(byte));
                }
                Some(b'\'') if has_line_end => return true,
                _ => {
                    self.at = back;
                    return false;
                }
            }
        }
    }

    fn quoted_name(&mut self) -> Result<Kind, Unfinished> {
        self.quoted(b'"', false, "a quoted name has no closing quote")?;
        Ok(Kind::QuotedName)
    }

    /// Up to and with the closing quote; two quotes are one of the text.
    fn quoted(&mut self, quote: u8, has_escapes: bool, what: &'static str) -> Result<(), Unfinished> {
        let at = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                None => return Err(Unfinished { what, at }),
                Some(b'\\') if has_escapes => self.at = (self.at + 2).min(self.bytes.len()),
                Some(byte) if byte == quote && self.peek(1) == Some(quote) => self.at += 2,
                Some(byte) if byte == quote => {
                    self.at += 1;
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// A parameter, a text between dollars, or a lone dollar.
    fn dollar(&mut self) -> Result<Kind, Unfinished> {
        let at = self.at;
        if self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
            self.skip_while(|byte| byte.is_ascii_digit());
            return Ok(Kind::Parameter);
        }
        let rest = self.rest();
        let tag = rest[1..].iter().position(|byte| !is_tag_part(*byte)).map_or(rest.len(), |end| end + 1);
        let begins = rest.get(1).is_some_and(|byte| *byte == b'$' || begins_word(*byte));
        if rest.get(tag) != Some(&b'$') || !begins {
            self.at += 1;
            return Ok(Kind::Symbol);
        }
        let delimiter = &rest[..=tag];
        let body = &rest[delimiter.len()..];
        let end = body.windows(delimiter.len()).position(|window| window == delimiter);
        let end = end.ok_or(Unfinished { what: "a text between dollars has no end", at })?;
        self.at += 2 * delimiter.len() + end;
        Ok(Kind::Text)
    }

    fn number(&mut self) -> Kind {
        self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_');
        Kind::Number
    }

    fn word(&mut self) -> Result<Kind, Unfinished> {
        let first = self.peek(0).unwrap_or_default().to_ascii_lowercase();
        match (first, self.peek(1), self.peek(2)) {
            (b'e', Some(b'\''), _) => {
                self.at += 1;
                self.text(true)
            }
            (b'b' | b'x' | b'n', Some(b'\''), _) => {
                self.at += 1;
                self.text(false)
            }
            (b'u', Some(b'&'), Some(b'\'')) => {
                self.at += 2;
                self.text(false)
            }
            (b'u', Some(b'&'), Some(b'"')) => {
                self.at += 2;
                self.quoted_name()
            }
            _ => {
                self.skip_while(|byte| begins_word(byte) || byte.is_ascii_digit() || byte == b'$');
                Ok(Kind::Word)
            }
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_tag_part(byte: u8) -> bool {
    begins_word(byte) || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Kind, tokens};

    fn kinds(sql: &str) -> Vec<Kind> {
        tokens(sql).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn texts_end_where_the_server_says() {
        for text in [
            "'a;b'", "'a''b'", r"'a\'", r"E'a\'b'", r"e'\\'", "$$a;'b$$", "$x$a$$b$x$", "$é$;$é$",
            "U&'d!0061'", "B'01'", "E'a' -- c\n  'b\\';'", "N'a'",
        ] {
            assert_eq!(kinds(text), [Kind::Text], "{text}");
            assert_eq!(kinds(&format!("{text};")), [Kind::Text, Kind::Semicolon], "{text}");
        }
        assert_eq!(kinds(r#""a;""b""#), [Kind::QuotedName]);
        assert_eq!(kinds("a$b$c"), [Kind::Word]);
        assert_eq!(kinds("$1"), [Kind::Parameter]);
        assert_eq!(kinds("/* a /* ; */ ' */ x -- ;'\n"), [Kind::Word]);
    }

    #[test]
    fn what_is_open_is_named() {
        for sql in ["'a", "\"a", "$$a$", "/* /* */", r"E'a\'"] {
            assert_eq!(tokens(&format!("x {sql}")).unwrap_err().at, 2, "{sql}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(sql in "\\PC*") {
            let _ = tokens(&sql);
        }

        #[test]
        fn tokens_stand_apart_and_in_order(sql in "[a-eE'\"$;()/*\\-\\\\ \n0-9.]*") {
            if let Ok(tokens) = tokens(&sql) {
                let mut end = 0;
                for token in tokens {
                    prop_assert!(token.range.start >= end && token.range.end > token.range.start);
                    end = token.range.end;
                    prop_assert!(sql.get(token.range.clone()).is_some());
                }
            }
        }

        #[test]
        fn any_text_can_be_quoted(text in "\\PC*") {
            for quoted in [
                crate::sql::literal(&text),
                crate::sql::quoted(&text),
                format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            ] {
                let sql = format!("{quoted};");
                let tokens = tokens(&sql).unwrap();
                prop_assert_eq!(tokens.len(), 2, "{}", sql);
            }
        }
    }
}
