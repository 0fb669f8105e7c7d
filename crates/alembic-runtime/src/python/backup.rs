//! `--backup DIR`: `pg_dump` of the whole database before anything happens to it, in the custom format, for `pg_restore`.
//!
//! The dump is written beside its final name and renamed when it is whole; a dump that fails leaves nothing. Only the user
//! may read the file. The password goes into the environment of `pg_dump` alone, never into its arguments.

use std::{
    ffi::OsString,
    future::Future,
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use fs_err::OpenOptions;
use miette::Diagnostic;
use thiserror::Error;
use tokio::sync::mpsc;

use super::{
    command_line::CommandLine,
    run::{Ended, Line, Reason, RunError, RunOptions, Streams, run},
    shell_text::hide_passwords,
};

mod name;

/// How much of what `pg_dump` says is kept, in lines.
const MOST_LINES: usize = 20;

/// Parameters of a connection that libpq takes from the environment as well.
const PARAMETERS: [(&str, &str); 14] = [
    ("application_name", "PGAPPNAME"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("gssencmode", "PGGSSENCMODE"),
    ("hostaddr", "PGHOSTADDR"),
    ("krbsrvname", "PGKRBSRVNAME"),
    ("options", "PGOPTIONS"),
    ("passfile", "PGPASSFILE"),
    ("service", "PGSERVICE"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
];

/// Which database; what is `None` is libpq's own affair (`PG…` variables, `.pgpass`). It has no `Debug`: it holds a password.
#[derive(Clone, Default)]
pub struct Connection {
    /// A name, an address, the folder of a socket, or several with commas.
    pub host: Option<String>,
    /// A port, or several with commas.
    pub port: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// The database.
    pub database: Option<String>,
    /// Further parameters by libpq's names (`sslmode`); what libpq does not take from the environment is left out.
    pub parameters: Vec<(String, String)>,
}

impl Connection {
    fn environment(&self) -> Vec<(&'static str, &str)> {
        let named = [
            ("PGHOST", &self.host),
            ("PGPORT", &self.port),
            ("PGUSER", &self.user),
            ("PGPASSWORD", &self.password),
            ("PGDATABASE", &self.database),
        ];
        let named = named.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        let more = self.parameters.iter().filter_map(|(parameter, value)| {
            let (_, name) = PARAMETERS.iter().find(|(known, _)| known == parameter)?;
            Some((*name, value.as_str()))
        });
        named.chain(more).collect()
    }
}

/// What is dumped, and where to.
#[derive(Clone)]
pub struct Backup<'a> {
    /// The folder; it is made when it is missing.
    pub folder: &'a Path,
    /// The database.
    pub connection: &'a Connection,
    /// Its revisions, which become part of the file's name.
    pub heads: &'a [String],
    /// The time in the file's name.
    pub time: SystemTime,
    /// The program; `None` is the `pg_dump` on `PATH`.
    pub pg_dump: Option<&'a Path>,
}

/// There is no backup, and no file.
#[derive(Debug, Error, Diagnostic)]
#[non_exhaustive]
pub enum BackupError {
    /// There is no program for this kind of database.
    #[error("`--backup` dumps PostgreSQL databases alone, and this one is of {dialect}")]
    #[diagnostic(help(
        "nothing was migrated; copy the database with its own tools, and leave `--backup` out"
    ))]
    OtherDatabase {
        /// The family of the database.
        dialect: &'static str,
    },
    /// The folder cannot be made or written to.
    #[error("cannot write the backup: {0}")]
    #[diagnostic(help("name a folder that can be written to: `--backup DIR`"))]
    Unwritable(io::Error),
    /// The program could not be run.
    #[error(transparent)]
    #[diagnostic(help(
        "`pg_dump` comes with PostgreSQL's client programs (postgresql-client): install them, or leave `--backup` out"
    ))]
    NotRun(RunError),
    /// The program failed.
    #[error("`pg_dump` failed: {message}")]
    #[diagnostic(help(
        "nothing was migrated; `pg_dump` must be as new as the server, and may read every table"
    ))]
    Failed {
        /// What it said, or how it ended.
        message: String,
    },
    /// The run was cancelled.
    #[error("the backup was cancelled")]
    #[diagnostic(help("nothing was migrated"))]
    Cancelled,
}

/// Dumps the database; the file's path. Signals that end programs are passed on to `pg_dump`.
///
/// # Errors
///
/// When there is no whole dump; then there is no file either.
pub async fn backup(
    backup: &Backup<'_>,
    cancel: impl Future<Output = ()>,
) -> Result<PathBuf, BackupError> {
    let database = backup.connection.database.as_deref().unwrap_or("database");
    let name = name::of(database, backup.time, backup.heads);
    let part = Part::create(backup.folder, &name).map_err(BackupError::Unwritable)?;
    let (ended, said) = dump(backup, &part.path, cancel).await.map_err(BackupError::NotRun)?;
    match ended {
        Ended { code: 0, reason: Reason::Itself, .. } => {
            part.keep().map_err(BackupError::Unwritable)
        }
        Ended { reason: Reason::Itself, .. } => {
            Err(BackupError::Failed { message: message(ended, &said) })
        }
        _ => Err(BackupError::Cancelled),
    }
}

async fn dump(
    backup: &Backup<'_>,
    path: &Path,
    cancel: impl Future<Output = ()>,
) -> Result<(Ended, Vec<String>), RunError> {
    let program = backup.pg_dump.map_or_else(|| OsString::from("pg_dump"), OsString::from);
    let mut file = OsString::from("--file=");
    file.push(path);
    let arguments = ["--format=custom".into(), "--no-password".into(), file];
    let mut command = CommandLine::new(program, arguments);
    for (name, value) in backup.connection.environment() {
        command = command.env(name, value);
    }
    let (sender, mut lines) = mpsc::channel::<Line>(16);
    let options = RunOptions { forwards_signals: true, ..RunOptions::new(Streams::Piped(sender)) };
    let mut said = Vec::new();
    let listen = async {
        while let Some(line) = lines.recv().await {
            if said.len() < MOST_LINES && !line.text.trim().is_empty() {
                said.push(hide_passwords(line.text.trim()));
            }
        }
    };
    let (ended, ()) = tokio::join!(run(&command, options, cancel), listen);
    Ok((ended?, said))
}

fn message(ended: Ended, said: &[String]) -> String {
    if !said.is_empty() {
        return said.join("\n");
    }
    match ended.signal {
        Some(signal) => format!("signal {signal} ended it"),
        None => format!("it ended with code {}", ended.code),
    }
}

/// A file that is not yet what its name will say; it goes away with the value.
struct Part {
    path: PathBuf,
    whole: PathBuf,
}

impl Part {
    fn create(folder: &Path, name: &str) -> io::Result<Self> {
        fs_err::create_dir_all(folder)?;
        let folder = fs_err::canonicalize(folder)?;
        let part = Self { path: folder.join(format!("{name}.part")), whole: folder.join(name) };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use fs_err::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        options.open(&part.path)?;
        Ok(part)
    }

    /// Gives the file its name, once it is on the disk. Never over another dump, as a bare rename would.
    fn keep(self) -> io::Result<PathBuf> {
        OpenOptions::new().write(true).open(&self.path)?.sync_all()?;
        match fs_err::hard_link(&self.path, &self.whole) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            // A file system without links.
            Err(_) => fs_err::rename(&self.path, &self.whole)?,
        }
        Ok(self.whole.clone())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _renamed = fs_err::remove_file(&self.path);
    }
}
