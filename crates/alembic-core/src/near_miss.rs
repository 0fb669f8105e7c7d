//! Names close to one that was not found.

/// How many near misses are worth showing.
const MAX_SHOWN: usize = 3;

/// Longer texts, in bytes, are near to nothing: the work stays small.
const LONGEST: usize = 256;

/// The names of `candidates` closest to `wanted`, best first: those that it is
/// part of, then those a few edits away.
pub(crate) fn best<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Vec::new();
    }
    let folded: Vec<char> = wanted.to_lowercase().chars().collect();
    // An identifier of twelve digits may have three wrong, a word of four one.
    let allowed = (folded.len() / 3).clamp(1, 3);
    let mut scored: Vec<(usize, &str)> = candidates
        .filter_map(|name| {
            let candidate: Vec<char> = name.to_lowercase().chars().collect();
            distance(&folded, &candidate, allowed).map(|score| (score, name))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().take(MAX_SHOWN).map(|(_, name)| name).collect()
}

/// The names of `candidates` that begin almost as `wanted` does: what a shortened
/// identifier with a slip in it may have meant.
pub(crate) fn beginnings<'a>(
    wanted: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Vec<&'a str> {
    const SHORTEST: usize = 4;
    let folded: Vec<char> = wanted.to_lowercase().chars().collect();
    if folded.len() < SHORTEST || wanted.len() > LONGEST {
        return Vec::new();
    }
    let mut scored: Vec<(usize, &str)> = candidates
        .filter_map(|name| {
            let lower = name.to_lowercase();
            let beginning: Vec<char> = lower.chars().take(folded.len()).collect();
            distance(&folded, &beginning, 1).map(|score| (score, name))
        })
        .collect();
    scored.sort_unstable();
    scored.into_iter().take(MAX_SHOWN).map(|(_, name)| name).collect()
}

/// The closest of `candidates`, if one is close enough and not the same word.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let others = candidates.into_iter().filter(|candidate| *candidate != word);
    best(word, others).into_iter().next()
}

/// "`a`, `b` or `c`".
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

/// Edits (insert, delete, replace, swap neighbours) between two texts, or `None`
/// above `allowed`. A text that begins with the wanted one counts as near.
fn distance(wanted: &[char], candidate: &[char], allowed: usize) -> Option<usize> {
    if wanted.len() >= 3 && candidate.starts_with(wanted) {
        return Some(0);
    }
    if wanted.len().abs_diff(candidate.len()) > allowed {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=candidate.len()).collect();
    for (row, &w) in wanted.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &c) in candidate.iter().enumerate() {
            let replaced = previous[column] + usize::from(w != c);
            let mut best = replaced.min(previous[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && w == candidate[column - 1] && wanted[row - 1] == c;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous.last().copied().filter(|&edits| edits <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typos_and_beginnings() {
        let names = || ["ae1027a6acf", "1975ea83b712", "head", "heads", "billing"].into_iter();
        assert_eq!(best("ae1027a6afc", names()), ["ae1027a6acf"]);
        assert_eq!(best("hed", names()), ["head"]);
        assert_eq!(best("HEAD", names()), ["head", "heads"]);
        assert_eq!(best("1975ea", names()), ["1975ea83b712"]);
        assert!(best("zzzz", names()).is_empty());
        assert!(best("", names()).is_empty());
    }

    #[test]
    fn lists() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` or `c`");
    }

    #[test]
    fn a_shortened_identifier_with_a_slip() {
        let names = ["3f60aa1290cd", "3f61aa", "9f60aa", "3f6"];
        let near = |wanted| beginnings(wanted, names.into_iter());
        assert_eq!(near("3f60ab"), ["3f60aa1290cd"]);
        assert_eq!(near("3f0"), [""; 0]);
        assert_eq!(near("7777"), [""; 0]);
    }
}
