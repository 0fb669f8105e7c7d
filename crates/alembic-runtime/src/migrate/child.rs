//! The child that runs the migrations.

use super::{Event, MigrateError, Migration};
use crate::database_url::DatabaseUrl;
use crate::project::Project;
use crate::python::{
    CommandLine, Ended, Origin, RunOptions, command_line, run as run_command, timeouts,
};

/// A command that is ready to run.
pub(super) struct Prepared {
    command: CommandLine,
    origin: Origin,
}

/// Finds the interpreter and puts the command together.
pub(super) fn prepare(
    project: &Project,
    migration: &Migration,
    events: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<Prepared, MigrateError> {
    let python = project.python(migration.python.clone()).into_python()?;
    let mut command = command_line(&python, &migration.command, project.config().cwd())?;
    let url = project.target().ok().map(|target| &target.url);
    let options = timeouts(
        migration.timeouts,
        url.and_then(DatabaseUrl::dialect),
        url.and_then(DatabaseUrl::driver),
        url.is_some_and(|url| url.query_value("options").is_some()),
        project.variable("PGOPTIONS"),
    );
    if let Some(warning) = &options.warning {
        events(Event::Warning(warning.to_string()));
    } else if options.value.is_some() && url.and_then(DatabaseUrl::dialect).is_none() {
        let sentence =
            "it is not known whether the database is a PostgreSQL: others ignore the timeouts";
        events(Event::Warning(sentence.to_owned()));
    }
    if let Some(value) = options.value {
        command = command.env("PGOPTIONS", value);
    }
    for (name, value) in project.lent().iter().chain(&migration.environment) {
        command = command.env(name, value);
    }
    Ok(Prepared { command, origin: python.origin })
}

/// Runs it in the folder that the configuration was read from.
pub(super) async fn run(
    project: &Project,
    prepared: &Prepared,
    mut options: RunOptions,
    cancel: impl Future<Output = ()>,
    events: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<Ended, MigrateError> {
    let Prepared { command, origin } = prepared;
    events(Event::Running { command, origin });
    options.current_dir.get_or_insert_with(|| project.config().cwd().to_owned());
    Ok(run_command(command, options, cancel).await?)
}
