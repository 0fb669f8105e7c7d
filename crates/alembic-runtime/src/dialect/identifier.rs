//! Quoting of identifiers, by the rules of SQLAlchemy's `IdentifierPreparer`.

use std::borrow::Cow;

use super::{Dialect, reserved};

/// `name` as it stands in a statement: quoted when SQLAlchemy quotes it, as it is otherwise.
///
/// Quoted are reserved words, names that begin with a digit or a dollar sign, names with any other character than
/// ASCII letters, digits, `_` and `$`, and names with upper case letters.
pub fn quoted(dialect: Dialect, name: &str) -> Cow<'_, str> {
    if needs_quotes(dialect, name) { Cow::Owned(quote(dialect, name)) } else { Cow::Borrowed(name) }
}

fn needs_quotes(dialect: Dialect, name: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'$');
    let begins_well =
        name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit() && byte != b'$');
    !begins_well || !name.bytes().all(is_plain) || reserved::is_reserved(dialect, name)
}

fn quote(dialect: Dialect, name: &str) -> String {
    let mark = if dialect == Dialect::MySql { '`' } else { '"' };
    let mut text = String::with_capacity(name.len() + 2);
    text.push(mark);
    for character in name.chars() {
        if character == mark {
            text.push(mark);
        }
        text.push(character);
    }
    text.push(mark);
    text
}

#[cfg(test)]
mod tests {
    use super::{Dialect, quoted};

    #[test]
    fn plain_names_stay_as_they_are() {
        for name in ["alembic_version", "a$b", "_x", "v2"] {
            assert_eq!(quoted(Dialect::PostgreSql, name), name);
        }
    }

    #[test]
    fn reserved_words_depend_on_the_dialect() {
        assert_eq!(quoted(Dialect::PostgreSql, "user"), "\"user\"");
        assert_eq!(quoted(Dialect::Sqlite, "user"), "user");
        assert_eq!(quoted(Dialect::MySql, "order"), "`order`");
        assert_eq!(quoted(Dialect::Sqlite, "temp"), "\"temp\"");
    }

    #[test]
    fn everything_else_is_quoted_and_marks_are_doubled() {
        assert_eq!(quoted(Dialect::PostgreSql, "Versions"), "\"Versions\"");
        assert_eq!(quoted(Dialect::PostgreSql, "1x"), "\"1x\"");
        assert_eq!(quoted(Dialect::PostgreSql, "Al\"x"), "\"Al\"\"x\"");
        assert_eq!(quoted(Dialect::MySql, "Al`x"), "`Al``x`");
        assert_eq!(quoted(Dialect::MySql, "a.b"), "`a.b`");
        assert_eq!(quoted(Dialect::Sqlite, "größe"), "\"größe\"");
    }
}
