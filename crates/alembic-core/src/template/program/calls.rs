//! The statements of a block that only call something.
//!
//! `python_static` passes by a call that it knows nothing of, since no name depends on it. In a template it may print
//! (`context.write`) or do something to the system: its value is made part of the result, so that a call that cannot
//! be followed is refused.

/// What a line of a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing that only calls.
    Other,
    /// A whole call.
    Call,
    /// A call that goes on: its first line.
    Begins,
    /// The last line of such a call.
    Ends,
}

/// Tells the lines of a block apart, each after the other.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// Open brackets of a call that goes on.
    depth: Option<usize>,
    in_text: bool,
}

impl Calls {
    /// What the next line is.
    pub(super) fn next(&mut self, line: &str) -> Line {
        let was_in_text = self.in_text;
        self.in_text ^= (line.matches("\"\"\"").count() + line.matches("'''").count()) % 2 == 1;
        if let Some(depth) = self.depth {
            let (depth, _) = brackets(line, depth);
            self.depth = (depth > 0).then_some(depth);
            return if depth > 0 { Line::Other } else { Line::Ends };
        }
        if was_in_text || !begins_with_call(line) {
            return Line::Other;
        }
        match brackets(line, 0) {
            (_, true) => Line::Other,
            (0, false) => Line::Call,
            (depth, false) => {
                self.depth = Some(depth);
                Line::Begins
            }
        }
    }
}

/// Does the line begin with `name(`, `name.name(` …?
fn begins_with_call(line: &str) -> bool {
    const KEYWORDS: [&str; 16] = [
        "and", "assert", "await", "del", "elif", "except", "for", "if", "in", "lambda", "not",
        "or", "return", "while", "with", "yield",
    ];
    let line = line.trim_start();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let name = &line[..line.find(|c| !is_name(c)).unwrap_or(line.len())];
    let first = name.split('.').next().unwrap_or_default();
    !first.is_empty()
        && !KEYWORDS.contains(&first)
        && line[name.len()..].trim_start().starts_with('(')
}

/// How many brackets are open behind the line, and whether it assigns something.
fn brackets(line: &str, mut depth: usize) -> (usize, bool) {
    let mut quote = None;
    let mut assigns = false;
    let mut characters = line.char_indices();
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => drop(characters.next()),
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '#') => break,
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, '=') if depth == 0 => {
                let compares = |text: &str| text.ends_with(['=', '!', '<', '>']);
                assigns |= !compares(&line[..at]) && !line[at + 1..].starts_with('=');
            }
            _ => {}
        }
    }
    (depth, assigns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(code: &str) -> Vec<Line> {
        let mut calls = Calls::default();
        code.lines().map(|line| calls.next(line)).collect()
    }

    #[test]
    fn calls_are_told_from_the_rest() {
        for line in ["f()", "  context.write('(')  # now", "a.b (1)", "f()[0]", "f() == 1"] {
            assert_eq!(kinds(line), [Line::Call], "{line}");
        }
        for line in ["x = f()", "f(x).y = 1", "if (a):", "return (1)", "x", "# f()", "a += f()"] {
            assert_eq!(kinds(line), [Line::Other], "{line}");
        }
        assert_eq!(kinds("f(\n  1,\n)"), [Line::Begins, Line::Other, Line::Ends]);
        assert_eq!(kinds("x = '''\nf()\n'''"), [Line::Other; 3]);
    }
}
