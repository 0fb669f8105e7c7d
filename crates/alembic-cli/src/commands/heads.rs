//! `heads`: the newest revisions.

use alembic_core::script::OneLine;
use clap::Args;

use crate::Outcome;
use crate::context::{Context, explained};

/// Show the heads
#[derive(Debug, Args)]
pub(crate) struct HeadsArgs {
    /// Show each head in full
    #[arg(short, long)]
    verbose: bool,
    /// Leave out heads that another revision depends on
    #[arg(long)]
    resolve_dependencies: bool,
}

pub(crate) fn run(context: &mut Context, args: &HeadsArgs) -> Outcome {
    let scripts = context.scripts()?;
    let map = scripts.map();
    let heads = if args.resolve_dependencies {
        explained(&scripts, map.get_revisions("heads"))?
    } else {
        // By identifier: of two scripts with the same one, the later is shown twice.
        map.heads().iter().map(|&head| map.by_id(map.id(head)).unwrap_or(head)).collect()
    };
    let parts = OneLine { labels: true, ..OneLine::default() };
    let mut out = String::new();
    for index in heads {
        if args.verbose {
            scripts.write_block(&mut out, index, false);
        } else {
            scripts.write_one_line(&mut out, index, parts, false);
        }
        out.push('\n');
    }
    context.output.write(&out)?;
    Ok(0)
}
