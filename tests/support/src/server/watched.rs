//! A server that outlives no test, however the test ends.
//!
//! A shell stands between us and the server and reads from a pipe that we hold. Whether we close it or die, the shell
//! then stops the server and removes its folder.

use std::{
    ffi::OsStr,
    io::Write as _,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::process;

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_mins(1);

/// Starts the program of its arguments and waits for a line or for the end of the pipe. `$0` is the folder, which goes
/// with the server unless the line says `keep`; `$1` is the signal that stops the server at once.
const GUARD: &str = r#"folder=$0; signal=$1; shift
"$@" & server=$!
read -r word
kill -"$signal" $server 2>/dev/null
wait $server 2>/dev/null
test "$word" = keep || rm -rf "$folder""#;

/// A running server.
#[derive(Debug)]
pub(super) struct Watched {
    guard: Child,
}

impl Watched {
    /// Runs `server` as `user`; its words go to the file `log` in `folder`. The folder goes with the test process.
    pub(super) fn start(
        server: &Command,
        signal: &str,
        folder: &Path,
        log: &str,
        user: User,
    ) -> Self {
        let log = fs_err::File::options().append(true).create(true).open(folder.join(log));
        let log = log.unwrap_or_else(|error| panic!("no log: {error}")).into_parts().0;
        let errors = log.try_clone().expect("a file can be opened twice");
        let mut guard = user.command("sh");
        guard.arg("-c").arg(GUARD).arg(folder).arg(signal).arg(server.get_program());
        guard.args(server.get_args()).stdin(Stdio::piped()).stdout(log).stderr(errors);
        Self { guard: process::spawn(&mut guard) }
    }

    /// Whether the server, or at least its guard, runs still.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.guard.try_wait(), Ok(None))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(mut pipe) = self.guard.stdin.take() {
            // The folder has an owner in this process, who may start the server again.
            let _ = pipe.write_all(b"keep\n");
        }
        // A failure means that it has ended already.
        let _ = self.guard.wait();
    }
}

/// The user that a server runs as: PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum User {
    /// Whoever we are.
    Same,
    /// `nobody`, since we are root.
    Nobody,
}

impl User {
    /// Who PostgreSQL can run as.
    pub(super) fn ordinary() -> Self {
        let id = Command::new("id").arg("-u").output();
        let is_root = id.is_ok_and(|output| output.stdout == b"0\n");
        if is_root { Self::Nobody } else { Self::Same }
    }

    /// A command that runs as this user.
    pub(super) fn command(self, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::Same => Command::new(program),
            Self::Nobody => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
                command
            }
        }
    }

    /// Makes this user the owner of everything in `folder`.
    pub(super) fn own(self, folder: &Path) {
        if self == Self::Nobody {
            run(Command::new("chown").args(["-R", "nobody:nogroup"]).arg(folder));
        }
    }
}

/// A program, on PATH or in one of the folders where Debian hides servers.
///
/// # Panics
///
/// When it is nowhere.
pub(super) fn program(name: &str, hidden: &[PathBuf]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = hidden.iter().cloned().chain(std::env::split_paths(&path));
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("`{name}` is missing: run cargo xtask test"))
}

/// A port of this machine that nobody listens at.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there are free ports");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Runs a program to its end; what it wrote.
///
/// # Panics
///
/// When it fails.
pub(super) fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until `is_there`.
///
/// # Panics
///
/// When that takes too long.
pub(super) fn wait_until(what: &str, mut is_there: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_there() {
        assert!(Instant::now() < deadline, "{what} takes longer than {PATIENCE:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A key and a certificate for `localhost`, signed by itself.
pub(super) fn certify(certificate: &Path, key: &Path) {
    let mut openssl = Command::new(program("openssl", &[]));
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]);
    openssl.args(["-nodes", "-days", "2", "-subj", "/CN=localhost"]);
    openssl.args(["-addext", "subjectAltName=DNS:localhost"]);
    // rustls takes no CA's certificate for a server's.
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    run(openssl.arg("-keyout").arg(key).arg("-out").arg(certificate));
}
