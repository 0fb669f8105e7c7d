//! A program of its own process that runs a command and answers as the command line would: the parent that tests send
//! signals to. It is this test binary, started again.

use std::{ffi::OsString, io::Write as _, process::Command, time::Duration};

use alembic_runtime::python::{CommandLine, RunOptions, Streams, run};

/// Names the command, its words separated by newlines.
const VARIABLE: &str = "ALEMBIC_RS_TEST_RUN";
/// What stands before the child's own output.
pub(crate) const BEGIN: &str = "\u{1}begin\n";

/// The program that runs `words`.
pub(crate) fn program(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "program::as_a_program",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env(VARIABLE, words.join("\u{1f}"));
    command
}

/// What the child wrote, without what the test harness wrote before.
pub(crate) fn after_begin(output: &[u8]) -> Vec<u8> {
    let at = output.windows(BEGIN.len()).position(|part| part == BEGIN.as_bytes());
    output[at.expect("the program began") + BEGIN.len()..].to_vec()
}

#[test]
#[ignore = "not a test: the program that other tests start"]
fn as_a_program() {
    let Some(words) = std::env::var_os(VARIABLE) else { return };
    let words = words.to_str().unwrap().split('\u{1f}').map(OsString::from).collect::<Vec<_>>();
    let command = CommandLine::new(words[0].clone(), words[1..].iter().cloned());
    let mut stdout = std::io::stdout();
    stdout.write_all(BEGIN.as_bytes()).unwrap();
    stdout.flush().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut options = RunOptions::new(Streams::Inherited);
    options.grace = Duration::from_secs(1);
    let ended = runtime.block_on(run(&command, options, std::future::pending()));
    match ended {
        Ok(ended) => std::process::exit(i32::from(ended.code)),
        Err(error) => panic!("{error}"),
    }
}
