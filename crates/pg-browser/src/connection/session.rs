//! A connection in a transaction.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_core::stream::BoxStream;
use sqlx::{PgConnection, postgres::PgRow};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout},
};

use super::pool::{Connections, Live};
use crate::{Error, Result, query::Described, sql::Sql};

/// How long a connection may take to be usable again after its statement was cancelled.
const RECOVERY: Duration = Duration::from_secs(1);

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Read, and all of it from one snapshot.
    Read,
    /// Anything.
    Write,
    /// Whatever the statements say: there is no transaction around them.
    Loose,
}

/// A connection in a transaction. Dropped in mid-statement it stops the statement; dropped otherwise it rolls back.
pub(crate) struct Session {
    live: Option<Live>,
    permit: Option<OwnedSemaphorePermit>,
    connections: Arc<Connections>,
    is_busy: bool,
    is_copying: bool,
    limit: Option<Duration>,
    started: Instant,
}

impl Session {
    /// Begins a transaction, on a new connection when the server has restarted meanwhile.
    ///
    /// `limit` is how long each statement may take, instead of the connections' own limit.
    pub(crate) async fn begin(
        connections: &Arc<Connections>,
        mode: Mode,
        limit: Option<Duration>,
    ) -> Result<Self> {
        let own = limit.is_some_and(|_| limit != connections.statement_timeout());
        let begin = Sql::begin(mode, limit.filter(|_| own), connections.lock_timeout());
        loop {
            let lease = connections.lease().await?;
            let is_reused = lease.is_reused;
            let mut session = Self {
                live: Some(lease.live),
                permit: Some(lease.permit),
                connections: Arc::clone(connections),
                is_busy: false,
                is_copying: false,
                limit: limit.or(connections.statement_timeout()),
                started: Instant::now(),
            };
            match session.simple(&begin).await {
                Ok(_) => return Ok(session),
                Err(Error::ConnectionLost { .. }) if is_reused => session.discard(),
                Err(error) => return session.end(Err(error)).await,
            }
        }
    }


    /// The rows of a statement with its values bound.
    pub(crate) async fn rows(&mut self, sql: &Sql) -> Result<Vec<PgRow>> {
        self.start();
        let outcome = sql.query().fetch_all(self.connection()?).await;
        self.finish(outcome)
    }

    /// The rows of a statement without values, by the simple protocol: all of them in their text form.
    pub(crate) async fn simple(&mut self, sql: &Sql) -> Result<Vec<PgRow>> {
        self.start();
        let outcome = sql.simple().fetch_all(self.connection()?).await;
        self.finish(outcome)
    }

    /// Runs a statement without values, of whose rows at most `limit` are kept.
    pub(crate) async fn simple_limited(&mut self, sql: &Sql, limit: usize) -> Result<Answer> {
        use futures_util::TryStreamExt as _;
        self.start();
        let mut answer = Answer::default();
        let connection = self.connection()?;
        let mut stream = sql.simple().fetch_many(connection);
        let outcome = loop {
            match stream.try_next().await {
                Ok(Some(sqlx::Either::Left(done))) => {
                    answer.affected = Some(answer.affected.unwrap_or(0) + done.rows_affected());
                }
                Ok(Some(sqlx::Either::Right(row))) if answer.rows.len() < limit => {
                    answer.rows.push(row);
                }
                Ok(Some(sqlx::Either::Right(_))) => answer.is_truncated = true,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(stream);
        self.finish(outcome)?;
        Ok(answer)
    }

    /// What `COPY … TO STDOUT` sends. The session is good for nothing else from here on.
    pub(crate) async fn copy_out(&mut self, sql: &Sql) -> Result<BoxStream<'_, Result<Bytes, sqlx::Error>>> {
        self.start();
        self.is_copying = true;
        let connection = self.live.as_mut().map(|live| &mut live.connection);
        let connection = connection.ok_or_else(lost)?;
        sql.copy_out(connection).await.map_err(Error::from)
    }

    /// Says that the copy came to its end, so that the connection is whole.
    pub(crate) fn copied(&mut self) {
        self.is_copying = false;
        self.is_busy = false;
    }

    /// Rolls back and hands the result on.
    pub(crate) async fn end<T>(mut self, result: Result<T>) -> Result<T> {
        if matches!(result, Err(Error::ConnectionLost { .. } | Error::Protocol { .. })) {
            self.discard();
            return result;
        }
        match self.simple(&Sql::rollback()).await {
            Ok(_) => self.give_back(),
            // What was asked for is done or has failed; the rollback changes nothing in that.
            Err(_) => self.discard(),
        }
        result
    }

    /// Likewise; and gives back locks of the session, which outlive its transactions.
    pub(crate) async fn end_unlocked<T>(mut self, result: Result<T>) -> Result<T> {
        if matches!(result, Err(Error::ConnectionLost { .. } | Error::Protocol { .. })) {
            self.discard();
            return result;
        }
        match self.simple(&Sql::fixed("ROLLBACK; SELECT pg_advisory_unlock_all()")).await {
            Ok(_) => self.give_back(),
            Err(_) => self.discard(),
        }
        result
    }

    /// The columns that a statement would give.
    pub(crate) async fn described(&mut self, sql: &Sql) -> Result<Described> {
        self.start();
        let outcome = sql.described(self.connection()?).await;
        self.finish(outcome)
    }

    /// Commits.
    pub(crate) async fn commit(mut self) -> Result<()> {
        match self.simple(&Sql::commit()).await {
            Ok(_) => {
                self.give_back();
                Ok(())
            }
            Err(error) => self.end(Err(error)).await,
        }
    }

    /// Closes the connection, whose settings may have been changed.
    pub(crate) async fn close(mut self) {
        use sqlx::Connection as _;
        if let Some(live) = self.live.take() {
            let _ = timeout(RECOVERY, live.connection.close()).await;
        }
    }

    fn connection(&mut self) -> Result<&mut PgConnection> {
        self.live.as_mut().map(|live| &mut live.connection).ok_or_else(lost)
    }

    fn start(&mut self) {
        self.is_busy = true;
        self.started = Instant::now();
    }

    fn finish<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T> {
        self.is_busy = false;
        outcome.map_err(|error| self.explain(error.into()))
    }

    /// Tells our own limit from someone's request: the server has one code for both.
    fn explain(&self, error: Error) -> Error {
        let is_over = |limit: &Duration| !limit.is_zero() && self.started.elapsed() >= *limit;
        let limit = self.limit.filter(is_over);
        match (error, limit) {
            (Error::Cancelled | Error::Timeout { .. }, Some(limit)) => {
                Error::Timeout { limit_ms: u32::try_from(limit.as_millis()).ok() }
            }
            (error, _) => error,
        }
    }

    fn give_back(&mut self) {
        if let Some(live) = self.live.take() {
            self.connections.give_back(live);
        }
    }

    fn discard(&mut self) {
        self.live = None;
    }
}

/// What a statement gave.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<PgRow>,
    pub(crate) affected: Option<u64>,
    pub(crate) is_truncated: bool,
}

fn lost() -> Error {
    Error::ConnectionLost { reason: "it is closed".to_owned() }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(live) = self.live.take() else { return };
        // Without a runtime the socket closes, and the server rolls back when it notices.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let recovery = Recovery {
            live,
            _permit: self.permit.take(),
            connections: Arc::clone(&self.connections),
            is_busy: self.is_busy,
            is_copying: self.is_copying,
        };
        runtime.spawn(recovery.run());
    }
}

/// What is left of a session that was dropped.
struct Recovery {
    live: Live,
    /// Held until the connection is usable or gone.
    _permit: Option<OwnedSemaphorePermit>,
    connections: Arc<Connections>,
    is_busy: bool,
    is_copying: bool,
}

impl Recovery {
    async fn run(mut self) {
        // A request to cancel that comes before its statement is lost, hence the end of the process where one is not enough.
        let is_cancelled =
            !self.is_copying && (!self.is_busy || self.connections.cancel(self.live.pid).await.is_ok());
        if is_cancelled && self.is_usable().await {
            self.connections.give_back(self.live);
        } else {
            // Closing the socket is all that is left when this fails.
            let _ = self.connections.terminate(self.live.pid).await;
        }
    }

    /// Whether the connection could be rolled back. The first answers may be those of the statement that was stopped.
    async fn is_usable(&mut self) -> bool {
        let connection = &mut self.live.connection;
        let rollback = async {
            for _ in 0..3 {
                if Sql::rollback().simple().execute(&mut *connection).await.is_ok() {
                    return true;
                }
            }
            false
        };
        timeout(RECOVERY, rollback).await.unwrap_or(false)
    }
}
