//! Python's `textwrap.wrap`, in which Alembic sets its messages on a terminal.
//!
//! Breaks at blanks and after hyphens inside words, keeps runs of blanks inside
//! a line, drops them at its ends, and breaks words that are longer than a line.

/// Every line of a message begins with this.
const INDENT: &str = "  ";

/// Wraps `text` at `width` columns, counted in characters as Python counts them.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    // A line must hold the indentation and one character.
    let room = width.saturating_sub(INDENT.len()).max(1);
    let text: Vec<char> = expand_white_space(text);
    let mut chunks = split(&text);
    chunks.reverse();
    let mut lines = Vec::new();
    while let Some(first) = chunks.last() {
        if is_blank(first) && !lines.is_empty() {
            chunks.pop();
            continue;
        }
        let line = fill(&mut chunks, room);
        if !line.is_empty() {
            lines.push(format!("{INDENT}{}", line.iter().collect::<String>()));
        }
    }
    lines
}

/// Takes as many chunks as fit, breaking one that fits on no line.
fn fill(chunks: &mut Vec<Vec<char>>, room: usize) -> Vec<char> {
    let mut parts: Vec<Vec<char>> = Vec::new();
    let mut used = 0;
    while let Some(chunk) = chunks.pop_if(|chunk| used + chunk.len() <= room) {
        used += chunk.len();
        parts.push(chunk);
    }
    if let Some(long) = chunks.pop_if(|chunk| chunk.len() > room) {
        let mut end = (room - used).max(usize::from(used == 0));
        if let Some(hyphen) = long[..end.min(long.len())].iter().rposition(|&c| c == '-')
            && hyphen > 0
            && long[..hyphen].iter().any(|&c| c != '-')
        {
            end = hyphen + 1;
        }
        let rest = long[end..].to_vec();
        parts.push(long[..end].to_vec());
        chunks.push(rest);
    }
    if parts.last().is_some_and(|last| is_blank(last)) {
        parts.pop();
    }
    parts.concat()
}

fn is_blank(chunk: &[char]) -> bool {
    chunk.iter().all(|c| c.is_whitespace())
}

fn is_separator(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// Tabs to the next multiple of eight, other white space to one blank.
fn expand_white_space(text: &str) -> Vec<char> {
    let (mut expanded, mut column) = (Vec::new(), 0);
    for c in text.chars() {
        match c {
            '\t' => {
                let blanks = 8 - column % 8;
                expanded.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\n' | '\r' => {
                expanded.push(' ');
                column = 0;
            }
            c if is_separator(c) => {
                expanded.push(' ');
                column += 1;
            }
            c => {
                expanded.push(c);
                column += 1;
            }
        }
    }
    expanded
}

/// Cuts into words, parts of hyphenated words, dashes and runs of blanks.
fn split(text: &[char]) -> Vec<Vec<char>> {
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = chunk_end(text, start);
        chunks.push(text[start..end].to_vec());
        start = end;
    }
    chunks
}

fn chunk_end(text: &[char], start: usize) -> usize {
    let run = |from: usize, inside: &dyn Fn(char) -> bool| {
        text[from..].iter().position(|&c| !inside(c)).map_or(text.len(), |length| from + length)
    };
    if is_separator(text[start]) {
        return run(start, &is_separator);
    }
    if text[start] == '-' && start > 0 && is_word_punctuation(text[start - 1]) {
        let end = run(start, &|c| c == '-');
        if end - start >= 2 && text.get(end).is_some_and(|&c| is_word(c)) {
            return end;
        }
    }
    let mut end = start + 1;
    while end < text.len() && !is_separator(text[end]) {
        if breaks_after_hyphen(text, start, end) {
            return end + 1;
        }
        if starts_dash(text, end) {
            return end;
        }
        end += 1;
    }
    end
}

/// `text[at]` is a hyphen after two letters or a letter, hyphen and letter, and
/// before two letters or a letter, hyphen and letter.
fn breaks_after_hyphen(text: &[char], start: usize, at: usize) -> bool {
    if text[at] != '-' || at == start {
        return false;
    }
    let letter = |index: usize| text.get(index).is_some_and(|&c| is_letter(c));
    let two_letters = at >= 2 && letter(at - 2) && letter(at - 1);
    let hyphenated = at >= 3 && letter(at - 3) && text[at - 2] == '-' && letter(at - 1);
    let after =
        letter(at + 1) && (letter(at + 2) || (text.get(at + 2) == Some(&'-') && letter(at + 3)));
    (two_letters || hyphenated) && after
}

/// A dash of two or more hyphens between words begins at `at`.
fn starts_dash(text: &[char], at: usize) -> bool {
    if text[at] != '-' || !is_word_punctuation(text[at - 1]) {
        return false;
    }
    let hyphens = text[at..].iter().take_while(|&&c| c == '-').count();
    hyphens >= 2 && text.get(at + hyphens).is_some_and(|&c| is_word(c))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_letter(c: char) -> bool {
    is_word(c) && !c.is_numeric()
}

fn is_word_punctuation(c: char) -> bool {
    is_word(c) || matches!(c, '!' | '"' | '\'' | '&' | '.' | ',' | '?')
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn breaks_at_blanks() {
        assert_eq!(wrap("FAILED: Can't locate it", 16), ["  FAILED: Can't", "  locate it"]);
    }

    #[test]
    fn keeps_runs_of_blanks_inside_a_line() {
        assert_eq!(wrap("a  b   c", 40), ["  a  b   c"]);
        assert_eq!(wrap("aaa   bbb", 6), ["  aaa", "  bbb"]);
    }

    #[test]
    fn breaks_long_words() {
        assert_eq!(wrap("xxxxxxxxxx", 6), ["  xxxx", "  xxxx", "  xx"]);
        assert_eq!(wrap("x", 1), ["  x"]);
    }

    #[test]
    fn breaks_after_hyphens_inside_words() {
        assert_eq!(wrap("command-line tool", 12), ["  command-", "  line tool"]);
        assert_eq!(wrap("-x-y", 40), ["  -x-y"]);
    }
}
