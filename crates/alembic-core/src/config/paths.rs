//! Splits `version_locations` and `prepend_sys_path` the way Alembic does.

use super::python_text::strip;

/// What separates the items of a list in an ini file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// `path_separator` is set: exactly this character.
    Character(char),
    /// Neither key is set: runs of blanks, or a comma with the blanks behind it.
    Legacy,
    /// As [`Legacy`](Self::Legacy), and also colons (`prepend_sys_path`).
    LegacyWithColons,
}

impl Separator {
    /// The value of `path_separator`; `None` for a value that Alembic refuses.
    pub(super) fn named(name: &str) -> Option<Self> {
        let character = match name {
            "space" => ' ',
            "newline" => '\n',
            "os" if cfg!(windows) => ';',
            "os" | ":" => ':',
            ";" => ';',
            _ => return None,
        };
        Some(Self::Character(character))
    }

    /// The items. Empty ones are dropped only with a set separator, and before blanks are stripped, as in Alembic:
    /// an item of blanks alone, or an empty one of the legacy split, means the current directory.
    pub(super) fn split(self, value: &str) -> Vec<String> {
        match self {
            Self::Character(character) => value
                .split(character)
                .filter(|item| !item.is_empty())
                .map(|item| strip(item).to_owned())
                .collect(),
            Self::Legacy => split_names(value, false),
            Self::LegacyWithColons => split_names(value, true),
        }
    }
}

/// Python's `re.split(r", *|(?: +)", value)`, with `|\:` when colons count.
pub(super) fn split_names(value: &str, colons: bool) -> Vec<String> {
    let mut items = Vec::new();
    let mut item = String::new();
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ',' | ' ' => while characters.next_if_eq(&' ').is_some() {},
            ':' if colons => {}
            other => {
                item.push(other);
                continue;
            }
        }
        items.push(std::mem::take(&mut item));
    }
    items.push(item);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_separator_splits_at_nothing_else() {
        let split = |name, value| Separator::named(name).unwrap().split(value);
        assert_eq!(split(":", "a : b::c,d e:"), ["a", "b", "c,d e"]);
        assert_eq!(split("newline", "\na\n  b"), ["a", "b"]);
        assert_eq!(split("space", "a  b\nc"), ["a", "b\nc"]);
        assert_eq!(split(";", "a; ;b"), ["a", "", "b"]);
        assert_eq!(Separator::named(""), None);
        assert_eq!(Separator::named("OS"), None);
    }

    #[test]
    fn the_legacy_split_keeps_empty_items() {
        let split = |value| Separator::Legacy.split(value);
        assert_eq!(split("a, b,c   d\ne:f"), ["a", "b", "c", "d\ne:f"]);
        assert_eq!(split("a , b,"), ["a", "", "b", ""]);
        assert_eq!(Separator::LegacyWithColons.split("a: b"), ["a", "", "b"]);
    }
}
