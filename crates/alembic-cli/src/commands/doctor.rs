//! `doctor`: everything that can be wrong between a project and its database, each with one fix.

mod recover;
mod text;

use std::ffi::OsString;

use alembic_core::doctor::{self, Check, Status};
use alembic_core::lost;
use alembic_core::script::ScriptDirectory;
use alembic_runtime::database_url::DatabaseUrl;
use alembic_runtime::database_url::discovery::Source;
use alembic_runtime::project::Purpose;
use alembic_runtime::python::{Discovery, DriverPackage, Python};
use clap::Args;

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::{Failure, code};
use crate::output::terminal;
use crate::session::{DatabaseArgs, Session};

/// Examine configuration, scripts, database and Python, and say what to do
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Print the checks as a document
    #[arg(long, conflicts_with = "recover")]
    json: bool,
    /// Take the database back from revisions that the project does not have, by the scripts that git has: those of a
    /// lost revision, or of a branch or commit
    #[arg(long, value_name = "REV_OR_BRANCH")]
    recover: Option<String>,
    /// Do so without asking
    #[arg(long, requires = "recover")]
    yes: bool,
    /// The interpreter that runs the migrations: a path, a name, an environment's folder
    #[arg(long, value_name = "PATH", help_heading = NEW_OPTIONS)]
    python: Option<OsString>,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) fn run(context: &mut Context, args: &DoctorArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    if let Some(wanted) = &args.recover {
        return recover::run(context, args, wanted);
    }
    let mut checks = doctor::project(&context.config()?);
    // Without a configuration there is no database to ask for; the checks above say why.
    if let Ok(session) = Session::open(context, &args.database) {
        let discovery = session.python(args.python.clone());
        checks.extend(database(&session, discovery.python()));
        checks.extend(python(&discovery));
    }
    let text = if args.json {
        let json = serde_json::to_string_pretty(&checks);
        json.expect("the document has text keys and no maps of others") + "\n"
    } else {
        text::render(&checks, terminal::width())
    };
    context.output.write(&text)?;
    let failed = checks.iter().any(|check| check.status == Status::Error);
    Ok(if failed { code::CHECK_FAILED } else { 0 })
}

fn database(session: &Session, python: Option<&Python>) -> Vec<Check> {
    let target = match session.target() {
        Ok(target) => target,
        Err(error) => return vec![Check::url_missing(&error.to_string())],
    };
    let shown = target.url.to_string();
    let doubt = target.table_doubt.as_ref();
    let is_proven = target.proven || doubt.is_some_and(|doubt| doubt.is_only_doubt);
    let mut checks = vec![
        Check::url_source(&shown, &target.source, is_proven),
        driver(session, &target.url, python),
    ];
    checks.extend(doubt.map(|doubt| Check::version_table_unknown(&doubt.options, &doubt.reason)));
    if target.url.dialect().is_none() {
        return checks;
    }
    match looked_at(session) {
        Ok(found) => checks.extend(found),
        Err(failure) => checks.push(Check::unreachable(failure.sentence(), failure.help())),
    }
    checks
}

/// Whether we speak to the database, and whether the project's Python does: env.py's own URL alone says by which driver.
fn driver(session: &Session, url: &DatabaseUrl, python: Option<&Python>) -> Check {
    if url.uses_refused_alias() {
        return Check::driver_refused();
    }
    let chosen = session.discovery().chosen();
    let python = python.filter(|_| chosen.is_some_and(|chosen| chosen.source == Source::Script));
    if let Some((python, missing)) = python.and_then(|p| Some((p, p.missing_driver(url)?))) {
        let DriverPackage { module, distribution } = missing;
        return Check::driver_missing(&url.drivername, &python.shown(), module, distribution);
    }
    Check::driver(url.backend_name(), url.driver(), url.dialect().is_some())
}

/// What the database says: its version table, the width of its column, its revisions.
fn looked_at(session: &Session) -> Result<Vec<Check>, Failure> {
    let mut connected = session.connect(Purpose::Looking)?;
    let rows = connected.rows()?;
    let table = session.version_table().to_string();
    let mut checks = vec![Check::version_table(&table, rows.as_deref())];
    // What is wrong with the scripts is said above.
    let Ok(scripts) = session.scripts() else { return Ok(checks) };
    let Some(rows) = rows else { return Ok(checks) };
    let map = scripts.map();
    let ids = map.live_indices().map(|index| map.id(index));
    if let Some(longest) = ids.max_by_key(|id| id.chars().count()) {
        let width = connected.run(async |connected| connected.version_width().await)?;
        checks.push(Check::version_width(&table, width, longest));
    }
    checks.extend(revisions(session, &scripts, &rows));
    Ok(checks)
}

fn revisions(session: &Session, scripts: &ScriptDirectory, rows: &[String]) -> Vec<Check> {
    let unknown = scripts.map().unknown_rows(rows);
    if unknown.is_empty() {
        return vec![Check::revisions_known(rows.len())];
    }
    let lost = session.lost(scripts, rows);
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let check = |revision| {
        let ways = lost::advice(revision, &lost, &rows, Some(scripts));
        Check::revision_lost(revision, &ways)
    };
    lost.revisions.iter().map(check).collect()
}

fn python(discovery: &Discovery) -> Vec<Check> {
    let Some(python) = discovery.python() else {
        let tried = discovery
            .candidates
            .iter()
            .filter_map(|candidate| Some((candidate.shown(), candidate.refusal()?.to_string())));
        return vec![Check::interpreter_missing(&tried.collect::<Vec<_>>())];
    };
    let path = python.shown();
    let mut checks = vec![Check::interpreter(path.as_ref(), &python.origin.to_string())];
    checks.extend(alembic_version(python));
    checks
}

fn alembic_version(python: &Python) -> Option<Check> {
    let version = |name| python.package(name)?.version.map(|version| version.to_string());
    let alembic = version("alembic")?;
    Some(Check::alembic_version(&alembic, version("sqlalchemy").as_deref()))
}

impl Failure {
    /// The way out that the report names.
    fn help(&self) -> Option<String> {
        self.report().help().map(|help| help.to_string())
    }
}
