//! The connections that are open.
//!
//! sqlx has a pool, which knows one host, tries a refused connection again until its time is up and asks the server
//! whether it is there each time that a connection comes back; this one says at once what is wrong and asks nothing.

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use pg_parameters::{Host, Settings};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _, postgres::PgSslMode};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use super::ConnectOptions;
use crate::{
    Error, Result,
    catalog::Cache,
    sql::{self, Sql},
};

/// How long a connection may lie unused.
const MAX_IDLE: Duration = Duration::from_mins(10);
/// How long stopping someone's statement may take.
const CONTROL_TIMEOUT: Duration = Duration::from_secs(5);

/// The connections to one database.
pub(crate) struct Connections {
    settings: Settings,
    connect_timeout: Duration,
    setup: Sql,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
    is_read_only: bool,
    statement_timeout: Option<Duration>,
    lock_timeout: Option<Duration>,
    tables: Cache,
}

/// An open connection and the server's process at its other end.
pub(super) struct Live {
    pub(super) connection: PgConnection,
    pub(super) pid: i32,
}

struct Idle {
    live: Live,
    since: Instant,
}

/// A connection for a while.
pub(super) struct Lease {
    pub(super) live: Live,
    pub(super) permit: OwnedSemaphorePermit,
    /// It has lain idle, so that the server may have gone meanwhile.
    pub(super) is_reused: bool,
}

impl Connections {
    pub(crate) fn new(options: &ConnectOptions) -> Result<Self> {
        let connections =
            usize::try_from(options.max_connections).unwrap_or(Semaphore::MAX_PERMITS);
        let (settings, own) = (options.resolve()?, options.connect_timeout);
        Ok(Self {
            connect_timeout: settings.timeout().map_or(own, |limit| limit.min(own)),
            settings,
            setup: sql::setup(options.statement_timeout, &options.search_path)?,
            permits: Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS))),
            idle: Mutex::default(),
            is_read_only: options.read_only,
            statement_timeout: options.statement_timeout,
            lock_timeout: options.lock_timeout,
            tables: Cache::default(),
        })
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    pub(crate) fn statement_timeout(&self) -> Option<Duration> {
        self.statement_timeout
    }

    pub(crate) fn lock_timeout(&self) -> Option<Duration> {
        self.lock_timeout
    }

    /// The tables that were opened lately.
    pub(crate) fn tables(&self) -> &Cache {
        &self.tables
    }

    /// Refuses to change anything on a read-only connection.
    pub(crate) fn require_writable(&self) -> Result<()> {
        if self.is_read_only { Err(Error::ReadOnlyConnection) } else { Ok(()) }
    }

    pub(crate) async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *self.idle());
        for idle in idle {
            // A connection that is broken is closed already.
            let _ = idle.live.connection.close().await;
        }
    }

    pub(super) async fn lease(&self) -> Result<Lease> {
        let limit = self.connect_timeout;
        let permit = timeout(limit, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| Error::PoolExhausted { seconds: limit.as_secs() })?;
        let permit = permit
            .map_err(|_| Error::ConnectionLost { reason: "the browser was closed".to_owned() })?;
        let fresh = {
            let mut idle = self.idle();
            idle.retain(|idle| idle.since.elapsed() < MAX_IDLE);
            idle.pop()
        };
        Ok(match fresh {
            Some(idle) => Lease { live: idle.live, permit, is_reused: true },
            None => Lease { live: self.open().await?, permit, is_reused: false },
        })
    }

    pub(super) fn give_back(&self, live: Live) {
        if !self.permits.is_closed() {
            self.idle().push(Idle { live, since: Instant::now() });
        }
    }

    /// Stops the statement of a process by a connection of its own, since all others may be busy.
    pub(super) async fn cancel(&self, pid: i32) -> Result<()> {
        self.control("SELECT pg_cancel_backend($1::text::int)", pid).await
    }

    /// Ends a process.
    pub(super) async fn terminate(&self, pid: i32) -> Result<()> {
        self.control("SELECT pg_terminate_backend($1::text::int)", pid).await
    }

    async fn control(&self, statement: &'static str, pid: i32) -> Result<()> {
        let work = async {
            let mut live = self.open().await?;
            sqlx::query(statement).bind(pid.to_string()).execute(&mut live.connection).await?;
            let _ = live.connection.close().await;
            Ok(())
        };
        timeout(CONTROL_TIMEOUT, work).await.unwrap_or(Err(Error::Timeout { limit_ms: None }))
    }

    /// Connects by libpq's rules: the hosts in turn, until one answers.
    async fn open(&self) -> Result<Live> {
        let mut last = None;
        for host in self.settings.hosts() {
            match timeout(self.connect_timeout, self.open_at(host)).await {
                Ok(Ok(live)) => return Ok(live),
                Ok(Err(sqlx::Error::Io(error))) if !is_tls(&error) => {
                    last = Some(unreachable(host, &error));
                }
                // A server that answers and refuses ends the search, as in libpq.
                Ok(Err(error)) => return Err(refused(host, error)),
                Err(_) => last = Some(unreachable(host, &"it does not answer in time")),
            }
        }
        Err(last.unwrap_or_else(|| Error::InvalidSetting {
            name: "host".to_owned(),
            reason: "there is none".to_owned(),
        }))
    }

    async fn open_at(&self, host: &Host) -> Result<Live, sqlx::Error> {
        let (first, second) = self.settings.ssl_attempts(host);
        let mut connection = match (self.connect(host, first).await, second) {
            (Err(error), Some(second)) if is_worth_another_mode(&error) => {
                self.connect(host, second).await?
            }
            (outcome, _) => outcome?,
        };
        let rows = self.setup.simple().fetch_all(&mut connection).await?;
        let pid = rows.last().map_or(Ok(0), |row| row.try_get(0))?;
        Ok(Live { connection, pid })
    }

    async fn connect(&self, host: &Host, mode: PgSslMode) -> Result<PgConnection, sqlx::Error> {
        self.settings.driver_options(host, mode)?.connect().await
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        // A list of connections is whole whoever panicked while holding it.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connections").finish_non_exhaustive()
    }
}

/// Encryption failed, or `pg_hba.conf` wants it the other way.
fn is_worth_another_mode(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => error.code().as_deref() == Some("28000"),
        sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => is_tls(error),
        _ => false,
    }
}

/// What rustls finds wrong with a certificate comes as an I/O error.
fn is_tls(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

fn unreachable(host: &Host, reason: &dyn fmt::Display) -> Error {
    Error::Unreachable { address: host.address(), reason: reason.to_string() }
}

fn refused(host: &Host, error: sqlx::Error) -> Error {
    let address = host.address();
    if matches!(error, sqlx::Error::Tls(_) | sqlx::Error::Io(_)) {
        return Error::Tls { address, reason: error.to_string() };
    }
    let server = match &error {
        sqlx::Error::Database(_) => crate::ServerError::of_driver(&error),
        _ => None,
    };
    match server {
        Some(error) => Error::LoginRefused { address, error: Box::new(error) },
        None => error.into(),
    }
}
