//! Looking at the server.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{
    IndexStatistics, SessionActivity, SlowStatement, SlowStatements, TableLock, TableStatistics,
};
use crate::{
    Error, Result,
    catalog::read::document,
    connection::{Connections, Mode, Session},
    rows::{owned_at, text_at},
    sql::{Sql, quoted},
};

const SESSIONS: &str = include_str!("queries/sessions.sql");
const LOCKS: &str = include_str!("queries/locks.sql");
const TABLES: &str = include_str!("queries/tables.sql");
const INDEXES: &str = include_str!("queries/indexes.sql");
/// Where pg_stat_statements is, when it is in this database.
const EXTENSION: &str = "\
SELECT n.nspname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname = 'pg_stat_statements'";

/// Looks at a server over some connections.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    connections: &'a Arc<Connections>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(connections: &'a Arc<Connections>) -> Self {
        Self { connections }
    }

    pub(crate) async fn sessions(&self) -> Result<Vec<SessionActivity>> {
        self.list(Sql::fixed(SESSIONS)).await
    }

    pub(crate) async fn locks(&self) -> Result<Vec<TableLock>> {
        self.list(Sql::fixed(LOCKS)).await
    }

    pub(crate) async fn tables(&self) -> Result<Vec<TableStatistics>> {
        self.list(Sql::fixed(TABLES)).await
    }

    pub(crate) async fn indexes(&self) -> Result<Vec<IndexStatistics>> {
        self.list(Sql::fixed(INDEXES)).await
    }

    pub(crate) async fn slow_statements(&self, limit: u32) -> Result<SlowStatements> {
        let mut session = self.session().await?;
        let outcome = slow_statements(&mut session, limit).await;
        session.end(outcome).await
    }

    pub(crate) async fn cancel(&self, pid: i32) -> Result<bool> {
        self.signal("SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity WHERE pid = $1::text::int", pid)
            .await
    }

    pub(crate) async fn terminate(&self, pid: i32) -> Result<bool> {
        self.signal("SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE pid = $1::text::int", pid)
            .await
    }

    async fn session(&self) -> Result<Session> {
        Session::begin(self.connections, Mode::Read, None).await
    }

    async fn list<T: DeserializeOwned>(&self, sql: Sql) -> Result<Vec<T>> {
        let mut session = self.session().await?;
        let list = document(&mut session, &sql).await;
        session.end(list).await
    }

    async fn signal(&self, statement: &'static str, pid: i32) -> Result<bool> {
        self.connections.require_writable()?;
        let mut session = self.session().await?;
        let rows = session.rows(&Sql::fixed(statement).with([pid.to_string()])).await;
        let rows = session.end(rows).await?;
        let answer = rows.first().map_or(Ok(None), |row| text_at(row, 0))?;
        Ok(answer == Some("true"))
    }
}

async fn slow_statements(session: &mut Session, limit: u32) -> Result<SlowStatements> {
    let rows = session.rows(&Sql::fixed(EXTENSION)).await?;
    let schema = rows.first().map_or(Ok(None), |row| owned_at(row, 0))?;
    let Some(schema) = schema else {
        return Ok(SlowStatements::Unavailable {
            reason: "the extension pg_stat_statements is not in this database".to_owned(),
            help: "put shared_preload_libraries = 'pg_stat_statements' into postgresql.conf, restart the server, \
                   then run CREATE EXTENSION pg_stat_statements"
                .to_owned(),
        });
    };
    let text = include_str!("queries/slow_statements.sql").replace("{schema}", &quoted(&schema));
    let sql = Sql::new(text, vec![Some(limit.to_string())])?;
    match document::<Vec<SlowStatement>>(session, &sql).await {
        Ok(statements) => Ok(SlowStatements::Known { statements }),
        // 55000: the library is not loaded.
        Err(Error::Server(error)) if error.sqlstate == "55000" => Ok(SlowStatements::Unavailable {
            reason: error.message,
            help: "put shared_preload_libraries = 'pg_stat_statements' into postgresql.conf and restart the server"
                .to_owned(),
        }),
        Err(error) => Err(error),
    }
}
