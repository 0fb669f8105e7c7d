//! The statements that were run from the page, kept for the next time in one file that nobody else may read.
//!
//! A line of JSON each, appended, so that several servers can share the file; one that gets too long loses its older
//! half. A statement that may hold a password is not kept at all: where in it the password stands nobody can say.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use fs_err as fs;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::live::blocking;
use crate::private::{create_private_folder, private_options, user_folder, write_private};
use crate::runs::milliseconds;

/// Bytes of a statement, beyond which it is not kept.
const LONGEST: usize = 16 << 10;
/// Bytes of the file, beyond which its older half goes.
const LARGEST: u64 = 1 << 20;
/// How many statements are shown.
const SHOWN: usize = 200;

/// The file of the history in a person's state folder; `None` where the system names none. `lookup` gives variables of
/// the environment.
pub fn history_file(lookup: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = user_folder(lookup, "XDG_STATE_HOME", ".local/state");
    folder.map(|folder| folder.join("query-history.jsonl"))
}

/// A statement that was run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub(crate) struct RanStatement {
    /// The database, its password masked.
    pub database: String,
    /// When it was run, in milliseconds since 1970.
    pub time_ms: u64,
    /// The SQL.
    pub sql: String,
}

/// The history, which may have no place on this system.
#[derive(Debug)]
pub(crate) struct History {
    file: Option<PathBuf>,
    /// Why the last statement could not be kept.
    problem: Mutex<Option<String>>,
}

impl History {
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        Self { file, problem: Mutex::default() }
    }

    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Why the last statement could not be kept.
    pub(crate) fn problem(&self) -> Option<String> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a statement, unless it is too long or may hold a password. That it cannot be kept is said, and no failure.
    pub(crate) async fn record(&self, database: String, sql: &str) {
        let sql = sql.trim();
        if sql.is_empty() || sql.len() > LONGEST || may_hold_password(sql) {
            return;
        }
        let time_ms = milliseconds(SystemTime::now());
        let ran = RanStatement { database, time_ms, sql: sql.to_owned() };
        self.attempt(move |file| append(file, &ran)).await;
    }

    /// The statements that were run on a database, each once, the last one first.
    pub(crate) async fn recent(&self, database: &str) -> Vec<RanStatement> {
        let Some(file) = self.file.clone() else { return Vec::new() };
        let all = blocking(move || read(&file)).await.unwrap_or_default();
        let mut seen = HashSet::new();
        let of_database = all.into_iter().rev().filter(|ran| ran.database == database);
        of_database.filter(|ran| seen.insert(ran.sql.clone())).take(SHOWN).collect()
    }

    /// Forgets everything.
    pub(crate) async fn forget(&self) {
        self.attempt(|file| match fs::remove_file(file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await;
    }

    async fn attempt(&self, work: impl FnOnce(&Path) -> std::io::Result<()> + Send + 'static) {
        let Some(file) = self.file.clone() else { return };
        let done = blocking(move || work(&file)).await;
        let problem = match done {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(error) => Some(error.into_body().message),
        };
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }
}

/// Whether a password may stand in a statement: that of a role or of another server, or that of a URL. As the history of
/// MySQL's client leaves out what speaks of passwords.
fn may_hold_password(sql: &str) -> bool {
    let lower = sql.to_lowercase();
    let names = ["password", "passwd", "passfile", "secret"];
    names.iter().any(|name| lower.contains(name)) || lower.split("://").skip(1).any(has_user_info)
}

/// `user:password@` at the beginning of what follows `://`.
fn has_user_info(rest: &str) -> bool {
    let end = rest.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(rest.len());
    rest[..end].split_once('@').is_some_and(|(user, _)| user.contains(':'))
}

fn append(file: &Path, ran: &RanStatement) -> std::io::Result<()> {
    create_private_folder(file.parent().unwrap_or(Path::new(".")))?;
    let line = serde_json::to_string(ran).expect("a statement is plain") + "\n";
    let mut open = private_options().append(true).create(true).open(file)?;
    // At once, so that no other server's line gets in between.
    open.write_all(line.as_bytes())?;
    if open.metadata()?.len() > LARGEST { shorten(file) } else { Ok(()) }
}

/// Leaves the newer half.
fn shorten(file: &Path) -> std::io::Result<()> {
    let lines = read(file)
        .into_iter()
        .rev()
        .map(|ran| serde_json::to_string(&ran).expect("a statement is plain") + "\n");
    let mut room = LARGEST / 2;
    let mut kept: Vec<String> = Vec::new();
    for line in lines {
        let Some(left) = room.checked_sub(line.len() as u64) else { break };
        room = left;
        kept.push(line);
    }
    kept.reverse();
    write_private(file, kept.concat().as_bytes())
}

/// Every line that can be understood, the oldest first.
fn read(file: &Path) -> Vec<RanStatement> {
    let is_ours = |length: u64| length <= LARGEST + (LONGEST as u64 + 1024) * 64;
    if !fs::metadata(file).is_ok_and(|metadata| is_ours(metadata.len())) {
        return Vec::new();
    }
    let bytes = fs::read(file).unwrap_or_default();
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_hold_a_password_is_told_apart() {
        for sql in [
            "ALTER ROLE app PASSWORD 'x'",
            "create user mapping for a server s options (password 'x')",
            "select dblink_connect('host=x passwd=y')",
            "SELECT 'postgresql://app:x@db/shop'",
            "select http_get('https://u:p@host/path')",
            "set app.secret = 'x'",
        ] {
            assert!(may_hold_password(sql), "{sql}");
        }
        for sql in [
            "SELECT 1",
            "select 'https://example.org/a:b@c'",
            "select 'mailto:a@b.example', 'x://y', '://'",
            "select '10:30'::time as at",
        ] {
            assert!(!may_hold_password(sql), "{sql}");
        }
    }

    #[tokio::test]
    async fn it_is_kept_by_database_and_shortened_from_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/history.jsonl");
        let history = History::new(Some(file.clone()));
        let long = "x".repeat(LONGEST - 100);
        for number in 0..200 {
            history.record("shop".into(), &format!("SELECT {number}, '{long}'")).await;
        }
        history.record("other".into(), "SELECT 'other'").await;
        assert!(fs::metadata(&file).unwrap().len() <= LARGEST);
        let recent = history.recent("shop").await;
        assert!(recent.len() > 20 && recent.len() < 100, "{}", recent.len());
        assert!(recent[0].sql.starts_with("SELECT 199,"));
        assert_eq!(history.recent("other").await.len(), 1);
        assert_eq!(history.problem(), None);
    }

    #[tokio::test]
    async fn each_statement_is_there_once_the_last_one_first() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(Some(folder.path().join("history.jsonl")));
        let file = history.file().unwrap().to_owned();
        for sql in ["SELECT 1", "SELECT 2", " SELECT 1\n", "", "ALTER ROLE a PASSWORD 'b'"] {
            history.record("shop".into(), sql).await;
        }
        fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(b"{ broken\n").unwrap();
        let statements = async || {
            let recent = history.recent("shop").await;
            recent.into_iter().map(|ran| ran.sql).collect::<Vec<_>>()
        };
        assert_eq!(statements().await, ["SELECT 1", "SELECT 2"]);
        history.forget().await;
        assert_eq!(statements().await, [""; 0]);
        history.forget().await;
        assert_eq!(history.problem(), None);
    }

    #[tokio::test]
    async fn that_it_cannot_be_kept_is_said() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let history = History::new(Some(folder.path().join("file/history.jsonl")));
        history.record("shop".into(), "SELECT 1").await;
        assert!(history.problem().unwrap().contains("file"), "{:?}", history.problem());
    }
}
