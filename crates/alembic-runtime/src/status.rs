//! Where a database stands towards its project: the document of `status --json`.

use std::borrow::Cow;

use alembic_core::revision::{RevisionIndex, RevisionMap};
use serde::Serialize;

/// The version of the JSON document. Fields may be added within a version; a field that goes or changes its meaning
/// makes a new one.
pub const SCHEMA: u32 = 1;

/// In one word, where the database stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StatusState))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Every revision of the project is applied.
    UpToDate,
    /// There are revisions to apply.
    Behind,
    /// The database is at a revision that the project does not have, and git knows it as a successor of all heads.
    Ahead,
    /// The database is at a revision that the project does not have; git knows it, and the project has revisions
    /// that it does not follow.
    Diverged,
    /// The database is at a revision that nobody knows.
    UnknownRevision,
    /// There is no version table, or no row in it.
    Unstamped,
    /// There is no database: no URL, or a SQLite file that does not exist.
    NoDatabase,
    /// `env.py` works on several databases, or cannot be read.
    Unknown,
}

impl State {
    /// The words for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "up to date",
            Self::Behind => "behind",
            Self::Ahead => "ahead",
            Self::Diverged => "diverged",
            Self::UnknownRevision => "unknown revision",
            Self::Unstamped => "unstamped",
            Self::NoDatabase => "no database",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a deployment has nothing left to run.
    pub fn is_settled(self) -> bool {
        self == Self::UpToDate
    }

    /// The state that follows from the rows of the version table; `None` as rows means that there is no table.
    /// What git knows about rows that are not in the project is not asked here.
    pub fn of(map: &RevisionMap, rows: Option<&[String]>, pending: usize) -> Self {
        let rows = rows.unwrap_or_default();
        if rows.is_empty() {
            return if map.is_empty() { Self::UpToDate } else { Self::Unstamped };
        }
        if rows.iter().any(|row| map.get_revision(row).is_err()) {
            return Self::UnknownRevision;
        }
        if pending == 0 { Self::UpToDate } else { Self::Behind }
    }
}

/// The document of `status --json`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// In one word.
    pub state: State,
    /// Why the state is [`State::Unknown`] or [`State::NoDatabase`].
    pub reason: Option<Cow<'a, str>>,
    /// The URL that was chosen and where it came from.
    pub url: Option<Url<'a>>,
    /// The database's side; `None` when it was not asked or could not be.
    pub database: Option<Database<'a>>,
    /// The project's side.
    pub project: Project<'a>,
    /// The revisions that `upgrade heads` would run, in that order.
    pub pending: Vec<Revision<'a>>,
    /// Rows of the version table that the project does not have.
    pub missing: Vec<Missing<'a>>,
}

/// A database URL, its password masked.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StatusUrl))]
pub struct Url<'a> {
    /// The URL with `***` for its password.
    pub url: Cow<'a, str>,
    /// Where it stands, for people.
    pub source: Cow<'a, str>,
    /// Whether it is certain that migrations run on this database.
    pub proven: bool,
    /// Why it is, or is not.
    pub why: Cow<'a, str>,
    /// `postgresql`, `mysql`, `sqlite`; `None` for a dialect that alembic-rs does not speak.
    pub dialect: Option<&'static str>,
    /// The driver that the URL names, such as `psycopg2`.
    pub driver: Option<Cow<'a, str>>,
}

/// What the database says.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StatusDatabase))]
pub struct Database<'a> {
    /// The server's name and version, such as `PostgreSQL 17.2`.
    pub server: Cow<'a, str>,
    /// The version table, with its schema if it has one.
    pub version_table: Cow<'a, str>,
    /// Whether the version table exists.
    pub stamped: bool,
    /// The rows of the version table.
    pub heads: Vec<Cow<'a, str>>,
}

/// What the project says.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StatusProject))]
pub struct Project<'a> {
    /// The configuration file.
    pub config: Cow<'a, str>,
    /// How many revisions there are.
    pub revisions: usize,
    /// The heads, in load order.
    pub heads: Vec<Revision<'a>>,
}

/// A revision in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StatusRevision))]
pub struct Revision<'a> {
    /// The identifier.
    pub id: Cow<'a, str>,
    /// The docstring up to its first empty line.
    pub message: Cow<'a, str>,
    /// The script.
    pub path: Cow<'a, str>,
}

/// A row of the version table that no script of the project declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StatusMissing))]
pub struct Missing<'a> {
    /// The row.
    pub id: Cow<'a, str>,
    /// Where git has it, for people; empty when it has it nowhere.
    pub found: Vec<Cow<'a, str>>,
    /// Identifiers of the project that look like it.
    pub similar: Vec<Cow<'a, str>>,
}

/// Every revision that is applied when the version table holds `rows`: the rows and all below them, dependencies
/// included. Rows that the project does not have count for nothing.
pub fn applied(map: &RevisionMap, rows: &[String]) -> Vec<RevisionIndex> {
    let known = rows.iter().filter_map(|row| map.get_revision(row).ok().flatten());
    let applied = map.ancestors(known, alembic_core::revision::Lineage::WithDependencies);
    map.live_indices().filter(|index| applied.contains(index.index())).collect()
}
