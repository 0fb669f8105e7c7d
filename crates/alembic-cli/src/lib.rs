//! The command line of alembic-rs: Alembic's commands, byte for byte, and a few
//! of our own.
//!
//! Arguments are read (`argparse`, `cli`), a `context` is made, one file of
//! `commands` runs, `output` prints data, `diagnostics` reports what failed.
//! This crate alone prints; everything it knows comes from `alembic_core`.

mod argparse;
#[cfg(feature = "authoring")]
mod authoring;
mod cli;
mod commands;
mod context;
#[cfg(feature = "database")]
mod demo;
mod diagnostics;
mod output;
#[cfg(feature = "database")]
mod session;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

#[cfg(feature = "database")]
use alembic_runtime::plan::Direction;
use clap::FromArgMatches;
use clap::error::ErrorKind;

use cli::{Cli, CliCommand};
use context::Context;
use diagnostics::Failure;
use output::{Output, terminal};

/// The number of this version, and the commit that it was built from where that is known.
const VERSION: &str = env!("ALEMBIC_RS_VERSION");

/// What a command answers: its exit code, or why it could not be carried out.
type Outcome = Result<u8, Failure>;

/// What the process was started with for a standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandardOutput {
    /// There was none: whatever is to be printed is lost, and that is a failure.
    pub is_closed: bool,
}

/// Runs the program with `arguments`, the program's name first.
pub fn main(arguments: Vec<OsString>, stdout: StandardOutput) -> ExitCode {
    commands::completions::answer_shell();
    let output = |quiet| Output::new(stdout, quiet);
    ExitCode::from(match parse(arguments) {
        Ok(cli) => {
            let mut context = Context::new(output(cli.global.quiet), cli.global);
            let outcome = dispatch(&mut context, cli.command);
            context.conclude(outcome)
        }
        Err(error) if error.use_stderr() => {
            let _ignored = error.print();
            u8::try_from(error.exit_code()).unwrap_or(2)
        }
        Err(help) => print_help(&help, output(false)),
    })
}

/// Help is no failure; but as everything that is printed it may not arrive.
fn print_help(help: &clap::Error, mut output: Output) -> u8 {
    let text = help.render();
    let coloured = terminal::shows_colour(&io::stdout());
    let text = if coloured { text.ansi().to_string() } else { text.to_string() };
    match output.write(&text).and_then(|()| output.finish()) {
        Ok(()) => 0,
        Err(error) => diagnostics::report_bare(&error.into()),
    }
}

/// `Cli::parse_from`, after the rewriting. It would make the command a second
/// time, which is a third of what a small project takes.
fn parse(arguments: Vec<OsString>) -> Result<Cli, clap::Error> {
    let mut command = cli::command();
    let arguments = argparse::rewrite(&command, arguments)
        .map_err(|refused| command.error(ErrorKind::UnknownArgument, refused))?;
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

fn dispatch(context: &mut Context, command: CliCommand) -> Outcome {
    match command {
        CliCommand::History(args) => commands::history::run(context, &args),
        CliCommand::Heads(args) => commands::heads::run(context, &args),
        CliCommand::Branches(args) => commands::branches::run(context, &args),
        CliCommand::Show(args) => commands::show::run(context, &args),
        #[cfg(feature = "database")]
        CliCommand::Current(args) => commands::current::run(context, &args),
        #[cfg(feature = "database")]
        CliCommand::Stamp(args) => commands::stamp::run(context, &args),
        #[cfg(feature = "database")]
        CliCommand::EnsureVersion(args) => commands::ensure_version::run(context, &args),
        #[cfg(feature = "database")]
        CliCommand::Upgrade(args) => commands::migrate::run(context, &args, Direction::Up),
        #[cfg(feature = "database")]
        CliCommand::Downgrade(args) => commands::migrate::run(context, &args, Direction::Down),
        #[cfg(feature = "database")]
        CliCommand::Status(args) => commands::status::run(context, &args),
        #[cfg(feature = "database")]
        CliCommand::Plan(args) => commands::plan::run(context, &args),
        #[cfg(feature = "database")]
        CliCommand::Doctor(args) => commands::doctor::run(context, &args),
        #[cfg(feature = "ui")]
        CliCommand::Ui(args) => commands::ui::run(context, &args),
        #[cfg(feature = "authoring")]
        CliCommand::Revision(args) => commands::revision::run(context, &args),
        #[cfg(feature = "authoring")]
        CliCommand::Merge(args) => commands::merge::run(context, &args),
        #[cfg(feature = "authoring")]
        CliCommand::Rebase(args) => commands::rebase::run(context, &args),
        #[cfg(feature = "authoring")]
        CliCommand::Edit(args) => commands::edit::run(context, &args),
        #[cfg(feature = "authoring")]
        CliCommand::Init(args) => commands::init::run(context, &args),
        #[cfg(feature = "authoring")]
        CliCommand::ListTemplates(args) => commands::list_templates::run(context, &args),
        #[cfg(feature = "database")]
        CliCommand::Demo(args) => commands::demo::run(context, &args),
        #[cfg(feature = "models")]
        CliCommand::Models(args) => commands::models::run(context, &args),
        #[cfg(feature = "models")]
        CliCommand::Erd(args) => commands::erd::run(context, &args),
        CliCommand::Completions(args) => commands::completions::run(context, &args),
        CliCommand::Man(args) => commands::man::run(context, &args),
        CliCommand::Later(command) => commands::later::run(&command),
    }
}
