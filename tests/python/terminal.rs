//! On a terminal that controls the program: Ctrl-C reaches the child once, a child that reads is given the terminal, and
//! Ctrl-Z stops the job where a shell can go on with it. Python's `pty` module plays the user.

use std::{ffi::OsStr, process::Command};

use alembic_testing::Venv;

use crate::program::program;

/// Runs the words behind `--` on a terminal and prints what it showed. The words before are what the user waits for and
/// then types, in turns.
const USER: &str = r#"
import os, pty, sys, time
end = sys.argv.index("--")
turns = [word.encode().decode("unicode_escape").encode() for word in sys.argv[1:end]]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
shown = b""
seen = 0
while True:
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some
    if turns and turns[0] in shown[seen:]:
        seen = len(shown)
        time.sleep(0.2)
        os.write(terminal, turns[1])
        turns = turns[2:]
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(shown)
sys.exit(code if code >= 0 else 100 - code)
"#;

/// Counts interrupts for a while after the first; the code is 40 and their number.
const COUNT: &str = "n=0; trap 'n=$((n+1))' INT; echo ready; \
                     i=0; while [ $i -lt 200 ] && [ $n -eq 0 ]; do sleep 0.02; i=$((i+1)); done; \
                     sleep 0.3; sleep 0.1; exit $((40+n))";

/// The exit code, and what the terminal showed.
fn on_terminal(turns: &[&str], command: &Command) -> (Option<i32>, String) {
    let mut user = Command::new("timeout");
    user.arg("30").arg(Venv::find().python()).args(["-c", USER]).args(turns).arg("--");
    user.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        user.env(name, value.unwrap_or(OsStr::new("")));
    }
    let output = user.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn script(script: &str) -> Command {
    program(&["/bin/sh", "-c", script])
}

#[test]
fn ctrl_c_arrives_once() {
    let (code, shown) = on_terminal(&["ready", "\\x03"], &script(COUNT));
    assert_eq!(code, Some(41), "{shown}");
}

#[test]
fn a_child_that_reads_gets_the_terminal() {
    let command = script("echo name?; read line; echo \"got $line\"; exit 5");
    let (code, shown) = on_terminal(&["name?", "bob\\n"], &command);
    assert_eq!(code, Some(5), "{shown}");
    assert!(shown.contains("got bob"), "{shown}");
}

#[test]
fn ctrl_c_arrives_once_when_the_child_has_the_terminal() {
    let command = script(&format!("echo name?; read line; {COUNT}"));
    let (code, shown) = on_terminal(&["name?", "bob\\n", "ready", "\\x03"], &command);
    assert_eq!(code, Some(41), "{shown}");
}

#[test]
fn ctrl_z_without_a_shell_stops_nothing() {
    let (code, shown) = on_terminal(&["ready", "\\x1a"], &script("echo ready; sleep 1; exit 6"));
    assert_eq!(code, Some(6), "{shown}");
}

#[test]
fn ctrl_z_stops_the_job_and_the_shell_goes_on_with_it() {
    let job =
        script("i=0; while [ $i -lt 9 ]; do i=$((i+1)); echo tick $i; sleep 0.1; done; exit 7");
    let mut shell = Command::new("/bin/sh");
    shell.env("ENV", "/dev/null").args(["-i", "-c", "\"$@\"; echo; echo was stopped; fg; exit $?"]);
    shell.arg("sh").arg(job.get_program()).args(job.get_args());
    for (name, value) in job.get_envs() {
        shell.env(name, value.unwrap_or(OsStr::new("")));
    }
    let (code, shown) = on_terminal(&["tick 3", "\\x1a"], &shell);
    assert_eq!(code, Some(7), "{shown}");
    let (before, after) = shown.split_once("was stopped").expect(&shown);
    assert!(!before.contains("tick 9") && after.contains("tick 9"), "{shown}");
}
