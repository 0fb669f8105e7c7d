//! `completions SHELL`: a script that completes commands, options and, by asking
//! `alembic-rs` itself, revision identifiers.

use clap::{Args, ValueEnum};
use clap_complete::Shell;

use crate::context::{Context, ExitCodes};
use crate::{Outcome, cli};

/// Print a completion script for a shell
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(context: &mut Context, args: &CompletionsArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "alembic-rs", &mut script);
    context.output.write(&String::from_utf8_lossy(&script))?;
    debug_assert!(Shell::value_variants().contains(&args.shell));
    Ok(0)
}
