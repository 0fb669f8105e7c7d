//! f-strings of Python 3.12 and later in the words of the parser, which knows those before.
//!
//! Since PEP 701 a replacement field may use the quotes of the string around it, and hold line breaks and comments. A
//! field means the same with other quotes and with blanks instead, and both take as many bytes: so every range of the
//! parsed code still points into the file.

/// A string that is being read.
#[derive(Clone, Copy)]
struct Quotes {
    quote: u8,
    /// One or three.
    count: usize,
    raw: bool,
}

impl Quotes {
    fn closes(self, code: &[u8], at: usize) -> bool {
        code[at..].len() >= self.count && code[at..at + self.count].iter().all(|&b| b == self.quote)
    }
}

/// The code with older f-strings, byte for byte as long; `None` where there is nothing to change or no way to say it.
pub(crate) fn requote(code: &str) -> Option<String> {
    let mut requoter =
        Requoter { code: code.as_bytes().to_vec(), changed: false, measuring: false };
    let mut at = 0;
    while at < requoter.code.len() {
        at = match requoter.code[at] {
            b'#' => requoter.line_end(at),
            b'\'' | b'"' => requoter.string(at, &mut Vec::new())?,
            _ => at + 1,
        };
    }
    let changed = requoter.changed;
    String::from_utf8(requoter.code).ok().filter(|_| changed)
}

/// Deeper f-strings find no quotes that are still free, and must not use up the stack.
const MAX_DEPTH: usize = 4;

/// Marks the quotes of a triple string: single ones of the same kind may stand inside, if there are no others.
const TRIPLE: u8 = 0x80;

/// The code with triple quotes around f-strings that hold f-strings, so that there are quotes for one level more. It
/// is longer: ranges behind such a string point a few bytes too far.
pub(crate) fn widen(code: &str) -> Option<String> {
    let mut measurer = Requoter { code: code.as_bytes().to_vec(), changed: false, measuring: true };
    let mut out = String::with_capacity(code.len() + 16);
    let (mut at, mut copied) = (0, 0);
    while at < code.len() {
        at = match measurer.code[at] {
            b'#' => measurer.line_end(at),
            quote @ (b'\'' | b'"') => {
                let end = measurer.string(at, &mut Vec::new())?;
                let triple = measurer.code[at..].starts_with(&[quote; 3]);
                if !triple && measurer.prefix(at).1 {
                    let body = code.get(at + 1..end - 1)?;
                    if ["f\"", "f'"].iter().any(|inner| body.contains(inner))
                        && !body.ends_with('"')
                        && !body.contains("\"\"")
                    {
                        out.push_str(&code[copied..at]);
                        out.push_str("\"\"\"");
                        out.push_str(body);
                        out.push_str("\"\"\"");
                        copied = end;
                    }
                }
                end
            }
            _ => at + 1,
        };
    }
    out.push_str(&code[copied..]);
    (copied > 0).then_some(out)
}

struct Requoter {
    code: Vec<u8>,
    changed: bool,
    /// Strings are read, not changed.
    measuring: bool,
}

impl Requoter {
    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.code[at..]).map_or(self.code.len(), |length| at + length)
    }

    /// Reads the string whose quotes open at `at`; where it ends. `around` are the quotes of the strings that it stands
    /// in a field of.
    fn string(&mut self, at: usize, around: &mut Vec<u8>) -> Option<usize> {
        let quote = self.code[at];
        let count = if self.code[at..].starts_with(&[quote; 3]) { 3 } else { 1 };
        let (raw, formatted) = self.prefix(at);
        let quotes = Quotes { quote, count, raw };
        let body = at + count;
        if !formatted {
            let end = self.plain_end(body, quotes)?;
            self.change_quotes(at, end, quotes, around)?;
            return Some(end);
        }
        if around.len() >= MAX_DEPTH {
            return None;
        }
        let inside = if self.measuring { quotes.quote } else { free_quotes(quotes, around)? };
        around.push(if quotes.count == 3 { inside | TRIPLE } else { inside });
        let end = self.formatted_end(body, quotes, around)?;
        around.pop();
        self.change_quotes(at, end, quotes, around)?;
        Some(end)
    }

    /// Whether the letters before a quote make the string raw, and formatted.
    fn prefix(&self, at: usize) -> (bool, bool) {
        let letters =
            self.code[..at].iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_');
        let word: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
        (word.contains(&b'r'), word.len() <= 2 && word.contains(&b'f'))
    }

    fn plain_end(&self, body: usize, quotes: Quotes) -> Option<usize> {
        let mut at = body;
        while at < self.code.len() {
            if quotes.closes(&self.code, at) {
                return Some(at + quotes.count);
            }
            at += if self.code[at] == b'\\' { 2 } else { 1 };
        }
        None
    }

    fn formatted_end(
        &mut self,
        body: usize,
        quotes: Quotes,
        around: &mut Vec<u8>,
    ) -> Option<usize> {
        let mut at = body;
        while at < self.code.len() {
            if quotes.closes(&self.code, at) {
                return Some(at + quotes.count);
            }
            at = match (self.code[at], self.code.get(at + 1)) {
                (b'\\', Some(b'N')) if !quotes.raw && self.code.get(at + 2) == Some(&b'{') => {
                    at + memchr::memchr(b'}', &self.code[at..])? + 1
                }
                (b'\\', _) | (b'{', Some(b'{')) | (b'}', Some(b'}')) => at + 2,
                (b'{', _) => self.field(at + 1, quotes, around)?,
                _ => at + 1,
            };
        }
        None
    }

    /// Reads a replacement field from behind its brace; where it ends.
    fn field(&mut self, start: usize, quotes: Quotes, around: &mut Vec<u8>) -> Option<usize> {
        let (mut at, mut depth) = (start, 0_usize);
        while at < self.code.len() {
            match self.code[at] {
                b'}' if depth == 0 => return Some(at + 1),
                b':' if depth == 0 => return self.specification(at + 1, quotes, around),
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
                b'\'' | b'"' => {
                    at = self.string(at, around)?;
                    continue;
                }
                b'#' => {
                    let end = self.line_end(at);
                    self.blank(at, end);
                }
                b'\n' | b'\r' if quotes.count == 1 => self.blank(at, at + 1),
                // The older parser takes no backslash in a field.
                b'\\' => return None,
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Reads a format specification, which may hold fields of its own.
    fn specification(
        &mut self,
        start: usize,
        quotes: Quotes,
        around: &mut Vec<u8>,
    ) -> Option<usize> {
        let mut at = start;
        while at < self.code.len() {
            at = match self.code[at] {
                b'}' => return Some(at + 1),
                b'{' if around.len() < MAX_DEPTH => {
                    around.push(quotes.quote);
                    let end = self.field(at + 1, quotes, around)?;
                    around.pop();
                    end
                }
                b'{' => return None,
                _ if quotes.closes(&self.code, at) => return None,
                _ => at + 1,
            };
        }
        None
    }

    fn blank(&mut self, start: usize, end: usize) {
        if self.measuring {
            return;
        }
        self.code[start..end].fill(b' ');
        self.changed = true;
    }

    /// Gives the string from `start` to `end` quotes that none around it has.
    fn change_quotes(
        &mut self,
        start: usize,
        end: usize,
        quotes: Quotes,
        around: &[u8],
    ) -> Option<()> {
        if self.measuring {
            return Some(());
        }
        let quote = free_quotes(quotes, around)?;
        if quote == quotes.quote {
            return Some(());
        }
        let body = start + quotes.count..end - quotes.count;
        if self.code[body].iter().any(|&b| b == quote || b == b'\\') {
            return None;
        }
        self.code[start..start + quotes.count].fill(quote);
        self.code[end - quotes.count..end].fill(quote);
        self.changed = true;
        Some(())
    }
}

/// The quotes that a string may have inside those around it.
fn free_quotes(quotes: Quotes, around: &[u8]) -> Option<u8> {
    let all = [quotes.quote, b'\'', b'"'];
    let unused = |quote: &u8| !around.contains(quote) && !around.contains(&(quote | TRIPLE));
    all.into_iter()
        .find(unused)
        .or_else(|| all.into_iter().find(|quote| quotes.count == 1 && !around.contains(quote)))
}

#[cfg(test)]
mod tests {
    use super::{requote, widen};

    #[test]
    fn inner_strings_get_the_other_quotes() {
        assert_eq!(requote(r#"f"{"a"}{b["c"]!r}""#).as_deref(), Some(r#"f"{'a'}{b['c']!r}""#));
        assert_eq!(requote("f'{x['a']:>{w['b']}}'").as_deref(), Some("f'{x[\"a\"]:>{w[\"b\"]}}'"));
        assert_eq!(
            requote(r#"f"{", ".join(f"<{n}>" for n in x)}""#).as_deref(),
            Some(r#"f"{', '.join(f'<{n}>' for n in x)}""#)
        );
    }

    #[test]
    fn triple_quotes_leave_room_for_a_level_more() {
        let code = r#"f"{"a" + f"{n["s"]}"}""#;
        assert_eq!(requote(code), None);
        let wide = widen(code).unwrap();
        assert_eq!(requote(&wide).as_deref(), Some(r#"f"""{'a' + f'{n["s"]}'}""""#));
        assert_eq!(widen("f'{x}' + 'f\"'"), None);
    }

    #[test]
    fn line_breaks_and_comments_become_blanks() {
        let older = requote("f\"{\n 'a' # why\n}\"");
        assert_eq!(older.as_deref(), Some("f\"{  'a'       }\""));
    }

    #[test]
    fn what_needs_no_change_or_allows_none() {
        for code in [
            "f'{x}'",
            "f\"{'a'}\"",
            "'{x['",
            "f\"{\"'\"}\"",
            r#"f"{"\n".join(x)}""#,
            "f'{f\"{f'{x}'}\"}'",
            "f'{",
        ] {
            assert_eq!(requote(code), None, "{code}");
        }
    }
}
