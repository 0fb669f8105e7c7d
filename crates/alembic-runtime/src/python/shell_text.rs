//! Commands as people would type them, without the passwords that their arguments may hold.

use std::ffi::OsString;

use crate::database_url::{HIDDEN, is_secret_name};

/// Words joined as a POSIX shell takes them, passwords hidden.
pub fn shell_text(words: &[OsString]) -> String {
    let shown = words.iter().map(|word| quoted(&hide_passwords(&word.to_string_lossy())));
    shown.collect::<Vec<_>>().join(" ")
}

/// The word as a shell takes it: bare when nothing in it means anything to one.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:=@%+,*".contains(c);
    // A star is only there where a password was; a shell would leave it alone in such a word as well.
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A word (`-x url=postgresql://bob:s3cret@db/app`, `password=s3cret`) as it may be shown.
pub fn hide_passwords(word: &str) -> String {
    let mut shown = hide_in_urls(word);
    if let Some((name, value)) = shown.split_once('=')
        && !value.is_empty()
        && !value.contains("://")
        && is_secret_name(name)
    {
        return format!("{name}={HIDDEN}");
    }
    // Parameters of a URL or of a connection string.
    let mut from = 0;
    while let Some(sign) = shown[from..].find('=').map(|at| from + at) {
        let start = shown[..sign]
            .rfind(|c: char| !is_of_name(c))
            .map_or(0, |at| at + shown[at..].chars().next().map_or(1, char::len_utf8));
        let value = sign + 1;
        let end = shown[value..].find(is_separator).map_or(shown.len(), |at| value + at);
        if end > value && is_secret_name(&shown[start..sign]) {
            shown.replace_range(value..end, HIDDEN);
        }
        from = value;
    }
    shown
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '&' | ';')
}

/// From the first colon behind `://` to the last `@`: rather too much than too little.
fn hide_in_urls(word: &str) -> String {
    let Some(begin) = word.find("://").map(|at| at + 3) else { return word.to_owned() };
    let colon = word[begin..].find(':').map(|at| begin + at + 1);
    match colon.zip(word.rfind('@')) {
        Some((colon, sign)) if colon < sign => {
            format!("{}{HIDDEN}{}", &word[..colon], &word[sign..])
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_more_into_them() {
        for (word, expected) in [
            ("alembic.ini", "alembic.ini"),
            ("-1", "-1"),
            ("a:b@c+1", "a:b@c+1"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's", "'it'\\''s'"),
            ("$HOME", "'$HOME'"),
            ("~/x", "'~/x'"),
            ("ä", "ä"),
        ] {
            assert_eq!(shell_text(&[word.into()]), expected);
        }
    }

    #[test]
    fn passwords_are_hidden() {
        for (word, expected) in [
            ("url=postgresql://bob:s3@c:r/t@db:5432/app", "url=postgresql://bob:***@db:5432/app"),
            ("postgresql://db:5432/app", "postgresql://db:5432/app"),
            (
                "url=postgresql:///a?user=b&password=c&sslmode=d",
                "url=postgresql:///a?user=b&password=***&sslmode=d",
            ),
            ("db_password=s3 cret", "db_password=***"),
            ("DB_PASS=x", "DB_PASS=***"),
            ("tenant=acme", "tenant=acme"),
            ("password=", "password="),
            ("host=h password=ä;x=1", "host=h password=***;x=1"),
        ] {
            assert_eq!(hide_passwords(word), expected);
        }
    }
}
