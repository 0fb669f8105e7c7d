//! The engine that finds what Python would find.

use fancy_regex::Regex;

use super::{Piece, dialect};

/// How many groups a pattern has, the whole included; `None` for one that is not followed.
pub(super) fn groups(pattern: &str) -> Option<usize> {
    Some(compile(pattern)?.captures_len())
}

fn compile(pattern: &str) -> Option<Regex> {
    if pattern.len() > 500 {
        return None;
    }
    fancy_regex::RegexBuilder::new(pattern).backtrack_limit(100_000).build().ok()
}

/// The text cut at its matches; `None` where Python may cut it otherwise.
pub(crate) fn pieces(pattern: &str, text: &str) -> Option<Vec<Piece>> {
    if text.len() > 10_000 || !dialect::is_shared(pattern, text) {
        return None;
    }
    let regex = compile(pattern)?;
    let mut found = Vec::new();
    let mut last = 0;
    for captures in regex.captures_iter(text) {
        let captures = captures.ok()?;
        let whole = captures.get(0)?;
        if !whole.as_str().is_empty() && matches_nothing_at(&regex, text, whole.end())? {
            return None;
        }
        found.push(Piece::Text(text[last..whole.start()].to_owned()));
        found.push(Piece::Match(
            captures.iter().map(|group| group.map(|group| group.as_str().to_owned())).collect(),
        ));
        last = whole.end();
    }
    found.push(Piece::Text(text[last..].to_owned()));
    Some(found)
}

/// Whether an empty match follows at once on another, which Python counts and the engine here does not.
fn matches_nothing_at(regex: &Regex, text: &str, at: usize) -> Option<bool> {
    let next = regex.find_from_pos(text, at).ok()?;
    Some(next.is_some_and(|next| (next.start(), next.end()) == (at, at)))
}
