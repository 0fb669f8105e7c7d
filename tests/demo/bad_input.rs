//! What is missing, full or taken: one cause, the way out, and nothing left.

use std::net::TcpListener;

use crate::stage::{Ended, Stage, as_ordinary_user, in_namespace, run};

fn assert_says(stage: &Stage, ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    for words in words {
        assert!(ended.stderr.contains(words), "no `{words}` in {}", ended.stderr);
    }
    stage.assert_nothing_left();
}

#[test]
fn no_python() {
    let stage = Stage::new();
    let mut command = stage.demo_without_python(&["--sqlite"]);
    command.env("PATH", stage.path("empty"));
    assert_says(
        &stage,
        &run(command),
        7,
        &["no Python 3.10 or later", "apt install python3", "--python"],
    );
}

#[test]
fn a_python_without_alembic() {
    let stage = Stage::new();
    let ended = run(stage.demo_without_python(&["--sqlite", "--python", "/usr/bin/false"]));
    assert_says(&stage, &ended, 7, &["the Python of `--python` failed", "leave `--python` out"]);
    let ended = run(stage.demo_without_python(&["--sqlite", "--python", "/nowhere/python"]));
    assert_says(&stage, &ended, 7, &["the Python of `--python` failed", "/nowhere/python"]);
}

#[test]
fn no_network() {
    let stage = Stage::new();
    let mut command = stage.demo_without_python(&["--sqlite"]);
    command
        .env_remove("PIP_FIND_LINKS")
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("PIP_RETRIES", "0");
    command.env("PIP_INDEX_URL", "http://127.0.0.1:9/simple");
    command.env("UV_INDEX_URL", "http://127.0.0.1:9/simple");
    assert_says(
        &stage,
        &run(command),
        7,
        &["Alembic cannot be installed", "package index", "--python"],
    );
}

#[test]
fn no_postgresql() {
    let stage = Stage::new();
    let ended = run(stage.demo(&["--postgres", stage.path("empty").to_str().unwrap()]));
    assert_says(&stage, &ended, 2, &["holds no `initdb`", "/usr/lib/postgresql/"]);
}

#[test]
fn a_server_that_does_not_start() {
    let stage = Stage::new();
    let programs = stage.path("programs");
    fs_err::create_dir(&programs).unwrap();
    crate::stage::open(&programs);
    for name in ["initdb", "postgres"] {
        let program = programs.join(name);
        fs_err::write(&program, "#!/bin/sh\necho 'error: no luck today' >&2\nexit 1\n").unwrap();
        crate::stage::open(&program);
    }
    let ended = run(stage.demo(&["--postgres", programs.to_str().unwrap()]));
    assert_says(&stage, &ended, 5, &["PostgreSQL does not start: no luck today", "demo --sqlite"]);
}

#[test]
fn a_port_that_is_taken() {
    let stage = Stage::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let ended = run(stage.demo(&["--sqlite", "--port", &port]));
    assert_says(&stage, &ended, 3, &[&format!("port {port} is taken"), "leave `--port` out"]);
}

#[test]
fn a_port_that_only_root_may_take() {
    let first = fs_err::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    if first.is_ok_and(|first| first.trim() == "0") {
        return;
    }
    let stage = Stage::new();
    let ended = run(as_ordinary_user(&stage, &["--sqlite", "--port", "1"]));
    assert_says(&stage, &ended, 3, &["port 1 cannot be listened at", "from 1024 on"]);
}

#[test]
fn no_room_for_temporary_files() {
    let stage = Stage::new();
    let mut command = stage.demo(&["--sqlite"]);
    command.env("TMPDIR", "/proc/nowhere");
    assert_says(&stage, &run(command), 3, &["/proc/nowhere", "TMPDIR"]);
}

#[test]
fn a_folder_to_keep_that_cannot_be_made() {
    let stage = Stage::new();
    let ended = run(stage.demo(&["--sqlite", "--keep", "/proc/nowhere/kept"]));
    assert_says(&stage, &ended, 3, &["/proc/nowhere/kept", "name a folder that can be made"]);
    assert!(!ended.stderr.contains("TMPDIR"), "{}", ended.stderr);
}

/// The cache lies on a disk of its own, which has room for neither pip nor, where it is larger, Alembic.
#[test]
fn a_full_disk_below_the_cache() {
    for size in ["4m", "20m"] {
        let stage = Stage::new();
        let demo = stage.demo_without_python(&["--sqlite"]);
        let mount = format!("mount -t tmpfs -o mode=1777,size={size} tmpfs \"$XDG_CACHE_HOME\"");
        let command = in_namespace(&stage, &mount, &demo);
        assert_says(&stage, &run(command), 3, &["the disk is full", "XDG_CACHE_HOME"]);
    }
}

/// A disk of a few hundred kilobytes, then one on which a project but no server has room.
#[test]
fn a_full_disk() {
    for size in ["40k", "4m"] {
        let stage = Stage::new();
        let demo = stage.demo(&[]);
        let mount = format!("mount -t tmpfs -o mode=1777,size={size} tmpfs \"$TMPDIR\"");
        let command = in_namespace(&stage, &mount, &demo);
        assert_says(&stage, &run(command), 3, &["the disk is full", "make room"]);
    }
}
