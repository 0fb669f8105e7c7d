//! Whether a pooler stands between us and PostgreSQL.
//!
//! A pooler in transaction mode (pgbouncer, Supavisor, RDS Proxy) gives each transaction whichever server process is free.
//! A session lock taken there belongs to a process that others use next, and may never be given back.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    database::{Cell, ConnectOptions, ConnectParts, Database},
    dialect::Dialect,
};

/// How much older than our connection a server process may be, for a slow start.
const SLACK: Duration = Duration::from_secs(1);

/// What stands between us and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooler {
    /// Nothing that shows.
    None,
    /// Something that keeps server processes: ours is older than our connection. In session mode locks hold.
    Session,
    /// Something that gives one server process to two clients at once: locks do not hold.
    Transaction,
}

/// Looks at our server process, then at the one that a second connection gets while ours stays open: where both are the
/// same process, sessions are shared. What cannot be found out counts as no pooler.
pub(super) async fn detect(
    session: &mut Database,
    parts: &ConnectParts,
    options: &ConnectOptions,
) -> Pooler {
    if session.dialect() != Dialect::PostgreSql {
        return Pooler::None;
    }
    let asked = Instant::now();
    let Some(ours) = process(session).await else { return Pooler::None };
    let Ok(mut second) = Database::connect(parts, options).await else { return ours.age(asked) };
    let theirs = process(&mut second).await;
    let again = process(session).await;
    let _ = second.close().await;
    let is_ours = |other: &Process| other.id == ours.id;
    if theirs.as_ref().is_some_and(is_ours) || !again.as_ref().is_none_or(is_ours) {
        return Pooler::Transaction;
    }
    ours.age(asked)
}

/// A process of the server.
#[derive(Debug)]
struct Process {
    id: String,
    age: Duration,
}

impl Process {
    /// Older than a connection that was opened just before `asked`.
    fn age(&self, asked: Instant) -> Pooler {
        if self.age > asked.elapsed() + SLACK { Pooler::Session } else { Pooler::None }
    }
}

async fn process(session: &mut Database) -> Option<Process> {
    let sql = "SELECT pid || ' ' || extract(epoch FROM clock_timestamp() - backend_start) \
               FROM pg_stat_activity WHERE pid = pg_backend_pid()";
    let cells = session.read(sql).await.ok()?;
    let Some(Cell::Text(text)) = cells.first() else { return None };
    let (id, age) = text.split_once(' ')?;
    let age = Duration::try_from_secs_f64(age.parse().ok()?).unwrap_or_default();
    Some(Process { id: id.to_owned(), age })
}
