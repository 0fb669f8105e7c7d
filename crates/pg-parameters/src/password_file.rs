//! libpq's password file: `host:port:database:user:password` a line, `*` for any, `\` before `:` and `\`.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::Variables;

/// Who wants a password.
#[derive(Debug)]
pub(crate) struct Login<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) database: &'a str,
    pub(crate) user: &'a str,
}

/// The file: as asked for, as `PGPASSFILE` says, or in the home directory.
pub(crate) fn path(asked: Option<&str>, variables: &Variables) -> Option<PathBuf> {
    let named = asked.map(str::to_owned).or_else(|| variables.get("PGPASSFILE"));
    let in_home = || {
        if cfg!(windows) {
            return Some(Path::new(&variables.get("APPDATA")?).join("postgresql/pgpass.conf"));
        }
        Some(Path::new(&variables.get("HOME")?).join(".pgpass"))
    };
    named.map(PathBuf::from).or_else(in_home)
}

/// The first line of the file that fits. A file that others may read is ignored, as in libpq.
pub(crate) fn password(path: &Path, login: &Login<'_>) -> Option<String> {
    let text = read_private(path).ok()?;
    text.lines().find_map(|line| password_of_line(line, login))
}

fn read_private(path: &Path) -> io::Result<String> {
    let metadata = fs_err::metadata(path)?;
    if !metadata.is_file() || is_open_to_others(&metadata) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    fs_err::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(unix)]
fn is_open_to_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_metadata: &std::fs::Metadata) -> bool {
    false
}

fn password_of_line(line: &str, login: &Login<'_>) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut rest = line;
    for wanted in [login.host, &login.port.to_string(), login.database, login.user] {
        let (field, behind) = next_field(rest)?;
        if &rest[..rest.len() - behind.len() - 1] != "*" && field != wanted {
            return None;
        }
        rest = behind;
    }
    // The last field ends with the line, or with a colon that no backslash hides.
    let password = next_field(rest).map_or_else(|| unescaped(rest), |(password, _)| password);
    Some(password).filter(|password| !password.is_empty())
}

/// The text up to the next colon that no backslash hides, without its backslashes, and what follows the colon.
fn next_field(text: &str) -> Option<(String, &str)> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b':' if !is_escaped => return Some((unescaped(&text[..at]), &text[at + 1..])),
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            character => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Login, password_of_line};

    const LOGIN: Login<'_> = Login { host: "db", port: 5432, database: "shop", user: "ann" };

    fn password(line: &str) -> Option<String> {
        password_of_line(line, &LOGIN)
    }

    #[test]
    fn a_line_fits_field_by_field() {
        assert_eq!(password("db:5432:shop:ann:secret").as_deref(), Some("secret"));
        assert_eq!(password("*:*:*:*:secret").as_deref(), Some("secret"));
        assert_eq!(password("db:5433:shop:ann:secret"), None);
        assert_eq!(password("# db:5432:shop:ann:secret"), None);
        assert_eq!(password("db:5432:shop:ann"), None);
        assert_eq!(password("db:5432:shop:ann:"), None);
        assert_eq!(password(""), None);
    }

    #[test]
    fn backslashes_hide_colons() {
        assert_eq!(password(r"*:*:*:ann:a\:b\\c").as_deref(), Some(r"a:b\c"));
        assert_eq!(password(r"\*:*:*:*:x"), None);
        assert_eq!(password(r"*:*:*:*:a\").as_deref(), Some("a"));
    }
}
