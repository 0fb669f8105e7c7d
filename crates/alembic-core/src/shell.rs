//! Words of commands to paste.

use std::path::Path;

/// A word as a shell takes it.
pub(crate) fn word(text: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | ',' | '-' | '@' | ':' | '=');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A path as a shell takes it; of a name that is no text, what can be shown.
pub(crate) fn path(path: &Path) -> String {
    word(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn quotes_what_a_shell_would_read() {
        assert_eq!(word("origin/a-b"), "origin/a-b");
        assert_eq!(word("v 1"), "'v 1'");
        assert_eq!(word("it's"), "'it'\\''s'");
        assert_eq!(word("stash@{0}"), "'stash@{0}'");
        assert_eq!(word(""), "''");
    }
}
