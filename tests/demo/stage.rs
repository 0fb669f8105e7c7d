//! A machine of the demo's own: folders for temporary files, cache and home, which are looked at afterwards.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use alembic_testing::Venv;
use fs_err as fs;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Longer than any demo takes, on a busy machine with a slow package index.
const DEADLINE: Duration = Duration::from_mins(4);
/// How long a process may take to be gone.
const SOON: Duration = Duration::from_secs(5);

/// Variables that say how the package index is reached.
const NETWORK: [&str; 4] = ["PIP_", "UV_", "SSL_CERT_", "REQUESTS_CA_BUNDLE"];

/// Takes Debian's PostgreSQL away, in a namespace.
pub(crate) const HIDE_POSTGRES: &str =
    "test ! -d /usr/lib/postgresql || mount -t tmpfs tmpfs /usr/lib/postgresql";

pub(crate) struct Stage {
    folder: TempDir,
}

/// How a demo ended and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("demo-stage-").tempdir().unwrap();
        let stage = Self { folder };
        for name in ["tmp", "cache", "home", "empty"] {
            fs::create_dir(stage.path(name)).unwrap();
        }
        // The server runs as another user when we are root.
        open(stage.folder.path());
        stage
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with the environment that `cargo xtask test` has made.
    pub(crate) fn demo(&self, arguments: &[&str]) -> Command {
        let [.., venv] = Venv::matrix();
        let mut command = self.demo_without_python(arguments);
        command.arg("--python").arg(venv.python());
        command
    }

    pub(crate) fn demo_without_python(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alembic-rs"));
        command.args(["demo", "--no-open"]).args(arguments);
        self.surround(&mut command);
        command
    }

    /// The surroundings of this stage.
    pub(crate) fn surround(&self, command: &mut Command) {
        command.env_clear().current_dir(self.path("home"));
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
        command.env("HOME", self.path("home")).env("XDG_CACHE_HOME", self.path("cache"));
        command.env("TMPDIR", self.path("tmp"));
        let network = std::env::vars_os().filter(|(name, _)| {
            let name = name.to_string_lossy();
            NETWORK.iter().any(|prefix| name.starts_with(prefix))
                || name.to_lowercase().ends_with("_proxy")
        });
        command.envs(network);
        // What pip keeps is pip's own.
        command.env("PIP_NO_CACHE_DIR", "1").env("UV_NO_CACHE", "1");
    }

    /// Neither a process nor a file is left, but for those in `kept`.
    pub(crate) fn assert_nothing_left(&self) {
        self.assert_no_process_left();
        for name in ["tmp", "cache"] {
            let left: Vec<_> =
                fs::read_dir(self.path(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
            assert!(left.is_empty(), "left in {name}: {left:?}");
        }
    }

    pub(crate) fn assert_no_process_left(&self) {
        let deadline = Instant::now() + SOON;
        loop {
            let left = processes_of(self.folder.path());
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < deadline, "left running: {left:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

pub(crate) fn open(folder: &Path) {
    fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
}

/// Processes whose arguments or working directory lie in a folder.
fn processes_of(folder: &Path) -> Vec<String> {
    let folder = folder.to_str().unwrap();
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let found = entries.filter_map(|entry| {
        let process = entry.path();
        process.file_name()?.to_str()?.parse::<u32>().ok()?;
        let arguments = fs::read(process.join("cmdline")).ok()?;
        let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
        let cwd = fs::read_link(process.join("cwd")).unwrap_or_default();
        let is_ours = arguments.contains(folder) || cwd.starts_with(folder);
        is_ours.then(|| format!("{} {arguments}", process.display()))
    });
    found.collect()
}

/// A demo that is going on.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<(Stream, String)>,
    stdout: String,
    stderr: String,
    deadline: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Stdout,
    Stderr,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = mpsc::channel();
        read(child.stdout.take().unwrap(), Stream::Stdout, sender.clone());
        read(child.stderr.take().unwrap(), Stream::Stderr, sender);
        let deadline = Instant::now() + DEADLINE;
        Self { child, lines, stdout: String::new(), stderr: String::new(), deadline }
    }

    /// Waits for a line that begins so, on either stream; whether it came before the end.
    pub(crate) fn wait_for(&mut self, start: &str) -> bool {
        self.wait_for_line(start).is_some()
    }

    /// As [`wait_for`](Self::wait_for); the line.
    pub(crate) fn wait_for_line(&mut self, start: &str) -> Option<String> {
        while let Some((_, line)) = self.next() {
            if line.starts_with(start) {
                return Some(line);
            }
        }
        None
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn end_by(self, signal: Signal) -> Ended {
        self.signal(signal);
        self.end()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// Waits for its end. A page that is served is left by Ctrl-C, as a person would.
    pub(crate) fn end(mut self) -> Ended {
        while let Some((_, line)) = self.next() {
            if line.contains("http://127.0.0.1:") {
                self.signal(Signal::INT);
            }
        }
        let status = self.child.wait().unwrap();
        Ended {
            code: status.code(),
            signal: status.signal(),
            stdout: self.stdout,
            stderr: self.stderr,
        }
    }

    fn next(&mut self) -> Option<(Stream, String)> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match self.lines.recv_timeout(left) {
            Ok((stream, line)) => {
                let text =
                    if stream == Stream::Stdout { &mut self.stdout } else { &mut self.stderr };
                text.push_str(&line);
                text.push('\n');
                Some((stream, line))
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                let _ = self.child.kill();
                panic!("the demo does not end:\n{}\n{}", self.stdout, self.stderr);
            }
        }
    }
}

fn read(stream: impl Read + Send + 'static, which: Stream, lines: mpsc::Sender<(Stream, String)>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let Ok(line) = line else { return };
            if lines.send((which, line)).is_err() {
                return;
            }
        }
    });
}

/// Runs a demo to its end.
pub(crate) fn run(command: Command) -> Ended {
    Running::start(command).end()
}

/// `command` as an ordinary user, with a copy of the program that this user can read.
pub(crate) fn as_ordinary_user(stage: &Stage, arguments: &[&str]) -> Command {
    if !rustix::process::geteuid().is_root() {
        return stage.demo_without_python(arguments);
    }
    let program = stage.path("alembic-rs");
    fs::copy(env!("CARGO_BIN_EXE_alembic-rs"), &program).unwrap();
    open(&program);
    for name in ["tmp", "cache", "home"] {
        let status = Command::new("chown").arg("nobody").arg(stage.path(name)).status().unwrap();
        assert!(status.success());
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]);
    command.arg(program).args(["demo", "--no-open"]).args(arguments.iter().map(OsStr::new));
    stage.surround(&mut command);
    command
}

/// `command` behind `mount`, a command of the shell whose mounts nobody else sees. Root may mount; everybody else may in
/// a namespace where they are root.
pub(crate) fn in_namespace(stage: &Stage, mount: &str, command: &Command) -> Command {
    let mut outer = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        outer.arg("-r");
    }
    outer.args(["-m", "/bin/sh", "-c", &format!("{mount}; exec \"$@\""), "sh"]);
    outer.arg(command.get_program()).args(command.get_args());
    stage.surround(&mut outer);
    outer
}
