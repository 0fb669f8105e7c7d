//! Writes a new script: what `revision` and `merge` share.

use std::path::{Path, PathBuf};

use alembic_core::config::{Config, ScriptSettings};
use alembic_core::script::generate::{self, Draft, GenerateError, NewRevision};
use alembic_core::script::{ScriptDirectory, ScriptDirectoryError};
use alembic_core::write::{self, NewFolders};
use fs_err as fs;
use miette::Diagnostic;

use super::progress::step;
use super::{clock, hooks};
use crate::context::Context;
use crate::diagnostics::{self, Failure, code};

/// A file or folder could not be written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{cause}")]
struct NotWritten {
    cause: std::io::Error,
    #[help]
    help: &'static str,
}

/// What a new script is made from.
pub(crate) struct Commands<'a> {
    pub(crate) config: &'a Config,
    pub(crate) settings: &'a ScriptSettings,
    pub(crate) scripts: &'a ScriptDirectory,
    pub(crate) request: &'a NewRevision,
    /// Show the script instead of writing it.
    pub(crate) dry_run: bool,
}

/// Makes the script, runs the hooks on it and reads it back.
pub(crate) fn write_script(context: &mut Context, new: &Commands) -> Result<(), Failure> {
    let Commands { config, settings, scripts, request, dry_run } = *new;
    let parents = generate::parents(scripts, request).map_err(refused)?;
    let moment = clock::now(config.timezone()?.as_deref())?;
    let mut draft =
        Draft::place(config, settings, scripts, request, parents, moment).map_err(refused)?;
    if dry_run {
        draft.check().map_err(refused)?;
        return show(context, &draft);
    }
    let mut folders = NewFolders::default();
    for folder in draft.folders() {
        if !folder.exists() {
            let what = format!("Creating directory {}", folder.display());
            step(context, &what, || folders.create(&folder).map_err(not_written))?;
        }
    }
    draft.check().map_err(refused)?;
    let what = format!("Generating {}", draft.absolute_path().display());
    step(context, &what, || {
        let bytes = draft.render().map_err(refused)?;
        write::create(&draft.absolute_path(), &bytes).map_err(not_written)
    })?;
    folders.keep();
    hooks::run(context, settings, draft.path())?;
    let path = draft.absolute_path();
    let mut warnings = Vec::new();
    let read = generate::read_back(scripts, settings, request, &path, &mut warnings);
    for warning in warnings {
        diagnostics::warn(&warning.to_string());
    }
    read.map_err(|error| {
        // As Alembic, which leaves it for its author to mend.
        diagnostics::note(&format!("`{}` was written, and stays", path.display()));
        refused(error)
    })
}

fn show(context: &mut Context, draft: &Draft) -> Result<(), Failure> {
    let text = draft.text().map_err(refused)?;
    let path = draft.absolute_path();
    context.output.write(&super::diff::unified(&path, "", &text))?;
    context.output.flush()?;
    diagnostics::note("nothing was written: leave out `--dry-run` to write it");
    Ok(())
}

fn not_written(cause: std::io::Error) -> Failure {
    let help = if cause.kind() == std::io::ErrorKind::AlreadyExists {
        "nothing was changed: choose another identifier or message, or move the old script away"
    } else {
        "nothing was left behind"
    };
    Failure::new(code::CONFIGURATION, NotWritten { cause, help })
}

/// A template that cannot be rendered leaves its report in a file, which Alembic's sentence names.
fn refused(error: GenerateError) -> Failure {
    match error {
        GenerateError::Graph(ScriptDirectoryError::Graph(problem)) => {
            Failure::question(ScriptDirectoryError::Graph(problem))
        }
        GenerateError::Graph(other) => other.into(),
        error @ (GenerateError::Template(_) | GenerateError::Unencodable { .. }) => {
            let report = leave_report(&diagnostics::plain_text(&error));
            let failure = Failure::new(code::CONFIGURATION, error);
            match report {
                Some(path) => failure.with_sentence(format!(
                    "Template rendering failed; see {} for a template-oriented traceback.",
                    path.display()
                )),
                None => failure,
            }
        }
        error @ (GenerateError::TemplateUnreadable(_)
        | GenerateError::FileName { .. }
        | GenerateError::UnknownEncoding { .. }
        | GenerateError::EncodingNotFollowed { .. }
        | GenerateError::EncodingOfAsciiAlone { .. }) => Failure::new(code::CONFIGURATION, error),
        other => Failure::new(code::USAGE, other),
    }
}

/// Writes a report to the folder for temporary files.
fn leave_report(report: &str) -> Option<PathBuf> {
    let name = format!("alembic-rs-{}.txt", super::identifier::random().ok()?);
    let path = std::env::temp_dir().join(name);
    write_new(&path, report).ok()?;
    Some(path)
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}
