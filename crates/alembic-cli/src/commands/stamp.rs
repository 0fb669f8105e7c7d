//! `stamp`: sets the database's revisions without running migrations.

use alembic_core::revision::RevisionError;
use alembic_core::step::{OfflineStamp, Plan, VersionChange};
use alembic_runtime::database::Purge;
use alembic_runtime::dialect::sql::{SqlScript, VersionSql};
use alembic_runtime::project::Purpose;
use clap::Args;
use miette::Diagnostic;

use crate::Outcome;
use crate::commands::completions;
use crate::context::{Context, explained};
use crate::diagnostics::{Failure, code};
use crate::session::{DatabaseArgs, Session};

/// Set the database's revision without running migrations
#[derive(Debug, Args)]
pub(crate) struct StampArgs {
    /// Print the SQL instead of running it
    #[arg(long, conflicts_with = "wait")]
    sql: bool,
    /// A name for env.py
    #[arg(long, allow_negative_numbers = true)]
    tag: Option<String>,
    /// Empty the version table first
    #[arg(long)]
    purge: bool,
    /// The revisions to set
    #[arg(required = true, allow_negative_numbers = true, add = completions::revisions())]
    revisions: Vec<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// There is no table to purge in a script of SQL.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("Can't use --purge with --sql mode")]
#[diagnostic(help(
    "leave one of the two out; `DELETE FROM alembic_version` is what `--purge` runs first"
))]
struct PurgeWithSql;

pub(crate) fn run(context: &mut Context, args: &StampArgs) -> Outcome {
    let session = Session::open(context, &args.database)?;
    if args.sql {
        return print_sql(context, &session, args);
    }
    let mut connected = session.connect(Purpose::Writing)?;
    connected.ensure()?;
    let scripts = session.scripts()?;
    let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    let has_transactions = session.dialect()?.has_transactional_ddl();
    let mut decision = None;
    let mut logged = Vec::new();
    let mut decide = |rows: &[String]| {
        let planned = Plan::stamp_until_refused(scripts.map(), rows, &targets);
        let changes = changes(&session, &planned, has_transactions, &mut logged);
        decision = Some((rows.to_vec(), planned));
        changes
    };
    let table = session.version_table();
    let purge = if args.purge { Purge::First } else { Purge::No };
    connected.run(async |connected| connected.database.change(table, purge, &mut decide).await)?;
    let Some((rows, planned)) = decision else { return Ok(0) };
    match session.answer(&scripts, &rows, planned)? {
        (_, Some(error)) => explained(&scripts, Err(error)),
        (_, None) => Ok(0),
    }
}

/// What becomes of the rows. Where a transaction undoes it, a target that is refused leaves everything as it was.
fn changes(
    session: &Session,
    planned: &Result<(Plan, Option<RevisionError>), RevisionError>,
    has_transactions: bool,
    logged: &mut Vec<String>,
) -> Option<Vec<VersionChange>> {
    let Ok((plan, refused)) = planned else { return None };
    if refused.is_some() && has_transactions {
        return None;
    }
    let mut changes = Vec::new();
    for step in plan.steps() {
        // A transaction that the server ended is decided on again; what it does the same is said already.
        let message = step.log_message("");
        if !logged.contains(&message) {
            session.log.info(&message);
            logged.push(message);
        }
        changes.extend_from_slice(step.changes());
    }
    Some(changes)
}

fn print_sql(context: &mut Context, session: &Session, args: &StampArgs) -> Outcome {
    let scripts = session.scripts()?;
    let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    // As Alembic: what is wrong with the arguments is said before the two options are.
    explained(&scripts, OfflineStamp::parse(&targets))?;
    if args.purge {
        return Err(Failure::new(code::USAGE, PurgeWithSql));
    }
    let plan = explained(&scripts, Plan::offline_stamp(scripts.map(), &targets))?;
    let dialect = session.dialect()?;
    let sql = VersionSql::new(dialect, session.version_table());
    let mut script = SqlScript::new(session.transactions()?);
    script.begin();
    for step in plan.steps() {
        let message = step.log_message("");
        session.log.info(&message);
        script.begin_step();
        if step.starts_from_nothing() {
            script.statement(&sql.create());
        }
        script.running(&step.to_string());
        for change in step.changes() {
            script.statement(&sql.change(change));
        }
        script.commit_step();
    }
    script.commit();
    context.output.write(script.text())?;
    Ok(0)
}
