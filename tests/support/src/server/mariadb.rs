//! A real MariaDB.

use std::{
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tempfile::TempDir;

use super::watched::{User, Watched, certify, free_port, program, run, wait_until};

/// Safe against nothing, and fast.
const FAST: [&str; 6] = [
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-log-file-size=4M",
    "--innodb-buffer-pool-size=16M",
    "--skip-log-bin",
    "--skip-name-resolve",
];

/// A MariaDB of its own: user `tester` with the password `tester`, on 127.0.0.1 and on a socket.
#[derive(Debug)]
pub struct MariaDb {
    /// Before the folder: the server ends first.
    server: Option<Watched>,
    folder: TempDir,
    port: u16,
    has_tls: bool,
}

impl MariaDb {
    /// The server that the tests of one process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<MariaDb> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A server for one test, which may stop it.
    pub fn start() -> Self {
        Self::start_as(false)
    }

    /// A server that speaks TLS with a certificate that it signed itself, for `localhost`.
    pub fn start_with_tls() -> Self {
        Self::start_as(true)
    }

    fn start_as(has_tls: bool) -> Self {
        let folder = tempfile::Builder::new().prefix("alembic-rs-my-").tempdir();
        let folder = folder.expect("there is room for a folder");
        install(&folder.path().join("data"));
        let mut mariadb = Self { server: None, folder, port: free_port(), has_tls };
        if has_tls {
            certify(&mariadb.certificate(), &mariadb.key());
        }
        mariadb.restart();
        mariadb.sql(
            "mysql",
            "CREATE USER tester@'%' IDENTIFIED BY 'tester'; GRANT ALL ON *.* TO tester@'%' WITH GRANT OPTION",
        );
        mariadb
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// The certificate of [`start_with_tls`](MariaDb::start_with_tls).
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("server.crt")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("server.key")
    }

    /// Makes an empty database; its name.
    pub fn database(&self) -> String {
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        self.sql("mysql", &format!("CREATE DATABASE {name}"));
        name
    }

    /// What the client prints for statements, one row a line, fields between tabs.
    ///
    /// # Panics
    ///
    /// When a statement fails.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut client = Command::new(program("mariadb", &[]));
        client.args(["--no-defaults", "--batch", "--skip-column-names", "--user=root"]);
        client.arg(option("--socket=", &self.socket())).arg(database);
        run(client.arg("--execute").arg(sql)).trim_end().to_owned()
    }

    /// Stops the server at once, as a crash would.
    pub fn stop(&mut self) {
        self.server = None;
    }

    /// Starts the server, on the same port; stops it first when it runs.
    pub fn restart(&mut self) {
        self.stop();
        let mut server = self.launch();
        wait_until("MariaDB's start", || {
            assert!(server.is_running(), "MariaDB ended:\n{}", self.log());
            self.socket().exists() && TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
        });
        self.server = Some(server);
    }

    fn launch(&self) -> Watched {
        // A crash leaves the socket behind.
        let _ = fs_err::remove_file(self.socket());
        let hidden = [PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")];
        let mut command = Command::new(program("mariadbd", &hidden));
        command.args(["--no-defaults", "--bind-address=127.0.0.1"]).args(FAST);
        command.arg(option("--datadir=", &self.folder.path().join("data")));
        command.arg(option("--socket=", &self.socket()));
        command.arg(option("--pid-file=", &self.folder.path().join("pid")));
        command.arg(format!("--port={}", self.port)).args(as_root());
        if self.has_tls {
            command.arg(option("--ssl-cert=", &self.certificate()));
            command.arg(option("--ssl-key=", &self.key()));
        }
        Watched::start(&command, "KILL", self.folder.path(), "log", User::Same)
    }

    fn log(&self) -> String {
        fs_err::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

fn install(data: &Path) {
    let mut install = Command::new(program("mariadb-install-db", &[]));
    install.arg("--no-defaults").arg(option("--datadir=", data)).args(as_root());
    install.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
    run(install.arg("--innodb-log-file-size=4M"));
}

/// MariaDB runs as root when it is told so twice.
fn as_root() -> Option<&'static str> {
    (User::ordinary() == User::Nobody).then_some("--user=root")
}

fn option(name: &str, path: &Path) -> std::ffi::OsString {
    let mut option = std::ffi::OsString::from(name);
    option.push(path);
    option
}
