//! A script's docstring as Alembic shows it.

/// The docstring of a script, stripped of white space at both ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docstring(Box<str>);

impl Docstring {
    /// Takes the value of `__doc__`.
    pub fn new(text: &str) -> Self {
        Self(text.trim_matches(is_python_space).into())
    }

    /// All of it (Alembic's `Script.longdoc`).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text before the first empty line, which one-line listings show
    /// (Alembic's `Script.doc`); it may span several lines.
    pub fn summary(&self) -> &str {
        self.0.split("\n\n").next().unwrap_or_default()
    }

    /// The lines of all of it, split where Python's `str.splitlines` splits.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        PythonLines(&self.0)
    }

    /// What follows `name` at the start of a line, such as `Create Date:`.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
    }
}

/// What Python's `str.strip` takes for white space: Unicode's, and four separators.
fn is_python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

struct PythonLines<'a>(&'a str);

impl<'a> Iterator for PythonLines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let Some((end, mark)) = self.0.char_indices().find(|(_, c)| is_line_break(*c)) else {
            return Some(std::mem::take(&mut self.0));
        };
        let line = &self.0[..end];
        let rest = &self.0[end + mark.len_utf8()..];
        self.0 = if mark == '\r' { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
        Some(line)
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_ends_at_the_first_empty_line() {
        let doc = Docstring::new("\n one\ntwo\n \nthree\n\nfour\n");
        assert_eq!(doc.summary(), "one\ntwo\n \nthree");
    }

    #[test]
    fn strips_what_python_strips() {
        assert_eq!(Docstring::new("\u{a0}\u{1c}x\u{1f}\u{2003}").as_str(), "x");
        assert_eq!(Docstring::new("\u{200b}x").as_str(), "\u{200b}x");
    }

    #[test]
    fn lines_as_python_splits_them() {
        let doc = Docstring::new("a\r\nb\rc\u{b}d\u{c}e\u{1c}f\u{1d}g\u{1e}h\u{85}i\u{2028}j\n\nk");
        let lines: Vec<_> = doc.lines().collect();
        assert_eq!(lines, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "", "k"]);
    }

    #[test]
    fn fields() {
        let doc = Docstring::new("m\n\nRevision ID: a\nCreate Date: 2024-01-02 03:04:05\n");
        assert_eq!(doc.field("Create Date:"), Some("2024-01-02 03:04:05"));
        assert_eq!(doc.field("Revises:"), None);
    }
}
