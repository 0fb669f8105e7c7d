//! Where Python's regular expressions and those of the engine here may mean different things.

/// Whether both find the same in `text`: everything that one of them reads in its own way is left out.
pub(super) fn is_shared(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    let mut in_set = false;
    let mut repeats = false;
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let may_repeat = std::mem::take(&mut repeats);
        match c {
            '\\' => {
                rest.next();
                if !next.is_some_and(|letter| is_shared_escape(letter, text)) {
                    return false;
                }
            }
            // Sets inside of sets, and their operators, are letters in Python.
            '[' if in_set => return false,
            '&' | '-' | '~' | '|' if in_set && next == Some(c) => return false,
            '[' => in_set = true,
            ']' if in_set => in_set = false,
            _ if in_set => {}
            '(' if next == Some('?') && !is_shared_group(rest.clone().skip(1), text) => {
                return false;
            }
            // The sign behind it is no repetition.
            '(' if next == Some('?') => drop(rest.next()),
            // Python finds the end before a last line break as well.
            '$' if text.ends_with('\n') => return false,
            // Possessive ones are new in Python 3.11.
            '+' if may_repeat => return false,
            '*' | '+' | '?' | '}' => repeats = true,
            '{' if !next.is_some_and(|digit| digit.is_ascii_digit()) => return false,
            _ => {}
        }
    }
    true
}

fn is_shared_escape(letter: char, text: &str) -> bool {
    match letter {
        'w' | 'W' | 'b' | 'B' => text.chars().all(is_agreed_letter),
        // Python counts the separators of information as blanks.
        's' | 'S' => !text.contains(|c| matches!(c, '\u{1c}'..='\u{1f}')),
        'd' | 'D' | 'n' | 'r' | 't' | 'f' | 'v' | '1'..='9' => true,
        letter => letter.is_ascii_punctuation() || letter == ' ',
    }
}

/// What stands behind `(?`.
fn is_shared_group(mut group: impl Iterator<Item = char>, text: &str) -> bool {
    match group.next() {
        Some(':' | '=' | '!') => true,
        Some('<') => matches!(group.next(), Some('=' | '!')),
        Some('P') => matches!(group.next(), Some('<' | '=')),
        Some('i') => group.next() == Some(')') && text.is_ascii(),
        _ => false,
    }
}

/// Letters and signs of which both say the same when asked whether they are part of a word.
fn is_agreed_letter(c: char) -> bool {
    c.is_ascii()
        || matches!(
            c,
            'À'..='ɏ' | 'Ͱ'..='ҁ' | 'Ҋ'..='ԯ' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' | '가'..='힣'
                | '«' | '»' | '\u{2010}'..='\u{203e}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_read_alike() {
        for (pattern, text) in [
            (r"\W+", "é x"),
            (r"[^a-zA-Z0-9_]+", "a"),
            (r"^null$", "null"),
            (r"(?<!^)(?=[A-Z])", "aB"),
            (r"(?P<a>x)(?:y)?", "x"),
            (r"a{2,3}?", "aa"),
        ] {
            assert!(is_shared(pattern, text), "{pattern}");
        }
        for (pattern, text) in [
            (r"x$", "x\n"),
            (r"\w", "²"),
            (r"\s", "\u{1c}"),
            (r"[[:alpha:]]", "a"),
            (r"[a--b]", "a"),
            (r"a++", "a"),
            (r"a{,2}", "a"),
            (r"\Z", "a"),
            (r"(?<name>a)", "a"),
            (r"(?>a)", "a"),
        ] {
            assert!(!is_shared(pattern, text), "{pattern}");
        }
    }
}
