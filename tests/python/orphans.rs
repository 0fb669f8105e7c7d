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
    let lines = BufReader::new(parent.stdout.take().unwrap()).lines();
    let lines = lines.map(|line| line.unwrap()).take_while(|line| line != "ready");
    let below = lines.filter_map(|line| line.parse().ok().map(Pid::from_raw)).collect();
    (parent, below)
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
    let (mut parent, below) = parent_of("echo $$; echo $PPID; echo ready; sleep 2");
    let deadline = Instant::now() + SOON;
    let watchdogs = loop {
        let mut found = children_of(below[1]);
        found.retain(|process| *process != below[0]);
        if !found.is_empty() || Instant::now() > deadline {
            break found;
        }
        thread::sleep(Duration::from_millis(5));
    };
    parent.wait().unwrap();
    assert_eq!(watchdogs.len(), 1);
    assert_gone_soon(&watchdogs);
}

#[cfg(target_os = "linux")]
fn children_of(process: Pid) -> Vec<Pid> {
    let threads = fs_err::read_dir(format!("/proc/{process}/task")).unwrap();
    let lists = threads.filter_map(|thread| {
        // A thread may have ended since it was listed.
        fs_err::read_to_string(thread.ok()?.path().join("children")).ok()
    });
    let ids = lists.collect::<Vec<_>>().join(" ");
    ids.split_whitespace().map(|id| Pid::from_raw(id.parse().unwrap())).collect()
}
