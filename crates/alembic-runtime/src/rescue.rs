//! Takes a database back from revisions that the project does not have, by the project's own Python.
//!
//! The missing scripts are taken from git into a temporary version location beside the project's own, and the database is
//! downgraded through them to what the project knows. Nothing of the work tree, the index or the references changes, and
//! the temporary location goes with the [`Rescue`].

use std::borrow::Cow;

use alembic_core::lost::{
    AbsentModule, Known, Lost, Origin, RecoveredScript, Recovery, RecoveryError, recovery,
};
use alembic_core::script::ScriptDirectory;
use alembic_core::step::Plan;
use miette::Diagnostic;

use crate::migrate::{Event, MigrateError, Migrated, Migration, migrate};
use crate::plan::Direction;
use crate::project::{Project, ProjectError};
use crate::python::{AlembicCommand, Ended, Reason, RunOptions};

/// A way back that is ready to be taken.
pub struct Rescue {
    recovery: Recovery,
    legs: Vec<Leg>,
}

/// One downgrade.
#[derive(Debug, Clone)]
pub struct Leg {
    /// What `downgrade` is given: `LOST@ANCESTOR`.
    pub target: String,
    /// What it does.
    pub plan: Plan,
}

/// Why there is no way back.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum RescueError {
    /// The project has every revision that the database is at.
    #[error("nothing is to be recovered: the project has every revision that the database is at")]
    #[diagnostic(help("`alembic-rs status` says where it stands"))]
    NothingLost,
    /// The scripts cannot be taken out of git.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Recovery(#[from] RecoveryError),
    /// The way down cannot be planned.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Project(#[from] ProjectError),
}

impl Rescue {
    /// Finds the way back for a database at `rows`. `wanted` is one of its lost revisions, whose script is then taken from
    /// the best place that git has, or a branch, tag or commit that has the scripts of all of them. Asks git, and blocks.
    ///
    /// # Errors
    /// When nothing is lost, or git has no way back.
    pub fn prepare(
        project: &Project,
        scripts: &ScriptDirectory,
        rows: &[String],
        wanted: &str,
    ) -> Result<Self, RescueError> {
        let lost = project.lost(scripts, rows);
        if lost.revisions.is_empty() {
            return Err(RescueError::NothingLost);
        }
        let known = Known::of(scripts);
        let origin = origin(&lost, wanted);
        let recovery = recovery(project.config(), &known, &lost, origin)?;
        let legs = legs(project, &recovery, rows)?;
        Ok(Self { recovery, legs })
    }

    /// The scripts that were taken out of git, every one before those that it follows.
    pub fn scripts(&self) -> &[RecoveredScript] {
        self.recovery.scripts()
    }

    /// Modules of the project that the recovered scripts import, and that the work tree lacks: their downgrade will fail.
    pub fn absent_modules(&self) -> &[AbsentModule] {
        self.recovery.absent_modules()
    }

    /// The project's scripts and the recovered ones.
    pub fn directory(&self) -> &ScriptDirectory {
        self.recovery.directory()
    }

    /// The downgrades, in the order in which they run.
    pub fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// Runs the downgrades one after the other, until one fails. `migration` holds Alembic's global options and the
    /// interpreter as they were given; `options` says how each child runs. When `cancel` completes, the child at work is
    /// asked to end.
    ///
    /// # Errors
    /// What keeps a child from running, or what is wrong after it ran. A child that fails is no error.
    pub async fn run(
        &self,
        project: &Project,
        migration: &Migration,
        options: impl Fn() -> RunOptions,
        cancel: impl Future<Output = ()>,
        events: &mut (dyn FnMut(Event<'_>) + Send),
    ) -> Result<Option<Migrated>, MigrateError> {
        let mut cancel = std::pin::pin!(cancel);
        let mut last = None;
        for leg in &self.legs {
            let command = AlembicCommand {
                launcher: Some(self.recovery.launcher().to_owned()),
                target: leg.target.clone(),
                ..migration.command.clone()
            };
            let environment = Recovery::environment();
            let migration = Migration {
                command,
                environment: environment.map(|(name, value)| (name.into(), value.into())).into(),
                ..migration.clone()
            };
            let run =
                migrate(project, self.directory(), &migration, options(), cancel.as_mut(), events);
            let migrated = run.await?;
            let went_well = |ended: Ended| ended.code == 0 && ended.reason == Reason::Itself;
            let goes_on = migrated.ended.is_none_or(went_well);
            last = Some(migrated);
            if !goes_on {
                break;
            }
        }
        Ok(last)
    }

    /// Removes the temporary location, and says when that fails.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn close(self) -> std::io::Result<()> {
        self.recovery.close()
    }
}

/// A lost revision by its name or the beginning of it; else something that git knows.
fn origin<'a>(lost: &Lost, wanted: &'a str) -> Origin<'a> {
    let is_lost = lost.revisions.iter().any(|revision| revision.id.starts_with(wanted));
    if is_lost { Origin::Best } else { Origin::Reference(wanted) }
}

fn legs(project: &Project, recovery: &Recovery, rows: &[String]) -> Result<Vec<Leg>, ProjectError> {
    let scripts = recovery.directory();
    let mut rows = Cow::Borrowed(rows);
    let mut legs = Vec::new();
    for target in recovery.downgrades() {
        let plan = Direction::Down.plan(scripts.map(), &rows, &target);
        let plan = project.answer(scripts, &rows, plan)?;
        rows = Cow::Owned(plan.heads_after().to_vec());
        legs.push(Leg { target, plan });
    }
    Ok(legs)
}
