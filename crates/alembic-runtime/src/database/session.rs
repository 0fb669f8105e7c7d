//! One connection, whichever the driver.

use std::{future::Future, time::Duration};

use sqlx::{AssertSqlSafe, Connection as _, Decode, Row, TypeInfo as _, ValueRef as _};

use super::{
    ConnectOptions, ConnectParts, DatabaseError,
    failure::{Failure, Origin},
};
use crate::{dialect::Dialect, version_table::VersionTable};

/// A connection to the project's database.
///
/// Dropping it closes the socket at once; [`close`](Database::close) says goodbye first.
pub struct Database {
    pub(super) connection: Connection,
    pub(super) origin: Origin,
    options: ConnectOptions,
}

/// The drivers' own connections.
pub(super) enum Connection {
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgConnection),
    #[cfg(feature = "mysql")]
    MySql(sqlx::MySqlConnection),
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::SqliteConnection),
}

/// The same expression for each driver: `$connection` is its connection, `$failure` reads its errors.
macro_rules! with_driver {
    ($database:expr, |$connection:ident, $failure:ident| $body:expr) => {
        match $database {
            #[cfg(feature = "postgres")]
            Connection::Postgres($connection) => {
                use super::postgres::failure as $failure;
                $body
            }
            #[cfg(feature = "mysql")]
            Connection::MySql($connection) => {
                use super::mysql::failure as $failure;
                $body
            }
            #[cfg(feature = "sqlite")]
            Connection::Sqlite($connection) => {
                use super::sqlite::failure as $failure;
                $body
            }
        }
    };
}

/// How much longer than the server we wait: its own end of a statement leaves the session usable.
const GRACE: Duration = Duration::from_millis(500);

/// The first column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Nothing.
    Null,
    /// A value of another type, by the type's name.
    Other(String),
}

impl Database {
    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// When the parts or the environment make no sense, or nobody lets us in; see [`DatabaseError::kind`].
    pub async fn connect(
        parts: &ConnectParts,
        options: &ConnectOptions,
    ) -> Result<Self, DatabaseError> {
        let opened = match parts.dialect {
            #[cfg(feature = "postgres")]
            Dialect::PostgreSql => super::postgres::connect(parts, options).await,
            #[cfg(feature = "mysql")]
            Dialect::MySql => super::mysql::connect(parts, options).await,
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => super::sqlite::connect(parts, options).await,
            #[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
            dialect => {
                Err(DatabaseError::NoDriver { dialect: dialect.name(), url: parts.to_string() })
            }
        };
        let (connection, origin) = opened?;
        Ok(Self { connection, origin, options: options.clone() })
    }

    /// The family of the database.
    pub fn dialect(&self) -> Dialect {
        match self.connection {
            #[cfg(feature = "postgres")]
            Connection::Postgres(_) => Dialect::PostgreSql,
            #[cfg(feature = "mysql")]
            Connection::MySql(_) => Dialect::MySql,
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// The URL as people may see it, its password masked.
    pub fn masked_url(&self) -> &str {
        &self.origin.url
    }

    /// The server's name and version, such as `PostgreSQL 17.2`; the name alone when it does not tell.
    pub async fn server(&mut self) -> String {
        let (name, sql) = match self.dialect() {
            Dialect::PostgreSql => ("PostgreSQL", "SHOW server_version"),
            Dialect::MySql => ("MySQL", "SELECT VERSION()"),
            Dialect::Sqlite => ("SQLite", "SELECT sqlite_version()"),
        };
        match self.read(sql).await.as_deref() {
            // Debian adds its own version in parentheses.
            Ok([Cell::Text(version)]) => match version.split_whitespace().next() {
                Some(version) if version.contains("MariaDB") => format!("MariaDB {version}"),
                Some(version) => format!("{name} {version}"),
                None => name.to_owned(),
            },
            _ => name.to_owned(),
        }
    }

    /// Whether nothing may be written.
    pub fn is_read_only(&self) -> bool {
        self.options.read_only
    }

    /// Says goodbye to the server and closes the connection.
    ///
    /// # Errors
    ///
    /// When the server is gone already.
    pub async fn close(self) -> Result<(), DatabaseError> {
        let closed: Result<(), Failure> =
            with_driver!(self.connection, |connection, failure| connection
                .close()
                .await
                .map_err(failure));
        closed.map_err(|failure| self.origin.using(failure, "read", ""))
    }

    /// The first column of what a statement gives; read-only, and within the statement's time, when we connected so.
    pub(crate) async fn read(&mut self, sql: &str) -> Result<Vec<Cell>, Failure> {
        let (text, has_transaction) = self.reading(sql);
        let rows = self.limited(async |connection| rows(connection, text).await).await;
        if rows.is_err() && has_transaction {
            // What the failure was is known already, and says more than one of this.
            let _ = self.run("ROLLBACK").await;
        }
        rows
    }

    /// The first column of what a statement gives, within the transaction that is open.
    pub(crate) async fn select(&mut self, sql: &str) -> Result<Vec<Cell>, Failure> {
        let text = sql.to_owned();
        self.limited(async |connection| rows(connection, text).await).await
    }

    /// Runs a statement without values.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<u64, Failure> {
        let text = sql.to_owned();
        self.limited(async |connection| {
            with_driver!(connection, |connection, failure| {
                let result = sqlx::raw_sql(AssertSqlSafe(text)).execute(connection).await;
                result.map(|done| done.rows_affected()).map_err(failure)
            })
        })
        .await
    }

    /// Runs a statement with values; how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: String, values: &[&str]) -> Result<u64, Failure> {
        self.limited(async |connection| {
            with_driver!(connection, |connection, failure| {
                // Not kept: a transaction pooler may give the next statement another server process.
                let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
                for value in values {
                    query = query.bind((*value).to_owned());
                }
                let result = query.execute(connection).await;
                result.map(|done| done.rows_affected()).map_err(failure)
            })
        })
        .await
    }

    /// An error of this connection, while `doing` something with the version table.
    pub(crate) fn error(
        &self,
        failure: Failure,
        doing: &'static str,
        table: &VersionTable,
    ) -> DatabaseError {
        self.origin.using(failure, doing, &table.to_string())
    }

    /// Refuses to write in a session that only reads.
    pub(crate) fn may_write(&self) -> Result<(), DatabaseError> {
        if !self.options.read_only {
            return Ok(());
        }
        let message = "this session was opened for reading".to_owned();
        Err(DatabaseError::ReadOnly { message, url: self.origin.url.clone() })
    }

    /// A reading statement within its transaction, all of it one message; whether there is a transaction.
    fn reading(&self, sql: &str) -> (String, bool) {
        let read_only = self.options.read_only;
        match self.dialect() {
            Dialect::PostgreSql if read_only || self.options.statement_timeout.is_some() => {
                let mode = if read_only { " READ ONLY" } else { "" };
                let limit = self.options.statement_timeout.map(server_limit).unwrap_or_default();
                (format!("BEGIN{mode}; {limit}{sql}; COMMIT"), true)
            }
            Dialect::MySql if read_only => {
                (format!("START TRANSACTION READ ONLY; {sql}; COMMIT"), true)
            }
            _ => (sql.to_owned(), false),
        }
    }

    /// Gives up on a statement when its time is over.
    async fn limited<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Connection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let work = work(&mut self.connection);
        let Some(limit) = self.options.statement_timeout else { return work.await };
        match within(limit + GRACE, work).await {
            // The server was asked to stop it then.
            Err(Failure::Cancelled(_) | Failure::TimedOut(_)) => Err(Failure::TimedOut(limit)),
            outcome => outcome,
        }
    }
}

/// Gives up on `work` when `limit` is over.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(Failure::TimedOut(limit)))
}

/// PostgreSQL's own limit: the server stops what nobody waits for any more.
fn server_limit(limit: Duration) -> String {
    format!("SET LOCAL statement_timeout = {}; ", limit.as_millis().clamp(1, 2_147_483_647))
}

async fn rows(connection: &mut Connection, sql: String) -> Result<Vec<Cell>, Failure> {
    with_driver!(connection, |connection, failure| {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await;
        rows.and_then(|rows| rows.iter().map(cell).collect()).map_err(failure)
    })
}

/// The first column of a row.
fn cell<R>(row: &R) -> Result<Cell, sqlx::Error>
where
    R: Row,
    usize: sqlx::ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database>,
    for<'r> i64: Decode<'r, R::Database>,
{
    let value = row.try_get_raw(0)?;
    if value.is_null() {
        return Ok(Cell::Null);
    }
    let type_name = value.type_info().name().to_owned();
    if is_text(&type_name) {
        return row.try_get_unchecked(0).map(Cell::Text);
    }
    if is_whole_number(&type_name)
        && let Ok(number) = row.try_get_unchecked(0)
    {
        return Ok(Cell::Number(number));
    }
    Ok(Cell::Other(type_name.to_lowercase()))
}

/// Types whose values are text; `?` is what the PostgreSQL driver calls the type of an extension, `citext` for one.
fn is_text(type_name: &str) -> bool {
    matches!(
        type_name,
        "VARCHAR"
            | "TEXT"
            | "CHAR"
            | "\"CHAR\""
            | "NAME"
            | "?"
            | "LONGTEXT"
            | "MEDIUMTEXT"
            | "TINYTEXT"
    )
}

fn is_whole_number(type_name: &str) -> bool {
    let name = type_name.trim_end_matches(" UNSIGNED");
    matches!(
        name,
        "INT2"
            | "INT4"
            | "INT8"
            | "INTEGER"
            | "INT"
            | "BIGINT"
            | "SMALLINT"
            | "MEDIUMINT"
            | "TINYINT"
    )
}
