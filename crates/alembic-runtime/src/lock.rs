//! A lock around a run of migrations, so that two runs never migrate one database at once.
//!
//! It keeps out runs that take the same lock, and no bare `alembic upgrade`.
//!
//! * PostgreSQL: a session advisory lock, `pg_try_advisory_lock(key)`, asked for again and again. Nobody waits inside the
//!   server: a waiting statement would hold a snapshot, and `CREATE INDEX CONCURRENTLY` of the run that has the lock would
//!   wait for that snapshot to end.
//! * MySQL and MariaDB: `GET_LOCK('alembic-rs:<key in hexadecimal>', 0)`.
//! * SQLite: an exclusive lock on the file `<database>.alembic-rs.lock`, which is there as long as the lock is. SQLite's
//!   own locks would keep the migrations out as well. A database in memory is nobody else's and needs none.
//!
//! All of them end with the session, however the process ends.
//!
//! The key is FNV-1a, 64 bits, of `alembic-rs`, the database's name as the server says it, and schema and name of the
//! version table, each behind a zero byte. A key that is given as a number is that number; any other text is hashed as
//! `alembic-rs`, a zero byte, `key`, a zero byte, the text.

mod file;
mod key;
mod pooler;

use std::{fmt, time::Duration};

use miette::Diagnostic;
use thiserror::Error;
use tokio::time::{Instant, sleep};

pub use self::pooler::Pooler;
use self::{file::FileLock, key::LockKey};
use crate::{
    database::{Cell, ConnectOptions, ConnectParts, Database, DatabaseError, Failure},
    dialect::Dialect,
    version_table::VersionTable,
};

/// The first pause between two attempts, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// Which lock, and how long to wait for it.
#[derive(Debug, Clone)]
pub struct LockRequest {
    /// The table whose rows the run changes.
    pub table: VersionTable,
    /// A key to use instead of the one made of database and version table.
    pub key: Option<String>,
    /// How long to wait for whoever has the lock; zero asks once.
    pub wait: Duration,
}

/// A lock that is held, and the session that holds it. Dropping it ends the session, and the lock with it.
pub struct MigrationLock {
    session: Database,
    hold: Hold,
    pooler: Pooler,
}

/// What holds the lock.
enum Hold {
    Server(LockKey),
    File(#[expect(dead_code, reason = "it is held, not read")] FileLock),
    /// A database in memory.
    Nothing,
}

/// How a lock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// It was ours until now.
    Held,
    /// It was lost at some time before: the server was restarted, or the session ended from outside.
    Lost,
}

/// Why there is no lock.
#[derive(Debug, Error, Diagnostic)]
#[non_exhaustive]
pub enum LockError {
    /// Someone else has it.
    #[error("the migration lock {key} of `{url}` is held by {holder}; waited {} s", crate::database::tenths(*waited))]
    #[diagnostic(help(
        "another run is at work: wait longer (`--lock-timeout`), or end that session if nothing is at work any more"
    ))]
    Held {
        /// The lock's name in the database.
        key: String,
        /// What the database says of the session that has it.
        holder: String,
        /// How long we waited.
        waited: Duration,
        /// The masked URL.
        url: String,
    },
    /// A pooler gives each transaction another session, and a session lock means nothing there.
    #[error(
        "`{url}` goes through a pooler that shares sessions between clients, and no lock holds there"
    )]
    #[diagnostic(help(
        "migrate by the server's own address (port 5432 as a rule), or by a pool in session mode"
    ))]
    TransactionPooler {
        /// The masked URL.
        url: String,
    },
    /// The lock file cannot be used.
    #[error("the lock file beside the database cannot be used")]
    #[diagnostic(help("the folder of the database must be writable"))]
    File(#[from] std::io::Error),
    /// The database did not let us.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Database(#[from] DatabaseError),
}

impl MigrationLock {
    /// Opens a session and takes the lock in it.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, a transaction pooler is in between, or someone else has the lock for longer
    /// than the request waits.
    pub async fn acquire(
        parts: &ConnectParts,
        options: &ConnectOptions,
        request: &LockRequest,
    ) -> Result<Self, LockError> {
        // The session idles while the migrations run: no limit on statements, and nothing that hangs on read-only.
        let options =
            ConnectOptions { read_only: false, statement_timeout: None, ..options.clone() };
        let mut session = Database::connect(parts, &options).await?;
        let pooler = pooler::detect(&mut session, parts, &options).await;
        if pooler == Pooler::Transaction {
            return Err(LockError::TransactionPooler { url: session.masked_url().to_owned() });
        }
        let hold = match session.dialect() {
            Dialect::Sqlite => hold_file(&mut session, request).await?,
            _ => hold_in_server(&mut session, request).await?,
        };
        Ok(Self { session, hold, pooler })
    }

    /// The session that holds the lock; reading the heads in it costs no further connection.
    pub fn database(&mut self) -> &mut Database {
        &mut self.session
    }

    /// What stands between us and the server.
    pub fn pooler(&self) -> Pooler {
        self.pooler
    }

    /// Whether the lock is ours still. A broken connection means no.
    pub async fn is_held(&mut self) -> bool {
        let Hold::Server(key) = &self.hold else { return true };
        let sql = key.is_held_sql(self.session.dialect());
        matches!(self.session.read(&sql).await.as_deref(), Ok([Cell::Text(held)]) if held == "1")
    }

    /// Gives the lock back and ends the session.
    pub async fn release(mut self) -> Release {
        let held = self.is_held().await;
        if let Hold::Server(key) = &self.hold {
            let sql = key.release_sql(self.session.dialect());
            // Ending the session releases it as well.
            let _ = self.session.read(&sql).await;
        }
        let _ = self.session.close().await;
        if held { Release::Held } else { Release::Lost }
    }
}

impl fmt::Debug for MigrationLock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MigrationLock({})", self.session.masked_url())
    }
}

async fn hold_in_server(session: &mut Database, request: &LockRequest) -> Result<Hold, LockError> {
    let dialect = session.dialect();
    let key = match &request.key {
        Some(text) => LockKey::given(text),
        None => LockKey::derived(&database_name(session, request).await?, &request.table),
    };
    let begun = Instant::now();
    let mut pauses = Pauses::until(begun + request.wait);
    loop {
        if ask(session, &key.try_sql(dialect), request).await?.as_deref() == Some("1") {
            return Ok(Hold::Server(key));
        }
        if !pauses.pause().await {
            let holder = ask(session, &key.holder_sql(dialect), request).await?;
            return Err(LockError::Held {
                key: key.name(dialect),
                holder: holder.unwrap_or_else(|| "another session".to_owned()),
                waited: begun.elapsed(),
                url: session.masked_url().to_owned(),
            });
        }
    }
}

async fn hold_file(session: &mut Database, request: &LockRequest) -> Result<Hold, LockError> {
    let sql = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let Some(database) = ask(session, sql, request).await?.filter(|path| !path.is_empty()) else {
        return Ok(Hold::Nothing);
    };
    let path = file::path(&database);
    let begun = Instant::now();
    let mut pauses = Pauses::until(begun + request.wait);
    loop {
        if let Some(lock) = FileLock::try_take(&path)? {
            return Ok(Hold::File(lock));
        }
        if !pauses.pause().await {
            return Err(LockError::Held {
                key: path.display().to_string(),
                holder: file::holder(&path),
                waited: begun.elapsed(),
                url: session.masked_url().to_owned(),
            });
        }
    }
}

/// The database's name, as the server knows it: a pooler may call it otherwise.
async fn database_name(
    session: &mut Database,
    request: &LockRequest,
) -> Result<String, DatabaseError> {
    let sql = match session.dialect() {
        Dialect::PostgreSql => "SELECT current_database()::text",
        _ => "SELECT DATABASE()",
    };
    Ok(ask(session, sql, request).await?.unwrap_or_default())
}

/// The one text that a statement answers.
async fn ask(
    session: &mut Database,
    sql: &str,
    request: &LockRequest,
) -> Result<Option<String>, DatabaseError> {
    let cells = session.read(sql).await;
    let cells = cells.map_err(|failure: Failure| session.error(failure, "lock", &request.table))?;
    Ok(cells.into_iter().next().and_then(|cell| match cell {
        Cell::Text(text) => Some(text),
        Cell::Number(_) | Cell::Null | Cell::Other(_) => None,
    }))
}

/// Pauses that grow, until a deadline.
struct Pauses {
    next: Duration,
    deadline: Instant,
}

impl Pauses {
    fn until(deadline: Instant) -> Self {
        Self { next: PAUSES.0, deadline }
    }

    /// Waits a while; `false` when the time is over.
    async fn pause(&mut self) -> bool {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        sleep(self.next.min(left)).await;
        self.next = (self.next * 2).min(PAUSES.1);
        true
    }
}
