//! The parser, statement by statement, within limits that keep it from overflowing the stack.

use rustpython_parser::Parse;
use rustpython_parser::ast::{self, Suite};
use rustpython_parser::text_size::TextSize;

use crate::imports;
use crate::requote::{requote, widen};
use crate::source::TextRange;
use crate::statements::{self, Statement, StatementKind};
use crate::syntax::{is_string_prefix, is_word_byte, is_word_start, word_at};

/// Statements longer than this are not parsed.
const MAX_LENGTH: usize = 2 << 20;
/// How deep the syntax tree of a statement may become: it is dropped and walked recursively.
const MAX_NESTING: usize = 120;

/// Why a statement was not parsed.
#[derive(Clone, Debug)]
pub(crate) struct ParseFailure {
    /// A lower-case fragment.
    pub(crate) reason: String,
    pub(crate) range: TextRange,
    /// No Python 3 accepts the statement, as opposed to: this parser does not.
    pub(crate) certain: bool,
}

/// Parses one top-level statement. All ranges are offsets into `text`.
pub(crate) fn parse(text: &str, statement: &Statement) -> Result<Vec<ast::Stmt>, ParseFailure> {
    let range = statement.range.clone();
    let code = &text[range.clone()];
    let refused = |reason: &str| ParseFailure {
        reason: reason.to_owned(),
        range: range.clone(),
        certain: false,
    };
    if code.len() > MAX_LENGTH || u32::try_from(text.len()).is_err() {
        return Err(refused("the statement is too long to be read"));
    }
    let start = TextSize::try_from(range.start).unwrap_or_default();
    if statement.kind == StatementKind::Import
        && let Some(import) = imports::read(code, start)
    {
        return Ok(vec![import]);
    }
    if nesting(code) > MAX_NESTING {
        return Err(refused("the statement is nested too deeply to be read"));
    }
    let parsed = Suite::parse_starts_at(code, "", start).or_else(|error| match requote(code) {
        Some(older) => Suite::parse_starts_at(&older, "", start).map_err(|_| error),
        None => match widen(code).and_then(|wide| requote(&wide)) {
            Some(older) if nesting(&older) <= MAX_NESTING => {
                Suite::parse_starts_at(&older, "", start).map_err(|_| error)
            }
            _ => Err(error),
        },
    });
    parsed.map_err(|error| {
        let at = usize::from(error.offset).clamp(range.start, range.end);
        let certain = statement.kind == StatementKind::Simple && !may_be_newer(code);
        ParseFailure {
            reason: if certain {
                "invalid syntax".to_owned()
            } else {
                format!("the statement could not be read: {}", error.error)
            },
            range: if certain { at..(at + 1).min(range.end).max(at) } else { range.clone() },
            certain,
        }
    })
}

/// An operator as Python writes it.
pub(crate) fn symbol(operator: ast::Operator) -> &'static str {
    match operator {
        ast::Operator::Add => "+",
        ast::Operator::Sub => "-",
        ast::Operator::Mult => "*",
        ast::Operator::MatMult => "@",
        ast::Operator::Div => "/",
        ast::Operator::Mod => "%",
        ast::Operator::Pow => "**",
        ast::Operator::LShift => "<<",
        ast::Operator::RShift => ">>",
        ast::Operator::BitOr => "|",
        ast::Operator::BitXor => "^",
        ast::Operator::BitAnd => "&",
        ast::Operator::FloorDiv => "//",
    }
}

/// Whether a simple statement may be fine for a Python that is newer than the parser.
fn may_be_newer(code: &str) -> bool {
    let bytes = code.as_bytes();
    let first = word_at(bytes, 0);
    // `type X = …`, `lazy import …`; unpacking in comprehensions and subscripts.
    if matches!(first, b"type" | b"lazy") || bytes.contains(&b'*') {
        return true;
    }
    // Strings with replacement fields.
    memchr::memchr2_iter(b'\'', b'"', bytes).any(|quote| has_fields(bytes, quote))
}

/// Whether the string whose quote stands at `quote` may hold replacement fields.
fn has_fields(bytes: &[u8], quote: usize) -> bool {
    let length = bytes[..quote].iter().rev().take_while(|&&byte| is_word_byte(byte)).count();
    let prefix = &bytes[quote - length..quote];
    is_string_prefix(prefix) && prefix.iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
}

/// An upper bound of the depth of the syntax tree: open brackets, levels of indentation, and the operators that stand
/// side by side between two commas. Strings count as code, since f-strings are code.
fn nesting(text: &str) -> usize {
    let code = text.as_bytes();
    let mut levels: Vec<usize> = vec![0];
    let mut sum = 0_usize;
    let mut clauses = 0_usize;
    let mut indentation = 0_usize;
    let mut deepest = 0;
    let mut at = 0;
    let mut fields_end = 0_usize;
    while let Some(&byte) = code.get(at) {
        at += 1;
        match byte {
            b'\'' | b'"' if at > fields_end => {
                let end = statements::string_end(text, at - 1);
                if has_fields(code, at - 1) {
                    fields_end = end;
                } else {
                    at = end;
                }
            }
            b'#' if at > fields_end => {
                at += memchr::memchr2(b'\n', b'\r', &code[at..]).unwrap_or(code.len() - at);
            }
            b'(' | b'[' | b'{' => {
                // A call or subscript of what stands before it is a level of its own.
                count(&mut levels, &mut sum);
                levels.push(0);
            }
            b')' | b']' | b'}' if levels.len() > 1 => sum -= levels.pop().unwrap_or_default(),
            b',' | b';' | b'\n' | b'\r' => {
                if byte == b'\n' && levels.len() == 1 {
                    let blanks =
                        code[at..].iter().take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
                    indentation = blanks;
                }
                if (byte != b'\n' && byte != b'\r') || levels.len() == 1 {
                    let top = levels.last_mut().map(std::mem::take).unwrap_or_default();
                    sum -= top;
                }
            }
            b' ' | b'\t' | b'#' | b'\'' | b'"' | b':' | b'\\' => {}
            _ if is_word_start(byte) => {
                let word = word_at(code, at - 1);
                at += word.len() - 1;
                if matches!(
                    word,
                    b"elif"
                        | b"else"
                        | b"not"
                        | b"if"
                        | b"await"
                        | b"lambda"
                        | b"or"
                        | b"and"
                        | b"for"
                ) {
                    clauses += usize::from(word == b"elif");
                    count(&mut levels, &mut sum);
                }
            }
            _ if is_word_byte(byte) => {}
            _ => count(&mut levels, &mut sum),
        }
        // Indentation is counted by blanks: one level takes at least one, usually four.
        deepest = deepest.max(sum + clauses + indentation.div_ceil(4).min(100));
    }
    deepest
}

fn count(levels: &mut [usize], sum: &mut usize) {
    if let Some(level) = levels.last_mut() {
        *level += 1;
        *sum += 1;
    }
}
