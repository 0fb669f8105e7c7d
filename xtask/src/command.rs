//! Running other programs.

use std::{
    env,
    ffi::OsStr,
    io::{self, BufRead as _, BufReader, IsTerminal as _, Read},
    process::{Command, ExitStatus, Output, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
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

/// How many of its last lines a failed command is remembered by.
const REMEMBERED: usize = 30;

/// How long a command's last words are waited for after its end: something that it left running may hold its stream open.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Runs `command` with our own streams. A failure repeats its last lines where no person watches: of a long run's output,
/// often the end alone is kept.
pub(crate) fn run(command: &mut Command) -> Result {
    if io::stderr().is_terminal() {
        let status = command.status().map_err(|error| does_not_start(command, &error))?;
        return outcome(command, status, &[]);
    }
    let started = command.stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| does_not_start(command, &error))?;
    let (sender, lines) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || pass_on(stderr, &sender));
    }
    let status = child.wait()?;
    let end = Instant::now() + LAST_WORDS;
    let mut said = Vec::new();
    while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
        said.push(line);
    }
    outcome(command, status, &said)
}

/// Prints the lines of `stream` as they come, and hands them on.
fn pass_on(stream: impl Read, sender: &mpsc::Sender<String>) {
    for line in BufReader::new(stream).split(b'\n').map_while(io::Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        eprintln!("{line}");
        if sender.send(line).is_err() {
            return;
        }
    }
}

fn outcome(command: &Command, status: ExitStatus, said: &[String]) -> Result {
    if status.success() {
        return Ok(());
    }
    let last = said.iter().skip(said.len().saturating_sub(REMEMBERED));
    let last = last.fold(String::new(), |text, line| text + "\n    | " + line);
    Err(Failure::new(format!("`{}`: {status}{last}", line(command))))
}

/// Runs `command` and gives what it printed, whether it succeeded or not. Standard error stays ours.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    command.stderr(Stdio::inherit()).output().map_err(|error| does_not_start(command, &error))
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

fn does_not_start(command: &Command, error: &io::Error) -> Failure {
    Failure::new(format!("`{}` does not start: {error}", line(command)))
}
