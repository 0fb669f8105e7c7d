//! The header of a definition: `def name[T](parameters) -> result:`, `class Name[T](bases):`.

use super::lead::skip_blanks;
use crate::source::TextRange;
use crate::syntax::{SyntaxError, is_keyword, is_word_start, word_at};

/// Refuses a header whose outline no Python accepts. `range` holds the logical line, whose brackets are balanced.
pub(super) fn check(bytes: &[u8], range: TextRange) -> Result<(), SyntaxError> {
    let bytes = &bytes[..range.end];
    let mut at = range.start;
    let mut word = word_at(bytes, at);
    if word == b"async" {
        at = skip_blanks(bytes, at + word.len());
        word = word_at(bytes, at);
    }
    let is_function = word == b"def";
    at = skip_blanks(bytes, at + word.len());
    let name = word_at(bytes, at);
    match bytes.get(at) {
        // A continuation line is left to the parser.
        Some(b'\\') => return Ok(()),
        _ if name.is_empty() || is_keyword(name) => return Err(invalid(at)),
        _ => {}
    }
    at = skip_blanks(bytes, at + name.len());
    match bytes.get(at) {
        Some(b'[' | b'\\') => Ok(()),
        Some(b'(') if is_function => parameters(bytes, at + 1),
        Some(b'(' | b':') if !is_function => Ok(()),
        _ if is_function => Err(SyntaxError::new("expected `(`", at.min(range.end - 1)..range.end)),
        _ => Err(invalid(at)),
    }
}

fn invalid(at: usize) -> SyntaxError {
    SyntaxError::new("invalid syntax", at..at + 1)
}

/// Looks at the first byte of every parameter and at what follows the closing bracket.
fn parameters(bytes: &[u8], start: usize) -> Result<(), SyntaxError> {
    let mut depth = 0_usize;
    let mut expects_parameter = true;
    let mut is_first = true;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'\\' => at += 1,
            b'#' => at += memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at),
            b')' if depth == 0 => return behind_parameters(bytes, at + 1),
            b',' if depth == 0 && expects_parameter => return Err(invalid(at)),
            b',' if depth == 0 => {
                (expects_parameter, is_first) = (true, false);
                at += 1;
            }
            _ if expects_parameter => {
                if !(is_word_start(byte) || byte == b'*' || (byte == b'/' && !is_first)) {
                    return Err(invalid(at));
                }
                let word = word_at(bytes, at);
                if is_keyword(word) {
                    return Err(invalid(at));
                }
                expects_parameter = false;
                at += word.len().max(1);
            }
            // Defaults and annotations may hold anything; strings in them would need a scanner.
            b'\'' | b'"' => return Ok(()),
            b'(' | b'[' | b'{' => {
                depth += 1;
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ => at += 1,
        }
    }
    Ok(())
}

/// `:` or `-> result:` follows the parameters.
fn behind_parameters(bytes: &[u8], at: usize) -> Result<(), SyntaxError> {
    let at = skip_blanks(bytes, at);
    match &bytes[at.min(bytes.len())..] {
        [b':' | b'\\', ..] | [b'-', b'>', ..] => Ok(()),
        _ => Err(SyntaxError::new("expected `:`", at..at + 1)),
    }
}
