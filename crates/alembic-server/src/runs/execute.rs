//! Carrying out a run that was confirmed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alembic_runtime::database::Purge;
use alembic_runtime::lock::{LockRequest, MigrationLock};
use alembic_runtime::migrate::{Event, Lock, MigrateError, Migration, migrate};
use alembic_runtime::project::{Project, ProjectError};
use alembic_runtime::python::{
    AlembicCommand, Ended, Line, Operation, Reason, RunOptions, Stream, Streams,
};
use axum::http::StatusCode;
use tokio::sync::mpsc;

use super::{OutputStream, Run, RunEnd, RunFacts, RunState};
use crate::App;
use crate::api::runs::RunRequest;
use crate::error::{ApiError, ApiResult};
use crate::live::{Planned, sorted};
use crate::private::create_private_folder;

/// How long another run may hold the lock before ours gives up.
const LOCK: Duration = Duration::from_secs(5);
/// Lines that may wait to be kept; then the child waits.
const LINES: usize = 256;

impl App {
    /// Starts what was planned, unless another run is going on.
    pub(crate) fn start_run(
        self: &Arc<Self>,
        request: &RunRequest,
        planned: Planned,
    ) -> ApiResult<Arc<Run>> {
        let backup = if request.backup { Some(self.backup_folder()?) } else { None };
        let chosen = planned.snapshot.project()?.target().map_err(ProjectError::from)?;
        let run = self.runs.begin(RunFacts {
            command: planned.command,
            target: planned.target.clone(),
            command_line: planned.command_line.clone(),
            database: chosen.url.to_string(),
            steps: planned.plan.steps().len(),
            from: planned.from.clone(),
        })?;
        let (app, started) = (Arc::clone(self), Arc::clone(&run));
        tokio::spawn(async move {
            let end = match planned.command.operation() {
                Some(operation) => migrated(&app, &started, &planned, operation, backup).await,
                None => stamped(&started, &planned).await,
            };
            app.project.forget_rows();
            started.finish(end);
        });
        Ok(run)
    }

    fn backup_folder(&self) -> ApiResult<PathBuf> {
        let folder = self.options.backup_folder.clone().ok_or_else(|| {
            ApiError::new(
                StatusCode::CONFLICT,
                "no-backup-folder",
                "there is no folder for backups",
            )
            .with_help("set HOME or XDG_STATE_HOME for the server, or run without a backup")
        })?;
        create_private_folder(&folder).map_err(|error| {
            ApiError::new(StatusCode::CONFLICT, "no-backup-folder", error.to_string())
                .with_help("the folder must be writable, or run without a backup")
        })?;
        Ok(folder)
    }
}

async fn migrated(
    app: &App,
    run: &Arc<Run>,
    planned: &Planned,
    operation: Operation,
    backup: Option<PathBuf>,
) -> RunEnd {
    let source = app.project.source();
    let command = source.command(AlembicCommand::new(operation, planned.target.as_str()));
    let migration = Migration {
        python: source.python.clone(),
        lock: Some(Lock { key: None, wait: LOCK }),
        backup,
        expected: Some(planned.from.clone()),
        ..Migration::new(command)
    };
    let (sender, lines) = mpsc::channel(LINES);
    let keeping = tokio::spawn(keep_lines(Arc::clone(run), lines));
    let options = RunOptions { interrupts: true, ..RunOptions::new(Streams::Piped(sender)) };
    let (Ok(project), Ok(scripts)) = (planned.snapshot.project(), planned.snapshot.scripts())
    else {
        return RunEnd::default();
    };
    let mut events = |event: Event<'_>| tell(run, &event);
    let migrated =
        migrate(project, scripts, &migration, options, run.cancelled(), &mut events).await;
    // Every line stands before the end.
    let _kept = keeping.await;
    let to = project.rows_as_they_are().await.ok().map(|rows| sorted(&rows));
    match migrated {
        Ok(migrated) => RunEnd { to, ..ended(migrated.ended) },
        Err(error) => {
            let was_cancelled = matches!(error, MigrateError::Cancelled);
            RunEnd { to, was_cancelled, error: Some(error.into()), ..RunEnd::default() }
        }
    }
}

fn ended(ended: Option<Ended>) -> RunEnd {
    let Some(ended) = ended else { return RunEnd::default() };
    let was_cancelled = ended.reason == Reason::Cancelled && ended.code != 0;
    RunEnd { exit_code: Some(ended.code), was_cancelled, ..RunEnd::default() }
}

async fn keep_lines(run: Arc<Run>, mut lines: mpsc::Receiver<Line>) {
    while let Some(Line { stream, time, text }) = lines.recv().await {
        let stream = match stream {
            Stream::Stdout => OutputStream::Stdout,
            Stream::Stderr => OutputStream::Stderr,
        };
        run.line(stream, time, text);
    }
}

fn tell(run: &Run, event: &Event<'_>) {
    match event {
        Event::Warning(warning) => run.note(format!("warning: {warning}")),
        Event::Running { command, origin } => {
            run.note(format!("running {command} ({origin})"));
            run.enter(RunState::Running);
        }
        Event::BackedUp(file) => run.backed_up(file.display().to_string()),
        Event::NothingToDo => run.note("nothing to do: another run has done it"),
        Event::LockLost => run.note(
            "warning: the lock was lost while the migrations ran; another run may have been at work as well",
        ),
        _ => {}
    }
}

/// Sets the version table, under the lock that keeps migrations out.
async fn stamped(run: &Run, planned: &Planned) -> RunEnd {
    run.enter(RunState::Running);
    let Ok(project) = planned.snapshot.project() else { return RunEnd::default() };
    let outcome = tokio::select! {
        outcome = stamp(run, project, planned) => outcome,
        () = run.cancelled() => return RunEnd { was_cancelled: true, ..RunEnd::default() },
    };
    let to = project.rows_as_they_are().await.ok().map(|rows| sorted(&rows));
    RunEnd { to, error: outcome.err(), ..RunEnd::default() }
}

async fn stamp(run: &Run, project: &Project, planned: &Planned) -> ApiResult<()> {
    project.refuse_guess().map_err(ProjectError::from)?;
    let parts = project.parts().map_err(ProjectError::from)?;
    let table = project.version_table();
    let request = LockRequest { table: table.clone(), key: None, wait: LOCK };
    let lock = MigrationLock::acquire(&parts, &project.connect_options(), &request).await;
    let mut lock = lock.map_err(MigrateError::from)?;
    let database = lock.database();
    database.ensure(table).await.map_err(ProjectError::from)?;
    let steps = planned.plan.steps();
    let mut is_stale = false;
    let decide = |rows: &[String]| {
        is_stale = sorted(rows) != planned.from;
        if is_stale {
            return None;
        }
        for step in steps {
            run.line(OutputStream::Note, SystemTime::now(), step.log_message(""));
        }
        Some(steps.iter().flat_map(|step| step.changes().to_vec()).collect())
    };
    database.change(table, Purge::No, decide).await.map_err(ProjectError::from)?;
    if is_stale {
        return Err(ApiError::stale());
    }
    lock.release().await;
    Ok(())
}
