//! SQLAlchemy's `make_url`.
//!
//! The grammar is that of its regular expression, which is not the one of RFC 3986:
//!
//! ```text
//! NAME :// [ USER [ : PASSWORD ] @ ] [ [IPV6] | HOST ] [ : PORT ] [ / DATABASE ] [ ? QUERY ]
//! ```
//!
//! The name is letters, digits, `_` and `+`. A user ends at `:` or at the last `@` before one; a password goes up to
//! the first `@` and so may hold `/`, `?` and `#`. What is left over behind the last part is passed over, as
//! `re.match` does.

use std::str::FromStr;

use super::{DatabaseUrl, Secret, UrlError, error, percent};

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let Some((name, rest)) = split_name(text) else {
            return Err(error::not_a_url(text));
        };
        let (user, rest) = split_user(rest);
        let (host, rest) = split_host(rest);
        let (port, rest) = split_port(rest);
        let (database, rest) = split_database(rest);
        Ok(Self {
            drivername: name.to_owned(),
            username: user.map(|(name, _)| percent::unquote(name)),
            password: user
                .and_then(|(_, word)| word)
                .map(|word| Secret::new(percent::unquote(word))),
            host: host.map(str::to_owned),
            port: port
                .map(|port| port_number(port).ok_or_else(|| error::bad_port(text, port)))
                .transpose()?,
            database: database.map(percent::unquote),
            query: query(rest),
        })
    }
}

/// `\w` of Python: letters and digits of any script.
pub(super) fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '+')
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|character| !is_name_character(character))?;
    let rest = text[end..].strip_prefix("://")?;
    (end > 0).then(|| (&text[..end], rest))
}

type User<'a> = (&'a str, Option<&'a str>);

/// `(?:([^:/]*)(?::([^@]*))?@)?`, with what backtracking makes of it.
fn split_user(text: &str) -> (Option<User<'_>>, &str) {
    let end = text.find([':', '/']).unwrap_or(text.len());
    let name = &text[..end];
    if let Some(behind) = text[end..].strip_prefix(':')
        && let Some((password, rest)) = behind.split_once('@')
    {
        return (Some((name, Some(password))), rest);
    }
    match name.rfind('@') {
        Some(at) => (Some((&name[..at], None)), &text[at + 1..]),
        None => (None, text),
    }
}

/// `(?:\[([^/\?]+)\]|([^/:\?]+))?`
fn split_host(text: &str) -> (Option<&str>, &str) {
    let authority = &text[..text.find(['/', '?']).unwrap_or(text.len())];
    if authority.starts_with('[')
        && let Some(end) = authority.rfind(']').filter(|end| *end > 1)
    {
        return (Some(&authority[1..end]), &text[end + 1..]);
    }
    let end = authority.find(':').unwrap_or(authority.len());
    ((end > 0).then(|| &text[..end]), &text[end..])
}

/// `(?::([^/\?]*))?`
fn split_port(text: &str) -> (Option<&str>, &str) {
    let Some(rest) = text.strip_prefix(':') else {
        return (None, text);
    };
    let (port, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    (Some(port), rest)
}

/// `(?:/([^\?]*))?`
fn split_database(text: &str) -> (Option<&str>, &str) {
    let Some(rest) = text.strip_prefix('/') else {
        return (None, text);
    };
    let (database, rest) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    (Some(database), rest)
}

/// `(?:\?(.*))?`, where the dot stops at a line end.
fn query(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let line = text.strip_prefix('?').and_then(|text| text.split('\n').next());
    for (name, value) in percent::parse_query(line.unwrap_or_default()) {
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => found.push((name, vec![value])),
        }
    }
    found
}

/// Python's `int(text)`, for what a port can be.
fn port_number(text: &str) -> Option<u16> {
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    let digits = digits.replace('_', "");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}
