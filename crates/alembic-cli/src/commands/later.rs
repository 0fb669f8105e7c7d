//! Alembic's commands that alembic-rs does not carry out yet.
//!
//! Their options are known, so that usage errors and `--help` are the same as
//! they will be; running one says which command of the project does it.

use clap::Subcommand;
use miette::Diagnostic;

use crate::Outcome;
use crate::diagnostics::{Failure, code};

/// One of Alembic's commands still to come.
#[derive(Debug, Subcommand)]
#[command(rename_all = "snake_case")]
pub(crate) enum LaterCommand {
    /// Check whether `revision --autogenerate` would find anything (not yet)
    Check,
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

pub(crate) fn run(command: &LaterCommand) -> Outcome {
    let name = match command {
        LaterCommand::Check => "check",
    };
    let help = format!("the project's own Alembic does it: `alembic {name}` with the same options");
    Err(not_yet(format!("`{name}`"), help))
}
