//! A real pgbouncer before a PostgreSQL.

use std::{net::TcpStream, process::Command};

use tempfile::TempDir;

use super::{
    postgres::Postgres,
    watched::{User, Watched, free_port, program, wait_until},
};

/// A pooler on 127.0.0.1, for every database of a server and the user `postgres`.
#[derive(Debug)]
pub struct PgBouncer {
    /// Before the folder: the pooler ends first.
    _pooler: Watched,
    _folder: TempDir,
    port: u16,
}

impl PgBouncer {
    /// A pooler before `server`; `mode` is `session`, `transaction` or `statement`.
    pub fn start(server: &Postgres, mode: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("alembic-rs-pool-").tempdir();
        let folder = folder.expect("there is room for a folder");
        let port = free_port();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = {mode}\n",
            server.port()
        );
        let path = folder.path().join("pgbouncer.ini");
        fs_err::write(&path, settings).expect("the folder is ours");
        let user = User::ordinary();
        user.own(folder.path());
        let mut command = Command::new(program("pgbouncer", &["/usr/sbin".into()]));
        command.arg(&path);
        let mut pooler = Watched::start(&command, "KILL", folder.path(), "log", user);
        wait_until("pgbouncer's start", || {
            let log = || fs_err::read_to_string(folder.path().join("log")).unwrap_or_default();
            assert!(pooler.is_running(), "pgbouncer ended:\n{}", log());
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        Self { _pooler: pooler, _folder: folder, port }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}
