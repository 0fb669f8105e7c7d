//! One run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use super::output::{self, Output, OutputEvents, OutputLine, OutputStream, milliseconds};
use crate::api::runs::RunCommand;
use crate::error::{ApiError, ErrorBody};
use crate::random;

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RunState {
    /// It waits for the lock, or dumps the database first.
    Starting,
    /// The migrations run.
    Running,
    /// It was asked to end.
    Cancelling,
    /// It ended well.
    Succeeded,
    /// It did not.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// What is known of a run before it starts.
#[derive(Debug, Clone)]
pub(crate) struct RunFacts {
    pub(crate) command: RunCommand,
    pub(crate) target: String,
    pub(crate) command_line: Option<String>,
    pub(crate) database: String,
    pub(crate) steps: usize,
    pub(crate) from: Vec<String>,
}

/// How a run ended.
#[derive(Debug, Default)]
pub(crate) struct RunEnd {
    pub(crate) exit_code: Option<u8>,
    pub(crate) was_cancelled: bool,
    pub(crate) to: Option<Vec<String>>,
    pub(crate) error: Option<ApiError>,
}

/// A run as the API shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunView {
    /// Its id.
    pub id: String,
    /// What runs.
    pub command: RunCommand,
    /// The target as it was given.
    pub target: String,
    /// Where it is.
    pub state: RunState,
    /// The exact command line; null for a stamp.
    pub command_line: Option<String>,
    /// The database, its password masked.
    pub database: String,
    /// How many steps were planned.
    pub steps: usize,
    /// The rows of the version table before.
    pub from: Vec<String>,
    /// The rows after; null until it has ended, and where they could not be read.
    pub to: Option<Vec<String>>,
    /// When it started, in milliseconds since 1970.
    pub started_ms: u64,
    /// When it ended.
    pub ended_ms: Option<u64>,
    /// The exit code of Alembic; 128 and more for a signal.
    pub exit_code: Option<u8>,
    /// Where the dump of the database is.
    pub backup: Option<String>,
    /// Why it failed, where alembic-rs knows more than the output says.
    pub error: Option<ErrorBody>,
}

/// A run.
#[derive(Debug)]
pub(crate) struct Run {
    id: String,
    facts: RunFacts,
    started: SystemTime,
    progress: Mutex<Progress>,
    output: Output,
    cancel: watch::Sender<bool>,
    over: watch::Sender<bool>,
}

#[derive(Debug)]
struct Progress {
    state: RunState,
    ended: Option<SystemTime>,
    backup: Option<String>,
    end: RunEnd,
}

impl Run {
    pub(crate) fn new(facts: RunFacts) -> Self {
        let progress = Progress {
            state: RunState::Starting,
            ended: None,
            backup: None,
            end: RunEnd::default(),
        };
        Self {
            id: random::hex(8),
            facts,
            started: SystemTime::now(),
            progress: Mutex::new(progress),
            output: Output::new(),
            cancel: watch::Sender::new(false),
            over: watch::Sender::new(false),
        }
    }

    /// Its id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn facts(&self) -> &RunFacts {
        &self.facts
    }

    /// Whether it has not ended.
    pub(crate) fn is_running(&self) -> bool {
        !*self.over.borrow()
    }

    /// As the API shows it.
    pub(crate) fn view(&self) -> RunView {
        let progress = self.lock();
        RunView {
            id: self.id.clone(),
            command: self.facts.command,
            target: self.facts.target.clone(),
            state: progress.state,
            command_line: self.facts.command_line.clone(),
            database: self.facts.database.clone(),
            steps: self.facts.steps,
            from: self.facts.from.clone(),
            to: progress.end.to.clone(),
            started_ms: milliseconds(self.started),
            ended_ms: progress.ended.map(milliseconds),
            exit_code: progress.end.exit_code,
            backup: progress.backup.clone(),
            error: progress.end.error.clone().map(ApiError::into_body),
        }
    }

    /// Asks it to end; `false` when it has ended already.
    pub(crate) fn cancel(&self) -> bool {
        if !self.is_running() {
            return false;
        }
        self.enter(RunState::Cancelling);
        self.cancel.send_replace(true);
        true
    }

    /// Completes when somebody asks it to end.
    pub(crate) async fn cancelled(&self) {
        let mut cancel = self.cancel.subscribe();
        // The sender lives as long as the run does.
        let _asked = cancel.wait_for(|asked| *asked).await;
    }

    /// Completes when it has ended.
    pub(crate) async fn ended(&self) {
        let mut over = self.over.subscribe();
        let _ended = over.wait_for(|over| *over).await;
    }

    /// Says where it is now; one that is being cancelled stays so.
    pub(crate) fn enter(&self, state: RunState) {
        {
            let mut progress = self.lock();
            if matches!(progress.state, RunState::Cancelling) || progress.ended.is_some() {
                return;
            }
            progress.state = state;
        }
        self.output.push("state", &self.view());
    }

    pub(crate) fn backed_up(&self, file: String) {
        self.lock().backup = Some(file);
        self.output.push("state", &self.view());
    }

    pub(crate) fn line(&self, stream: OutputStream, time: SystemTime, text: String) {
        self.output.push("line", &OutputLine { stream, time_ms: milliseconds(time), text });
    }

    pub(crate) fn note(&self, text: impl Into<String>) {
        self.line(OutputStream::Note, SystemTime::now(), text.into());
    }

    pub(crate) fn finish(&self, end: RunEnd) {
        {
            let mut progress = self.lock();
            progress.state = match &end {
                RunEnd { was_cancelled: true, .. } => RunState::Cancelled,
                RunEnd { error: None, exit_code: None | Some(0), .. } => RunState::Succeeded,
                _ => RunState::Failed,
            };
            progress.ended = Some(SystemTime::now());
            progress.end = end;
        }
        self.output.push("end", &self.view());
        self.over.send_replace(true);
    }

    /// Everything that it writes, from behind the event `seen`.
    pub(crate) fn events(
        self: Arc<Self>,
        seen: Option<u64>,
        stop: watch::Receiver<bool>,
    ) -> OutputEvents {
        output::events(ReadRun(self), seen.unwrap_or(0), stop)
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct ReadRun(Arc<Run>);

impl AsRef<Output> for ReadRun {
    fn as_ref(&self) -> &Output {
        &self.0.output
    }
}
