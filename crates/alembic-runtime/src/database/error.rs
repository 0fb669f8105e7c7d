//! What can go wrong with a database, one cause each.

use std::{io, time::Duration};

use miette::Diagnostic;
use thiserror::Error;

/// What went wrong. `url` is always the masked URL.
#[derive(Debug, Error, Diagnostic)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The host's name resolves to nothing.
    #[error("no host named `{host}` was found, which `{url}` names")]
    #[diagnostic(help(
        "check the name, and whether this machine is in the network that knows it (a VPN, the network of the containers)"
    ))]
    UnknownHost {
        /// The name.
        host: String,
        /// The masked URL.
        url: String,
    },
    /// Nothing listens there.
    #[error("connection to `{address}` refused, for `{url}`")]
    #[diagnostic(help("no server listens there: start the database, or check host and port"))]
    Refused {
        /// Host and port, or the socket's path.
        address: String,
        /// The masked URL.
        url: String,
    },
    /// The network does not lead there, or the socket cannot be used.
    #[error("`{address}` cannot be reached, for `{url}`")]
    #[diagnostic(help(
        "check host and port, and that the server runs and this machine may reach it"
    ))]
    Unreachable {
        /// Host and port, or the socket's path.
        address: String,
        /// The masked URL.
        url: String,
        /// The system's reason.
        #[source]
        reason: io::Error,
    },
    /// No answer in time.
    #[error("no answer from `{url}` within {} s", tenths(*after))]
    #[diagnostic(help(
        "a firewall may drop the packets, or the server is overloaded or waits for a lock; a longer timeout helps only with the latter"
    ))]
    TimedOut {
        /// How long we waited.
        after: Duration,
        /// The masked URL.
        url: String,
    },
    /// The server is there and lets nobody in at the moment.
    #[error("`{url}` accepts no connections now: {message}")]
    #[diagnostic(help("wait until the server is ready and try again"))]
    NotReady {
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// The server does not believe the password.
    #[error("wrong password for `{user}` at `{url}`")]
    #[diagnostic(help("{}", password_help(*given)))]
    WrongPassword {
        /// The user.
        user: String,
        /// Whether there was a password at all.
        given: bool,
        /// The masked URL.
        url: String,
    },
    /// The server does not let this user in from here.
    #[error("login at `{url}` refused: {message}")]
    #[diagnostic(help(
        "the server's rules (pg_hba.conf, the user's host) do not allow this user from this machine; check user and database of the URL"
    ))]
    LoginRefused {
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// The server has no such database.
    #[error("no database `{database}` at `{url}`")]
    #[diagnostic(help("create it, or check the name behind the last slash of the URL"))]
    NoSuchDatabase {
        /// Its name.
        database: String,
        /// The masked URL.
        url: String,
    },
    /// There is no such SQLite file, and nothing may be created.
    #[error("there is no database file `{path}`")]
    #[diagnostic(help(
        "`alembic-rs upgrade head` makes it; a relative path counts from the current directory"
    ))]
    NoSuchFile {
        /// Its path.
        path: String,
    },
    /// The SQLite file cannot be opened.
    #[error("the database file `{path}` cannot be opened: {message}")]
    #[diagnostic(help(
        "the folder must exist, and this user must be allowed to read and write both"
    ))]
    FileNotOpened {
        /// Its path.
        path: String,
        /// SQLite's words.
        message: String,
    },
    /// The file is none of SQLite's.
    #[error("`{path}` is not a database of SQLite")]
    #[diagnostic(help(
        "the file is something else, encrypted or damaged; check the path in the URL"
    ))]
    NotADatabase {
        /// Its path.
        path: String,
    },
    /// The user lacks a right.
    #[error("no right to {doing} `{table}` at `{url}`: {message}")]
    #[diagnostic(help("grant it to the user, or connect as the user that owns the migrations"))]
    NoRights {
        /// What was tried, as in `read`.
        doing: &'static str,
        /// The version table.
        table: String,
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// The schema of the version table does not exist.
    #[error("no schema for `{table}` at `{url}`")]
    #[diagnostic(help(
        "create the schema first, as a migration or by hand: neither Alembic nor alembic-rs creates it"
    ))]
    NoSuchSchema {
        /// The version table.
        table: String,
        /// The masked URL.
        url: String,
    },
    /// The table is there, and is none of Alembic's.
    #[error("`{table}` at `{url}` is not a version table: {reason}")]
    #[diagnostic(help(
        "Alembic's has one column `version_num VARCHAR(32) NOT NULL`; choose another name with version_table in env.py, or put the table right"
    ))]
    WrongShape {
        /// The version table.
        table: String,
        /// What is not as it should be.
        reason: String,
        /// The masked URL.
        url: String,
    },
    /// A row holds a number; the sentence is Alembic's.
    #[error(
        "revision identifier {value} is not a string; ensure database driver settings are correct"
    )]
    #[diagnostic(help(
        "`{table}` at `{url}` holds numbers, and Alembic's has `version_num VARCHAR(32) NOT NULL`: change the column's type"
    ))]
    NotText {
        /// The number.
        value: i64,
        /// The version table.
        table: String,
        /// The masked URL.
        url: String,
    },
    /// A row is there already.
    #[error("`{table}` at `{url}` holds this row already: {message}")]
    #[diagnostic(help(
        "another session stamped or migrated meanwhile; nothing was changed: look at the rows and try again"
    ))]
    RowExists {
        /// The version table.
        table: String,
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// A revision's identifier is longer than the column.
    #[error("`version_num` of `{table}` at `{url}` is too short: {message}")]
    #[diagnostic(help(
        "Alembic creates it with 32 characters: use shorter identifiers, or widen the column (ALTER TABLE …)"
    ))]
    TooLong {
        /// The version table.
        table: String,
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// Another number of rows than one; the sentence is Alembic's.
    #[error("Online migration expected to match one row when {doing} in '{table}'; {found} found")]
    #[diagnostic(help(
        "the table changed between reading and writing, or holds a row twice; nothing was changed: look at its rows and try again"
    ))]
    RowCount {
        /// As in `updating 'a' to 'b'`.
        doing: String,
        /// The version table's name, without its schema.
        table: String,
        /// How many rows there were.
        found: u64,
    },
    /// Nothing can be written.
    #[error("`{url}` can only be read: {message}")]
    #[diagnostic(help(
        "this is a standby or a read-only file or transaction; connect to the primary"
    ))]
    ReadOnly {
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// Another session holds what we need.
    #[error("`{url}` is locked: {message}")]
    #[diagnostic(help("another session is at work; wait for it or end it"))]
    Locked {
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// Another session and ours waited for each other, and the server ended ours.
    #[error("`{url}` is locked: {message}")]
    #[diagnostic(help(
        "other sessions write to the version table at the same time; nothing was changed: look at its rows and try again"
    ))]
    Deadlock {
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
    /// Encryption failed.
    #[error("no encrypted connection to `{url}`: {reason}")]
    #[diagnostic(help(
        "check sslmode and sslrootcert (ssl_ca for MySQL) of the URL against the server's certificate"
    ))]
    Tls {
        /// What rustls or the driver says.
        reason: String,
        /// The masked URL.
        url: String,
    },
    /// The URL or the environment asks for something that cannot be done.
    #[error("`{name}` of `{url}` cannot be used: {reason}")]
    #[diagnostic(help("{}", setting_help(name)))]
    Setting {
        /// The option or variable.
        name: String,
        /// Why not.
        reason: String,
        /// The masked URL.
        url: String,
    },
    /// This build has no driver for it.
    #[error("this alembic-rs was built without {dialect}, which `{url}` needs")]
    #[diagnostic(help("install alembic-rs with its default features"))]
    NoDriver {
        /// The dialect.
        dialect: &'static str,
        /// The masked URL.
        url: String,
    },
    /// The connection broke.
    #[error("the connection to `{url}` broke off")]
    #[diagnostic(help(
        "the server was stopped, ended this session, or is none of this kind; look at its log"
    ))]
    Lost {
        /// The masked URL.
        url: String,
        /// The system's reason.
        #[source]
        reason: io::Error,
    },
    /// Anything else that a server or driver says.
    #[error("`{url}` failed: {message}")]
    #[diagnostic(help("the server's log says more"))]
    Other {
        /// The server's words.
        message: String,
        /// The masked URL.
        url: String,
    },
}

/// What kind of failure it is, for exit codes and for retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseErrorKind {
    /// The server is not there, or not yet; trying again can help.
    Unreachable,
    /// The server is there and lets us not in: password, rules, no such database, encryption.
    Refused,
    /// We are in, and the version table is not what it should be, or not ours to use.
    VersionTable,
    /// The URL or the environment is wrong, or this build lacks the driver.
    Settings,
    /// Anything else.
    Other,
}

impl DatabaseError {
    /// What kind of failure this is. [`Unreachable`](DatabaseErrorKind::Unreachable) and
    /// [`Refused`](DatabaseErrorKind::Refused) mean that there is no session.
    pub fn kind(&self) -> DatabaseErrorKind {
        match self {
            Self::UnknownHost { .. }
            | Self::Refused { .. }
            | Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::NotReady { .. }
            | Self::Lost { .. } => DatabaseErrorKind::Unreachable,
            Self::WrongPassword { .. }
            | Self::LoginRefused { .. }
            | Self::NoSuchDatabase { .. }
            | Self::NoSuchFile { .. }
            | Self::FileNotOpened { .. }
            | Self::NotADatabase { .. }
            | Self::Tls { .. } => DatabaseErrorKind::Refused,
            Self::NoRights { .. }
            | Self::NoSuchSchema { .. }
            | Self::WrongShape { .. }
            | Self::NotText { .. }
            | Self::RowExists { .. }
            | Self::TooLong { .. }
            | Self::RowCount { .. } => DatabaseErrorKind::VersionTable,
            Self::Setting { .. } | Self::NoDriver { .. } => DatabaseErrorKind::Settings,
            Self::ReadOnly { .. }
            | Self::Locked { .. }
            | Self::Deadlock { .. }
            | Self::Other { .. } => DatabaseErrorKind::Other,
        }
    }
}

/// In seconds, for people.
pub(crate) fn tenths(time: Duration) -> f64 {
    (time.as_secs_f64() * 10.0).round() / 10.0
}

fn setting_help(name: &str) -> String {
    match name {
        "user" => "name a user in the URL, or set PGUSER".to_owned(),
        _ => format!("change or remove `{name}`"),
    }
}

fn password_help(given: bool) -> &'static str {
    if given {
        "check the password in the URL; one with special characters must be percent-encoded there"
    } else {
        "the URL has no password: put it there, in PGPASSWORD or in ~/.pgpass (which only its owner may read)"
    }
}
