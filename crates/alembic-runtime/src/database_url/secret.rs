//! Text that must not be printed by accident.

/// A password. It has no `Debug` and no `Display`: who wants to see it must say so.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(Box<str>);

/// What is shown instead of a secret, as SQLAlchemy does.
pub(crate) const HIDDEN: &str = "***";

const SECRET_NAMES: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "credential",
];

impl Secret {
    /// Takes the text as the database is to get it: not percent-encoded.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the connection and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Does the name of a parameter or variable say that its value is a secret?
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("pass") || SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// Does the value of a query parameter hold a secret in itself, as `odbc_connect` does?
pub(crate) fn holds_secret(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let named = SECRET_NAMES.iter().any(|name| value.contains(&format!("{name}=")));
    let url = value.split_once("://").is_some_and(|(_, rest)| rest.contains('@'));
    named || url
}
