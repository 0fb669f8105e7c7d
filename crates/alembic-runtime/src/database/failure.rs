//! From what a driver reports to one cause.

use std::{io, time::Duration};

use super::{ConnectParts, DatabaseError};

/// What a driver's error means, before it is known what was being done.
#[derive(Debug)]
pub(crate) enum Failure {
    Io(io::Error),
    Tls(String),
    TimedOut(Duration),
    NotReady(String),
    WrongPassword,
    LoginRefused(String),
    NoSuchDatabase,
    FileNotOpened(String),
    NotADatabase,
    NoRights(String),
    NoSuchSchema,
    NoSuchTable,
    RowExists(String),
    WrongShape(String),
    /// An identifier is longer than the column.
    TooLong(String),
    ReadOnly(String),
    Locked(String),
    /// Two sessions waited for each other, and the whole transaction is undone.
    Deadlock(String),
    /// The server stopped the statement: its time was over, or someone cancelled it.
    Cancelled(String),
    Other(String),
}

/// What every error about one connection says.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The masked URL.
    pub(super) url: String,
    /// Host and port, or a path.
    pub(super) address: String,
    /// The host's name alone.
    pub(super) host: String,
    /// The user that we log in as.
    pub(super) user: String,
    /// Whether there is a password.
    pub(super) has_password: bool,
    /// The database's name, or SQLite's path.
    pub(super) database: String,
}

impl Origin {
    /// What the URL alone says.
    pub(super) fn of(parts: &ConnectParts) -> Self {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        Self {
            url: parts.to_string(),
            address: text(&parts.host),
            host: text(&parts.host),
            user: text(&parts.username),
            has_password: parts.password.is_some(),
            database: text(&parts.database),
        }
    }

    /// An option that cannot be used.
    pub(super) fn setting(&self, name: &str, reason: impl Into<String>) -> DatabaseError {
        DatabaseError::Setting { name: name.to_owned(), reason: reason.into(), url: self.url() }
    }

    /// The error of a failure while connecting.
    pub(super) fn connecting(&self, failure: Failure) -> DatabaseError {
        match failure {
            Failure::Io(reason) if is_unknown_host(&reason) => {
                DatabaseError::UnknownHost { host: self.host.clone(), url: self.url() }
            }
            Failure::Io(reason) => self.broken_while_connecting(reason),
            failure => self.using(failure, "read", ""),
        }
    }

    fn broken_while_connecting(&self, reason: io::Error) -> DatabaseError {
        let (address, url) = (self.address.clone(), self.url());
        match reason.kind() {
            io::ErrorKind::ConnectionRefused => DatabaseError::Refused { address, url },
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe => DatabaseError::Lost { url, reason },
            _ => DatabaseError::Unreachable { address, url, reason },
        }
    }

    /// The error of a failure in a session; `doing` as in `read`, `table` is the version table.
    pub(super) fn using(
        &self,
        failure: Failure,
        doing: &'static str,
        table: &str,
    ) -> DatabaseError {
        let url = self.url();
        let (table, path) = (table.to_owned(), self.database.clone());
        match failure {
            Failure::Io(reason) => DatabaseError::Lost { url, reason },
            Failure::Tls(reason) => DatabaseError::Tls { reason, url },
            Failure::TimedOut(after) => DatabaseError::TimedOut { after, url },
            Failure::NotReady(message) => DatabaseError::NotReady { message, url },
            Failure::WrongPassword => {
                let (user, given) = (self.user.clone(), self.has_password);
                DatabaseError::WrongPassword { user, given, url }
            }
            Failure::LoginRefused(message) => DatabaseError::LoginRefused { message, url },
            Failure::NoSuchDatabase => DatabaseError::NoSuchDatabase { database: path, url },
            Failure::FileNotOpened(message) => DatabaseError::FileNotOpened { path, message },
            Failure::NotADatabase => DatabaseError::NotADatabase { path },
            Failure::NoRights(message) => DatabaseError::NoRights { doing, table, message, url },
            Failure::NoSuchSchema => DatabaseError::NoSuchSchema { table, url },
            Failure::WrongShape(reason) => DatabaseError::WrongShape { table, reason, url },
            Failure::RowExists(message) => DatabaseError::RowExists { table, message, url },
            Failure::TooLong(message) => DatabaseError::TooLong { table, message, url },
            Failure::ReadOnly(message) => DatabaseError::ReadOnly { message, url },
            Failure::Locked(message) => DatabaseError::Locked { message, url },
            Failure::Deadlock(message) => DatabaseError::Deadlock { message, url },
            Failure::NoSuchTable => {
                DatabaseError::Other { message: format!("no table `{table}`"), url }
            }
            Failure::Cancelled(message) | Failure::Other(message) => {
                DatabaseError::Other { message, url }
            }
        }
    }

    fn url(&self) -> String {
        self.url.clone()
    }
}

/// What `getaddrinfo` reports has no kind of its own in std.
fn is_unknown_host(error: &io::Error) -> bool {
    error.raw_os_error().is_none() && error.to_string().contains("failed to lookup address")
}

/// What the errors mean that every driver has alike; `of_server` reads what the server itself reported.
pub(super) fn failure(
    error: sqlx::Error,
    of_server: impl FnOnce(&dyn sqlx::error::DatabaseError) -> Failure,
) -> Failure {
    match error {
        sqlx::Error::Database(error) => of_server(&*error),
        error if is_tls(&error) => Failure::Tls(tls_reason(&error)),
        sqlx::Error::Io(error) => Failure::Io(error),
        sqlx::Error::WorkerCrashed => {
            Failure::Io(io::Error::new(io::ErrorKind::BrokenPipe, "the driver's thread has ended"))
        }
        error => Failure::Other(error.to_string()),
    }
}

/// Whether encryption failed. What rustls finds wrong with a certificate comes as an I/O error.
pub(super) fn is_tls(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => error.kind() == io::ErrorKind::InvalidData,
        _ => false,
    }
}

fn tls_reason(error: &sqlx::Error) -> String {
    let reason = match error {
        sqlx::Error::Tls(reason) => reason.to_string(),
        sqlx::Error::Io(reason) => reason.to_string(),
        error => error.to_string(),
    };
    if reason.contains("CaUsedAsEndEntity") {
        return "the server's certificate is that of a CA itself, which rustls does not accept: \
                let the CA issue one for the server, or use sslmode=require"
            .to_owned();
    }
    reason
}
