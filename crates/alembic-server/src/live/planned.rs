//! What a run would do: planned from the scripts and rows of this moment.

use std::path::Path;
use std::sync::Arc;

use alembic_core::script::{ScriptDirectory, explain_range};
use alembic_core::step::{Plan, refuse_range};
use alembic_runtime::plan::{Direction, PlanDocument};
use alembic_runtime::project::{Project, ProjectError};
use alembic_runtime::python::{AlembicCommand, Operation, command_line};
use bytes::Bytes;

use super::{LiveProject, ProjectSource, Snapshot, blocking, documents};
use crate::api::plan::Preview;
use crate::api::runs::RunCommand;
use crate::error::ApiResult;

/// What a run would do.
pub(crate) struct Planned {
    pub(crate) command: RunCommand,
    pub(crate) target: String,
    /// The database, its password masked, and the version table.
    pub(crate) database: String,
    /// The rows before.
    pub(crate) from: Vec<String>,
    /// The rows after.
    pub(crate) to: Vec<String>,
    pub(crate) plan: Plan,
    /// A fingerprint of everything that is read from files.
    pub(crate) scripts: String,
    /// The exact command line, for people.
    pub(crate) command_line: Option<String>,
    /// The document of [`Preview`].
    pub(crate) preview: Bytes,
    pub(crate) snapshot: Arc<Snapshot>,
}

impl RunCommand {
    /// Alembic's command; `None` for a stamp, which needs no Python.
    pub(crate) fn operation(self) -> Option<Operation> {
        match self {
            Self::Upgrade => Some(Operation::Upgrade),
            Self::Downgrade => Some(Operation::Downgrade),
            Self::Stamp => None,
        }
    }

    fn direction(self) -> Direction {
        match self {
            Self::Upgrade | Self::Stamp => Direction::Up,
            Self::Downgrade => Direction::Down,
        }
    }

    fn plan(
        self,
        project: &Project,
        scripts: &ScriptDirectory,
        rows: &[String],
        target: &str,
    ) -> Result<Plan, ProjectError> {
        refuse_range(target).map_err(|error| ProjectError::Question(explain_range(error)))?;
        let map = scripts.map();
        let plan = match self {
            Self::Stamp => Plan::stamp(map, rows, &[target]),
            _ => self.direction().plan(map, rows, target),
        };
        project.answer(scripts, rows, plan)
    }
}

impl LiveProject {
    /// What a run would do now. The rows are read for this alone, and a database that is only a guess is refused.
    pub(crate) async fn plan(&self, command: RunCommand, target: String) -> ApiResult<Planned> {
        // A confirmation of half a second ago must not run a script that was changed since.
        let snapshot = self.snapshot_now().await;
        let project = Arc::clone(snapshot.project()?);
        let scripts = Arc::clone(snapshot.scripts()?);
        project.refuse_guess().map_err(ProjectError::from)?;
        let rows = project.rows_as_they_are().await?;
        let (source, here) = (Arc::clone(self.source()), self.here.clone());
        blocking(move || {
            let plan = command.plan(&project, &scripts, &rows, &target)?;
            planned(&source, &here, snapshot, plan, (command, target))
        })
        .await?
    }
}

fn planned(
    source: &ProjectSource,
    here: &Path,
    snapshot: Arc<Snapshot>,
    plan: Plan,
    (command, target): (RunCommand, String),
) -> ApiResult<Planned> {
    let project = Arc::clone(snapshot.project()?);
    let scripts = Arc::clone(snapshot.scripts()?);
    let chosen = project.target().map_err(ProjectError::from)?;
    let table = project.version_table();
    let (line, python) = match command.operation() {
        Some(operation) => {
            let python = project.python(source.python.clone()).into_python()?;
            let asked = source.command(AlembicCommand::new(operation, target.as_str()));
            let line = command_line(&python, &asked, project.config().cwd())?;
            (Some(line.to_string()), Some(python.origin.to_string()))
        }
        None => (None, None),
    };
    let mut document = PlanDocument::new(&scripts, command.direction(), &target, table, &plan);
    for step in &mut document.steps {
        step.path = LiveProject::shown(here, Path::new(&*step.path)).into_owned().into();
    }
    let url = chosen.url.to_string();
    let preview = documents::to_bytes(&Preview {
        plan: document,
        command,
        command_line: line.clone(),
        python,
        database: url.clone(),
        source: chosen.source.clone(),
        can_back_up: chosen.url.dialect() == Some(alembic_runtime::dialect::Dialect::PostgreSql),
    });
    let scripts = snapshot.fingerprint().to_owned();
    Ok(Planned {
        command,
        database: format!("{url} {table}"),
        from: sorted(plan.heads_before()),
        to: sorted(plan.heads_after()),
        target,
        plan,
        scripts,
        command_line: line,
        preview,
        snapshot,
    })
}

/// The database gives its rows in any order.
pub(crate) fn sorted(rows: &[String]) -> Vec<String> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}
