//! The program, serving.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::Connection;

/// What lets the bench in.
pub(crate) const TOKEN: &str = "a token for measuring alone";

/// The program, serving until the value is dropped.
pub(crate) struct Served {
    child: Child,
    host: String,
}

impl Served {
    /// Starts it over a project, and the time until it first answered 200.
    pub(crate) fn start(root: &Path, url: &str) -> (Self, Duration) {
        let begun = Instant::now();
        let mut command = Command::new(program());
        command.env_clear().env("HOME", root).env("ALEMBIC_RS_UI_TOKEN", TOKEN);
        command.current_dir(root).args(["ui", "--port", "0", "--url", url]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let host = line.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        let served = Self { child, host };
        assert_eq!(served.connect().get("/", TOKEN).status, 200);
        (served, begun.elapsed())
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.host).unwrap()
    }

    /// What it holds in memory, in MB of a million bytes (Linux).
    pub(crate) fn memory(&self) -> f64 {
        let status = fs_err::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kilobytes * 1_024.0 / 1_000_000.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

fn program() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/alembic-rs");
    let program = std::env::var_os("ALEMBIC_RS_PROGRAM").map_or_else(built, PathBuf::from);
    assert!(program.is_file(), "build it first: cargo build --release -p alembic-rs");
    program
}
