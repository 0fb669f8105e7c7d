//! The user's editor, found as Alembic finds it.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use alembic_core::config::python_repr;
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
    let status = ended.map_err(|error| failed(python_error(&error, &editor)))?;
    if status.success() {
        return Ok(());
    }
    let [program, file] = [editor.as_path(), file].map(|path| python_repr(&path.to_string_lossy()));
    Err(failed(format!("Command '[{program}, {file}]' {}", python_status(status))))
}

/// How Python's `OSError` says it.
fn python_error(error: &io::Error, path: &Path) -> String {
    let path = python_repr(&path.to_string_lossy());
    let text = error.to_string();
    match error.raw_os_error() {
        Some(number) => {
            let what = text.strip_suffix(&format!(" (os error {number})")).unwrap_or(&text);
            format!("[Errno {number}] {what}: {path}")
        }
        None => format!("{text}: {path}"),
    }
}

/// How Python's `CalledProcessError` says it.
fn python_status(status: ExitStatus) -> String {
    if let Some(code) = status.code() {
        return format!("returned non-zero exit status {code}.");
    }
    // `signal: 9 (SIGKILL)`, and more where a core was dumped.
    let text = status.to_string();
    let named = text.strip_prefix("signal: ").and_then(|text| text.split_once(" ("));
    match named.and_then(|(number, rest)| Some((number, rest.split_once(')')?.0))) {
        Some((number, name)) => format!("died with <Signals.{name}: {number}>."),
        None => format!("died with {text}."),
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
