//! The beginning of a logical line: its indentation and its first word.

use crate::source::TextRange;
use crate::syntax::{SyntaxError, is_keyword, is_soft_keyword, is_word_start, word_at};

/// Where a line's first token stands and how far it is indented.
pub(super) struct LineStart {
    pub(super) at: usize,
    /// Tabs go to the next multiple of eight.
    pub(super) column: usize,
    /// Tabs count as one column.
    pub(super) narrow_column: usize,
}

impl LineStart {
    pub(super) fn read(bytes: &[u8], mut at: usize) -> Self {
        let start = at;
        while bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) == Some(b"    ") {
            at += 4;
        }
        let (mut column, mut narrow_column) = (at - start, at - start);
        loop {
            match bytes.get(at) {
                Some(b' ') => {
                    column += 1;
                    narrow_column += 1;
                }
                Some(b'\t') => {
                    column = (column / 8 + 1) * 8;
                    narrow_column += 1;
                }
                Some(0x0c) => (column, narrow_column) = (0, 0),
                Some(b'\\') if matches!(bytes.get(at + 1), Some(b'\n')) => at += 1,
                _ => break,
            }
            at += 1;
        }
        Self { at, column, narrow_column }
    }
}

/// What the first word of a logical line says about the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    Simple,
    Import,
    FromImport,
    Return,
    /// `break`, `continue`
    Jump,
    Decorator,
    Def,
    Class,
    If,
    Elif,
    Else,
    /// `for`, `while`
    Loop,
    Try,
    Except,
    /// The `else` behind an `except`, which only `finally` may follow.
    TryElse,
    Finally,
    With,
    /// `match`, or a soft keyword of a newer Python.
    Soft,
}

impl Lead {
    /// Reads the first word of the line whose first token stands at `at`.
    pub(super) fn read(bytes: &[u8], at: usize) -> Result<Self, SyntaxError> {
        let word = word_at(bytes, at);
        let lead = match word {
            b"" => return Self::without_word(bytes, at),
            b"import" => Self::Import,
            b"from" => Self::FromImport,
            b"return" => Self::Return,
            b"break" | b"continue" => Self::Jump,
            b"def" => Self::Def,
            b"class" => Self::Class,
            b"if" => Self::If,
            b"elif" => Self::Elif,
            b"else" => Self::Else,
            b"for" | b"while" => Self::Loop,
            b"try" => Self::Try,
            b"except" => Self::Except,
            b"finally" => Self::Finally,
            b"with" => Self::With,
            b"async" => return Self::behind_async(bytes, at),
            b"and" | b"as" | b"in" | b"is" | b"or" => {
                return Err(SyntaxError::new("invalid syntax", at..at + word.len()));
            }
            _ => {
                check_second_word(bytes, at, word)?;
                if is_soft_keyword(word) { Self::Soft } else { Self::Simple }
            }
        };
        Ok(lead)
    }

    fn without_word(bytes: &[u8], at: usize) -> Result<Self, SyntaxError> {
        match bytes[at] {
            b'@' => Ok(Self::Decorator),
            b'=' | b'<' | b'>' | b',' | b':' | b';' | b'/' | b'%' | b'|' | b'&' | b'^' => {
                Err(SyntaxError::new("invalid syntax", at..at + 1))
            }
            b'.' if !bytes.get(at + 1).is_some_and(|b| b.is_ascii_digit() || *b == b'.') => {
                Err(SyntaxError::new("invalid syntax", at..at + 1))
            }
            _ => Ok(Self::Simple),
        }
    }

    fn behind_async(bytes: &[u8], at: usize) -> Result<Self, SyntaxError> {
        match word_at(bytes, skip_blanks(bytes, at + b"async".len())) {
            b"def" => Ok(Self::Def),
            b"for" => Ok(Self::Loop),
            b"with" => Ok(Self::With),
            // A backslash may part the two words.
            b"" => Ok(Self::Soft),
            _ => Err(SyntaxError::new("invalid syntax", at..at + b"async".len())),
        }
    }

    pub(super) fn is_definition(self) -> bool {
        matches!(self, Self::Def | Self::Class)
    }

    /// The line goes on with a statement that begins in an earlier line.
    pub(super) fn is_clause(self) -> bool {
        matches!(self, Self::Elif | Self::Else | Self::Except | Self::Finally)
    }

    /// The line begins a statement that may have a block.
    pub(super) fn is_compound(self) -> bool {
        matches!(self, Self::If | Self::Loop | Self::Try | Self::With) || self.is_clause()
    }

    pub(super) fn needs_colon(self) -> bool {
        self.is_compound() || self.is_definition()
    }

    /// What to remember of a level when this line follows `last` there.
    pub(super) fn after(self, last: Self, range: TextRange) -> Result<Self, SyntaxError> {
        last.check_followed_by(self, range.clone())?;
        let fits = match self {
            Self::Elif => matches!(last, Self::If | Self::Elif),
            Self::Else => matches!(last, Self::If | Self::Elif | Self::Loop | Self::Except),
            Self::Except => matches!(last, Self::Try | Self::Except),
            Self::Finally => matches!(last, Self::Try | Self::Except | Self::TryElse),
            _ => true,
        };
        if !fits {
            return Err(SyntaxError::new("invalid syntax", range));
        }
        Ok(match (self, last) {
            (Self::Else, Self::Except) => Self::TryElse,
            _ => self,
        })
    }

    /// `try` wants its handlers, a decorator its definition.
    pub(super) fn check_followed_by(self, next: Self, range: TextRange) -> Result<(), SyntaxError> {
        match self {
            Self::Try if !matches!(next, Self::Except | Self::Finally) => {
                Err(SyntaxError::new("expected `except` or `finally` block", range))
            }
            Self::Decorator if !matches!(next, Self::Decorator | Self::Def | Self::Class) => {
                Err(SyntaxError::new("expected a function or a class behind a decorator", range))
            }
            _ => Ok(()),
        }
    }
}

/// Refuses two names side by side at the beginning of a line (`print x`).
fn check_second_word(bytes: &[u8], at: usize, word: &[u8]) -> Result<(), SyntaxError> {
    let next = at + word.len();
    if bytes.get(next) != Some(&b' ') {
        return Ok(());
    }
    let second_at = skip_blanks(bytes, next);
    if !bytes.get(second_at).is_some_and(|&byte| is_word_start(byte))
        || is_keyword(word)
        || is_soft_keyword(word)
    {
        return Ok(());
    }
    let second = word_at(bytes, second_at);
    let before_string = matches!(bytes.get(second_at + second.len()), Some(b'\'' | b'"'));
    let joins =
        matches!(second, b"and" | b"or" | b"not" | b"in" | b"is" | b"if" | b"for" | b"async");
    if before_string || joins || second[0] >= 0x80 {
        return Ok(());
    }
    let message = match word {
        b"print" | b"exec" => {
            let word = String::from_utf8_lossy(word);
            format!("missing parentheses in call to `{word}`: did you mean `{word}(...)`?")
        }
        _ => "invalid syntax".to_owned(),
    };
    Err(SyntaxError::new(message, at..second_at + second.len()))
}

/// Refuses a clause without its condition, and a condition where none belongs.
pub(super) fn check_condition(
    text: &[u8],
    lead: Lead,
    range: &TextRange,
) -> Result<(), SyntaxError> {
    let wants_condition = match lead {
        Lead::If | Lead::Elif | Lead::Loop | Lead::With => true,
        Lead::Try | Lead::Else | Lead::TryElse | Lead::Finally => false,
        _ => return Ok(()),
    };
    let behind = skip_blanks(text, word_at(text, 0).len());
    let wrong = match text.get(behind) {
        Some(b':') => wants_condition,
        Some(b'\\') => false,
        _ => !wants_condition,
    };
    if wrong {
        let at = range.start + behind;
        return Err(SyntaxError::new("invalid syntax", at..at + 1));
    }
    Ok(())
}

/// Refuses a line that ends in an operator or a dot.
pub(super) fn check_last_byte(
    text: &[u8],
    lead: Lead,
    range: &TextRange,
) -> Result<(), SyntaxError> {
    let dangling = match text {
        [.., b'*'] => !matches!(lead, Lead::FromImport | Lead::Import),
        [.., before, b'.'] => !(before.is_ascii_digit() || matches!(before, b'.' | b'_')),
        [.., last] => matches!(
            last,
            b'=' | b'+'
                | b'-'
                | b'/'
                | b'%'
                | b'&'
                | b'|'
                | b'^'
                | b'<'
                | b'>'
                | b'~'
                | b'@'
                | b'.'
        ),
        [] => false,
    };
    if dangling {
        return Err(SyntaxError::new("invalid syntax", range.end - 1..range.end));
    }
    Ok(())
}

pub(super) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| matches!(byte, b' ' | b'\t' | 0x0c)).count()
}
