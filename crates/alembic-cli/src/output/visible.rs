//! Text of somebody else's, fit for a terminal.

/// Text of somebody else's as it can be shown: control characters, and those that
/// turn the direction of writing, spelled out.
pub(crate) fn visible(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(|c: char| c.is_control() || turns(c)) {
        return text.to_owned();
    }
    text.chars().fold(String::new(), |mut shown, c| {
        if c.is_control() || turns(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
        shown
    })
}

/// A rendered report: what stands in it is spelled out, its own lines and colours stay.
pub(crate) fn visible_report(report: &str) -> String {
    report.split_inclusive(['\n', '\t']).map(visible_line).collect()
}

fn visible_line(line: &str) -> String {
    let end = line.trim_end_matches(['\n', '\t']).len();
    let (text, end) = line.split_at(end);
    let mut parts = text.split('\x1b');
    let mut shown = visible(parts.next().unwrap_or_default());
    for part in parts {
        let rest = part.strip_prefix('[').unwrap_or_default();
        let is_colour =
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m');
        shown.push_str(if is_colour { "\x1b" } else { "\\u{1b}" });
        shown.push_str(&visible(part));
    }
    shown + end
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_report};

    #[test]
    fn a_report_keeps_its_colours_and_lines() {
        let report = "\x1b[31;1mx\x1b[0m a\x1b[2Jb\x1b\rc\n\tend\x07\n\n";
        let shown = "\x1b[31;1mx\x1b[0m a\\u{1b}[2Jb\\u{1b}\\rc\n\tend\\u{7}\n\n";
        assert_eq!(visible_report(report), shown);
    }

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(visible("a\u{1b}[31m\nb\u{202e}é"), "a\\u{1b}[31m\\nb\\u{202e}é");
    }
}
