//! `branches`: the revisions that several others follow.

use alembic_core::revision::RevisionIndex;
use alembic_core::script::{OneLine, ScriptDirectory};
use clap::Args;

use crate::Outcome;
use crate::context::{Context, explained};

/// Show the branch points
#[derive(Debug, Args)]
pub(crate) struct BranchesArgs {
    /// Show the branch points in full, and the messages of what follows
    #[arg(short, long)]
    verbose: bool,
}

pub(crate) fn run(context: &mut Context, args: &BranchesArgs) -> Outcome {
    let scripts = context.scripts()?;
    let mut out = String::new();
    for index in explained(&scripts, scripts.map().walk_all())? {
        if scripts.map().is_branch_point(index) {
            write_branch_point(&mut out, &scripts, index, args.verbose);
        }
    }
    context.output.write(&out)?;
    Ok(0)
}

fn write_branch_point(
    out: &mut String,
    scripts: &ScriptDirectory,
    index: RevisionIndex,
    verbose: bool,
) {
    let parts = OneLine { labels: true, tree: true, ..OneLine::default() };
    if verbose {
        scripts.write_block(out, index, false);
    } else {
        scripts.write_one_line(out, index, parts, false);
    }
    out.push('\n');
    let map = scripts.map();
    let indent = map.id(index).chars().count();
    for child in scripts.children_by_id(index) {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(" -> ");
        scripts.write_one_line(out, child, OneLine { doc: verbose, ..parts }, false);
        out.push('\n');
    }
    out.push('\n');
}
