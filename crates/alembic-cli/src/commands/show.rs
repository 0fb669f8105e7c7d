//! `show REV`: everything about the revisions that an identifier names.

use alembic_core::revision::{Found, RevisionError};
use clap::Args;

use crate::Outcome;
use crate::commands::completions;
use crate::context::{Context, explained};

/// Show the revisions that an identifier names
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// An identifier, the beginning of one, a label, head, heads, LABEL@head, -N
    #[arg(value_name = "REVISION", allow_negative_numbers = true, add = completions::revisions())]
    rev: String,
    #[cfg(feature = "database")]
    #[command(flatten)]
    database: crate::session::DatabaseArgs,
}

pub(crate) fn run(context: &mut Context, args: &ShowArgs) -> Outcome {
    if args.rev == "current" {
        return show_current(context, args);
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

/// The scripts of the version table's rows. As Alembic: where there are none, the table is created.
#[cfg(feature = "database")]
fn show_current(context: &mut Context, args: &ShowArgs) -> Outcome {
    use crate::session::Session;

    let session = Session::open(context, &args.database)?;
    let rows = session.rows_or_new_table()?;
    let scripts = session.scripts()?;
    let mut out = String::new();
    for index in session.answer(&scripts, &rows, scripts.map().rows(&rows))? {
        scripts.write_block(&mut out, index, false);
        out.push('\n');
    }
    context.output.write(&out)?;
    Ok(0)
}

#[cfg(not(feature = "database"))]
fn show_current(_context: &mut Context, _args: &ShowArgs) -> Outcome {
    Err(crate::diagnostics::Failure::no_driver())
}
