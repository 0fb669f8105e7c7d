//! `edit REV`: opens scripts in the user's editor.

use alembic_core::revision::RevisionIndex;
use alembic_core::script::ScriptDirectory;
use clap::Args;
use miette::Diagnostic;

use crate::Outcome;
use crate::authoring::{editor, python};
use crate::commands::completions;
use crate::context::{Context, explained};
use crate::diagnostics::{Failure, code};

/// Open revision scripts in $EDITOR
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// An identifier, the beginning of one, a label, head, heads, LABEL@head, -N
    #[arg(value_name = "REVISION", allow_negative_numbers = true, add = completions::revisions())]
    rev: String,
}

/// There is nothing to open.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum NothingToEdit {
    #[error("No revision files indicated by symbol '{0}'")]
    #[diagnostic(help("`alembic-rs history` lists what there is"))]
    Symbol(String),
    #[error("No current revisions")]
    #[diagnostic(help("the database has no version table, or an empty one"))]
    Current,
}

pub(crate) fn run(context: &mut Context, args: &EditArgs) -> Outcome {
    let scripts = context.scripts()?;
    let found = if args.rev == "current" {
        current(context, &scripts)?
    } else {
        explained(&scripts, scripts.map().get_revisions(&args.rev))?
    };
    if found.is_empty() {
        return Err(Failure::new(code::USAGE, NothingToEdit::Symbol(args.rev.clone())));
    }
    for index in found {
        editor::open(scripts.script(index).path())?;
    }
    Ok(0)
}

fn current(
    context: &mut Context,
    scripts: &ScriptDirectory,
) -> Result<Vec<RevisionIndex>, Failure> {
    let rows = python::current_revisions(context)?;
    if rows.is_empty() {
        return Err(Failure::new(code::USAGE, NothingToEdit::Current));
    }
    let mut found = Vec::new();
    for row in rows {
        found.extend(explained(scripts, scripts.map().get_revisions(&row))?);
    }
    Ok(found)
}
