//! Python's regular expressions, where another engine has the same.

#[cfg(feature = "library")]
mod dialect;
#[cfg(feature = "library")]
mod engine;

#[cfg(feature = "library")]
use engine::groups;
#[cfg(feature = "library")]
pub(crate) use engine::pieces;

/// A part of a text that was searched.
#[cfg_attr(
    not(feature = "library"),
    expect(dead_code, reason = "without the engine nothing is found")
)]
pub(crate) enum Piece {
    Text(String),
    /// The groups of a match; the first is the whole.
    Match(Vec<Option<String>>),
}

/// Without the engine nothing is known of any pattern.
#[cfg(not(feature = "library"))]
fn groups(_pattern: &str) -> Option<usize> {
    None
}

/// Without the engine nothing is known of any pattern.
#[cfg(not(feature = "library"))]
pub(crate) fn pieces(_pattern: &str, _text: &str) -> Option<Vec<Piece>> {
    None
}

/// `re.sub` with a text, at most `most` times; `None` where Python's answer is not known.
pub fn substitute(pattern: &str, replacement: &str, text: &str, most: usize) -> Option<String> {
    // Python reads the replacement first, whether anything is replaced or not.
    let groups = vec![Some(String::new()); groups(pattern)?];
    expand(replacement, &groups, &mut String::new())?;
    let mut out = String::new();
    let mut count = 0;
    for piece in pieces(pattern, text)? {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Match(groups) => {
                let whole = groups.first()?.as_deref().filter(|whole| !whole.is_empty())?;
                count += 1;
                if count > most {
                    out.push_str(whole);
                } else {
                    expand(replacement, &groups, &mut out)?;
                }
            }
        }
    }
    Some(out)
}

/// `re.sub` with a text.
pub(crate) fn replace(pattern: &str, replacement: &str, text: &str) -> Option<String> {
    let mut out = String::new();
    for piece in pieces(pattern, text)? {
        match piece {
            Piece::Text(text) => out.push_str(&text),
            Piece::Match(groups) => expand(replacement, &groups, &mut out)?,
        }
    }
    Some(out)
}

fn expand(replacement: &str, groups: &[Option<String>], out: &mut String) -> Option<()> {
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            'g' => {
                if chars.next()? != '<' {
                    return None;
                }
                let mut number = String::new();
                loop {
                    match chars.next()? {
                        '>' => break,
                        c => number.push(c),
                    }
                }
                out.push_str(
                    groups.get(number.parse::<usize>().ok()?)?.as_deref().unwrap_or_default(),
                );
            }
            c if c.is_ascii_digit() && c != '0' => {
                if chars.peek().is_some_and(char::is_ascii_digit) {
                    return None;
                }
                out.push_str(groups.get(c.to_digit(10)? as usize)?.as_deref().unwrap_or_default());
            }
            '\\' => out.push('\\'),
            'n' => out.push('\n'),
            _ => return None,
        }
    }
    Some(())
}

/// `re.split` and `re.findall`, for patterns without groups.
pub(crate) fn list(split: bool, pattern: &str, text: &str) -> Option<Vec<String>> {
    let mut items = Vec::new();
    let mut current = String::new();
    for piece in pieces(pattern, text)? {
        match piece {
            Piece::Text(text) => current = text,
            Piece::Match(groups) => {
                if split {
                    if groups.len() > 1 {
                        return None;
                    }
                    items.push(std::mem::take(&mut current));
                } else {
                    match groups.as_slice() {
                        [Some(whole)] => items.push(whole.clone()),
                        [_, Some(one)] => items.push(one.clone()),
                        _ => return None,
                    }
                }
            }
        }
    }
    if split {
        items.push(current);
    }
    Some(items)
}
