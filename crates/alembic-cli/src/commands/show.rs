//! `show REV`: everything about the revisions that an identifier names.

use alembic_core::revision::{Found, RevisionError};
use clap::Args;

use crate::Outcome;
use crate::commands::{completions, later};
use crate::context::{Context, explained};

/// Show the revisions that an identifier names
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// An identifier, the beginning of one, a label, head, heads, LABEL@head, -N
    #[arg(value_name = "REVISION", allow_negative_numbers = true, add = completions::revisions())]
    rev: String,
}

pub(crate) fn run(context: &mut Context, args: &ShowArgs) -> Outcome {
    if args.rev == "current" {
        return Err(later::needs_database("`show current`"));
    }
    let scripts = context.scripts()?;
    let found = explained(&scripts, scripts.map().find(&args.rev))?;
    // As Alembic: what comes before a step past the base is still shown.
    for found in found {
        let Found::Revision(index) = found else {
            let nowhere = RevisionError::not_a_revision(&args.rev);
            return explained(&scripts, Err(nowhere));
        };
        let mut out = String::new();
        scripts.write_block(&mut out, index, false);
        out.push('\n');
        context.output.write(&out)?;
    }
    Ok(0)
}
