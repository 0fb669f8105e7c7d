//! A parent that is killed leaves no child, nor a child's child.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use alembic_runtime::python::{CommandLine, RunOptions, Streams, run};
use nix::{sys::signal::kill, unistd::Pid};

use crate::program::program;

/// How long a process may outlive its parent.
const SOON: Duration = Duration::from_secs(2);

/// Starts the parent, which prints the ids of the processes below it, one a line, and `ready`.
fn parent_of(script: &str) -> (std::process::Child, Vec<Pid>) {
    let mut parent = program(&["/bin/sh", "-c", script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(parent.stdout.take().unwrap()).lines();
    let mut below = Vec::new();
    loop {
        let line = lines.next().expect("the script says `ready`").unwrap();
        if line == "ready" {
            return (parent, below);
        }
        below.extend(line.parse().ok().map(Pid::from_raw));
    }
}

fn is_running(process: Pid) -> bool {
    // A process that ended counts as long as nobody has waited for it: look at its state.
    let stat = fs_err::read_to_string(format!("/proc/{process}/stat"));
    match stat {
        Ok(stat) => !stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X'])),
        Err(_) if cfg!(target_os = "linux") => false,
        Err(_) => kill(process, None).is_ok(),
    }
}

fn assert_gone_soon(processes: &[Pid]) {
    let deadline = Instant::now() + SOON;
    while processes.iter().any(|process| is_running(*process)) {
        assert!(Instant::now() < deadline, "some of {processes:?} are still there");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_child_of_a_killed_parent() {
    let (mut parent, below) =
        parent_of("trap '' TERM HUP INT; echo $$; echo ready; while :; do sleep 0.05; done");
    assert!(is_running(below[0]));
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert_gone_soon(&below);
}

#[test]
fn the_childs_child_of_a_killed_parent() {
    let script = "/bin/sh -c 'trap \"\" TERM HUP INT; echo $$; echo ready; while :; do sleep 0.05; done' & echo $$; wait";
    let (mut parent, below) = parent_of(script);
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert_gone_soon(&below);
}

#[tokio::test]
async fn a_run_that_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let script = format!("echo $$ > {0}.new; mv {0}.new {0}; exec sleep 30", file.display());
    let command = CommandLine::new("/bin/sh", ["-c".into(), script.into()]);
    let run = run(&command, RunOptions::new(Streams::Inherited), std::future::pending());
    let deadline = tokio::time::timeout(Duration::from_secs(1), run).await;
    assert!(deadline.is_err());
    let pid = fs_err::read_to_string(&file).unwrap().trim().parse().unwrap();
    assert_gone_soon(&[Pid::from_raw(pid)]);
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_is_left_of_a_run_that_ended() {
    // The group of the watchdog is its own, its parent is the program: both are gone with the program's end.
    let (mut parent, below) = parent_of("echo $$; echo $PPID; echo ready; sleep 1");
    let children = format!("/proc/{0}/task", below[1]);
    let watchdogs = fs_err::read_dir(children).unwrap().flat_map(|task| {
        let children = fs_err::read_to_string(task.unwrap().path().join("children")).unwrap();
        children.split_whitespace().map(|id| Pid::from_raw(id.parse().unwrap())).collect::<Vec<_>>()
    });
    let watchdogs = watchdogs.filter(|id| *id != below[0]).collect::<Vec<_>>();
    assert_eq!(watchdogs.len(), 1);
    parent.wait().unwrap();
    assert_gone_soon(&watchdogs);
}
