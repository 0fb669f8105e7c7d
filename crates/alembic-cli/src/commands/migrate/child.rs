//! The child that runs the migrations, and what surrounds it.

use std::path::PathBuf;
use std::time::SystemTime;

use alembic_runtime::database_url::DatabaseUrl;
use alembic_runtime::plan::Direction;
use alembic_runtime::python::backup::{Backup, BackupError, Connection, backup};
use alembic_runtime::python::{
    AlembicCommand, CommandError, CommandLine, Inputs, Operation, PythonNotFound, RunError,
    RunOptions, Streams, Timeouts, command_line, discover, run, timeouts,
};
use miette::Diagnostic;

use super::MigrateArgs;
use crate::context::Context;
use crate::diagnostics::{self, Failure, code};
use crate::session::Session;

/// What is going to run.
pub(super) struct Child {
    command: CommandLine,
}

/// Finds the interpreter and puts the command together; shows it, unless the run is quiet.
pub(super) fn prepare(
    context: &Context,
    session: &Session,
    args: &MigrateArgs,
    direction: Direction,
) -> Result<Child, Failure> {
    let cwd = session.config.cwd().to_owned();
    let lookup = |name: &str| std::env::var_os(name);
    let inputs = Inputs {
        python: args.python.clone(),
        configured: None,
        folder: session.config.here(),
        cwd: cwd.clone(),
        lookup: &lookup,
    };
    let python = discover(&inputs).into_python()?;
    let operation = match direction {
        Direction::Up => Operation::Upgrade,
        Direction::Down => Operation::Downgrade,
    };
    let global = &context.global;
    let alembic = AlembicCommand {
        config_files: global.config.iter().map(PathBuf::from).collect(),
        section: Some(global.name.clone()).filter(|name| name != "alembic"),
        x: global.x.iter().map(Into::into).collect(),
        raiseerr: global.raiseerr,
        quiet: global.quiet,
        sql: args.sql,
        tag: args.tag.clone(),
        ..AlembicCommand::new(operation, args.revision.as_str())
    };
    let mut command = command_line(&python, &alembic, &cwd)?;
    let url = session.target().ok().map(|target| &target.url);
    let limits = Timeouts { statement: args.statement_timeout, lock_wait: args.lock_wait_timeout };
    let options = timeouts(
        limits,
        url.and_then(DatabaseUrl::dialect),
        url.and_then(DatabaseUrl::driver),
        url.is_some_and(|url| url.query_value("options").is_some()),
        std::env::var_os("PGOPTIONS"),
    );
    if let Some(warning) = &options.warning {
        diagnostics::warn(&warning.to_string());
    }
    if let Some(value) = options.value {
        command = command.env("PGOPTIONS", value);
    }
    if !global.quiet {
        diagnostics::note(&format!("running {command} ({})", python.origin));
    }
    Ok(Child { command })
}

impl Child {
    /// Runs it with the streams of this process; its exit code.
    pub(super) fn run(&self, session: &Session) -> Result<u8, Failure> {
        let options = RunOptions::new(Streams::Inherited);
        let running = run(&self.command, options, std::future::pending());
        Ok(session.runtime.block_on(running)?.code)
    }
}

/// Dumps the database first, if that is asked for.
pub(super) fn back_up(
    session: &Session,
    args: &MigrateArgs,
    rows: &[String],
) -> Result<(), Failure> {
    let Some(folder) = &args.backup else { return Ok(()) };
    let url = &session.target()?.url;
    let connection = Connection {
        host: url.host.clone().or_else(|| url.query_value("host").map(str::to_owned)),
        port: url.port.map(|port| port.to_string()),
        user: url.username.clone(),
        password: url.password.as_ref().map(|password| password.expose().to_owned()),
        database: url.database.clone(),
        parameters: url
            .query
            .iter()
            .filter_map(|(name, values)| Some((name.clone(), values.last()?.clone())))
            .collect(),
    };
    let wanted = Backup {
        folder,
        connection: &connection,
        heads: rows,
        time: SystemTime::now(),
        pg_dump: None,
    };
    let path = session.runtime.block_on(backup(&wanted, std::future::pending()))?;
    diagnostics::note(&format!("the database is dumped to {}", path.display()));
    Ok(())
}

/// A child that reports success while our rows stay where they were has migrated another database.
pub(super) fn check_moved(session: &Session, before: &[String]) -> Result<(), Failure> {
    let after = session.rows_as_they_are()?;
    let as_set = |rows: &[String]| {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows
    };
    if as_set(&after) != as_set(before) {
        return Ok(());
    }
    let target = session.target()?;
    Err(Failure::new(
        code::DATABASE,
        OtherDatabase { url: target.url.to_string(), from: target.source.clone() },
    ))
}

/// env.py worked somewhere else.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error(
    "the migrations ran, but `{url}` ({from}) is where it was: env.py migrated another database"
)]
#[diagnostic(help(
    "`alembic-rs status --explain-url` lists where the URL was looked for; name the database that env.py uses with `--url`"
))]
struct OtherDatabase {
    url: String,
    from: String,
}

impl From<PythonNotFound> for Failure {
    fn from(error: PythonNotFound) -> Self {
        Self::new(code::CONFIGURATION, error)
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        Self::new(code::USAGE, error)
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::new(code::CONFIGURATION, error)
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        Self::new(code::CONFIGURATION, error)
    }
}

impl From<alembic_runtime::lock::LockError> for Failure {
    fn from(error: alembic_runtime::lock::LockError) -> Self {
        let code = match error {
            alembic_runtime::lock::LockError::Held { .. } => code::LOCK,
            _ => code::DATABASE,
        };
        Self::new(code, error)
    }
}
