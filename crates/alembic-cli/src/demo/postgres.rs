//! A PostgreSQL of the demo's own: a new cluster on a free port of the loopback, with passwords that nobody knows.

mod group;
mod guard;
mod programs;
mod user;

use std::ffi::OsString;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use alembic_runtime::python::shell_text;
use fs_err as fs;

use self::group::Group;
use self::guard::{Guard, Stop};
pub(crate) use self::programs::Programs;
use self::user::User;
use super::folder::Folder;
use super::{DemoError, child};

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the server is looked at until it has started.
const PAUSE: Duration = Duration::from_millis(10);
/// How many ports are tried: one that was free may be taken by the time the server asks for it.
const ATTEMPTS: u32 = 3;

/// What the server runs with. Nothing outlives the demo, so nothing need be safe from a power cut.
const SETTINGS: &str = "\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 50
shared_preload_libraries = ''
";

/// Whether the user that the server will run as gets to the demo's folder: known before anything is made.
pub(crate) fn check_way_to(folder: &Folder) -> Result<(), DemoError> {
    User::ordinary()?.must_enter(folder.path())
}

/// A running server; it ends with the value.
#[derive(Debug)]
pub(crate) struct Server {
    guard: Guard,
    restart: String,
    /// `15.14`.
    pub(crate) version: String,
    pub(crate) port: u16,
    admin_password: String,
    password: String,
}

impl Server {
    /// Makes a cluster in the demo's folder and starts it.
    pub(crate) async fn start(programs: &Programs, folder: &Folder) -> Result<Self, DemoError> {
        let user = User::ordinary()?;
        let home = folder.server();
        fs::create_dir(&home)?;
        user.own(&home)?;
        let programs = programs.within_reach(&home, user)?;
        let cluster = Cluster { programs: &programs, home: &home, user };
        let (admin_password, password) = (secret()?, secret()?);
        cluster.make(&admin_password).await?;
        let mut attempt = 1;
        let (guard, port) = loop {
            let port = free_port()?;
            match cluster.start(port, folder.is_kept()).await {
                Ok(guard) => break (guard, port),
                Err(DemoError::NoServer { said })
                    if attempt < ATTEMPTS && said.contains("bind") =>
                {
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        };
        let version = fs::read_to_string(home.join("version")).unwrap_or_default();
        let restart = cluster.restart_command();
        Ok(Self { guard, restart, version, port, admin_password, password })
    }

    /// The URL of the project's database, with its password.
    pub(crate) fn url(&self) -> String {
        format!("postgresql://petshop:{}@127.0.0.1:{}/petshop", self.password, self.port)
    }

    /// The URL of the superuser.
    pub(crate) fn admin_url(&self) -> String {
        format!("postgresql://postgres:{}@127.0.0.1:{}/postgres", self.admin_password, self.port)
    }

    /// What starts it again, once it has been stopped and its files were kept.
    pub(crate) fn restart_command(&self) -> String {
        self.restart.clone()
    }

    /// Stops it, and waits for its end.
    pub(crate) fn stop(self) {
        drop(self.guard);
    }
}

/// The files of a server that is not running.
struct Cluster<'a> {
    programs: &'a Programs,
    home: &'a Path,
    user: User,
}

impl Cluster<'_> {
    /// `initdb`, with a password for everybody who connects: other users of this machine reach the loopback too.
    async fn make(&self, admin_password: &str) -> Result<(), DemoError> {
        // Gone again when this is broken off, even where everything else is kept.
        let mut password = tempfile::NamedTempFile::new_in(self.home)?;
        password.write_all(admin_password.as_bytes())?;
        self.user.own(password.path())?;
        let mut initdb = Command::new(self.programs.path("initdb"));
        initdb.arg("-D").arg(self.home.join("data")).arg("--pwfile").arg(password.path());
        initdb.args(["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"]);
        initdb.arg("--no-sync").current_dir(self.home);
        initdb.env("TMPDIR", self.home).env("LC_ALL", "C");
        self.user.run_as(&mut initdb);
        let (succeeded, errors) = Group::start(initdb)?.finish().await?;
        if !succeeded {
            return Err(no_server(child::why(errors.lines())));
        }
        let version = fs::read_to_string(self.home.join("data/PG_VERSION"))?;
        let version = self.programs.version().await.unwrap_or_else(|| version.trim().to_owned());
        fs::write(self.home.join("version"), version)?;
        Ok(())
    }

    fn restart_command(&self) -> String {
        let (pg_ctl, data) = (self.programs.path("pg_ctl"), self.home.join("data"));
        // Its user owns the data alone.
        let log = data.join("log");
        let words = [
            pg_ctl.into_os_string(),
            "-D".into(),
            data.clone().into(),
            "-l".into(),
            log.into(),
            "start".into(),
        ];
        let words: Vec<OsString> = self.user.launcher().into_iter().chain(words).collect();
        shell_text(&words)
    }

    /// Starts it and waits until it takes connections.
    async fn start(&self, port: u16, is_kept: bool) -> Result<Guard, DemoError> {
        let data = self.home.join("data");
        // Appended again for another port: the last word counts.
        let own = data.join("postgresql.auto.conf");
        fs::write(&own, format!("{SETTINGS}port = {port}\n"))?;
        self.user.own(&own)?;
        let log = self.home.join("log");
        let stop = if is_kept { Stop::Properly } else { Stop::AtOnce };
        let postgres =
            [self.programs.path("postgres").into_os_string(), "-D".into(), data.clone().into()];
        let guard = Guard::start(&postgres, self.home, &log, self.user, stop)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            // The server writes its state into the file of its process id.
            let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            if state.lines().any(|line| line.trim() == "ready") {
                return Ok(guard);
            }
            let said = fs::read_to_string(&log).unwrap_or_default();
            if let Some(why) = refusal(&said) {
                return Err(no_server(why));
            }
            if Instant::now() > deadline {
                return Err(no_server(format!(
                    "it takes longer than {} seconds",
                    PATIENCE.as_secs()
                )));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn no_server(said: String) -> DemoError {
    DemoError::of_words(said, |said| DemoError::NoServer { said })
}

/// Why the server does not start, from its log: what went before its last word says more.
fn refusal(log: &str) -> Option<String> {
    let words = |kind: &str| {
        log.lines().find_map(|line| line.split_once(kind)).map(|(_, words)| words.trim().to_owned())
    };
    let fatal = words("FATAL:").or_else(|| words("PANIC:")).or_else(|| {
        // The program itself is missing something, such as a library.
        log.lines().find(|line| line.contains("error while loading")).map(str::to_owned)
    })?;
    Some(match log.lines().find(|line| line.contains("could not bind")) {
        Some(line) => line.rsplit("LOG:").next().unwrap_or(line).trim().to_owned(),
        None => fatal,
    })
}

/// A port of the loopback that nobody listens at.
fn free_port() -> Result<u16, DemoError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// A password: 128 bits.
fn secret() -> Result<String, DemoError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_server_does_not_start() {
        let taken = "2026 LOG:  starting\n2026 LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use\n\
                     2026 HINT:  Is another\n2026 FATAL:  could not create any TCP/IP sockets\n";
        let why = refusal(taken).unwrap();
        assert_eq!(why, "could not bind IPv4 address \"127.0.0.1\": Address already in use");
        assert_eq!(refusal("x FATAL:  no memory\n").as_deref(), Some("no memory"));
        assert_eq!(refusal("x LOG:  starting\n"), None);
    }

    #[test]
    fn passwords_differ() {
        let (one, other) = (secret().unwrap(), secret().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
