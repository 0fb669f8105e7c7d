//! Names made fit for one line of a drawing.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The text with every character replaced that ends a line, moves a cursor or turns the direction of writing.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if is_unfit(c) { stand_in(c) } else { c }).collect()
}

/// The text where a format must have a name: an empty one, which no database takes, becomes a sign for it.
pub(super) fn named(text: &str) -> String {
    if text.is_empty() { "∅".to_owned() } else { visible(text) }
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

/// What stands in XML and HTML for a character that would be markup there.
pub(super) fn entity(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        _ => None,
    }
}

/// The columns of a monospaced face that the text takes up.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text in so many columns: what is longer ends with an ellipsis.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = visible(text);
    if width(&text) <= most {
        return text;
    }
    let mut taken = 1;
    let kept = text.chars().take_while(|character| {
        taken += character.width().unwrap_or(0);
        taken <= most
    });
    kept.chain(['…']).collect()
}
