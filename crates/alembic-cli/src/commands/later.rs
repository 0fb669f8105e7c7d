//! Alembic's commands that alembic-rs does not carry out yet.
//!
//! Their options are known, so that usage errors and `--help` are the same as
//! they will be; running one says which command of the project does it.

use clap::{Args, Subcommand};
use miette::Diagnostic;

use crate::Outcome;
use crate::diagnostics::{Failure, code};

/// One of Alembic's commands still to come.
#[derive(Debug, Subcommand)]
#[command(rename_all = "snake_case")]
pub(crate) enum LaterCommand {
    /// Check whether `revision --autogenerate` would find anything (not yet)
    Check,
    /// Show the revisions that the database is at (not yet)
    Current(CurrentArgs),
    /// Undo migrations down to a revision (not yet)
    Downgrade(MigrateArgs),
    /// Create the version table (not yet)
    EnsureVersion(EnsureVersionArgs),
    /// Set the database's revision without running migrations (not yet)
    Stamp(StampArgs),
    /// Run migrations up to a revision (not yet)
    Upgrade(MigrateArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CurrentArgs {
    /// Fail unless the database is at all heads
    #[arg(short, long)]
    check_heads: bool,
    /// Show each revision in full
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,
    /// A name for env.py
    #[arg(long, allow_negative_numbers = true)]
    tag: Option<String>,
    /// The revision to go to
    #[arg(allow_negative_numbers = true)]
    revision: String,
}

#[derive(Debug, Args)]
pub(crate) struct EnsureVersionArgs {
    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StampArgs {
    /// Print the SQL instead of running it
    #[arg(long)]
    sql: bool,
    /// A name for env.py
    #[arg(long, allow_negative_numbers = true)]
    tag: Option<String>,
    /// Empty the version table first
    #[arg(long)]
    purge: bool,
    /// The revisions to set
    #[arg(required = true, allow_negative_numbers = true)]
    revisions: Vec<String>,
}

/// Something that this version does not do.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{what} is not part of alembic-rs {version} yet")]
struct NotYet {
    what: String,
    version: &'static str,
    #[help]
    help: String,
}

fn not_yet(what: String, help: String) -> Failure {
    Failure::new(code::USAGE, NotYet { what, version: env!("CARGO_PKG_VERSION"), help })
}

/// The answer to a question that only the database can answer.
pub(crate) fn needs_database(what: &str) -> Failure {
    let help = "it reads the version table, which comes with the next version; until then \
                `alembic current` of the project shows where the database is";
    not_yet(what.to_owned(), help.to_owned())
}

pub(crate) fn run(command: &LaterCommand) -> Outcome {
    let name = match command {
        LaterCommand::Check => "check",
        LaterCommand::Current(_) => "current",
        LaterCommand::Downgrade(_) => "downgrade",
        LaterCommand::EnsureVersion(_) => "ensure_version",
        LaterCommand::Stamp(_) => "stamp",
        LaterCommand::Upgrade(_) => "upgrade",
    };
    let help = format!("the project's own Alembic does it: `alembic {name}` with the same options");
    Err(not_yet(format!("`{name}`"), help))
}
