//! Real children: codes, streams, limits, signals.

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader, Read as _},
    process::Stdio,
    time::{Duration, Instant},
};

use alembic_runtime::python::{
    CommandLine, Ended, Line, Reason, RunError, RunOptions, Stream, Streams, run,
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::sync::mpsc;

use crate::program::{after_begin, program};

fn shell(script: &str) -> CommandLine {
    CommandLine::new("/bin/sh", ["-c".into(), OsString::from(script)])
}

/// Runs with pipes; what was written arrives with the end.
async fn piped(
    command: &CommandLine,
    change: impl FnOnce(&mut RunOptions),
    cancel: impl Future<Output = ()>,
) -> (Ended, Vec<Line>) {
    let (sender, mut receiver) = mpsc::channel(4);
    let mut options = RunOptions::new(Streams::Piped(sender));
    change(&mut options);
    let mut lines = Vec::new();
    let collect = async {
        while let Some(line) = receiver.recv().await {
            lines.push(line);
        }
    };
    let (ended, ()) = tokio::join!(run(command, options, cancel), collect);
    (ended.unwrap(), lines)
}

fn texts(lines: &[Line], stream: Stream) -> Vec<&str> {
    lines.iter().filter(|line| line.stream == stream).map(|line| line.text.as_str()).collect()
}

#[tokio::test]
async fn codes_and_signals_are_answered() {
    for (script, code, signal) in [
        ("exit 0", 0, None),
        ("exit 7", 7, None),
        ("exit 255", 255, None),
        ("kill -TERM $$", 143, Some(15)),
        ("kill -KILL $$", 137, Some(9)),
    ] {
        let (ended, _) = piped(&shell(script), |_| (), std::future::pending()).await;
        assert_eq!(ended, Ended { code, signal, reason: Reason::Itself }, "{script}");
    }
}

#[tokio::test]
async fn lines_arrive_with_their_stream() {
    let script = "echo one; echo two >&2; printf 'three\\r\\n\\n\\377four'";
    let (_, lines) = piped(&shell(script), |_| (), std::future::pending()).await;
    assert_eq!(texts(&lines, Stream::Stdout), ["one", "three", "", "\u{fffd}four"]);
    assert_eq!(texts(&lines, Stream::Stderr), ["two"]);
}

#[tokio::test]
async fn a_line_without_end_comes_in_pieces() {
    let script = "head -c 200000 /dev/zero | tr '\\0' x";
    let (_, lines) = piped(&shell(script), |_| (), std::future::pending()).await;
    assert_eq!(lines.len(), 4);
    assert_eq!(lines.iter().map(|line| line.text.len()).sum::<usize>(), 200_000);
}

#[tokio::test]
async fn nobody_listens_and_the_child_goes_on() {
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    let command = shell("i=0; while [ $i -lt 20000 ]; do echo line; i=$((i+1)); done; exit 3");
    let options = RunOptions::new(Streams::Piped(sender));
    let ended = run(&command, options, std::future::pending()).await.unwrap();
    assert_eq!(ended.code, 3);
}

#[tokio::test]
async fn what_is_left_behind_does_not_hold_us_up() {
    let begun = Instant::now();
    let script = "sleep 30 & echo $!";
    let (ended, lines) = piped(&shell(script), |_| (), std::future::pending()).await;
    assert_eq!(ended.code, 0);
    assert!(begun.elapsed() < Duration::from_secs(10));
    let left = Pid::from_raw(lines[0].text.parse().unwrap());
    kill(left, Signal::SIGKILL).unwrap();
}

#[tokio::test]
async fn a_run_is_cancelled_and_what_does_not_listen_is_killed() {
    let soon = || tokio::time::sleep(Duration::from_millis(300));
    let polite = shell("trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.05; done");
    let (ended, lines) = piped(&polite, |_| (), soon()).await;
    assert_eq!((ended.code, ended.reason), (5, Reason::Cancelled));
    assert_eq!(texts(&lines, Stream::Stdout), ["up", "bye"]);

    let deaf = shell("trap '' TERM; while :; do sleep 0.05; done");
    let grace = |options: &mut RunOptions| options.grace = Duration::from_millis(200);
    let (ended, _) = piped(&deaf, grace, soon()).await;
    let expected = Ended { code: 137, signal: Some(9), reason: Reason::Cancelled };
    assert_eq!(ended, expected);
}

#[tokio::test]
async fn time_is_limited() {
    let limit = |options: &mut RunOptions| options.timeout = Some(Duration::from_millis(200));
    let begun = Instant::now();
    let (ended, _) = piped(&shell("sleep 30"), limit, std::future::pending()).await;
    assert_eq!((ended.code, ended.reason), (143, Reason::TimedOut));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn the_folder_and_variables_are_the_childs() {
    let folder = tempfile::tempdir().unwrap();
    let path = fs_err::canonicalize(folder.path()).unwrap();
    let command = shell("pwd; echo $PGOPTIONS; echo $PYTHONUNBUFFERED").env("PGOPTIONS", "-c a=b");
    let place = |options: &mut RunOptions| options.current_dir = Some(path.clone());
    let (_, lines) = piped(&command, place, std::future::pending()).await;
    assert_eq!(texts(&lines, Stream::Stdout), [path.to_str().unwrap(), "-c a=b", "1"]);
}

#[tokio::test]
async fn a_program_that_does_not_start_is_an_error() {
    for program in ["/nowhere/python", "/dev/null"] {
        let (sender, _receiver) = mpsc::channel(1);
        let command = CommandLine::new(program, []);
        let options = RunOptions::new(Streams::Piped(sender));
        let error = run(&command, options, std::future::pending()).await.unwrap_err();
        assert!(matches!(error, RunError::NotStarted { .. }), "{error}");
        assert!(error.to_string().starts_with(&format!("cannot run `{program}`: ")), "{error}");
    }
}

#[test]
fn inherited_streams_pass_every_byte() {
    let script = "cat; printf 'a\\000\\377\\r\\n'; printf 'oops\\n' >&2; exit 9";
    let mut parent = program(&["/bin/sh", "-c", script]);
    parent.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut parent = parent.spawn().unwrap();
    std::io::Write::write_all(&mut parent.stdin.take().unwrap(), b"in\n\xfe").unwrap();
    let output = parent.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(9));
    assert_eq!(after_begin(&output.stdout), b"in\n\xfea\0\xff\r\n");
    assert_eq!(output.stderr, b"oops\n");
}

#[test]
fn signals_are_passed_on_once() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT] {
        let name = &signal.as_str()[3..];
        // Counts what arrives, and ends a while after the first.
        let script = format!(
            "n=0; trap 'n=$((n+1))' {name}; echo ready; \
             i=0; while [ $i -lt 200 ] && [ $n -eq 0 ]; do sleep 0.02; i=$((i+1)); done; \
             sleep 0.3; sleep 0.1; exit $((40+n))"
        );
        let mut parent =
            program(&["/bin/sh", "-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(parent.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0);
        }
        kill(Pid::from_raw(parent.id().try_into().unwrap()), signal).unwrap();
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(parent.wait().unwrap().code(), Some(41), "{name}: {rest}");
    }
}

#[test]
fn a_child_that_a_signal_ends_gives_128_and_the_signal() {
    let mut parent = program(&["/bin/sh", "-c", "echo ready; exec sleep 30"]);
    let mut parent = parent.stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(parent.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("ready") {
        line.clear();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0);
    }
    kill(Pid::from_raw(parent.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    assert_eq!(parent.wait().unwrap().code(), Some(143));
}
