//! Everything that can go wrong, each with a code for programs and a way out for people.

mod reader;
mod report;
mod server;

use crate::TableName;

pub use reader::Reader;
pub use report::ErrorReport;
pub use server::ServerError;

/// What went wrong. Nothing of what was asked for was done, unless a variant says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting of the connection cannot be used.
    #[error("`{name}` cannot be used: {reason}")]
    InvalidSetting {
        /// The setting.
        name: String,
        /// Why.
        reason: String,
    },
    /// The server cannot be reached.
    #[error("cannot connect to `{address}`: {reason}")]
    Unreachable {
        /// Host and port, or the socket.
        address: String,
        /// What the system says.
        reason: String,
    },
    /// The server refused us.
    #[error("`{address}` refused the connection: {error}")]
    LoginRefused {
        /// Host and port, or the socket.
        address: String,
        /// What the server says.
        error: Box<ServerError>,
    },
    /// Encryption failed.
    #[error("cannot encrypt the connection to `{address}`: {reason}")]
    Tls {
        /// Host and port.
        address: String,
        /// What the TLS library says.
        reason: String,
    },
    /// All connections are busy.
    #[error("no connection became free within {seconds} seconds")]
    PoolExhausted {
        /// How long we waited.
        seconds: u64,
    },
    /// The connection broke, or the server stopped. A change that was being committed may or may not have happened;
    /// anything else did not.
    #[error("the connection was lost: {reason}")]
    ConnectionLost {
        /// What the system or the server says.
        reason: String,
    },
    /// There is no such table, or we may not look into its schema.
    #[error("there is no table `{table}`")]
    UnknownTable {
        /// The table.
        table: TableName,
    },
    /// The table has no such column.
    #[error("`{table}` has no column `{column}`")]
    UnknownColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// A request cannot be met as it is.
    #[error("{reason}")]
    InvalidRequest {
        /// What is wrong with it.
        reason: String,
    },
    /// A type refuses a value.
    #[error("`{column}` takes no such value: {error}")]
    InvalidValue {
        /// The column.
        column: String,
        /// Its type.
        type_name: String,
        /// What the server says.
        error: Box<ServerError>,
    },
    /// A condition is not one expression.
    #[error("the condition is not one SQL expression: {reason}")]
    InvalidCondition {
        /// What is wrong with it.
        reason: String,
    },
    /// A column cannot be compared that way.
    #[error("`{column}` of type {type_name} cannot be {what}")]
    Unsupported {
        /// The column.
        column: String,
        /// Its type.
        type_name: String,
        /// What was asked, as in `sorted`.
        what: &'static str,
    },
    /// A cursor is damaged or belongs elsewhere.
    #[error("the cursor does not fit: {reason}")]
    InvalidCursor {
        /// Why.
        reason: &'static str,
    },
    /// The row is no longer there.
    #[error("the row of `{table}` is gone")]
    RowGone {
        /// The table.
        table: TableName,
    },
    /// The table, or this column, cannot be edited.
    #[error("`{table}` cannot be edited: {reason}")]
    NotEditable {
        /// The table.
        table: TableName,
        /// Why.
        reason: String,
    },
    /// The connection is for reading.
    #[error("this connection is read-only")]
    ReadOnlyConnection,
    /// What only reads lets no such statement in.
    #[error("{reader} refuses this: {reason}")]
    NotReadOnly {
        /// What only reads.
        reader: Reader,
        /// What is refused.
        reason: String,
    },
    /// SQL that cannot be cut into statements.
    #[error("the SQL is incomplete: {reason}")]
    IncompleteSql {
        /// What is missing.
        reason: &'static str,
        /// Where it begins, in bytes.
        at: usize,
    },
    /// The user lacks a privilege.
    #[error("{0}")]
    PermissionDenied(Box<ServerError>),
    /// A constraint refuses the rows.
    #[error("{0}")]
    ConstraintViolated(Box<ServerError>),
    /// The server took longer than allowed.
    #[error("the server took longer than {}", limit_ms.map_or_else(|| "is allowed".to_owned(), |limit| format!("{limit} ms")))]
    Timeout {
        /// The limit in milliseconds, where it was ours; otherwise someone set `statement_timeout`.
        limit_ms: Option<u32>,
    },
    /// Someone cancelled the statement.
    #[error("the statement was cancelled")]
    Cancelled,
    /// Someone holds a lock for too long, or two transactions waited for each other.
    #[error("a lock is in the way: {0}")]
    Locked(Box<ServerError>),
    /// A value is too large to be read or written in one piece.
    #[error("the value is too large: {0}")]
    TooLarge(Box<ServerError>),
    /// The server refuses for another reason.
    #[error("{0}")]
    Server(Box<ServerError>),
    /// The server answered something that this library does not understand.
    #[error("the server's answer makes no sense: {reason}")]
    Protocol {
        /// What is odd about it.
        reason: String,
    },
}

impl Error {
    /// A name for programs, which stays.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidSetting { .. } => "invalid_setting",
            Self::Unreachable { .. } => "unreachable",
            Self::LoginRefused { .. } => "login_refused",
            Self::Tls { .. } => "tls",
            Self::PoolExhausted { .. } => "pool_exhausted",
            Self::ConnectionLost { .. } => "connection_lost",
            Self::UnknownTable { .. } => "unknown_table",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::InvalidRequest { .. } => "invalid_request",
            Self::InvalidValue { .. } => "invalid_value",
            Self::InvalidCondition { .. } => "invalid_condition",
            Self::Unsupported { .. } => "unsupported",
            Self::InvalidCursor { .. } => "invalid_cursor",
            Self::RowGone { .. } => "row_gone",
            Self::NotEditable { .. } => "not_editable",
            Self::ReadOnlyConnection => "read_only_connection",
            Self::NotReadOnly { .. } => "not_read_only",
            Self::IncompleteSql { .. } => "incomplete_sql",
            Self::PermissionDenied(_) => "permission_denied",
            Self::ConstraintViolated(_) => "constraint_violated",
            Self::Timeout { .. } => "timeout",
            Self::Cancelled => "cancelled",
            Self::Locked(_) => "locked",
            Self::TooLarge(_) => "too_large",
            Self::Server(_) => "server",
            Self::Protocol { .. } => "protocol",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        let text = match self {
            Self::InvalidSetting { .. } => "correct the URL or the option",
            Self::Unreachable { .. } => "check host and port, and that the server runs",
            Self::LoginRefused { .. } => {
                "check user, password, database and the server's pg_hba.conf"
            }
            Self::Tls { .. } => "check sslmode and sslrootcert",
            Self::PoolExhausted { .. } => {
                "wait for running statements, cancel them, or allow more connections"
            }
            Self::ConnectionLost { .. } => "try again: the next call connects anew",
            Self::UnknownTable { .. } => {
                "read the catalogue again; names are case-sensitive and unquoted"
            }
            Self::UnknownColumn { .. } => {
                "open the table again: its columns have changed, or the name is misspelt"
            }
            Self::InvalidRequest { .. } => "correct the request",
            Self::InvalidValue { type_name, .. } => {
                return format!("write it as PostgreSQL writes the type {type_name}");
            }
            Self::InvalidCondition { .. } => {
                "write what can stand behind WHERE, such as `age > 3 AND name IS NOT NULL`"
            }
            Self::Unsupported { .. } => "use a raw SQL condition, or another column",
            Self::InvalidCursor { .. } => "start from the first or the last page",
            Self::RowGone { .. } => "load the page again",
            Self::NotEditable { .. } => "edit the table beneath, or write the SQL yourself",
            Self::ReadOnlyConnection => "connect without read-only mode to change rows",
            Self::NotReadOnly { reader, .. } => reader.help(),
            Self::IncompleteSql { .. } => "close what is open",
            Self::PermissionDenied(_) => {
                "ask the owner for the privilege (GRANT), or connect as another user"
            }
            Self::ConstraintViolated(_) => "change the values so that the constraint holds",
            Self::Timeout { .. } => "narrow it down, add an index, or allow more time",
            Self::Cancelled => "run it again if that was not meant",
            Self::Locked(_) => "see Activity for who blocks, and try again",
            Self::TooLarge(_) => "use smaller values, or COPY and large objects",
            Self::Server(error) => {
                return error.hint.clone().unwrap_or_else(|| "see the server's message".to_owned());
            }
            Self::Protocol { .. } => {
                "check that this is PostgreSQL 13 or later, not another program that speaks its protocol"
            }
        };
        text.to_owned()
    }

    /// What the server said, where it said something.
    pub fn server(&self) -> Option<&ServerError> {
        match self {
            Self::LoginRefused { error, .. }
            | Self::InvalidValue { error, .. }
            | Self::PermissionDenied(error)
            | Self::ConstraintViolated(error)
            | Self::Locked(error)
            | Self::TooLarge(error)
            | Self::Server(error) => Some(error),
            _ => None,
        }
    }

    /// Everything about it, to be sent to another program.
    pub fn report(&self) -> ErrorReport {
        ErrorReport::of(self)
    }
}

/// A result of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn a_limit_is_said_where_it_is_known() {
        let text = |limit_ms| Error::Timeout { limit_ms }.to_string();
        assert_eq!(text(Some(80)), "the server took longer than 80 ms");
        assert_eq!(text(None), "the server took longer than is allowed");
    }
}
