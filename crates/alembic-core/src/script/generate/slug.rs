//! The part of a file's name that comes from the message.

mod tables;

use tables::NO_WORD;

/// All runs of word characters, joined by `_`, in lower case, cut at `length` characters (Alembic's `_rev_path`).
pub(super) fn slug(message: &str, length: i64) -> String {
    let words = message.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("_").to_lowercase();
    let count = i64::try_from(slug.chars().count()).unwrap_or(i64::MAX);
    if count <= length {
        return slug;
    }
    // As Python's slice: a negative length counts from the end.
    let kept = if length < 0 { (count + length).max(0) } else { length };
    let cut: String = slug.chars().take(usize::try_from(kept).unwrap_or(0)).collect();
    let whole = cut.rsplit_once('_').map_or(cut.as_str(), |(before, _)| before);
    format!("{whole}_")
}

/// Python's `\w`: letters and numbers, but not the marks that Rust counts as alphabetic.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    let code = u32::from(c);
    c.is_alphanumeric() && NO_WORD.binary_search_by(|range| order(*range, code)).is_err()
}

fn order((first, last): (u32, u32), code: u32) -> std::cmp::Ordering {
    if last < code {
        std::cmp::Ordering::Less
    } else if first > code {
        std::cmp::Ordering::Greater
    } else {
        std::cmp::Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_pythons() {
        assert_eq!(slug("Add: user's (2nd) table, v1.2!", 40), "add_user_s_2nd_table_v1_2");
        assert_eq!(slug("cafe\u{301} x² Ⅷ ½ ٣", 40), "cafe_x²_ⅷ_½_٣");
        assert_eq!(slug("add__users___table", 40), "add__users___table");
        assert_eq!(slug("हिन्दी", 40), "ह_न_द");
        assert_eq!(slug("", 40), "");
    }

    #[test]
    fn long_ones_are_cut_at_a_word() {
        assert_eq!(slug("alpha beta gamma delta", 10), "alpha_");
        assert_eq!(slug("alpha beta", 1), "a_");
        assert_eq!(slug("alpha beta gamma", -3), "alpha_beta_");
        assert_eq!(slug(&"c".repeat(40), 40), "c".repeat(40));
    }
}
