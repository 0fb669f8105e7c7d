#![doc = include_str!("../README.md")]

mod host;
mod password_file;
mod settings;
mod source;
mod system_user;
mod variables;

pub use host::Host;
pub use settings::Settings;
pub use variables::Variables;

/// What a URL or a caller says; the rest comes from libpq's variables, then from its defaults.
///
/// Parameters win over the parts, as in SQLAlchemy. An empty part or parameter counts as absent.
#[derive(Clone, Copy, Default)]
pub struct Given<'a> {
    /// A name, an address, the folder of a socket, or several between commas, each with a port of its own or none.
    pub host: Option<&'a str>,
    /// The port of hosts that bring none.
    pub port: Option<u16>,
    /// The user.
    pub user: Option<&'a str>,
    /// The password.
    pub password: Option<&'a str>,
    /// The database.
    pub database: Option<&'a str>,
    /// Pairs behind a URL's question mark, in their order; the last of a name counts, and every `host`.
    pub parameters: &'a [(String, String)],
    /// What the server shows as the connection's name when neither a parameter nor `PGAPPNAME` gives one.
    pub application_name: &'a str,
}

/// A parameter that cannot be honoured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct InvalidParameter {
    /// libpq's name for it: `port`, `sslmode`, …
    pub name: &'static str,
    /// A lower-case fragment; no password is in it.
    pub reason: String,
}

impl InvalidParameter {
    fn new(name: &'static str, reason: impl Into<String>) -> Self {
        Self { name, reason: reason.into() }
    }
}
