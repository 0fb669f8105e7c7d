//! The text that a report shows: the script's, but for lines that nobody can read.

use std::ops::Range;

use miette::NamedSource;

/// Longer lines are cut, in bytes. A script may hold megabytes on one line, and a
/// report shows whole lines.
const LONGEST: usize = 1_000;

/// What stands before a span on a line that is cut, in bytes.
const BEFORE: usize = 200;

const CUT: &str = "…";

/// Cuts the long lines of `source` to what is around the `spans`, which move along.
/// Lines keep their numbers.
pub(super) fn shorten(
    source: NamedSource<String>,
    spans: &mut [&mut Range<usize>],
) -> NamedSource<String> {
    let text = source.inner();
    if text.split('\n').all(|line| line.len() <= LONGEST) {
        return source;
    }
    let given: Vec<Range<usize>> = spans.iter().map(|span| (**span).clone()).collect();
    let mut shown = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let window = window(text, start..start + line.len(), &given);
        if window.start > start {
            shown.push_str(CUT);
        }
        let moved =
            |offset: usize| shown.len() + offset.clamp(window.start, window.end) - window.start;
        for (span, given) in spans.iter_mut().zip(&given) {
            let on_line = |offset: usize| (start..=start + line.len()).contains(&offset);
            if on_line(given.start) {
                span.start = moved(given.start);
            }
            if on_line(given.end) {
                span.end = moved(given.end);
            }
        }
        shown.push_str(&text[window.clone()]);
        if window.end < start + line.len() {
            shown.push_str(CUT);
            shown.push('\n');
        }
        start += line.len();
    }
    let name = source.name().to_owned();
    NamedSource::new(name, shown).with_language("Python")
}

/// The part of a line that is shown: all of a short one.
fn window(text: &str, line: Range<usize>, spans: &[Range<usize>]) -> Range<usize> {
    if line.len() <= LONGEST {
        return line;
    }
    let first = spans.iter().map(|span| span.start).filter(|start| line.contains(start)).min();
    let start = first.unwrap_or(line.start).saturating_sub(BEFORE).max(line.start);
    let start = text.floor_char_boundary(start);
    start..text.floor_char_boundary((start + LONGEST).min(line.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(text: &str, mut span: Range<usize>) -> (String, String) {
        let source = NamedSource::new("x.py", text.to_owned());
        let source = shorten(source, &mut [&mut span]);
        let marked = source.inner()[span].to_owned();
        (source.inner().clone(), marked)
    }

    #[test]
    fn short_lines_stay() {
        let (text, marked) = shortened("a = 1\nb = 2\n", 6..7);
        assert_eq!((text.as_str(), marked.as_str()), ("a = 1\nb = 2\n", "b"));
    }

    #[test]
    fn long_lines_keep_what_is_marked_and_their_number() {
        let text = format!("a = 1\n{}(here){}\nb = 2\n", "é".repeat(5_000), "x".repeat(5_000));
        let at = text.find("(here)").unwrap();
        let (short, marked) = shortened(&text, at..at + 6);
        assert_eq!(marked, "(here)");
        assert!(short.len() < 1_100, "{short}");
        let lines: Vec<&str> = short.lines().collect();
        assert_eq!((lines[0], lines[2]), ("a = 1", "b = 2"));
        assert!(lines[1].starts_with('…') && lines[1].ends_with('…'));
    }

    #[test]
    fn what_is_marked_may_be_long_itself() {
        let text = "x".repeat(5_000);
        let (short, marked) = shortened(&text, 0..5_000);
        assert_eq!(marked.len(), LONGEST);
        assert!(short.starts_with(&marked));
        let (_, marked) = shortened(&text, 5_000..5_000);
        assert_eq!(marked, "");
    }
}
