//! Finds passwords in configuration text, so that no message, label or source snippet shows one.
//!
//! It errs on the side of hiding too much: from the first colon behind `://` to the last `@` that may still belong
//! to the URL, values whose name says that they are secret, and `password=…` parts inside a value.

use std::ops::Range;

/// What is shown instead of a secret.
pub(super) const HIDDEN: &str = "***";

const SECRET_NAMES: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "access_key",
    "credential",
];

/// Does the name of an option say that its value is a secret?
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("pass") || SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// The value of the option `name` as it may be shown.
pub(super) fn hide_value(name: &str, value: &str) -> String {
    hide_suffix(name, value, 0)
}

/// The part of the option's value from byte `start` on as it may be shown.
pub(super) fn hide_suffix(name: &str, value: &str, start: usize) -> String {
    if is_secret_name(name) {
        return HIDDEN.to_owned();
    }
    let ranges = in_value(value)
        .into_iter()
        .filter(|range| range.end > start)
        .map(|range| range.start.max(start) - start..range.end - start)
        .collect::<Vec<_>>();
    replace(value.get(start..).unwrap_or_default(), &ranges)
}

/// A line or a whole file as it may be shown.
pub(super) fn hide_text(text: &str) -> String {
    replace(text, &in_file(text))
}

/// Does the value hold a URL with a password, or a `password=` part?
pub(super) fn has_secret(name: &str, value: &str) -> bool {
    is_secret_name(name) || !in_value(value).is_empty()
}

/// The secrets of a file, sorted and apart from each other; no range crosses a line.
pub(super) fn in_file(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let entry = start..entry_end(text, start);
        start = entry.end;
        found.extend(in_urls(text, &entry));
        found.extend(in_named_value(text, &entry));
        found.extend(in_parameters(text, &entry));
    }
    tidy(text, found)
}

/// The text with each of the ranges replaced by [`HIDDEN`]; ranges are sorted and apart.
pub(super) fn replace(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut shown = 0;
    for range in ranges {
        out.push_str(&text[shown..range.start]);
        out.push_str(HIDDEN);
        shown = range.end;
    }
    out.push_str(&text[shown..]);
    out
}

fn in_value(value: &str) -> Vec<Range<usize>> {
    let entry = 0..value.len();
    let mut found = in_urls(value, &entry);
    found.extend(in_parameters(value, &entry));
    tidy(value, found)
}

/// Where the entry that begins at `start` stops: the indented lines behind its first line belong to it.
fn entry_end(text: &str, start: usize) -> usize {
    let mut lines = text[start..].split_inclusive(['\n', '\r']);
    let first = lines.next().unwrap_or_default().len();
    let indented = lines.take_while(|line| line.starts_with([' ', '\t', '\n', '\r']));
    start + first + indented.map(str::len).sum::<usize>()
}

/// `scheme://user:PASSWORD@host`, up to the last `@` of the entry.
fn in_urls(text: &str, entry: &Range<usize>) -> Vec<Range<usize>> {
    let part = &text[entry.clone()];
    let Some(sign) = part.rfind('@') else {
        return Vec::new();
    };
    part.match_indices("://")
        .filter_map(|(at, mark)| {
            let authority = at + mark.len();
            let colon = authority + part[authority..].find(':')?;
            (sign > colon).then(|| entry.start + colon + 1..entry.start + sign)
        })
        .collect()
}

/// `name = VALUE` where the name says that it is a secret; also behind a comment sign. The first hides all others.
fn in_named_value(text: &str, entry: &Range<usize>) -> Option<Range<usize>> {
    let end = entry.start + text[entry.clone()].trim_end().len();
    let mut start = entry.start;
    for line in text[entry.clone()].split_inclusive(['\n', '\r']) {
        if let Some(delimiter) = line.find(['=', ':'])
            && is_secret_name(line[..delimiter].trim())
        {
            let value = start + delimiter + 1;
            return Some(value..end.max(value));
        }
        start += line.len();
    }
    None
}

/// `password=VALUE` and its like inside a URL's query or a list of connection parameters.
fn in_parameters(text: &str, part: &Range<usize>) -> Vec<Range<usize>> {
    let lower = text[part.clone()].to_ascii_lowercase();
    let mut found = Vec::new();
    for name in SECRET_NAMES {
        for (at, _) in lower.match_indices(name) {
            let behind = &lower[at + name.len()..];
            let Some(sign) = ["=", "%3d"].into_iter().find(|s| behind.starts_with(s)) else {
                continue;
            };
            let start = at + name.len() + sign.len();
            let length = lower[start..]
                .find(|c: char| c.is_whitespace() || "&;'\"".contains(c))
                .unwrap_or(lower.len() - start);
            found.push(part.start + start..part.start + start + length);
        }
    }
    found
}

/// Sorted, joined where they touch, then cut at line ends, without the blanks around each piece.
fn tidy(text: &str, mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined.into_iter().flat_map(|range| lines_of(text, range)).collect()
}

fn lines_of(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut start = range.start;
    let mut lines = Vec::new();
    for line in text[range].split_inclusive(['\n', '\r']) {
        let indent = line.len() - line.trim_start().len();
        let length = line.trim().len();
        if length > 0 {
            lines.push(start + indent..start + indent + length);
        }
        start += line.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_hidden_and_nothing_else() {
        assert_eq!(
            hide_value("sqlalchemy.url", "postgresql+psycopg2://bob:s3%40cr:t@db:5432/app"),
            "postgresql+psycopg2://bob:***@db:5432/app"
        );
        assert_eq!(
            hide_value("sqlalchemy.url", "postgresql://localhost:5432/app"),
            "postgresql://localhost:5432/app"
        );
    }

    #[test]
    fn an_at_sign_in_the_password_does_not_end_it() {
        assert_eq!(hide_value("url", "mysql://bob:s3@c/r#t@db/app"), "mysql://bob:***@db/app");
    }

    #[test]
    fn connection_parameters_and_secret_names_are_hidden() {
        assert_eq!(
            hide_value("url", "postgresql:///app?user=bob&password=s3&sslmode=require"),
            "postgresql:///app?user=bob&password=***&sslmode=require"
        );
        assert_eq!(
            hide_value("url", "mssql:///?odbc_connect=UID%3Dbob%3BPWD%3Ds3cret"),
            "mssql:///?odbc_connect=UID%3Dbob%3BPWD%3D***"
        );
        assert_eq!(hide_value("db_password", "s3cret"), "***");
        assert_eq!(hide_value("DB_PASS", "s3cret"), "***");
    }

    #[test]
    fn a_suffix_stays_hidden_when_it_starts_inside_the_secret() {
        let value = "postgresql://bob:s3%40cret@db/app";
        let percent = value.find('%').unwrap();
        assert_eq!(hide_suffix("sqlalchemy.url", value, percent), "***@db/app");
        let host = value.find("db").unwrap();
        assert_eq!(hide_suffix("sqlalchemy.url", value, host), "db/app");
    }

    #[test]
    fn files_hide_comments_and_continuation_lines_and_keep_their_lines() {
        let text = "[alembic]\n# sqlalchemy.url = x://u:p1@h/d\nsqlalchemy.url =\n  x://u:p2\n  p3@h/d\npassword = p4\n  p5\nscript_location = m\n";
        assert_eq!(
            hide_text(text),
            "[alembic]\n# sqlalchemy.url = x://u:***@h/d\nsqlalchemy.url =\n  x://u:***\n  ***@h/d\npassword = ***\n  ***\nscript_location = m\n"
        );
    }

    #[test]
    fn long_files_take_no_longer_than_they_are() {
        let text = "  a://b:c\n  password = d\n".repeat(100_000) + "@";
        assert!(in_file(&text).len() > 100_000);
    }

    #[test]
    fn an_empty_secret_hides_nothing() {
        assert_eq!(hide_text("password =\n"), "password =\n");
        assert_eq!(hide_value("url", "x://u:@h"), "x://u:@h");
    }
}
