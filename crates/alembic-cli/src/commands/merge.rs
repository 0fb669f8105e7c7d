//! `merge`: a new script behind several heads.

use alembic_core::rebase::tables;
use alembic_core::script::ScriptDirectory;
use alembic_core::script::generate::NewRevision;
use clap::Args;
use miette::Diagnostic;

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::authoring::{Commands, identifier, write_script};
use crate::commands::{completions, revision};
use crate::context::{Context, ExitCodes};
use crate::diagnostics::{self, Failure, code};

/// Merge two or more revisions
#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// The message of the new revision
    #[arg(short, long, allow_negative_numbers = true)]
    message: Option<String>,
    /// A branch label for the new revision
    #[arg(long)]
    branch_label: Option<String>,
    /// The identifier of the new revision [default: twelve random hexadecimal digits]
    #[arg(long, allow_negative_numbers = true)]
    rev_id: Option<String>,
    /// Allow revisions that are no heads
    #[arg(long)]
    splice: bool,
    /// Show the new script instead of writing it
    #[arg(long, help_heading = NEW_OPTIONS)]
    dry_run: bool,
    /// The revisions to merge
    #[arg(required = true, allow_negative_numbers = true, add = completions::revisions())]
    revisions: Vec<String>,
}

/// env.py would have to run.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`revision_environment = true` runs env.py for every new script, which needs Python")]
#[diagnostic(help("the project's own Alembic does it: `{command}`"))]
struct NeedsEnvironment {
    command: String,
}

pub(crate) fn run(context: &mut Context, args: &MergeArgs) -> Outcome {
    if args.dry_run {
        context.exit_codes = ExitCodes::Own;
    }
    let config = context.config()?;
    let settings = config.script_settings()?;
    if config.revision_environment()? {
        let command = revision::the_command();
        return Err(Failure::new(code::USAGE, NeedsEnvironment { command }));
    }
    let id = match args.rev_id.as_deref() {
        None | Some("") => identifier::random()?,
        Some(id) => id.to_owned(),
    };
    let request = NewRevision {
        id,
        message: args.message.clone(),
        heads: args.revisions.clone(),
        splice: args.splice,
        branch_label: args.branch_label.clone(),
        version_path: None,
        depends_on: Vec::new(),
    };
    let scripts = context.scripts()?;
    let new = Commands {
        config: &config,
        settings: &settings,
        scripts: &scripts,
        request: &request,
        dry_run: args.dry_run,
    };
    write_script(context, &new)?;
    note_shared_tables(&scripts, &args.revisions);
    Ok(0)
}

/// Says where the sides of a merge touch the same table: their order may matter.
fn note_shared_tables(scripts: &ScriptDirectory, revisions: &[String]) {
    let map = scripts.map();
    let sides: Vec<_> =
        revisions.iter().filter_map(|name| map.get_revisions(name).ok()).flatten().collect();
    for shared in tables::shared(scripts, &sides) {
        diagnostics::note(&shared.to_string());
    }
}
