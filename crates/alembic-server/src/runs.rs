//! Runs and their output: one at a time, everything that was written kept for whoever comes later.

mod execute;
mod output;
mod run;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;

use crate::error::{ApiError, ApiResult};

pub(crate) use self::output::{OutputEvents, OutputLine, OutputStream, milliseconds};
pub(crate) use self::run::{Run, RunState, RunView};
pub(crate) use self::run::{RunEnd, RunFacts};

/// How many runs are kept.
const KEPT: usize = 8;

/// The runs since the server started.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    runs: Vec<Arc<Run>>,
    /// The server stops: nothing begins any more.
    is_closed: bool,
}

impl Runs {
    /// Adds a run, unless one is going on.
    pub(crate) fn begin(&self, facts: RunFacts) -> ApiResult<Arc<Run>> {
        let mut inner = self.lock();
        inner.refuse_second()?;
        if inner.runs.len() == KEPT {
            inner.runs.remove(0);
        }
        let run = Arc::new(Run::new(facts));
        inner.runs.push(Arc::clone(&run));
        Ok(run)
    }

    /// Refuses when a run is going on.
    pub(crate) fn refuse_second(&self) -> ApiResult<()> {
        self.lock().refuse_second()
    }

    /// All, the newest first.
    pub(crate) fn all(&self) -> Vec<Arc<Run>> {
        self.lock().runs.iter().rev().cloned().collect()
    }

    /// The run that is going on, or the last one.
    pub(crate) fn latest(&self) -> Option<Arc<Run>> {
        self.lock().runs.last().cloned()
    }

    pub(crate) fn find(&self, id: &str) -> ApiResult<Arc<Run>> {
        let found = self.lock().runs.iter().find(|run| run.id() == id).cloned();
        found.ok_or_else(|| ApiError::not_found("there is no such run"))
    }

    /// Lets nothing begin any more.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn refuse_second(&self) -> ApiResult<()> {
        if self.is_closed {
            let message = "the server is about to stop";
            return Err(ApiError::new(StatusCode::CONFLICT, "stopping", message)
                .with_help("start it again: `alembic-rs ui`"));
        }
        match self.runs.last() {
            Some(run) if run.is_running() => Err(ApiError::new(
                StatusCode::CONFLICT,
                "run-in-progress",
                format!(
                    "`{} {}` is still going on",
                    run.facts().command.name(),
                    run.facts().target
                ),
            )
            .with_help("wait for its end, or cancel it")),
            _ => Ok(()),
        }
    }
}
