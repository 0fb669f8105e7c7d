//! A project and its database on the command line: [`Project`] with an event loop to wait in, notes on standard error,
//! and Alembic's log lines.

mod error;
mod explain;

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::time::Duration;

use alembic_core::script::{ScriptDirectory, ScriptFiles};
use alembic_runtime::database::DatabaseError;
use alembic_runtime::project::{Connected, Project, ProjectError, ProjectOptions, Purpose, Target};
use clap::Args;
use tokio::runtime::Runtime;

use crate::argparse::NEW_OPTIONS;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::Failure;
use crate::output::log::AlembicLog;

use error::NoRuntime;

/// Which database.
#[derive(Debug, Default, Args)]
pub(crate) struct DatabaseArgs {
    /// The database, instead of the one that env.py names [default: ALEMBIC_RS_URL]
    #[arg(long, value_name = "URL", help_heading = NEW_OPTIONS)]
    pub(crate) url: Option<String>,
    /// Wait until the database accepts connections, at most so long
    #[arg(long, value_name = "TIME", value_parser = crate::cli::duration, help_heading = NEW_OPTIONS)]
    pub(crate) wait: Option<Duration>,
}

impl DatabaseArgs {
    /// Whether an option is used that Alembic does not have.
    pub(crate) fn is_new(&self) -> bool {
        self.url.is_some() || self.wait.is_some()
    }
}

/// A project, and what the command line needs beside it.
pub(crate) struct Session {
    project: Project,
    /// Alembic's log lines.
    pub(crate) log: AlembicLog,
    pub(crate) runtime: Runtime,
}

impl Deref for Session {
    type Target = Project;

    fn deref(&self) -> &Project {
        &self.project
    }
}

impl Session {
    /// Reads the configuration and `env.py`, and chooses the database. That there
    /// is none is said when it is asked for.
    pub(crate) fn open(context: &mut Context, args: &DatabaseArgs) -> Result<Self, Failure> {
        if args.is_new() {
            context.exit_codes = ExitCodes::Own;
        }
        let options = ProjectOptions {
            url: args.url.clone(),
            x_arguments: context.global.x.clone(),
            wait: args.wait,
            ..ProjectOptions::default()
        };
        let project = Project::open(context.config()?, options)?;
        for warning in project.warnings() {
            crate::diagnostics::warn(&warning);
        }
        let log = AlembicLog::of(project.config(), project.calls_file_config());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(NoRuntime::from)?;
        Ok(Self { project, log, runtime })
    }

    /// Every place where the URL was looked for, and what is there.
    pub(crate) fn explain_url(&self) -> String {
        explain::candidates(self.discovery())
    }

    /// Says on standard error where the URL came from.
    pub(crate) fn explain_source(target: &Target) {
        if let Some(doubt) = target.table_doubt.as_ref().filter(|doubt| doubt.is_only_doubt) {
            let text = format!("{}; the version table is a guess: {}", target.source, doubt.reason);
            return crate::diagnostics::note(&format!("database URL from {text}"));
        }
        let guess = if target.proven { "" } else { ", a guess: " };
        let why = if target.proven { "" } else { target.why.as_str() };
        crate::diagnostics::note(&format!("database URL from {}{guess}{why}", target.source));
    }

    /// Says on standard error that the database is a guess, if it is one.
    pub(crate) fn explain_guess(&self) {
        if let Ok(target) = self.target()
            && !target.proven
        {
            Self::explain_source(target);
        }
    }

    /// All scripts, linked.
    pub(crate) fn scripts(&self) -> Result<ManuallyDrop<ScriptDirectory>, Failure> {
        Context::link(self.places().read())
    }

    /// Waits for the database, and reads the scripts meanwhile: what is wrong with them is said when they are linked.
    pub(crate) fn beside_scripts<T>(&self, work: impl Future<Output = T>) -> (T, ScriptFiles) {
        let reading = async {
            // A server gets to read what it was sent first.
            tokio::task::yield_now().await;
            self.places().read()
        };
        self.wait(async { tokio::join!(biased; work, reading) })
    }

    /// Runs something of the project to its end.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The rows of the version table, read without leaving a trace; none where
    /// there is no table, or no SQLite file yet.
    pub(crate) fn rows_as_they_are(&self) -> Result<Vec<String>, Failure> {
        self.explain_guess();
        Ok(self.wait(self.project.rows_as_they_are())?)
    }

    /// The rows as `current` reads them: no table is created. The scripts are read beside.
    pub(crate) fn rows(&self) -> Result<(Vec<String>, ScriptFiles), Failure> {
        self.explain_guess();
        let (rows, files) = self.beside_scripts(self.project.rows());
        Ok((rows?, files))
    }

    /// The rows, after creating the table where there is none, as those commands of
    /// Alembic do that change nothing else.
    pub(crate) fn rows_or_new_table(&self) -> Result<Vec<String>, Failure> {
        self.explain_guess();
        Ok(self.wait(self.project.rows_or_new_table())?)
    }

    /// Opens a connection, after waiting for the server if that is asked for.
    pub(crate) fn connect(&self, purpose: Purpose) -> Result<Connection<'_>, Failure> {
        if purpose != Purpose::Writing {
            self.explain_guess();
        }
        let connected = self.wait(self.project.connect(purpose))?;
        Ok(Connection { session: self, connected })
    }
}

/// A connection, and the loop that it is waited for in.
pub(crate) struct Connection<'a> {
    session: &'a Session,
    connected: Connected<'a>,
}

impl<'a> Connection<'a> {
    /// The rows of the version table; `None` when there is no table.
    pub(crate) fn rows(&mut self) -> Result<Option<Vec<String>>, Failure> {
        self.run(async |connected| connected.rows().await)
    }

    /// Creates the version table unless it is there.
    pub(crate) fn ensure(&mut self) -> Result<bool, Failure> {
        self.run(async |connected| connected.ensure().await)
    }

    /// Runs something of the connection to its end.
    pub(crate) fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Connected<'a>) -> Result<T, DatabaseError>,
    ) -> Result<T, Failure> {
        let Self { session, connected } = self;
        Ok(session.wait(work(connected)).map_err(ProjectError::from)?)
    }
}
