//! `current`: the revisions that the database is at.

use std::collections::BTreeSet;

use alembic_core::script::OneLine;
use clap::Args;
use miette::Diagnostic;

use crate::Outcome;
use crate::context::Context;
use crate::diagnostics::{Failure, code};
use crate::session::{DatabaseArgs, Session};

/// Show the revisions that the database is at
#[derive(Debug, Args)]
pub(crate) struct CurrentArgs {
    /// Fail unless the database is at all heads
    #[arg(short, long)]
    check_heads: bool,
    /// Show each revision in full, and where the database's URL came from
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// The rows of the version table are not the heads of the project.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("Database is not on all head revisions")]
#[diagnostic(help("`alembic-rs plan` lists what is missing, `alembic-rs upgrade heads` runs it"))]
struct NotAtHeads;

pub(crate) fn run(context: &mut Context, args: &CurrentArgs) -> Outcome {
    let session = Session::open(context, &args.database)?;
    let (rows, files) = session.rows()?;
    if args.verbose {
        let target = session.target()?;
        Session::explain_source(target);
        context.output.write(&format!("Current revision(s) for {}:\n", target.url))?;
    }
    let scripts = Context::link(files)?;
    let map = scripts.map();
    if args.check_heads {
        let heads: BTreeSet<&str> = map.heads().iter().map(|&head| map.id(head)).collect();
        if heads != rows.iter().map(String::as_str).collect() {
            return Err(Failure::new(code::CHECK_FAILED, NotAtHeads));
        }
    }
    let revisions = session.answer(&scripts, &rows, map.rows(&rows))?;
    let parts = OneLine { parents: false, labels: false, tree: true, doc: false };
    let mut out = String::new();
    for index in map.all_current(&revisions) {
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
