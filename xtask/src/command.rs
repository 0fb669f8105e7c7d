//! Running other programs.

use std::{
    env,
    ffi::OsStr,
    process::{Command, Output},
};

use crate::{
    failure::{Failure, Result},
    repository,
};

/// `program`, to be run at the root of the tree.
pub(crate) fn program(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(repository::root());
    command
}

/// The cargo that runs us, without what it told us of our own package: a build script that looked would run again.
pub(crate) fn cargo() -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let is_ours = |name: &str| {
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_ours) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs `command` with our own streams.
pub(crate) fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|error| does_not_start(command, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}`: {status}", line(command))))
    }
}

/// Runs `command` and gives what it printed, whether it succeeded or not. Standard error stays ours.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    command
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| does_not_start(command, &error))
}

/// Runs `command` and gives what it printed, as text; it must succeed.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{}`: {}", line(command), output.status)));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("`{}`: no UTF-8", line(command))))
}

/// Whether `command` starts and succeeds; it is not heard.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// `command` as one would type it, near enough.
pub(crate) fn line(command: &Command) -> String {
    let program = command.get_program();
    let is_cargo = env::var_os("CARGO").is_some_and(|cargo| cargo == program);
    let program = if is_cargo { OsStr::new("cargo") } else { program };
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn does_not_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` does not start: {error}", line(command)))
}
