//! A URL in the grammar that SQLAlchemy and libpq share.

use super::ConnectOptions;
use crate::{Error, Result};

/// Schemes of PostgreSQL; what stands behind `+` names a driver.
const SCHEMES: [&str; 2] = ["postgresql", "postgres"];

pub(super) fn parse(url: &str) -> Result<ConnectOptions> {
    let refused =
        |reason: &str| Error::InvalidSetting { name: "url".into(), reason: reason.into() };
    let (scheme, rest) = url.split_once("://").ok_or_else(|| refused("it has no `://`"))?;
    if !SCHEMES.contains(&scheme.split('+').next().unwrap_or_default()) {
        return Err(refused("its scheme is not `postgresql`"));
    }
    let mut options = ConnectOptions::new();
    // Passwords hold anything, so the user ends with the last `@` in front of what can only be a path or a parameter.
    let (login, rest) = split_login(rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (address, database) = place.split_once('/').unwrap_or((place, ""));
    if let Some(login) = login {
        let (user, password) = login.split_once(':').map_or((login, None), |(u, p)| (u, Some(p)));
        options.user = decoded(user)?;
        options.password = password.map(decoded).transpose()?.flatten();
    }
    read_address(&mut options, address)?;
    options.database = decoded(database)?;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(&value.replace('+', " "))?.unwrap_or_default();
        options.parameters.push((decoded(name)?.unwrap_or_default(), value));
    }
    Ok(options)
}

/// The text in front of the last `@` that has no `/` between itself and the host, and what follows.
fn split_login(rest: &str) -> (Option<&str>, &str) {
    let end = rest.find('?').map_or(rest.len(), |question| {
        // A `?` in a password is in front of the `@` that ends it.
        rest[question..].rfind('@').map_or(question, |_| rest.len())
    });
    match rest[..end].rfind('@') {
        Some(at) if !rest[..at].starts_with('/') => (Some(&rest[..at]), &rest[at + 1..]),
        _ => (None, rest),
    }
}

fn read_address(options: &mut ConnectOptions, address: &str) -> Result<()> {
    let is_list = address.contains(',');
    let (host, port) = match address.rfind(':') {
        Some(colon) if !is_list && !address.ends_with(']') => {
            (&address[..colon], Some(&address[colon + 1..]))
        }
        _ => (address, None),
    };
    options.host = decoded(host.trim_matches(['[', ']']))?;
    if let Some(port) = port.filter(|port| !port.is_empty()) {
        let number = port.parse().map_err(|_| Error::InvalidSetting {
            name: "port".into(),
            reason: "it is no number from 0 to 65535".into(),
        })?;
        options.port = Some(number);
    }
    Ok(())
}

/// The text without its percent signs; `None` for the empty one.
fn decoded(text: &str) -> Result<Option<String>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        let code = match (first, behind) {
            (b'%', [high, low, ..]) => hexadecimal(*high).zip(hexadecimal(*low)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &behind[2..];
            }
            // As in Python's `unquote`, a percent sign that starts no code is itself.
            None => bytes.push(*first),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| Error::InvalidSetting {
        name: "url".into(),
        reason: "a percent code in it is not UTF-8".into(),
    })?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn passwords_hold_anything() {
        for password in ["a@b", "a/b", "a#b", "a?b", "a:b", "100%"] {
            let options =
                parse(&format!("postgresql+psycopg://ann:{password}@db:5433/shop")).unwrap();
            assert_eq!(options.user.as_deref(), Some("ann"));
            assert_eq!(options.password.as_deref(), Some(password));
            assert_eq!(options.host.as_deref(), Some("db"), "{password}");
            assert_eq!((options.port, options.database.as_deref()), (Some(5433), Some("shop")));
        }
    }

    #[test]
    fn parts_can_be_missing() {
        let options = parse("postgresql:///shop?host=/run/pg&options=-c%20geqo%3Doff").unwrap();
        assert_eq!((options.host.as_deref(), options.database.as_deref()), (None, Some("shop")));
        let pairs = [("host", "/run/pg"), ("options", "-c geqo=off")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(options.parameters, pairs);
        let options = parse("postgres://[::1]:5433").unwrap();
        assert_eq!((options.host.as_deref(), options.port), (Some("::1"), Some(5433)));
        let options = parse("postgresql://a:1,b:2/x").unwrap();
        assert_eq!(options.host.as_deref(), Some("a:1,b:2"));
    }

    #[test]
    fn other_schemes_are_refused_without_their_secrets() {
        let error = parse("mysql://root:s3cret@db/x").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
        assert!(parse("shop").is_err());
        assert!(parse("postgresql://db:99999/x").is_err());
    }
}
