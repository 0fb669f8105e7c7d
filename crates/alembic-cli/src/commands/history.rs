//! `history`: all revisions, newest first, as a list, a graph or a document.

use alembic_core::revision::Bound;
use alembic_core::revision::identifier::HistoryRange;
use alembic_core::script::{OneLine, ScriptDirectory, explain_range};
use clap::Args;

use crate::Outcome;
use crate::commands::later;
use crate::context::{Context, explained};
use crate::diagnostics::Failure;

/// List revisions, newest first
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The revisions to list, as START:END; each may be left out
    #[arg(short, long, value_name = "RANGE", allow_negative_numbers = true)]
    rev_range: Option<String>,
    /// Show each revision in full
    #[arg(short, long)]
    verbose: bool,
    /// Mark the revisions that the database is at
    #[arg(short, long)]
    indicate_current: bool,
}

pub(crate) fn run(context: &mut Context, args: &HistoryArgs) -> Outcome {
    if args.indicate_current {
        return Err(later::needs_database("history --indicate-current"));
    }
    let places = context.places()?;
    let range = args.rev_range.as_deref().map(HistoryRange::parse);
    let range = range.transpose().map_err(|error| Failure::question(explain_range(error)))?;
    let (start, end) = range.map_or((None, None), |range| (range.start, range.end));
    if start == Some("current") || end == Some("current") {
        return Err(later::needs_database("a range with `current`"));
    }
    let scripts = Context::link(&places)?;
    let (start, end) = (start.unwrap_or("base"), end.unwrap_or("heads"));
    let order = explained(&scripts, scripts.map().history(Bound::Text(start), Bound::Text(end)))?;
    context.page();
    list(context, &scripts, &order, args.verbose)
}

fn list(
    context: &mut Context,
    scripts: &ScriptDirectory,
    order: &[alembic_core::revision::RevisionIndex],
    verbose: bool,
) -> Outcome {
    let parts = OneLine { parents: true, labels: true, tree: true, doc: true };
    let mut out = String::new();
    for &index in order {
        if verbose {
            scripts.write_block(&mut out, index, false);
        } else {
            scripts.write_one_line(&mut out, index, parts, false);
        }
        out.push('\n');
        if out.len() > 1 << 16 {
            context.output.write(&out)?;
            out.clear();
        }
    }
    context.output.write(&out)?;
    Ok(0)
}
