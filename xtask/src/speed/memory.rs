//! The most memory that a program ever held.

use std::{
    ffi::OsString,
    process::{Command, ExitCode, Stdio},
};

use crate::{
    command,
    failure::{Failure, Result},
};

/// The peak of resident memory of `measured`, in bytes.
///
/// The kernel keeps the figure for all children of a process together. So xtask starts itself once more: that process has
/// this one child. It is small itself, which matters because a child begins with its parent's peak.
pub(crate) fn peak(measured: &Command) -> Result<u64> {
    let myself = std::env::current_exe()?;
    let mut again = command::program(myself);
    again.arg("peak-memory").arg(measured.get_program()).args(measured.get_args());
    if let Some(folder) = measured.get_current_dir() {
        again.current_dir(folder);
    }
    for (name, value) in measured.get_envs() {
        match value {
            Some(value) => again.env(name, value),
            None => again.env_remove(name),
        };
    }
    let printed = command::capture(&mut again)?;
    printed.trim().parse().map_err(|_| {
        Failure::new(format!("`{}` printed no number of bytes", command::line(&again)))
    })
}

/// The other end of [`peak`]: runs a command and prints what its memory was at most.
pub(crate) fn print_peak_memory(words: &[OsString]) -> ExitCode {
    let Some((program, arguments)) = words.split_first() else {
        return ExitCode::FAILURE;
    };
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let outcome = child.status().map_err(Failure::from).and_then(|status| {
        if status.success() { of_children() } else { Err(Failure::new(format!("{status}"))) }
    });
    match outcome {
        Ok(bytes) => {
            println!("{bytes}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(unix)]
fn of_children() -> Result<u64> {
    use nix::sys::resource::{UsageWho, getrusage};

    // Kibibytes everywhere but on macOS.
    const UNIT: u64 = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    let usage =
        getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| Failure::new(error.to_string()))?;
    Ok(u64::try_from(usage.max_rss()).unwrap_or_default() * UNIT)
}

#[cfg(not(unix))]
fn of_children() -> Result<u64> {
    Err(Failure::new("peak memory is measured on Unix alone"))
}
