//! What can be wrong with a database URL. The text is held masked, never as it was given.

use std::ops::Range;

use miette::Diagnostic;
use thiserror::Error;

use super::{DatabaseUrl, parse::is_name_character, secret::HIDDEN};

/// A text that is no database URL: what is wrong, and the text with its secrets hidden and the place marked.
#[derive(Debug, Clone, Error, Diagnostic)]
#[error("{kind}")]
pub struct UrlError {
    /// What is wrong.
    pub kind: UrlErrorKind,
    /// The text as it may be shown.
    #[source_code]
    shown: String,
    #[label("{reason}")]
    span: Range<usize>,
    reason: &'static str,
    #[help]
    help: Option<String>,
}

/// What can be wrong with a database URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UrlErrorKind {
    /// The text does not begin with a name and `://`; SQLAlchemy's sentence.
    #[error("Could not parse SQLAlchemy URL from given URL string")]
    NotAUrl,
    /// The port is no number from 0 to 65535.
    #[error("the port of the database URL is not a number from 0 to 65535")]
    BadPort,
    /// An SQLite URL with a host, a port or a user; SQLAlchemy's sentence.
    #[error("Invalid SQLite URL: {0}")]
    BadSqlite(String),
}

impl UrlError {
    /// The text as it may be shown: what may be secret is `***`.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The place in [`shown`](Self::shown), in bytes.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Why the place is wrong: a lower-case fragment.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// The way out, if there is one to suggest.
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

/// An SQLite URL that names a host, a port or a user.
pub(super) fn not_sqlite(url: &DatabaseUrl) -> UrlError {
    let shown = url.to_string();
    let start = url.drivername.len() + 3;
    let end = shown[start..].find(['/', '?']).map_or(shown.len(), |at| start + at);
    let forms =
        "`sqlite:///relative/path.db`, `sqlite:////absolute/path.db`, or `sqlite://` for memory";
    let is_host_alone = url.username.is_none() && url.port.is_none() && url.database.is_none();
    let help = match &url.host {
        // Two slashes in the place of three.
        Some(host) if is_host_alone => {
            format!("for the file `{host}` write `{}:///{host}`: {forms}", url.drivername)
        }
        _ => format!("SQLite is a file and has neither user nor host: write {forms}"),
    };
    UrlError {
        kind: UrlErrorKind::BadSqlite(shown.clone()),
        shown,
        span: start..end,
        reason: "SQLite has no host",
        help: Some(help),
    }
}

/// The text has no name and `://` in front.
pub(super) fn not_a_url(text: &str) -> UrlError {
    let kind = UrlErrorKind::NotAUrl;
    let help = Some(help_for(text));
    if text.is_empty() {
        return UrlError {
            kind,
            shown: String::new(),
            span: 0..0,
            reason: "the value is empty",
            help,
        };
    }
    // Only what looks like the name of a dialect is shown: the rest may hold a password anywhere.
    let name_end = match text.find("://") {
        Some(end) if is_shown_as_name(&text[..end]) => end,
        _ => text.find(':').filter(|end| is_shown_as_name(&text[..*end])).unwrap_or(0),
    };
    let (name, rest) = text.split_at(name_end);
    let sign = ["://", ":"].into_iter().find(|sign| rest.starts_with(sign)).unwrap_or_default();
    let hidden = if name_end == 0 || rest.len() > sign.len() { HIDDEN } else { "" };
    let bad = name.char_indices().find(|(_, character)| !is_name_character(*character));
    let shown = format!("{}{sign}{hidden}", name.replace(char::is_control, "?"));
    let (span, reason) = match bad {
        Some((at, character)) => {
            (at..at + character.len_utf8(), "this cannot be part of a dialect's name")
        }
        None if name.is_empty() && sign.is_empty() => {
            (0..shown.len(), "no `://` behind a dialect's name")
        }
        None if name.is_empty() => (0..sign.len(), "the name of a dialect is missing before this"),
        None => (name_end..shown.len(), "expected `://` here"),
    };
    UrlError { kind, shown, span, reason, help }
}

/// The port, which begins inside `text`, is none.
pub(super) fn bad_port(text: &str, port: &str) -> UrlError {
    let start = (port.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize).min(text.len());
    let before = text.get(..start).unwrap_or_default();
    let scheme = before.find("://").map_or(0, |at| at + 3);
    // An `@` in the port is one of the password: nothing between the name and it may show.
    let rest = text.get(start + port.len()..).unwrap_or_default();
    let leaks = port.contains('@') || rest.contains('@');
    let (shown_before, shown_port) = match before[scheme..].rfind('@') {
        _ if leaks => (format!("{}{HIDDEN}:", &before[..scheme]), HIDDEN.to_owned()),
        Some(at) => {
            let (user, host) = before[scheme..].split_at(at);
            let user = user
                .split_once(':')
                .map_or(user.to_owned(), |(name, _)| format!("{name}:{HIDDEN}"));
            (format!("{}{user}{host}", &before[..scheme]), port.to_owned())
        }
        None => (before.to_owned(), port.to_owned()),
    };
    let shown_before = shown_before.replace(char::is_control, "?");
    // Without an `@` behind it, this may be a password whose URL breaks off.
    let harmless = port.is_empty() || (before.contains('@') && is_harmless_port(&shown_port));
    let shown_port = if harmless { shown_port } else { HIDDEN.to_owned() };
    let span = shown_before.len()..shown_before.len() + shown_port.len();
    let shown = format!("{shown_before}{shown_port}{}", if rest.is_empty() { "" } else { "/…" });
    let (reason, help) = if port.is_empty() {
        (
            "the port is missing behind the colon",
            "write a number behind the colon, or leave the colon out",
        )
    } else if leaks {
        (
            "a password's `@` ends it early",
            "write `@` in a user or password as `%40`, and `/`, `:`, `?` and `%` as `%2F`, `%3A`, `%3F` and `%25`",
        )
    } else if port.contains(',') {
        (
            "several hosts cannot stand here",
            "write several hosts as `postgresql:///database?host=one:5432&host=two:5432`",
        )
    } else {
        ("this is no port", "a port is a number from 0 to 65535")
    };
    UrlError { kind: UrlErrorKind::BadPort, shown, span, reason, help: Some(help.to_owned()) }
}

/// A name of a dialect, perhaps with a wrong character in it: short, and of plain words.
fn is_shown_as_name(text: &str) -> bool {
    let plain = |character: char| is_name_character(character) || ".-: ".contains(character);
    !text.is_empty() && text.len() <= 40 && text.chars().all(plain)
}

/// Digits and what looks like a variable that nobody filled in; anything else might be a password.
fn is_harmless_port(text: &str) -> bool {
    let digits = |byte: u8| byte.is_ascii_digit();
    let variable = text.starts_with(['$', '{', '<', '%']);
    text.bytes().all(digits) || variable || matches!(text, "None" | "port" | "PORT" | "null")
}

fn help_for(text: &str) -> String {
    let form = "a database URL looks like `postgresql+psycopg://user:password@host:5432/database`";
    if text.starts_with("jdbc:") {
        "leave `jdbc:` out and put user and password before the host".to_owned()
    } else if text.starts_with(['"', '\'']) {
        "leave the quotes out: they are part of the value".to_owned()
    } else if text.starts_with(char::is_whitespace) {
        "leave out the blanks in front".to_owned()
    } else if text.contains("host=") || text.contains("dbname=") {
        format!("this looks like a libpq connection string; {form}")
    } else if text.split("://").next().is_some_and(|name| name.contains('-')) {
        "dialect and driver are joined by a plus sign: `postgresql+psycopg2://…`".to_owned()
    } else {
        form.to_owned()
    }
}
