//! Near misses: what the user may have meant.

/// The candidate that is closest to the word, if one is close enough to be a slip of the hand.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let most = (lower.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| {
            (
                distance(&lower, &candidate.trim().to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= most && *candidate != word)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in characters. Long words are never near, so that the work stays small.
fn distance(left: &str, right: &str) -> usize {
    const LONGEST: usize = 64;
    let left = left.chars().collect::<Vec<_>>();
    let right = right.chars().collect::<Vec<_>>();
    if left.len() > LONGEST || right.len() > LONGEST {
        return usize::MAX;
    }
    let mut row = (0..=right.len()).collect::<Vec<_>>();
    for (i, a) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near() {
        let keys = ["script_location", "version_locations", "here"];
        assert_eq!(nearest("script_locaton", keys), Some("script_location"));
        assert_eq!(nearest("hero", keys), Some("here"));
        assert_eq!(nearest("alembic", ["Alembic", "loggers"]), Some("Alembic"));
        assert_eq!(nearest("alembic", [" alembic "]), Some(" alembic "));
    }

    #[test]
    fn other_words_and_the_word_itself_are_not() {
        assert_eq!(nearest("url", ["here", "timezone"]), None);
        assert_eq!(nearest("here", ["here"]), None);
        assert_eq!(nearest(&"x".repeat(100), ["x"]), None);
    }
}
