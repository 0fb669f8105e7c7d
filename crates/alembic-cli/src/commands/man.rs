//! `man`: the manual page of the program, or of one command.

use clap::Args;

use crate::context::{Context, ExitCodes};
use crate::diagnostics::{Failure, code};
use crate::{Outcome, cli};

/// Print the manual page, as roff
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command to describe; without it, the program
    command: Option<String>,
}

/// There is no such command.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("no such command: `{name}`")]
#[diagnostic(help("`alembic-rs --help` lists the commands"))]
struct NoSuchCommand {
    name: String,
}

pub(crate) fn run(context: &mut Context, args: &ManArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let program = cli::command();
    let command = match &args.command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(command) => command
                .clone()
                .display_name(format!("alembic-rs-{name}"))
                .bin_name(format!("alembic-rs {name}")),
            None => return Err(Failure::new(code::USAGE, NoSuchCommand { name: name.clone() })),
        },
    };
    let mut page = Vec::new();
    let version = concat!("alembic-rs ", env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(command).source(version).render(&mut page)?;
    context.output.write(&String::from_utf8_lossy(&page))?;
    Ok(0)
}
