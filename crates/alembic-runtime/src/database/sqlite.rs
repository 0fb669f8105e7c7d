//! SQLite: files, memory and `file:` URIs.

use std::{io::Read as _, path::Path, time::Duration};

use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};

use super::{
    ConnectOptions, ConnectParts, DatabaseError,
    failure::{self, Failure, Origin},
    session::Connection,
};

/// Options of Python's driver, which are none of the file's: SQLAlchemy keeps them out of the name of a URI.
const DRIVER_OPTIONS: [&str; 6] =
    ["uri", "timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements"];

/// Opens the file. It is created when it is missing, as Python's driver does, unless nothing may be written.
pub(super) async fn connect(
    parts: &ConnectParts,
    options: &ConnectOptions,
) -> Result<(Connection, Origin), DatabaseError> {
    let place = Place::of(parts, options.read_only);
    let origin = Origin { database: place.shown.clone(), ..Origin::of(parts) };
    if options.read_only && place.is_missing_file() {
        return Err(DatabaseError::NoSuchFile { path: place.shown });
    }
    let driver = SqliteConnectOptions::new()
        .filename(&place.filename)
        .read_only(options.read_only && !place.in_memory)
        .create_if_missing(!options.read_only)
        .in_memory(place.in_memory)
        .immutable(options.read_only && place.is_settled_wal())
        // SQLite's own default, which is Alembic's.
        .foreign_keys(false)
        .busy_timeout(busy_timeout(parts, options));
    match driver.connect().await {
        Ok(connection) => Ok((Connection::Sqlite(connection), origin)),
        Err(error) => Err(origin.connecting(failure(error))),
    }
}

/// Where a database of SQLite is.
#[derive(Debug)]
struct Place {
    /// What SQLite is told.
    filename: String,
    /// What people are told.
    shown: String,
    /// Whether it is in memory.
    in_memory: bool,
    /// Whether the name is a URI.
    is_uri: bool,
}

impl Place {
    fn of(parts: &ConnectParts, read_only: bool) -> Self {
        let database = parts.database.as_deref().unwrap_or_default();
        if database.is_empty() || database == ":memory:" {
            let name = ":memory:".to_owned();
            return Self { shown: name.clone(), filename: name, in_memory: true, is_uri: false };
        }
        let shown = database.to_owned();
        if parts.option("uri").is_some_and(is_true) {
            let is_uri = database.starts_with("file:");
            let filename = uri(database, parts, read_only && is_uri);
            // Without `file:` the whole is a file's name to SQLite, question mark and all.
            let shown = if is_uri { shown } else { filename.clone() };
            return Self { filename, shown, in_memory: false, is_uri };
        }
        // SQLite reads a leading `file:` as a URI, also where nobody asked for one.
        let filename =
            if database.starts_with("file:") { format!("./{database}") } else { shown.clone() };
        Self { filename, shown, in_memory: false, is_uri: false }
    }

    fn is_missing_file(&self) -> bool {
        self.is_plain_file() && !Path::new(&self.filename).exists()
    }

    /// A file in WAL mode that nobody has open: reading it the ordinary way would leave two files beside it. Nothing is
    /// outside the file then, and a writer who begins this instant writes into a file of its own first.
    fn is_settled_wal(&self) -> bool {
        let log = format!("{}-wal", self.filename);
        self.is_plain_file() && is_wal(Path::new(&self.filename)) && !Path::new(&log).exists()
    }

    fn is_plain_file(&self) -> bool {
        !self.in_memory && !self.is_uri
    }
}

/// Bytes 18 and 19 of the header are 2 in WAL mode.
fn is_wal(path: &Path) -> bool {
    let mut header = [0; 20];
    let read = fs_err::File::open(path).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok() && header[18..] == [2, 2]
}

/// The name with what stands behind the question mark, apart from Python's own options; sorted, as SQLAlchemy does.
fn uri(database: &str, parts: &ConnectParts, read_only: bool) -> String {
    let mut options: Vec<(&str, &str)> =
        parts.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    options.retain(|(name, value)| {
        let is_writing_mode = *name == "mode" && *value != "memory" && read_only;
        !DRIVER_OPTIONS.contains(name) && !is_writing_mode
    });
    options.sort_by_key(|(name, _)| *name);
    let mut text = database.to_owned();
    for (index, (name, value)) in options.into_iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    text
}

fn is_true(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    matches!(value.as_str(), "true" | "yes" | "on" | "y" | "t" | "1")
}

/// `?timeout=` in seconds; five by default, as in Python.
fn busy_timeout(parts: &ConnectParts, options: &ConnectOptions) -> Duration {
    let asked = parts.option("timeout").and_then(|value| value.parse::<f64>().ok());
    let asked = asked.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let limit = options.statement_timeout.unwrap_or(Duration::from_hours(1));
    asked.unwrap_or(Duration::from_secs(5)).min(limit)
}

/// What an error of SQLite means, by its extended result code.
pub(super) fn failure(error: sqlx::Error) -> Failure {
    failure::failure(error, |error| {
        let message = error.message().to_owned();
        let code = error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default();
        // The lowest byte is the primary code.
        match code & 0xff {
            1 if message.starts_with("no such table") => Failure::NoSuchTable,
            1 if message.starts_with("no such column") => {
                Failure::WrongShape("it has no column version_num".to_owned())
            }
            1 if message.starts_with("unknown database") => Failure::NoSuchSchema,
            3 | 23 => Failure::NoRights(message),
            5 | 6 => Failure::Locked(message),
            8 => Failure::ReadOnly(message),
            // NOT NULL of a column that Alembic does not know; then the keys.
            19 if code == 1299 => Failure::WrongShape(message),
            19 => Failure::RowExists(message),
            14 => Failure::FileNotOpened(message),
            26 => Failure::NotADatabase,
            _ => Failure::Other(message),
        }
    })
}
