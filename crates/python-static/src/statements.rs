//! Cuts a file into its top-level statements without parsing them.
//!
//! The cut knows strings, comments, brackets, continuation lines and indentation, and nothing of expressions: bodies of
//! functions and classes are passed over. On the way it reports what no Python 3 compiles (an unterminated string, a
//! bracket that is never closed, a block that is not indented …), in bodies too.

mod alternation;
mod header;
mod lead;
mod scan;

use crate::source::TextRange;
use crate::syntax::{SyntaxError, is_keyword, is_word_byte, word_at};
use lead::{Lead, LineStart};
use scan::{LogicalLine, Scanner};

/// CPython's limit of indentation levels.
const MAX_INDENTATION: usize = 100;

/// As many as a migration script has, so that the lists need not grow.
const USUAL_STATEMENTS: usize = 16;
const USUAL_LEVELS: usize = 8;

/// What kind of statement a range holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// `import …` or `from … import …`.
    Import,
    /// Any other statement of one logical line: assignments, expressions, `del`, `raise` …
    Simple,
    /// `if`, `for`, `while`, `try`, `with`, `match`, with all their clauses.
    Compound,
    /// `def`, `async def` or `class`, with its decorators and body.
    Definition,
}

/// A top-level statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// From its first byte to behind its last; comments and blanks behind it are left out.
    pub range: TextRange,
    /// What it is.
    pub kind: StatementKind,
}

/// Cuts `text` into its top-level statements, in order.
///
/// # Errors
/// When the file holds something that no Python 3 compiles; see [`SyntaxError`].
pub fn cut(text: &str) -> Result<Vec<Statement>, SyntaxError> {
    let mut cutter = Cutter::new(text);
    match cutter.run() {
        Ok(()) => Ok(cutter.statements),
        Err(error) => Err(error.on_characters_of(text)),
    }
}

/// The comments of a text, as far as it can be read.
pub(crate) fn comments(text: &str) -> Vec<TextRange> {
    let mut cutter = Cutter::new(text);
    cutter.scanner.comments = Some(Vec::new());
    // What cannot be read has no comments; the caller meets the error itself.
    drop(cutter.run());
    cutter.scanner.comments.unwrap_or_default()
}

/// Behind the string literal whose opening quote stands at `quote`, with the prefix before it; the end of the text if
/// the literal is not well formed.
pub(crate) fn string_end(text: &str, quote: usize) -> usize {
    let mut scanner = Scanner::new(text);
    scanner.any_string(quote, 0, 0).unwrap_or(text.len())
}

/// The annotations of Alembic's own templates.
const TEMPLATE_ANNOTATIONS: [&[u8]; 5] = [
    b": Union[str, Sequence[str], None]",
    b": str | Sequence[str] | None",
    b": str | None",
    b": Union[str, None]",
    b": str",
];

/// Whether a statement is `name = None` or `name = "…"`, as most are.
fn is_plain_assignment(code: &[u8]) -> bool {
    let name = word_at(code, 0);
    let rest = &code[name.len()..];
    let rest = match rest {
        [b':', ..] => {
            let annotation = TEMPLATE_ANNOTATIONS.iter().find(|known| rest.starts_with(known));
            &rest[annotation.map_or(0, |annotation| annotation.len())..]
        }
        _ => rest,
    };
    let Some(value) = rest.trim_ascii_start().strip_prefix(b"=").map(<[u8]>::trim_ascii_start)
    else {
        return false;
    };
    match value {
        b"None" => !is_keyword(name),
        [quote @ (b'"' | b'\''), body @ .., end] => {
            quote == end && !is_keyword(name) && memchr::memchr2(*quote, b'\\', body).is_none()
        }
        _ => false,
    }
}

/// The keyword that makes a simple statement an import.
fn import_keyword(code: &[u8]) -> Option<&'static [u8]> {
    let keyword: &[u8] = match code.first() {
        Some(b'i') => b"import",
        Some(b'f') => b"from",
        _ => return None,
    };
    let behind = code.strip_prefix(keyword)?;
    (!behind.first().is_some_and(|&byte| is_word_byte(byte))).then_some(keyword)
}

/// Refuses an import that ends too early, and one of a keyword; `width` is that of the first word.
fn check_import(code: &[u8], width: usize) -> Result<(), SyntaxError> {
    if code.ends_with(b" import") || code.ends_with(b",") {
        return Err(SyntaxError::new("invalid syntax", code.len() - 1..code.len()));
    }
    let module = width + code[width..].iter().take_while(|byte| **byte == b' ').count();
    if is_keyword(word_at(code, module)) {
        return Err(SyntaxError::new("invalid syntax", module..module + 1));
    }
    Ok(())
}

/// A level of indentation.
struct Level {
    /// Columns with tabs to the next multiple of eight, and with tabs as one column: Python demands that both agree.
    column: usize,
    narrow_column: usize,
    /// The clause that was met last at this level.
    last: Lead,
    in_function: bool,
    in_loop: bool,
}

struct Cutter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    scanner: Scanner<'a>,
    levels: Vec<Level>,
    /// The line that ended in a colon and waits for its block.
    opener: Option<TextRange>,
    statements: Vec<Statement>,
}

impl<'a> Cutter<'a> {
    fn new(text: &'a str) -> Self {
        let module = Level {
            column: 0,
            narrow_column: 0,
            last: Lead::Simple,
            in_function: false,
            in_loop: false,
        };
        let mut levels = Vec::with_capacity(USUAL_LEVELS);
        levels.push(module);
        Self {
            text,
            bytes: text.as_bytes(),
            scanner: Scanner::new(text),
            levels,
            opener: None,
            statements: Vec::with_capacity(USUAL_STATEMENTS),
        }
    }

    fn run(&mut self) -> Result<(), SyntaxError> {
        let mut at = 0;
        while at < self.bytes.len() {
            let start = LineStart::read(self.bytes, at);
            match self.bytes.get(start.at) {
                None => break,
                Some(b'\n' | b'\r') => at = start.at + 1,
                Some(b'#') => at = self.scanner.logical_line(start.at)?.next,
                Some(_) => at = self.line(&start)?,
            }
        }
        self.end()
    }

    fn end(&mut self) -> Result<(), SyntaxError> {
        let end = self.bytes.len();
        if let Some(opener) = self.opener.take() {
            return Err(SyntaxError::new("expected an indented block", opener));
        }
        while let Some(level) = self.levels.pop() {
            level.last.check_followed_by(Lead::Simple, end..end)?;
        }
        Ok(())
    }

    /// One logical line; returns where the next one begins.
    fn line(&mut self, start: &LineStart) -> Result<usize, SyntaxError> {
        self.indent(start)?;
        let lead = Lead::read(self.bytes, start.at)?;
        let line = self.scanner.logical_line(start.at)?;
        if line.end <= start.at {
            // Nothing but a continuation mark.
            return Ok(line.next);
        }
        let range = start.at..line.end;
        self.check_line(lead, &line, range.clone())?;
        let Some(level) = self.levels.last_mut() else {
            return Ok(line.next);
        };
        let previous = level.last;
        level.last = lead.after(previous, range.clone())?;
        let opens = self.bytes[line.end - 1] == b':';
        if opens {
            self.opener = Some(range.clone());
        }
        if self.levels.len() > 1 || lead.is_clause() || previous == Lead::Decorator {
            self.extend_last(line.end);
        } else {
            self.add(lead, range, opens)?;
        }
        Ok(line.next)
    }

    /// The line belongs to the statement before it.
    fn extend_last(&mut self, end: usize) {
        if let Some(last) = self.statements.last_mut() {
            last.range.end = end;
        }
    }

    /// The line begins a statement, or holds several that semicolons part.
    fn add(&mut self, lead: Lead, range: TextRange, opens: bool) -> Result<(), SyntaxError> {
        let kind = match lead {
            Lead::Decorator | Lead::Def | Lead::Class => StatementKind::Definition,
            _ if lead.is_compound() || opens => StatementKind::Compound,
            _ => return self.add_simple(range),
        };
        self.statements.push(Statement { range, kind });
        Ok(())
    }

    fn add_simple(&mut self, range: TextRange) -> Result<(), SyntaxError> {
        let mut start = range.start;
        for index in 0..=self.scanner.semicolons.len() {
            let semicolon = self.scanner.semicolons.get(index).copied();
            let end = semicolon.unwrap_or(range.end);
            let piece = lead::skip_blanks(self.bytes, start).min(end);
            let piece = piece..piece + self.bytes[piece..end].trim_ascii_end().len();
            start = end + 1;
            if !piece.is_empty() {
                self.check_simple(&piece)?;
                let kind = match import_keyword(&self.bytes[piece.clone()]) {
                    Some(_) => StatementKind::Import,
                    None => StatementKind::Simple,
                };
                self.statements.push(Statement { range: piece, kind });
            } else if let Some(at) = semicolon {
                return Err(SyntaxError::new("invalid syntax", at..at + 1));
            }
        }
        Ok(())
    }

    /// Docstrings and imports are checked by their ends alone: every file has them.
    fn check_simple(&self, piece: &TextRange) -> Result<(), SyntaxError> {
        let code = &self.bytes[piece.clone()];
        match code {
            [b'\'' | b'"', .., b'\'' | b'"'] => Ok(()),
            _ => match import_keyword(code) {
                Some(keyword) if code.get(keyword.len()) == Some(&b' ') => {
                    check_import(code, keyword.len()).map_err(|error| error.moved(piece.start))
                }
                None if is_plain_assignment(code) => Ok(()),
                _ => alternation::check(self.text, piece.clone()),
            },
        }
    }

    fn indent(&mut self, start: &LineStart) -> Result<(), SyntaxError> {
        let here = start.at..start.at + 1;
        let Some(top) = self.levels.last() else {
            return Ok(());
        };
        let tabs_disagree =
            || SyntaxError::new("inconsistent use of tabs and spaces in indentation", here.clone());
        if let Some(opener) = self.opener.take() {
            if start.column <= top.column {
                let message = "expected an indented block";
                return Err(SyntaxError::new(message, opener));
            }
            if start.narrow_column <= top.narrow_column {
                return Err(tabs_disagree());
            }
            return self.push(start);
        }
        if start.column > top.column {
            return Err(SyntaxError::new("unexpected indent", here));
        }
        while self.levels.last().is_some_and(|level| level.column > start.column) {
            if let Some(level) = self.levels.pop() {
                level.last.check_followed_by(Lead::Simple, here.clone())?;
            }
        }
        match self.levels.last() {
            Some(level) if level.column != start.column => {
                Err(SyntaxError::new("unindent does not match any outer indentation level", here))
            }
            Some(level) if level.narrow_column != start.narrow_column => Err(tabs_disagree()),
            _ => Ok(()),
        }
    }

    fn push(&mut self, start: &LineStart) -> Result<(), SyntaxError> {
        if self.levels.len() >= MAX_INDENTATION {
            return Err(SyntaxError::new("too many levels of indentation", start.at..start.at + 1));
        }
        let Some(outer) = self.levels.last() else {
            return Ok(());
        };
        let level = Level {
            column: start.column,
            narrow_column: start.narrow_column,
            last: Lead::Simple,
            in_function: outer.last == Lead::Def
                || (outer.in_function && outer.last != Lead::Class),
            in_loop: outer.last == Lead::Loop || (outer.in_loop && !outer.last.is_definition()),
        };
        self.levels.push(level);
        Ok(())
    }

    /// What can be said of a line from its first word, its last byte and its colon.
    fn check_line(
        &self,
        lead: Lead,
        line: &LogicalLine,
        range: TextRange,
    ) -> Result<(), SyntaxError> {
        let text = &self.bytes[range.clone()];
        if lead.needs_colon() && !line.colon {
            return Err(SyntaxError::new("expected `:`", line.end - 1..line.end));
        }
        let level = self.levels.last();
        lead::check_condition(text, lead, &range)?;
        match lead {
            Lead::Return if !level.is_some_and(|level| level.in_function) => {
                return Err(SyntaxError::new("`return` outside function", range));
            }
            Lead::Jump if !level.is_some_and(|level| level.in_loop) => {
                let message = match text {
                    [b'b', ..] => "`break` outside loop",
                    _ => "`continue` not properly in loop",
                };
                return Err(SyntaxError::new(message, range));
            }
            Lead::Def | Lead::Class => header::check(self.bytes, range.clone())?,
            _ => {}
        }
        lead::check_last_byte(text, lead, &range)
    }
}
