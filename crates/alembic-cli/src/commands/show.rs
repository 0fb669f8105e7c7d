//! `show REV`: everything about the revisions that an identifier names.

use clap::Args;

use crate::Outcome;
use crate::commands::later;
use crate::context::{Context, explained};

/// Show the revisions that an identifier names
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// An identifier, the beginning of one, a label, head, heads, LABEL@head, -N
    #[arg(value_name = "REVISION", allow_negative_numbers = true)]
    rev: String,
}

pub(crate) fn run(context: &mut Context, args: &ShowArgs) -> Outcome {
    if args.rev == "current" {
        return Err(later::needs_database("show current"));
    }
    let scripts = context.scripts()?;
    let mut out = String::new();
    for index in explained(&scripts, scripts.map().get_revisions(&args.rev))? {
        scripts.write_block(&mut out, index, false);
        out.push('\n');
    }
    context.output.write(&out)?;
    Ok(0)
}
