//! `upgrade` and `downgrade`: the target is resolved here, the project's own Python runs the migrations.

mod child;
mod options;

use alembic_core::script::{ScriptDirectory, explain_range};
use alembic_core::step::{Plan, PlanWarning, refuse_range};
use alembic_runtime::lock::{LockRequest, MigrationLock};
use alembic_runtime::plan::Direction;

use crate::Outcome;
use crate::context::{Context, ExitCodes, explained};
use crate::diagnostics::{self, Failure};
use crate::session::{Purpose, Session};

pub(crate) use options::MigrateArgs;

pub(crate) fn run(context: &mut Context, args: &MigrateArgs, direction: Direction) -> Outcome {
    if args.is_new() {
        context.exit_codes = ExitCodes::Own;
    }
    let session = Session::open(context, &args.database)?;
    if !args.sql {
        refuse_range(&args.revision).map_err(|error| Failure::question(explain_range(error)))?;
    }
    let scripts = session.scripts()?;
    if args.sql {
        check_offline(&scripts, &args.revision, direction)?;
        let child = child::prepare(context, &session, args, direction)?;
        return child.run(&session).map(|code| pass_on(context, code));
    }
    if args.lock.is_some() {
        return under_lock(context, &session, &scripts, args, direction);
    }
    let Some(rows) = rows_if_known(&session)? else {
        let child = child::prepare(context, &session, args, direction)?;
        return child.run(&session).map(|code| pass_on(context, code));
    };
    migrate(context, &session, &scripts, args, direction, &rows)
}

/// The rows of the version table; `None` when it is not certain which database is meant, so that the
/// project's own Alembic alone can tell.
fn rows_if_known(session: &Session) -> Result<Option<Vec<String>>, Failure> {
    match session.target() {
        Ok(target) if target.proven && target.url.dialect().is_some() => {
            session.rows_as_they_are().map(Some)
        }
        _ => Ok(None),
    }
}

/// Plans, runs, and looks whether the plan came true.
fn migrate(
    context: &mut Context,
    session: &Session,
    scripts: &ScriptDirectory,
    args: &MigrateArgs,
    direction: Direction,
    rows: &[String],
) -> Outcome {
    let plan = plan(session, scripts, args, direction, rows)?;
    if args.dry_run {
        let document = super::plan::document(session, scripts, direction, &args.revision, &plan);
        context.output.write(&super::plan::text(&document))?;
        return Ok(0);
    }
    let child = child::prepare(context, session, args, direction)?;
    child::back_up(session, args, rows)?;
    let code = child.run(session)?;
    if code == 0 && !plan.steps().is_empty() {
        child::check_moved(session, rows)?;
    }
    Ok(pass_on(context, code))
}

fn plan(
    session: &Session,
    scripts: &ScriptDirectory,
    args: &MigrateArgs,
    direction: Direction,
    rows: &[String],
) -> Result<Plan, Failure> {
    let plan = direction.plan(scripts.map(), rows, &args.revision);
    if plan.is_err()
        && direction == Direction::Down
        && let Some(warning) = PlanWarning::of_downgrade(rows, &args.revision)
    {
        diagnostics::warn(&warning.to_string());
    }
    if plan.is_err() && rows.is_empty() && !args.is_new() {
        // As Alembic, which creates the table before it looks for the target.
        session.connect(Purpose::Writing)?.ensure()?;
    }
    let plan = session.knowing_rows(scripts, rows, plan)?;
    explained(scripts, plan)
}

/// What is wrong with the argument of `--sql` is found before Python starts.
fn check_offline(
    scripts: &ScriptDirectory,
    range: &str,
    direction: Direction,
) -> Result<(), Failure> {
    let plan = match direction {
        Direction::Up => Plan::offline_upgrade(scripts.map(), range),
        Direction::Down => Plan::offline_downgrade(scripts.map(), range),
    };
    explained(scripts, plan).map(drop)
}

/// The whole run under a lock that keeps out every other run that takes it. Whoever had it before may have
/// done the work: the rows are read again, and nothing runs when nothing is left.
fn under_lock(
    context: &mut Context,
    session: &Session,
    scripts: &ScriptDirectory,
    args: &MigrateArgs,
    direction: Direction,
) -> Outcome {
    session.connect(Purpose::Writing)?;
    let request = LockRequest {
        table: session.table.clone(),
        key: args.lock.clone().filter(|key| !key.is_empty()),
        wait: args.lock_timeout,
    };
    let parts = session.parts()?;
    let options = alembic_runtime::database::ConnectOptions::default();
    let acquired = session.runtime.block_on(MigrationLock::acquire(&parts, &options, &request));
    let mut lock = acquired.map_err(Failure::from)?;
    let rows = session.runtime.block_on(lock.database().heads(&session.table));
    let rows = rows?.unwrap_or_default();
    let outcome = if plan(session, scripts, args, direction, &rows)?.steps().is_empty() {
        diagnostics::note("nothing to do: another run has done it, or nothing was pending");
        Ok(0)
    } else {
        migrate(context, session, scripts, args, direction, &rows)
    };
    session.runtime.block_on(lock.release());
    outcome
}

/// From here on the code is the child's own.
fn pass_on(context: &mut Context, code: u8) -> u8 {
    context.exit_codes = ExitCodes::Alembic;
    code
}
