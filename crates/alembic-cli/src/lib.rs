//! The command line of alembic-rs: Alembic's commands, byte for byte, and a few
//! of our own.
//!
//! Arguments are read (`argparse`, `cli`), a `context` is made, one file of
//! `commands` runs, `output` prints data, `diagnostics` reports what failed.
//! This crate alone prints; everything it knows comes from `alembic_core`.

mod argparse;
mod authoring;
mod cli;
mod commands;
mod context;
mod diagnostics;
mod output;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;

use cli::{Cli, CliCommand};
use context::Context;
use diagnostics::Failure;

/// What a command answers: its exit code, or why it could not be carried out.
type Outcome = Result<u8, Failure>;

/// Runs the program with `arguments`, the program's name first.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    commands::completions::answer_shell();
    let cli = match parse(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help is no failure, and a reader of it may go away.
            let _ignored = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut context = Context::new(cli.global);
    let outcome = dispatch(&mut context, cli.command);
    ExitCode::from(context.conclude(outcome))
}

/// `Cli::parse_from`, after the rewriting. It would make the command a second
/// time, which is a third of what a small project takes.
fn parse(arguments: Vec<OsString>) -> Result<Cli, clap::Error> {
    let mut command = cli::command();
    let arguments = argparse::rewrite(&command, arguments).map_err(|ambiguous| {
        let candidates = ambiguous.candidates.join(", ");
        let message = format!("ambiguous option: {} could match {candidates}", ambiguous.given);
        command.error(ErrorKind::UnknownArgument, message)
    })?;
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

fn dispatch(context: &mut Context, command: CliCommand) -> Outcome {
    match command {
        CliCommand::History(args) => commands::history::run(context, &args),
        CliCommand::Heads(args) => commands::heads::run(context, &args),
        CliCommand::Branches(args) => commands::branches::run(context, &args),
        CliCommand::Show(args) => commands::show::run(context, &args),
        CliCommand::Revision(args) => commands::revision::run(context, &args),
        CliCommand::Merge(args) => commands::merge::run(context, &args),
        CliCommand::Rebase(args) => commands::rebase::run(context, &args),
        CliCommand::Edit(args) => commands::edit::run(context, &args),
        CliCommand::Init(args) => commands::init::run(context, &args),
        CliCommand::ListTemplates(args) => commands::list_templates::run(context, &args),
        CliCommand::Completions(args) => commands::completions::run(context, &args),
        CliCommand::Man(args) => commands::man::run(context, &args),
        CliCommand::Later(command) => commands::later::run(&command),
    }
}
