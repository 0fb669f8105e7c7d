//! Queries that run, and exports that wait to be fetched.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use pg_browser::ExportRequest;
use tokio::sync::Notify;

use crate::error::{ApiError, ApiResult};
use crate::random;

/// How many queries may run at once: the browser has few connections.
const RUNNING: usize = 8;
/// How many exports may wait, and how long.
const WAITING: usize = 32;
const PATIENCE: Duration = Duration::from_mins(1);

/// The queries that run, by the page's own names.
#[derive(Default)]
pub(crate) struct Queries {
    running: Arc<Mutex<HashMap<String, Arc<Notify>>>>,
}

/// A query that runs, as long as this lives.
pub(crate) struct Ticket {
    id: String,
    cancel: Arc<Notify>,
    running: Arc<Mutex<HashMap<String, Arc<Notify>>>>,
}

impl Queries {
    /// A query begins.
    pub(crate) fn begin(&self, id: String) -> ApiResult<Ticket> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = |code, message| Err(ApiError::new(StatusCode::CONFLICT, code, message));
        if running.contains_key(&id) {
            return refused("query-id-taken", "a query of this id is running");
        }
        if running.len() == RUNNING {
            return refused("too-many-queries", "too many queries are running");
        }
        let cancel = Arc::new(Notify::new());
        running.insert(id.clone(), Arc::clone(&cancel));
        Ok(Ticket { id, cancel, running: Arc::clone(&self.running) })
    }

    /// Tells a query to stop; `false` when it does not run.
    pub(crate) fn cancel(&self, id: &str) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(id).map(|cancel| cancel.notify_one()).is_some()
    }
}

impl Ticket {
    /// Completes when somebody wants it to stop.
    pub(crate) async fn cancelled(&self) {
        self.cancel.notified().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// Exports that were asked for and not fetched.
#[derive(Default)]
pub(crate) struct Exports {
    waiting: Mutex<Vec<(String, Instant, ExportRequest)>>,
}

impl Exports {
    /// Keeps a request; the name by which it is fetched.
    pub(crate) fn add(&self, request: ExportRequest) -> String {
        let id = random::hex(16);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|(_, since, _)| since.elapsed() < PATIENCE);
        if waiting.len() == WAITING {
            waiting.remove(0);
        }
        waiting.push((id.clone(), Instant::now(), request));
        id
    }

    /// Takes a request out.
    pub(crate) fn take(&self, id: &str) -> Option<ExportRequest> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|(_, since, _)| since.elapsed() < PATIENCE);
        let at = waiting.iter().position(|(key, ..)| key == id)?;
        Some(waiting.remove(at).2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_query_is_cancelled_by_its_name_while_it_runs() {
        let queries = Queries::default();
        assert!(!queries.cancel("a"));
        let ticket = queries.begin("a".to_owned()).unwrap();
        assert!(queries.begin("a".to_owned()).is_err());
        assert!(queries.cancel("a"));
        ticket.cancelled().await;
        drop(ticket);
        assert!(!queries.cancel("a"));
    }
}
