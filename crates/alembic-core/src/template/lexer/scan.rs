//! What the lexer looks for at one place: Mako's regular expressions, written out.

/// A place in a template.
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

/// An opening tag such as `<%text>`.
pub(super) struct Tag<'t> {
    pub(super) keyword: &'t str,
    pub(super) has_attributes: bool,
    /// It closes itself: `<%text/>`.
    pub(super) is_empty: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let fits = self.rest().starts_with(token);
        if fits {
            self.at += token.len();
        }
        fits
    }

    pub(super) fn skip_character(&mut self) {
        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
    }

    pub(super) fn at_line_start(&self) -> bool {
        self.at == 0 || self.text.as_bytes()[self.at - 1] == b'\n'
    }

    /// A line that begins with `%` or `##`, with the lines that a backslash adds to it.
    pub(super) fn control_line(&mut self) -> Option<(&'t str, &'t str)> {
        if !self.at_line_start() {
            return None;
        }
        let blank = |c: char| matches!(c, ' ' | '\t');
        let rest = self.rest().trim_start_matches(blank);
        let operator = match rest.as_bytes() {
            [b'%', b'%', ..] => return None,
            [b'%', ..] => &rest[..1],
            [b'#', b'#', ..] => &rest[..2],
            _ => return None,
        };
        let code = rest[operator.len()..].trim_start_matches(blank);
        let length = line_length(code);
        let behind = &code[length..];
        let line_end = match behind.as_bytes() {
            [] => 0,
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => return None,
        };
        self.at = self.text.len() - behind.len() + line_end;
        Some((operator, &code[..length]))
    }

    /// Everything up to one of the `tokens`, which is passed over, outside of strings, comments and (with `nesting`)
    /// brackets; `None` when there is none.
    pub(super) fn until(
        &mut self,
        nesting: bool,
        tokens: &[&'static str],
    ) -> Option<(&'t str, &'static str)> {
        let start = self.at;
        let mut open = [0_i64; 3];
        while self.at < self.text.len() {
            if self.eat_comment() || self.eat_string() {
                continue;
            }
            let token = tokens.iter().find(|token| self.rest().starts_with(**token));
            if let Some(token) = token
                && !(nesting && open.iter().any(|level| *level > 0))
            {
                let code = &self.text[start..self.at];
                self.at += token.len();
                return Some((code, token));
            }
            let from = self.at;
            match token {
                Some(token) => self.at += token.len(),
                None => self.at = self.next_special(tokens)?,
            }
            count(&mut open, &self.text[from..self.at]);
            if self.at == from {
                self.skip_character();
            }
        }
        None
    }

    /// The next place, from here on, where a string, a comment or a token may begin.
    fn next_special(&self, tokens: &[&str]) -> Option<usize> {
        let rest = self.rest();
        let special = |(at, c): (usize, char)| {
            let token = || tokens.iter().any(|token| rest[at..].starts_with(token));
            (matches!(c, '"' | '\'' | '#') || token()).then_some(at)
        };
        Some(self.at + rest.char_indices().find_map(special)?)
    }

    /// A comment, which needs its line feed.
    fn eat_comment(&mut self) -> bool {
        let rest = self.rest();
        if !rest.starts_with('#') {
            return false;
        }
        let Some(end) = rest.find('\n') else { return false };
        self.at += end + 1;
        true
    }

    fn eat_string(&mut self) -> bool {
        for quote in ["\"\"\"", "'''", "\"", "'"] {
            if let Some(body) = self.rest().strip_prefix(quote)
                && let Some(end) = string_end(body, quote)
            {
                self.at = self.text.len() - body.len() + end;
                return true;
            }
        }
        false
    }

    /// `<%keyword attribute="…">`
    pub(super) fn opening_tag(&mut self) -> Option<Tag<'t>> {
        let rest = self.rest().strip_prefix("<%")?;
        let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':');
        let keyword = &rest[..rest.find(|c: char| !name(c)).unwrap_or(rest.len())];
        if keyword.is_empty() {
            return None;
        }
        let attributes = &rest[keyword.len()..];
        let length = attributes_length(attributes)?;
        let written = attributes[..length].trim();
        let behind = &attributes[length..];
        let is_empty = behind.starts_with('/');
        self.at = self.text.len() - behind.len() + 1 + usize::from(is_empty);
        Some(Tag { keyword, has_attributes: !written.is_empty(), is_empty })
    }

    /// `</%keyword>`
    pub(super) fn closing_tag(&mut self) -> Option<&'t str> {
        let blank = |c: char| matches!(c, ' ' | '\t');
        let rest = self.rest().strip_prefix("</%")?.trim_start_matches(blank);
        let end = rest.find('>')?;
        let keyword = rest[..end].trim_end_matches(blank);
        if keyword.is_empty() || keyword.contains(blank) {
            return None;
        }
        self.at = self.text.len() - rest.len() + end + 1;
        Some(keyword)
    }

    /// Where plain text ends, and where what follows begins: a line end with a backslash before it is dropped.
    pub(super) fn text_end(&self) -> (usize, usize) {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let stops = rest.starts_with(b"${")
                || rest.starts_with(b"<%")
                || rest.starts_with(b"</%")
                || (at > 0 && bytes[at - 1] == b'\n' && begins_control(rest));
            if stops {
                return (at, at);
            }
            match rest {
                [b'\\', b'\n', ..] => return (at, at + 2),
                [b'\\', b'\r', b'\n', ..] => return (at, at + 3),
                _ => at += 1,
            }
        }
        (at, at)
    }
}

/// Blanks, then `%` or `##`.
fn begins_control(rest: &[u8]) -> bool {
    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    matches!(&rest[blanks..], [b'%', ..] | [b'#', b'#', ..])
}

/// How long the rest of a line is, lines that a backslash joins to it included.
fn line_length(code: &str) -> usize {
    let bytes = code.as_bytes();
    let mut at = 0;
    loop {
        match &bytes[at..] {
            [b'\\', b'\n', ..] => at += 2,
            [b'\\', b'\r', b'\n', ..] => at += 3,
            [] | [b'\r' | b'\n', ..] => return at,
            _ => at += 1,
        }
    }
}

/// Where a string ends whose body this is, its closing quote included.
fn string_end(body: &str, quote: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at..].starts_with(quote.as_bytes()) {
            return Some(at + quote.len());
        } else {
            at += 1;
        }
    }
    None
}

fn count(open: &mut [i64; 3], text: &str) {
    for byte in text.bytes() {
        match byte {
            b'{' => open[0] += 1,
            b'}' => open[0] -= 1,
            b'(' => open[1] += 1,
            b')' => open[1] -= 1,
            b'[' => open[2] += 1,
            b']' => open[2] -= 1,
            _ => {}
        }
    }
}

/// How long the attributes of a tag are, up to its `>` or `/>`; `None` when it is no tag.
fn attributes_length(text: &str) -> Option<usize> {
    let mut at = 0;
    // A name needs a blank before it.
    let mut after_blank = false;
    loop {
        let rest = &text[at..];
        let first = rest.chars().next()?;
        match first {
            '>' => return Some(at),
            '/' if rest.starts_with("/>") => return Some(at),
            '=' | ',' => {
                at += 1;
                after_blank = false;
            }
            '"' | '\'' => {
                at += 1 + rest[1..].find(first)? + 1;
                after_blank = false;
            }
            c if c.is_whitespace() => {
                at += c.len_utf8();
                after_blank = true;
            }
            c if after_blank && (c.is_alphanumeric() || c == '_') => {
                let word = |c: char| c.is_alphanumeric() || c == '_';
                at += rest.find(|c: char| !word(c)).unwrap_or(rest.len());
                after_blank = false;
            }
            _ => return None,
        }
    }
}
