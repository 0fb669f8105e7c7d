//! What is certainly no Python, and the words and characters by which that is known.

use crate::source::TextRange;

/// Python would refuse to compile the file.
///
/// Reported only where every version of Python 3 refuses: syntax that is merely newer than this crate is never an
/// error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong, in Python's words where Python has words: a lower-case fragment.
    pub message: String,
    /// The place, as byte offsets into the text.
    pub range: TextRange,
}

impl SyntaxError {
    pub(crate) fn new(message: impl Into<String>, range: TextRange) -> Self {
        Self { message: message.into(), range }
    }

    /// The same error in a text that begins `by` bytes earlier.
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.range = self.range.start + by..self.range.end + by;
        self
    }

    /// The same error, its range widened to whole characters: the cut looks at bytes.
    pub(crate) fn on_characters_of(mut self, text: &str) -> Self {
        let start = text.floor_char_boundary(self.range.start);
        self.range = start..text.ceil_char_boundary(self.range.end.max(start));
        self
    }
}

/// A table, since every byte of every name is asked for: a tenth of the time of a cut.
const WORD_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// A byte that may stand inside an identifier; bytes of characters beyond ASCII count.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    WORD_BYTES[usize::from(byte)]
}

/// A byte that may begin an identifier; bytes of characters beyond ASCII count.
pub(crate) fn is_word_start(byte: u8) -> bool {
    is_word_byte(byte) && !byte.is_ascii_digit()
}

/// The identifier (or keyword) that begins at `at`; empty when none does.
pub(crate) fn word_at(bytes: &[u8], at: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    if !rest.first().is_some_and(|&byte| is_word_start(byte)) {
        return &[];
    }
    let end = rest.iter().position(|&byte| !is_word_byte(byte)).unwrap_or(rest.len());
    &rest[..end]
}

/// Words that no identifier may be in any version of Python 3.
pub(crate) fn is_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"False"
            | b"None"
            | b"True"
            | b"and"
            | b"as"
            | b"assert"
            | b"async"
            | b"await"
            | b"break"
            | b"class"
            | b"continue"
            | b"def"
            | b"del"
            | b"elif"
            | b"else"
            | b"except"
            | b"finally"
            | b"for"
            | b"from"
            | b"global"
            | b"if"
            | b"import"
            | b"in"
            | b"is"
            | b"lambda"
            | b"nonlocal"
            | b"not"
            | b"or"
            | b"pass"
            | b"raise"
            | b"return"
            | b"try"
            | b"while"
            | b"with"
            | b"yield"
    )
}

/// Words that are keywords at the beginning of a statement only (`lazy` from 3.15 on).
pub(crate) fn is_soft_keyword(word: &[u8]) -> bool {
    matches!(word, b"match" | b"case" | b"type" | b"lazy")
}

/// The prefix of a string literal: `r`, `b`, `u`, `f`, `t` and their pairs, in any case.
pub(crate) fn is_string_prefix(word: &[u8]) -> bool {
    match *word {
        [] => true,
        [letter] => matches!(letter | 0x20, b'r' | b'b' | b'u' | b'f' | b't'),
        [one, two] => matches!(
            [one | 0x20, two | 0x20],
            [b'b' | b'f' | b't', b'r'] | [b'r', b'b' | b'f' | b't']
        ),
        _ => false,
    }
}

/// A character beyond ASCII that stands in no identifier in any version of Unicode: blanks, punctuation, pictures.
pub(crate) fn is_never_in_identifier(c: char) -> bool {
    match c {
        'ª' | 'µ' | '·' | 'º' | '\u{203f}' | '\u{2040}' | '\u{2054}' | '\u{2071}' | '\u{207f}' => {
            false
        }
        '\u{80}'..='\u{bf}'
        | '×'
        | '÷'
        | '\u{2000}'..='\u{2070}'
        | '\u{20a0}'..='\u{20bf}'
        | '\u{2190}'..='\u{23ff}'
        | '\u{2500}'..='\u{27bf}'
        | '\u{3000}'..='\u{3004}'
        | '\u{3008}'..='\u{3020}'
        | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}'
        | '\u{feff}'
        | '\u{fffd}'
        | '\u{1f300}'..='\u{1faff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::statements;

    #[test]
    fn an_error_is_marked_on_whole_characters() {
        let text = "if a:\n \u{feff}  b\n   c\n";
        for text in [text, "a\n \u{feff}b\n", "def f(\u{feff}", "é é é(", "a = $é"] {
            if let Err(error) = statements::cut(text) {
                assert!(text.get(error.range.clone()).is_some(), "{text:?}: {:?}", error.range);
            }
        }
        assert_eq!(statements::cut("a\n \u{feff}b\n").unwrap_err().range, 3..6);
    }
}
