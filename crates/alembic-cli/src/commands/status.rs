//! `status`: where the database stands towards its project, on one screen.

use std::fmt::Write as _;

use alembic_runtime::project::{Seen, Standing};
use alembic_runtime::status::{State, Status};
use clap::Args;

use crate::Outcome;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::code;
use crate::output::paths::from_here;
use crate::output::visible::visible;
use crate::session::{DatabaseArgs, Session};

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
    let (seen, files) = session.beside_scripts(Seen::of(&session));
    let scripts = Context::link(files)?;
    session.explain_guess();
    let seen = seen?;
    let standing = Standing::new(&session, &scripts, seen);
    let status = standing.document(&session, &scripts, from_here);
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
            (true, heads) => visible(&heads),
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
        (Some(reason), _) => writeln!(out, ": {}", visible(reason))?,
        (None, 0) => writeln!(out)?,
        (None, 1) => writeln!(out, ", 1 migration pending")?,
        (None, count) => writeln!(out, ", {count} migrations pending")?,
    }
    for missing in &status.missing {
        writeln!(out, "missing   {}", visible(&missing.id))?;
        for place in &missing.found {
            writeln!(out, "          {}", visible(place))?;
        }
        writeln!(out, "          `alembic-rs doctor` says how to get back in step")?;
    }
    for (number, revision) in status.pending.iter().enumerate() {
        let label = if number == 0 { "pending" } else { "" };
        writeln!(out, "{label:<8}  {}  {}", revision.id, first_line(&revision.message))?;
    }
    Ok(())
}

fn first_line(text: &str) -> String {
    visible(text.lines().next().unwrap_or_default())
}
