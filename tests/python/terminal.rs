//! On a terminal that controls the program: Ctrl-C reaches the child once, a child that reads is given the terminal, and
//! Ctrl-Z without a shell stops nothing. Python's `pty` module plays the user.

use std::{ffi::OsStr, process::Command};

use alembic_testing::Venv;

use crate::program::program;

/// Runs the words after its own on a terminal, types `keys` when `ready` appears, and prints what the terminal showed.
const USER: &str = r#"
import os, pty, sys, time
keys = sys.argv[1].encode().decode("unicode_escape").encode()
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
while True:
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some
    if keys and b"ready" in shown:
        time.sleep(0.2)
        os.write(terminal, keys)
        keys = b""
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(shown)
sys.exit(code if code >= 0 else 100 - code)
"#;

/// The exit code, and what the terminal showed.
fn on_terminal(keys: &str, script: &str) -> (Option<i32>, String) {
    let parent = program(&["/bin/sh", "-c", script]);
    let mut user = Command::new("timeout");
    user.arg("30").arg(Venv::find().python()).args(["-c", USER, keys]);
    user.arg(parent.get_program()).args(parent.get_args());
    for (name, value) in parent.get_envs() {
        user.env(name, value.unwrap_or(OsStr::new("")));
    }
    let output = user.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn ctrl_c_arrives_once() {
    let script = "n=0; trap 'n=$((n+1))' INT; echo ready; \
                  i=0; while [ $i -lt 200 ] && [ $n -eq 0 ]; do sleep 0.02; i=$((i+1)); done; \
                  sleep 0.3; sleep 0.1; exit $((40+n))";
    let (code, shown) = on_terminal("\\x03", script);
    assert_eq!(code, Some(41), "{shown}");
}

#[test]
fn a_child_that_reads_gets_the_terminal() {
    let script = "echo ready; read line; echo \"got $line\"; exit 5";
    let (code, shown) = on_terminal("secret\\n", script);
    assert_eq!(code, Some(5), "{shown}");
    assert!(shown.contains("got secret"), "{shown}");
}

#[test]
fn ctrl_c_arrives_once_when_the_child_has_the_terminal() {
    let script = "n=0; trap 'n=$((n+1))' INT; read first; echo ready; \
                  i=0; while [ $i -lt 200 ] && [ $n -eq 0 ]; do sleep 0.02; i=$((i+1)); done; \
                  sleep 0.3; sleep 0.1; exit $((40+n))";
    // `ready` is printed after the first line was read, so the line is typed at once by the echo of `ready`'s own name.
    let script = format!("echo already; {script}");
    let (code, shown) = on_terminal("line\\n\\x03", &script);
    // The interrupt may arrive while `read` still waits: then it ends it, and counts as well.
    assert!(matches!(code, Some(40 | 41)), "{code:?} {shown}");
}

#[test]
fn ctrl_z_without_a_shell_stops_nothing() {
    let (code, shown) = on_terminal("\\x1a", "echo ready; sleep 1; exit 6");
    assert_eq!(code, Some(6), "{shown}");
}
