//! Alembic's commands that alembic-rs does not carry out yet.
//!
//! Their options are known, so that usage errors and `--help` are the same as
//! they will be; running one says which command of the project does it.

use clap::{Args, Subcommand};
use miette::Diagnostic;

use crate::Outcome;
use crate::diagnostics::{Failure, code};

/// One of Alembic's commands still to come.
#[derive(Debug, Subcommand)]
#[command(rename_all = "snake_case")]
pub(crate) enum LaterCommand {
    /// Check whether `revision --autogenerate` would find anything (not yet)
    Check,
    /// Open revision scripts in $EDITOR (not yet)
    Edit(EditArgs),
    /// Start a new scripts folder (not yet)
    Init(InitArgs),
    /// List the templates of `init` (not yet)
    ListTemplates,
    /// Merge two or more revisions (not yet)
    Merge(MergeArgs),
    /// Write a new revision script (not yet)
    Revision(RevisionArgs),
    /// Move a revision behind another one (not yet)
    Rebase(RebaseArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RebaseArgs {
    /// The revision to move
    rev: Option<String>,
    /// The revision to follow
    #[arg(long)]
    onto: String,
    /// Change the file
    #[arg(long)]
    write: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// The revision to edit
    #[arg(allow_negative_numbers = true)]
    rev: String,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The template to start from
    #[arg(short, long, default_value = "generic")]
    template: String,
    /// Write `__init__.py` files too
    #[arg(long)]
    package: bool,
    /// The folder to create
    directory: String,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// The message of the new revision
    #[arg(short, long, allow_negative_numbers = true)]
    message: Option<String>,
    /// A branch label for the new revision
    #[arg(long)]
    branch_label: Option<String>,
    /// The identifier of the new revision
    #[arg(long, allow_negative_numbers = true)]
    rev_id: Option<String>,
    /// Allow revisions that are no heads
    #[arg(long)]
    splice: bool,
    /// The revisions to merge
    #[arg(required = true, allow_negative_numbers = true)]
    revisions: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RevisionArgs {
    /// The message of the new revision
    #[arg(short, long, allow_negative_numbers = true)]
    message: Option<String>,
    /// Write operations by comparing the models with the database
    #[arg(long)]
    autogenerate: bool,
    /// Print instead of writing
    #[arg(long)]
    sql: bool,
    /// The revision to follow
    #[arg(long, allow_negative_numbers = true)]
    head: Option<String>,
    /// Allow a revision that is no head
    #[arg(long)]
    splice: bool,
    /// A branch label for the new revision
    #[arg(long)]
    branch_label: Option<String>,
    /// The version folder to write to
    #[arg(long)]
    version_path: Option<String>,
    /// The identifier of the new revision
    #[arg(long, allow_negative_numbers = true)]
    rev_id: Option<String>,
    /// A revision that the new one depends on
    #[arg(long, allow_negative_numbers = true)]
    depends_on: Vec<String>,
}

/// Something that this version does not do.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{what} is not part of alembic-rs {version} yet")]
struct NotYet {
    what: String,
    version: &'static str,
    #[help]
    help: String,
}

fn not_yet(what: String, help: String) -> Failure {
    Failure::new(code::USAGE, NotYet { what, version: env!("CARGO_PKG_VERSION"), help })
}

pub(crate) fn run(command: &LaterCommand) -> Outcome {
    let name = match command {
        LaterCommand::Check => "check",
        LaterCommand::Edit(_) => "edit",
        LaterCommand::Init(_) => "init",
        LaterCommand::ListTemplates => "list_templates",
        LaterCommand::Merge(_) => "merge",
        LaterCommand::Revision(_) => "revision",
        LaterCommand::Rebase(args) => return Err(rebase(args)),
    };
    let help = format!("the project's own Alembic does it: `alembic {name}` with the same options");
    Err(not_yet(format!("`{name}`"), help))
}

/// The one command of ours among them: there is no Alembic to do it.
fn rebase(args: &RebaseArgs) -> Failure {
    let script = args.rev.as_deref().map_or_else(
        || "the script to move".to_owned(),
        |rev| format!("the script of `{rev}` (`alembic-rs show {rev}` names it)"),
    );
    let help = format!(
        "in {script}, write `down_revision = \"{onto}\"`, and `Revises: {onto}` in its docstring",
        onto = args.onto
    );
    not_yet("`rebase`".to_owned(), help)
}
