//! Text from scripts made fit for a drawing: one line, no character that could
//! move a cursor or turn the direction of writing, a known width.

use std::borrow::Cow;

use super::history::Entry;
use super::marks::State;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text as it is drawn, with the columns of a terminal that it takes up.
pub(super) struct Drawn<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) width: usize,
}

impl<'a> Drawn<'a> {
    /// The first line of a message.
    pub(super) fn line(text: &'a str) -> Self {
        Self::word(first_line(text))
    }

    /// Text of one line.
    pub(super) fn word(text: &'a str) -> Self {
        if is_plain(text) {
            return Self { text: Cow::Borrowed(text), width: text.len() };
        }
        let text = visible(text);
        Self { width: width(&text), text }
    }
}

/// The first line of a message, without the blanks at its end.
pub(super) fn first_line(text: &str) -> &str {
    if is_plain(text) {
        return text.trim_end();
    }
    let end = text.find(is_line_end).unwrap_or(text.len());
    text[..end].trim_end()
}

/// Whether the text is printable ASCII, as nearly every message is. Looks at all
/// bytes rather than stop at the first other one: that is faster for short texts.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// Python's `splitlines`.
fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The text with every character that is not to be drawn replaced.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.contains(is_unfit) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_unfit(c) { stand_in(c) } else { c }).collect())
}

fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

/// The picture of a C0 control character, a replacement character for the rest.
fn stand_in(character: char) -> char {
    match character {
        '\t' => ' ',
        '\x7f' => '\u{2421}',
        c if u32::from(c) < 0x20 => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        _ => '\u{fffd}',
    }
}

/// What diagrams say of a revision below its message: marks, then labels.
pub(super) fn caption(entry: &Entry<'_>) -> String {
    let marks = entry.marks.words().map(|mark| mark.word().to_owned());
    let pending = (entry.state == Some(State::Pending)).then(|| "pending".to_owned());
    let labels = entry.branch_labels.iter().map(|label| format!("[{label}]"));
    marks.chain(pending).chain(labels).collect::<Vec<_>>().join(" · ")
}

/// How many columns of a terminal the text takes up.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// The longest beginning of `text` that takes up at most `columns`.
pub(super) fn cut(text: &str, columns: usize) -> &str {
    if text.len() <= columns {
        return text;
    }
    let mut used = 0;
    let end = text.char_indices().find_map(|(at, character)| {
        used += character.width().unwrap_or(0);
        (used > columns).then_some(at)
    });
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_moves_the_cursor() {
        assert_eq!(visible("a\x1b[2Jb\tc\x7f\u{9b}\u{202e}"), "a␛[2Jb c␡\u{fffd}\u{fffd}");
        assert_eq!(visible("schöne Grüße 表"), "schöne Grüße 表");
    }

    #[test]
    fn a_message_is_its_first_line() {
        assert_eq!(first_line("add users \r\nand more"), "add users");
        assert_eq!(first_line(""), "");
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(cut("日本語", 5), "日本");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("ábc", 2), "áb");
        assert_eq!(width("日本"), 4);
    }
}
