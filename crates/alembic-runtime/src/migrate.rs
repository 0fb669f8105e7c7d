//! A whole run of `upgrade` or `downgrade`: the project's own Python runs the migrations, and this is what surrounds it.
//!
//! 1. The target is resolved here, so that a typo costs no start of Python.
//! 2. Under a lock, if that is asked for: the rows are read after it is held, and nothing runs when nothing is left.
//! 3. The interpreter is found and the command put together.
//! 4. The database is dumped first, if that is asked for.
//! 5. The child runs.
//! 6. The rows are read again: a child that reports success while they did not move has migrated another database.
//!
//! When it is not certain which database is meant, the plan and the look at the rows fall away, since the project's own
//! Alembic alone can tell; a lock and a backup are refused then. Nothing here prints: what goes on is told as [`Event`]s.

mod child;
mod error;
mod event;
mod guard;

use std::ffi::OsString;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::time::Duration;

use alembic_core::script::{ScriptDirectory, explain_range};
use alembic_core::step::{Plan, PlanWarning, refuse_range};

pub use self::error::{MigrateError, OtherDatabase};
pub use self::event::Event;
use crate::plan::Direction;
use crate::project::{Project, ProjectError, Purpose, TargetError};
use crate::python::{AlembicCommand, Ended, Operation, RunOptions, Timeouts};

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Migration {
    /// What Alembic is asked to do, with Alembic's own options.
    pub command: AlembicCommand,
    /// `--python`.
    pub python: Option<OsString>,
    /// What the child's environment has beside our own.
    pub environment: Vec<(OsString, OsString)>,
    /// How long statements may take, and wait for locks of tables.
    pub timeouts: Timeouts,
    /// Keep out every other run that takes the same lock.
    pub lock: Option<Lock>,
    /// Dump the database into this folder before anything runs.
    pub backup: Option<PathBuf>,
    /// Run only while the version table holds these rows, in any order: those that somebody has seen and agreed to.
    pub expected: Option<Vec<String>>,
    /// As Alembic, which creates the version table before it looks for the target: do so when the target is none.
    pub creates_table: bool,
}

impl Migration {
    /// Alembic's command with nothing around it.
    pub fn new(command: AlembicCommand) -> Self {
        Self {
            command,
            python: None,
            environment: Vec::new(),
            timeouts: Timeouts::default(),
            lock: None,
            backup: None,
            expected: None,
            creates_table: false,
        }
    }

    /// Which way it goes.
    pub fn direction(&self) -> Direction {
        match self.command.operation {
            Operation::Upgrade => Direction::Up,
            Operation::Downgrade => Direction::Down,
        }
    }

    /// What can be said of the target before any script is read.
    ///
    /// # Errors
    /// When it is a range, which only `--sql` takes.
    pub fn check(&self) -> Result<(), ProjectError> {
        if self.command.sql {
            return Ok(());
        }
        let refused = refuse_range(&self.command.target);
        refused.map_err(|error| ProjectError::Question(explain_range(error)))
    }
}

/// A lock around the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// A key to use instead of the one made of database and version table.
    pub key: Option<String>,
    /// How long to wait for whoever has it.
    pub wait: Duration,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// How the child ended; `None` when nothing was left to do under the lock, and none was started.
    pub ended: Option<Ended>,
    /// The rows of the version table before; `None` when it is not certain which database is meant.
    pub before: Option<Vec<String>>,
    /// The rows after a successful child that had steps to run.
    pub after: Option<Vec<String>>,
}

/// Migrates. When `cancel` completes, a wait for the lock and a dump end, and the child is asked to end.
///
/// # Errors
/// What keeps the child from running, or what is wrong after it ran. A child that fails is no error: see
/// [`Migrated::ended`].
pub async fn migrate(
    project: &Project,
    scripts: &ScriptDirectory,
    migration: &Migration,
    options: RunOptions,
    cancel: impl Future<Output = ()>,
    events: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<Migrated, MigrateError> {
    migration.check()?;
    let cancel = pin!(cancel);
    let run = Run { project, scripts, migration, events };
    if migration.command.sql {
        return run.offline(options, cancel).await;
    }
    guard::check(project, migration, run.events)?;
    if migration.lock.is_some() {
        return run.under_lock(options, cancel).await;
    }
    match rows_if_known(project).await? {
        Some(rows) => run.planned(&rows, options, cancel).await,
        None => run.unplanned(options, cancel).await,
    }
}

/// The steps of a migration of a database at `rows`.
///
/// # Errors
/// When the target is none, or the project does not have one of the rows.
pub fn plan(
    project: &Project,
    scripts: &ScriptDirectory,
    migration: &Migration,
    rows: &[String],
) -> Result<Plan, ProjectError> {
    let plan = migration.direction().plan(scripts.map(), rows, &migration.command.target);
    project.answer(scripts, rows, plan)
}

/// The rows of the version table; `None` when it is not certain which database is meant.
async fn rows_if_known(project: &Project) -> Result<Option<Vec<String>>, ProjectError> {
    match project.target() {
        Ok(target) if target.proven && target.url.dialect().is_some() => {
            project.rows_as_they_are().await.map(Some)
        }
        // What the command or env.py says and is no URL stops Alembic too, in a traceback.
        Err(error @ TargetError::Malformed(_)) => Err(error.into()),
        _ => Ok(None),
    }
}

/// A run under way.
struct Run<'a> {
    project: &'a Project,
    scripts: &'a ScriptDirectory,
    migration: &'a Migration,
    events: &'a mut (dyn FnMut(Event<'_>) + Send),
}

/// Completes when the run is given up.
type Cancel<'a, C> = Pin<&'a mut C>;

impl Run<'_> {
    /// `--sql`: what is wrong with the argument is found before Python starts.
    async fn offline<C: Future<Output = ()>>(
        mut self,
        options: RunOptions,
        cancel: Cancel<'_, C>,
    ) -> Result<Migrated, MigrateError> {
        let range = &self.migration.command.target;
        let plan = match self.migration.direction() {
            Direction::Up => Plan::offline_upgrade(self.scripts.map(), range),
            Direction::Down => Plan::offline_downgrade(self.scripts.map(), range),
        };
        self.project.answer(self.scripts, &[], plan)?;
        let ended = self.child(options, cancel).await?;
        Ok(Migrated { ended: Some(ended), before: None, after: None })
    }

    /// Nobody but the project's own Alembic knows the database. To wait for the one that is likely does no harm.
    async fn unplanned<C: Future<Output = ()>>(
        mut self,
        options: RunOptions,
        cancel: Cancel<'_, C>,
    ) -> Result<Migrated, MigrateError> {
        if self.project.wait().is_some() {
            (self.events)(Event::Guess(self.project.target()?));
            drop(self.project.look().await?);
        }
        let ended = self.child(options, cancel).await?;
        Ok(Migrated { ended: Some(ended), before: None, after: None })
    }

    /// Plans, dumps, runs, and looks whether the plan came true.
    async fn planned<C: Future<Output = ()>>(
        mut self,
        rows: &[String],
        options: RunOptions,
        mut cancel: Cancel<'_, C>,
    ) -> Result<Migrated, MigrateError> {
        guard::check_expected(self.migration, rows)?;
        let plan = self.plan(rows).await?;
        let command = self.prepare()?;
        guard::back_up(self.project, self.migration, rows, cancel.as_mut(), self.events).await?;
        let ended = child::run(self.project, &command, options, cancel, self.events).await?;
        let moved = ended.code == 0 && !plan.steps().is_empty();
        let after = if moved { Some(guard::check_moved(self.project, rows).await?) } else { None };
        Ok(Migrated { ended: Some(ended), before: Some(rows.to_vec()), after })
    }

    async fn plan(&mut self, rows: &[String]) -> Result<Plan, ProjectError> {
        let Self { project, scripts, migration, events } = self;
        let target = &migration.command.target;
        let direction = migration.direction();
        let plan = direction.plan(scripts.map(), rows, target);
        if plan.is_err() {
            if direction == Direction::Down
                && let Some(warning) = PlanWarning::of_downgrade(rows, target)
            {
                events(Event::Warning(warning.to_string()));
            }
            if rows.is_empty() && migration.creates_table {
                project.connect(Purpose::Writing).await?.ensure().await?;
            }
        }
        project.answer(scripts, rows, plan)
    }

    async fn child<C: Future<Output = ()>>(
        &mut self,
        options: RunOptions,
        cancel: Cancel<'_, C>,
    ) -> Result<Ended, MigrateError> {
        let command = self.prepare()?;
        child::run(self.project, &command, options, cancel, self.events).await
    }

    fn prepare(&mut self) -> Result<child::Prepared, MigrateError> {
        child::prepare(self.project, self.migration, self.events)
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Migration, Project, RunOptions, ScriptDirectory, migrate};
    use crate::project::Seen;

    /// A server hands its runs to a pool of threads.
    #[expect(dead_code, reason = "that it compiles is the proof")]
    fn runs_may_move_between_threads(
        project: &Project,
        scripts: &ScriptDirectory,
        migration: &Migration,
        options: RunOptions,
    ) {
        fn may_move(_: impl Send) {}
        let mut ignore = |_: Event<'_>| {};
        may_move(Seen::of(project));
        may_move(project.rows_as_they_are());
        let never = std::future::pending();
        may_move(migrate(project, scripts, migration, options, never, &mut ignore));
    }
}
