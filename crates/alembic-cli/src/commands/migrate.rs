//! `upgrade` and `downgrade`: the target is resolved here, the project's own Python runs the migrations.

mod options;

use std::path::PathBuf;

use alembic_core::script::ScriptDirectory;
use alembic_runtime::migrate::{self, Event, Lock, Migration};
use alembic_runtime::plan::Direction;
use alembic_runtime::python::{AlembicCommand, Operation, RunOptions, Streams, Timeouts};

use crate::Outcome;
use crate::cli::GlobalOptions;
use crate::context::{Context, ExitCodes};
use crate::diagnostics;
use crate::session::Session;

pub(crate) use options::MigrateArgs;

pub(crate) fn run(context: &mut Context, args: &MigrateArgs, direction: Direction) -> Outcome {
    if args.is_new() {
        context.exit_codes = ExitCodes::Own;
    }
    let session = Session::open(context, &args.database)?;
    let migration = migration(&context.global, args, direction);
    migration.check()?;
    let scripts = session.scripts()?;
    if args.dry_run {
        return show_plan(context, &session, &scripts, &migration);
    }
    let quiet = context.global.quiet;
    let options = RunOptions::new(Streams::Inherited);
    let mut tell = |event: Event<'_>| tell(event, quiet);
    let never = std::future::pending();
    let migrating = migrate::migrate(&session, &scripts, &migration, options, never, &mut tell);
    let migrated = session.wait(migrating)?;
    // From here on the code is the child's own.
    context.exit_codes = ExitCodes::Alembic;
    Ok(migrated.ended.map_or(0, |ended| ended.code))
}

/// `--dry-run`: nothing is run, created or waited for, whatever other options say.
fn show_plan(
    context: &mut Context,
    session: &Session,
    scripts: &ScriptDirectory,
    migration: &Migration,
) -> Outcome {
    let rows = session.rows_as_they_are()?;
    let plan = migrate::plan(session, scripts, migration, &rows)?;
    let target = &migration.command.target;
    let document = super::plan::document(session, scripts, migration.direction(), target, &plan);
    context.output.write(&super::plan::text(&document))?;
    Ok(0)
}

/// Alembic's command with the global options that were given.
pub(super) fn command(
    global: &GlobalOptions,
    operation: Operation,
    target: &str,
) -> AlembicCommand {
    AlembicCommand {
        config_files: global.config.iter().map(PathBuf::from).collect(),
        section: Some(global.name.clone()).filter(|name| name != "alembic"),
        x: global.x.iter().map(Into::into).collect(),
        raiseerr: global.raiseerr,
        quiet: global.quiet,
        ..AlembicCommand::new(operation, target)
    }
}

fn migration(global: &GlobalOptions, args: &MigrateArgs, direction: Direction) -> Migration {
    let operation = match direction {
        Direction::Up => Operation::Upgrade,
        Direction::Down => Operation::Downgrade,
    };
    let command = AlembicCommand {
        sql: args.sql,
        tag: args.tag.clone(),
        ..command(global, operation, &args.revision)
    };
    let lock = args.lock.as_ref().map(|key| Lock {
        key: Some(key.clone()).filter(|key| !key.is_empty()),
        wait: args.lock_timeout,
    });
    Migration {
        python: args.python.clone(),
        timeouts: Timeouts { statement: args.statement_timeout, lock_wait: args.lock_wait_timeout },
        lock,
        backup: args.backup.clone(),
        creates_table: !args.is_new(),
        ..Migration::new(command)
    }
}

/// Says on standard error what goes on.
pub(super) fn tell(event: Event<'_>, quiet: bool) {
    match event {
        Event::Warning(text) => diagnostics::warn(&text),
        Event::Running { command, origin } if !quiet => {
            diagnostics::note(&format!("running {command} ({origin})"));
        }
        Event::BackedUp(path) => {
            diagnostics::note(&format!("the database is dumped to {}", path.display()));
        }
        Event::NothingToDo => {
            diagnostics::note("nothing to do: another run has done it, or nothing was pending");
        }
        Event::Guess(target) => Session::explain_source(target),
        Event::LockLost => diagnostics::warn(
            "the lock was lost while the migrations ran: another run may have been at work as well",
        ),
        _ => {}
    }
}
