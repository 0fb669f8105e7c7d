//! The user's editor, found as Alembic finds it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use miette::Diagnostic;

use crate::diagnostics::{Failure, code};

/// What is tried after the user's own choice.
#[cfg(not(windows))]
const USUAL: &[&str] = &["sensible-editor", "editor", "nano", "vim", "code"];
#[cfg(windows)]
const USUAL: &[&str] = &["code.exe", "notepad++.exe", "notepad.exe"];

/// Alembic's sentence for an editor that did not do its work.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("Error executing editor ({reason})")]
#[diagnostic(help(
    "EDITOR and VISUAL take the path or the name of a program, without arguments: `EDITOR=vim \
     alembic-rs edit head`"
))]
struct EditorFailed {
    reason: String,
}

/// Opens a file and waits.
pub(crate) fn open(file: &Path) -> Result<(), Failure> {
    let failed = |reason: String| Failure::new(code::USAGE, EditorFailed { reason });
    let editor = find(|name| std::env::var_os(name)).ok_or_else(|| {
        let set = "Please set the \"EDITOR\" or \"VISUAL\" environment variables";
        failed(format!("No suitable editor found. {set}"))
    })?;
    let ended = Command::new(&editor).arg(file).status();
    let status = ended.map_err(|error| failed(format!("{error}: '{}'", editor.display())))?;
    if status.success() {
        return Ok(());
    }
    let command = format!("['{}', '{}']", editor.display(), file.display());
    Err(failed(format!("Command '{command}' {}", python_status(status))))
}

/// How Python's `CalledProcessError` says it.
fn python_status(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("returned non-zero exit status {code}."),
        None => format!("died with {status}."),
    }
}

fn find(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let mut candidates: Vec<OsString> = USUAL.iter().map(OsString::from).collect();
    for (index, name) in ["EDITOR", "VISUAL"].into_iter().enumerate() {
        let Some(choice) = variable(name) else { continue };
        if Path::new(&choice).exists() {
            return Some(choice.into());
        }
        if !choice.as_encoded_bytes().contains(&b'/') {
            candidates.insert(index.min(candidates.len()), choice);
        }
    }
    let path = variable("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let on_path =
        |name: &OsStr| folders.iter().map(|folder| folder.join(name)).find(|p| p.exists());
    candidates.iter().find_map(|candidate| on_path(candidate))
}
