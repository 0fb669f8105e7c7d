//! `rebase REV --onto HEAD`: moves a revision, and what follows it, behind another one.

use std::path::{Path, PathBuf};

use alembic_core::rebase::{self, Move, RebaseError, tables};
use alembic_core::revision::{Lineage, RevisionIndex};
use alembic_core::script::ScriptDirectory;
use alembic_core::write;
use clap::Args;
use fs_err as fs;
use miette::Diagnostic;

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::authoring::{diff, python};
use crate::commands::completions;
use crate::context::{Context, ExitCodes, explained};
use crate::diagnostics::{self, Failure, code};

/// Move a revision, and what follows it, behind another one
#[derive(Debug, Args)]
pub(crate) struct RebaseArgs {
    /// The revision to move [default: the head that is only on this branch of git]
    #[arg(value_name = "REVISION", allow_negative_numbers = true, add = completions::revisions())]
    rev: Option<String>,
    /// The revision to follow
    #[arg(long, value_name = "HEAD", help_heading = NEW_OPTIONS, allow_negative_numbers = true, add = completions::revisions())]
    onto: String,
    /// Change the file; without it the change is only shown
    #[arg(long, help_heading = NEW_OPTIONS)]
    write: bool,
    /// Also when the revision is applied in the database
    #[arg(long, help_heading = NEW_OPTIONS)]
    force: bool,
}

/// Why nothing was moved.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum RebaseRefused {
    #[error("`{0}` stands for several revisions")]
    #[diagnostic(help("name one of them"))]
    Several(String),
    #[error("`{0}` stands for no revision")]
    #[diagnostic(help("name the revision that shall be moved"))]
    Nothing(String),
    #[error("`{revision}` is applied in the database")]
    #[diagnostic(help(
        "its place in the history is no longer yours alone: `downgrade` below it first, or use \
         `--force` and see to it that no other database has it"
    ))]
    Applied { revision: String },
    #[error("{0}")]
    #[diagnostic(help("the script is as before"))]
    NotWritten(std::io::Error),
}

impl From<RebaseRefused> for Failure {
    fn from(error: RebaseRefused) -> Self {
        let code = match error {
            RebaseRefused::NotWritten(_) => code::CONFIGURATION,
            _ => code::USAGE,
        };
        Self::new(code, error)
    }
}

impl From<RebaseError> for Failure {
    fn from(error: RebaseError) -> Self {
        Self::new(code::USAGE, error)
    }
}

pub(crate) fn run(context: &mut Context, args: &RebaseArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let places = context.places()?;
    let scripts = Context::link(places.read())?;
    let onto = one(&scripts, &args.onto)?;
    let revision = match &args.rev {
        Some(rev) => one(&scripts, rev)?.ok_or_else(|| RebaseRefused::Nothing(rev.clone()))?,
        None => rebase::head_of_this_branch(&scripts, onto)?,
    };
    let planned = Move::plan(scripts.map(), revision, onto)?;
    if !args.force {
        refuse_applied(context, &scripts, planned.revision)?;
    }
    let heads = planned.validate(scripts.map())?;
    let path = scripts.script(planned.revision).path();
    let before = fs::read(path).map_err(RebaseRefused::NotWritten)?;
    let after = edited(&scripts, &planned, path, &before, places.roots())?;
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    context.output.write(&diff::unified(path, &shown(&before), &shown(&after)))?;
    // A change that could not be shown is not made, and notes stand behind it.
    context.output.flush()?;
    if args.write {
        write::replace(path, &after).map_err(RebaseRefused::NotWritten)?;
    }
    tell(&scripts, &planned, revision, &heads, args);
    let onto = planned.onto.map(|onto| scripts.map().id(onto));
    tell_of_docstring(path, &after, places.roots(), onto);
    Ok(0)
}

/// The revision that a name stands for; `None` for `base`.
fn one(scripts: &ScriptDirectory, name: &str) -> Result<Option<RevisionIndex>, Failure> {
    let found = explained(scripts, scripts.map().get_revisions(name))?;
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        _ => Err(RebaseRefused::Several(name.to_owned()).into()),
    }
}

fn refuse_applied(
    context: &mut Context,
    scripts: &ScriptDirectory,
    revision: RevisionIndex,
) -> Result<(), Failure> {
    let Some(rows) = python::rows_if_reachable(context) else { return Ok(()) };
    let map = scripts.map();
    let rows = rows.iter().filter_map(|row| map.by_id(row));
    if map.ancestors(rows, Lineage::WithDependencies).contains(revision.index()) {
        return Err(RebaseRefused::Applied { revision: map.id(revision).to_owned() }.into());
    }
    Ok(())
}

fn edited(
    scripts: &ScriptDirectory,
    planned: &Move,
    path: &Path,
    before: &[u8],
    roots: &[PathBuf],
) -> Result<Vec<u8>, Failure> {
    let id = |index: Option<RevisionIndex>| index.map(|index| scripts.map().id(index));
    Ok(rebase::edit(path, before, roots, id(planned.from), id(planned.onto))?)
}

/// A docstring may repeat what a script follows in ways that are not changed: escapes, several literals, a full stop.
fn tell_of_docstring(path: &Path, after: &[u8], roots: &[PathBuf], onto: Option<&str>) {
    let Some(said) = rebase::docstring_parent(path, after, roots) else { return };
    let is_base = matches!(said.as_str(), "" | "None");
    if !onto.map_or(is_base, |onto| said == onto) {
        diagnostics::note(&format!("the docstring still says `Revises: {said}`: mend it by hand"));
    }
}

fn tell(
    scripts: &ScriptDirectory,
    planned: &Move,
    asked: RevisionIndex,
    heads: &[String],
    args: &RebaseArgs,
) {
    let map = scripts.map();
    if planned.revision != asked {
        let (bottom, asked) = (map.id(planned.revision), map.id(asked));
        diagnostics::note(&format!("`{bottom}` is the bottom of the chain of `{asked}`"));
    }
    if let Some(onto) = planned.onto {
        for shared in tables::shared(scripts, &[asked, onto]) {
            diagnostics::note(&shared.to_string());
        }
    }
    if heads.len() > 1 {
        diagnostics::note(&format!("there are {} heads then: {}", heads.len(), heads.join(", ")));
    }
    if !args.write {
        diagnostics::note("nothing was written: add `--write` to change the file");
    }
}
