//! What the database says of its version table: asked once for everybody, over one connection that stays.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as BlockingMutex, PoisonError};
use std::time::{Duration, Instant};

use alembic_runtime::database::{Database, DatabaseError};
use alembic_runtime::dialect::Dialect;
use alembic_runtime::project::{Project, ProjectError, Seen, TargetError};
use tokio::sync::{Mutex, watch};

use super::{FRESH, Snapshot};
use crate::error::{ApiError, ApiResult};

/// How long a database that did not answer is left alone.
const DOWN: Duration = Duration::from_secs(2);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long those wait who know already that it did not answer the last time.
const IMPATIENCE: Duration = Duration::from_millis(200);

/// What the database said.
pub(super) struct Observation {
    at: Instant,
    /// Of which project.
    project: String,
    pub(super) seen: ApiResult<Seen>,
    /// Changes with what was said.
    pub(super) fingerprint: String,
}

/// Asks the database, for everybody together.
pub(super) struct Observer {
    last: watch::Sender<Option<Arc<Observation>>>,
    is_asking: AtomicBool,
    link: Mutex<Option<Link>>,
    /// What was said before this is of no account any more.
    since: BlockingMutex<Option<Instant>>,
}

/// A connection that stays.
struct Link {
    project: String,
    database: Database,
    server: String,
}

impl Observer {
    pub(super) fn new() -> Self {
        Self {
            last: watch::Sender::new(None),
            is_asking: AtomicBool::new(false),
            link: Mutex::default(),
            since: BlockingMutex::default(),
        }
    }

    /// Lets nobody rely on what was said up to now.
    pub(super) fn forget(&self) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// What the database says now, or said a moment ago.
    pub(super) async fn observe(self: &Arc<Self>, snapshot: &Arc<Snapshot>) -> Arc<Observation> {
        let mut news = self.last.subscribe();
        loop {
            let last = news.borrow_and_update().clone();
            if let Some(last) = &last
                && self.is_fresh(last, snapshot)
            {
                return Arc::clone(last);
            }
            self.ask(snapshot);
            let was_down =
                last.filter(|last| last.seen.is_err() && last.project == snapshot.fingerprint());
            match was_down {
                // Nobody waits twice for a database that is not there.
                Some(last) => match tokio::time::timeout(IMPATIENCE, news.changed()).await {
                    Ok(_) => {}
                    Err(_) => return last,
                },
                // The sender lives in us.
                None => drop(news.changed().await),
            }
        }
    }

    fn is_fresh(&self, last: &Observation, snapshot: &Snapshot) -> bool {
        let age = if last.seen.is_ok() { FRESH } else { DOWN };
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        last.project == snapshot.fingerprint()
            && last.at.elapsed() < age
            && since.is_none_or(|since| last.at > since)
    }

    /// Begins to ask, unless somebody does already. A request that is given up does not end it.
    fn ask(self: &Arc<Self>, snapshot: &Arc<Snapshot>) {
        if self.is_asking.swap(true, Ordering::AcqRel) {
            return;
        }
        let (observer, snapshot) = (Arc::clone(self), Arc::clone(snapshot));
        tokio::spawn(async move {
            let at = Instant::now();
            let seen = observer.seen(&snapshot).await;
            let fingerprint = fingerprint(&seen);
            let project = snapshot.fingerprint().to_owned();
            let observation = Observation { at, project, seen, fingerprint };
            observer.is_asking.store(false, Ordering::Release);
            observer.last.send_replace(Some(Arc::new(observation)));
        });
    }

    async fn seen(&self, snapshot: &Snapshot) -> ApiResult<Seen> {
        let project = snapshot.project()?;
        let mut link = self.link.lock().await;
        let asked = tokio::time::timeout(PATIENCE, ask(project, snapshot.fingerprint(), &mut link));
        if let Ok(seen) = asked.await {
            return seen.map_err(ApiError::from);
        }
        *link = None;
        let url = project.target().map(|target| target.url.to_string()).unwrap_or_default();
        Err(ProjectError::from(DatabaseError::TimedOut { after: PATIENCE, url }).into())
    }
}

async fn ask(project: &Project, key: &str, link: &mut Option<Link>) -> Result<Seen, ProjectError> {
    if let Some(mut kept) = link.take().filter(|link| link.project == key)
        && let Ok(rows) = kept.database.heads(project.version_table()).await
    {
        let server = kept.server.clone();
        *link = Some(kept);
        return Ok(Seen::Rows { server, rows });
    }
    match project.target() {
        Err(error @ TargetError::NoUrl { .. }) => return Ok(Seen::Nothing(error)),
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    let Some(connected) = project.look().await? else { return Ok(Seen::NoFile) };
    let mut database = connected.database;
    let rows = database.heads(project.version_table()).await?;
    let server = database.server().await;
    // A file of SQLite may be replaced by another, which a connection that stays would not see.
    if database.dialect() != Dialect::Sqlite {
        *link = Some(Link { project: key.to_owned(), database, server: server.clone() });
    }
    Ok(Seen::Rows { server, rows })
}

fn fingerprint(seen: &ApiResult<Seen>) -> String {
    match seen {
        Ok(Seen::Nothing(_)) => "none".to_owned(),
        Ok(Seen::NoFile) => "no-file".to_owned(),
        Ok(Seen::Rows { server, rows }) => {
            let mut rows = rows.clone();
            if let Some(rows) = &mut rows {
                rows.sort();
            }
            format!("{server} {rows:?}")
        }
        Err(error) => format!("{}: {}", error.body().code, error.body().message),
    }
}
