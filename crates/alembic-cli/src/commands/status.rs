//! `status`: where the database stands towards its project, on one screen.

use std::borrow::Cow;
use std::fmt::Write as _;

use alembic_core::lost::{self, Known, Lost};
use alembic_core::revision::RevisionIndex;
use alembic_core::script::ScriptDirectory;
use alembic_core::step::Plan;
use alembic_runtime::status::{Database, Missing, Project, Revision, SCHEMA, State, Status, Url};
use clap::Args;

use crate::Outcome;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::{Failure, code};
use crate::output::paths::from_here;
use crate::session::{DatabaseArgs, Purpose, Session, SessionError, Target};

/// Show where the database stands: URL, revisions, what is pending
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Print the documented, versioned document
    #[arg(long)]
    json: bool,
    /// Exit with 1 when migrations are pending, 6 when the database is at an unknown revision
    #[arg(long)]
    exit_code: bool,
    /// List every place where the database's URL was looked for
    #[arg(long)]
    explain_url: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) fn run(context: &mut Context, args: &StatusArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let session = Session::open(context, &args.database)?;
    if args.explain_url {
        context.output.write(&session.explain_url())?;
        return Ok(0);
    }
    let scripts = session.scripts()?;
    let seen = look(&session)?;
    let facts = Facts::new(&session, &scripts, &seen);
    let status = facts.status(&session, &scripts, &seen);
    let text = if args.json {
        let json = serde_json::to_string_pretty(&status);
        json.expect("the document has text keys and no maps of others") + "\n"
    } else {
        let mut out = String::new();
        write_text(&status, &mut out).expect("a string takes everything");
        out
    };
    context.output.write(&text)?;
    Ok(if args.exit_code { exit_code(status.state) } else { 0 })
}

fn exit_code(state: State) -> u8 {
    match state {
        State::UpToDate => 0,
        State::Behind | State::Unstamped => code::CHECK_FAILED,
        State::Ahead | State::Diverged | State::UnknownRevision => code::UNKNOWN_REVISION,
        State::NoDatabase | State::Unknown => code::DATABASE,
    }
}

/// What the database answered.
enum Seen {
    /// There is none to ask.
    Nothing(SessionError),
    /// A SQLite file that is not there yet.
    NoFile,
    Rows {
        server: String,
        rows: Option<Vec<String>>,
    },
}

impl Seen {
    fn rows(&self) -> Option<&[String]> {
        match self {
            Self::Rows { rows, .. } => rows.as_deref(),
            Self::Nothing(_) | Self::NoFile => None,
        }
    }
}

fn look(session: &Session) -> Result<Seen, Failure> {
    match session.target() {
        Err(error @ SessionError::NoUrl { .. }) => return Ok(Seen::Nothing(error)),
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    let Some(mut connected) = session.connect_or_no_file(Purpose::Looking)? else {
        return Ok(Seen::NoFile);
    };
    let rows = connected.rows()?;
    let server = connected.server();
    Ok(Seen::Rows { server, rows })
}

/// What follows from the rows.
struct Facts {
    state: State,
    pending: Vec<RevisionIndex>,
    lost: Lost,
}

impl Facts {
    fn new(session: &Session, scripts: &ScriptDirectory, seen: &Seen) -> Self {
        let map = scripts.map();
        let rows = seen.rows().unwrap_or_default();
        let unknown = map.unknown_rows(rows);
        let lost = match session.config.script_settings() {
            Ok(settings) if !unknown.is_empty() => {
                lost::search(&settings, &Known::of(scripts), &unknown)
            }
            _ => Lost::default(),
        };
        let plan = Plan::upgrade(map, rows, "heads").ok();
        let steps = plan.iter().flat_map(Plan::steps);
        let pending: Vec<_> = steps.filter_map(alembic_core::step::Step::revision).collect();
        let state = match seen {
            Seen::Nothing(_) | Seen::NoFile => State::NoDatabase,
            Seen::Rows { rows, .. } => State::of(map, rows.as_deref(), pending.len()),
        };
        let state = match state {
            State::UnknownRevision => by_git(scripts, rows, &lost),
            state => state,
        };
        Self { state, pending, lost }
    }

    fn status<'a>(
        &'a self,
        session: &'a Session,
        scripts: &'a ScriptDirectory,
        seen: &'a Seen,
    ) -> Status<'a> {
        let reason = match seen {
            Seen::Nothing(error) => Some(error.to_string().into()),
            Seen::NoFile => Some("the SQLite file does not exist yet".into()),
            Seen::Rows { .. } => None,
        };
        let heads = scripts.map().heads().iter();
        Status {
            schema: SCHEMA,
            state: self.state,
            reason,
            url: session.target().ok().map(url),
            database: database(session, seen),
            project: Project {
                config: session.config.config_file_name().to_string_lossy(),
                revisions: scripts.map().live_indices().count(),
                heads: heads.map(|&head| revision(scripts, head)).collect(),
            },
            pending: self.pending.iter().map(|&index| revision(scripts, index)).collect(),
            missing: self.lost.revisions.iter().map(missing).collect(),
        }
    }
}

/// What git knows of rows that the project does not have: they lie ahead when each of the project's heads is
/// below them.
fn by_git(scripts: &ScriptDirectory, rows: &[String], lost: &Lost) -> State {
    let map = scripts.map();
    let mut below: Vec<&str> = rows.iter().map(String::as_str).collect();
    for revision in &lost.revisions {
        let Some(script) = revision.best() else { return State::UnknownRevision };
        below.extend(script.chain.ancestors.iter().map(String::as_str));
    }
    let known = below.into_iter().filter_map(|id| map.by_id(id));
    let covered = map.ancestors(known, alembic_core::revision::Lineage::WithDependencies);
    let ahead = map.heads().iter().all(|head| covered.contains(head.index()));
    if ahead { State::Ahead } else { State::Diverged }
}

fn url(target: &Target) -> Url<'_> {
    Url {
        url: target.url.to_string().into(),
        source: Cow::Borrowed(&target.source),
        proven: target.proven,
        why: Cow::Borrowed(&target.why),
        dialect: target.url.dialect().map(alembic_runtime::dialect::Dialect::name),
        driver: target.url.driver().map(Cow::Borrowed),
    }
}

fn database<'a>(session: &Session, seen: &'a Seen) -> Option<Database<'a>> {
    let Seen::Rows { server, rows } = seen else { return None };
    let heads = rows.iter().flatten().map(|row| Cow::Borrowed(row.as_str()));
    Some(Database {
        server: Cow::Borrowed(server),
        version_table: session.table.to_string().into(),
        stamped: rows.is_some(),
        heads: heads.collect(),
    })
}

fn revision(scripts: &ScriptDirectory, index: RevisionIndex) -> Revision<'_> {
    let script = scripts.script(index);
    Revision {
        id: Cow::Borrowed(scripts.map().id(index)),
        message: Cow::Borrowed(script.docstring().summary()),
        path: from_here(script.path()),
    }
}

fn missing(revision: &lost::LostRevision) -> Missing<'_> {
    let found = revision.scripts.iter().map(|script| {
        format!("{} in {}", script.path.display(), script.commit.commit.short_id()).into()
    });
    Missing { id: Cow::Borrowed(&revision.id), found: found.collect(), similar: Vec::new() }
}

fn write_text(status: &Status<'_>, out: &mut String) -> std::fmt::Result {
    match &status.url {
        Some(url) => {
            writeln!(out, "database  {}", url.url)?;
            let guess = if url.proven { "" } else { " (a guess: " };
            let why = if url.proven { "" } else { &url.why };
            let end = if url.proven { "" } else { ")" };
            writeln!(out, "          from {}{guess}{why}{end}", url.source)?;
        }
        None => writeln!(out, "database  none")?,
    }
    if let Some(database) = &status.database {
        let heads = match (database.stamped, database.heads.join(", ")) {
            (false, _) => "no table".to_owned(),
            (true, heads) if heads.is_empty() => "empty".to_owned(),
            (true, heads) => heads,
        };
        writeln!(out, "          {}, {}: {heads}", database.server, database.version_table)?;
    }
    let revisions = status.project.revisions;
    writeln!(out, "project   {}, {revisions} revisions", status.project.config)?;
    for head in &status.project.heads {
        writeln!(out, "          head {}  {}", head.id, first_line(&head.message))?;
    }
    write!(out, "state     {}", status.state.as_str())?;
    match (&status.reason, status.pending.len()) {
        (Some(reason), _) => writeln!(out, ": {reason}")?,
        (None, 0) => writeln!(out)?,
        (None, 1) => writeln!(out, ", 1 migration pending")?,
        (None, count) => writeln!(out, ", {count} migrations pending")?,
    }
    for missing in &status.missing {
        writeln!(out, "missing   {}", missing.id)?;
        for place in &missing.found {
            writeln!(out, "          {place}")?;
        }
        writeln!(out, "          `alembic-rs doctor` says how to get back in step")?;
    }
    for (number, revision) in status.pending.iter().enumerate() {
        let label = if number == 0 { "pending" } else { "" };
        writeln!(out, "{label:<8}  {}  {}", revision.id, first_line(&revision.message))?;
    }
    Ok(())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
