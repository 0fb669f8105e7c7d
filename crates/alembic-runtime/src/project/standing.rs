//! Where the database stands towards the project.

use std::borrow::Cow;
use std::path::Path;

use alembic_core::lost::{self, Lost};
use alembic_core::revision::{Lineage, RevisionIndex};
use alembic_core::script::ScriptDirectory;
use alembic_core::step::{Plan, Step};

use super::{Project, ProjectError, Target, TargetError};
use crate::dialect::Dialect;
use crate::status::{
    Database, Missing, Project as ProjectSide, Revision, SCHEMA, State, Status, Url,
};

/// What the database answered.
#[derive(Debug, Clone)]
pub enum Seen {
    /// There is none to ask.
    Nothing(TargetError),
    /// A SQLite file that is not there yet.
    NoFile,
    /// It answered.
    Rows {
        /// The server's name and version.
        server: String,
        /// The rows of the version table; `None` when there is no table.
        rows: Option<Vec<String>>,
    },
}

impl Seen {
    /// Asks the project's database, without leaving a trace. That nobody names one is an answer.
    ///
    /// # Errors
    /// When the database that is named cannot be asked.
    pub async fn of(project: &Project) -> Result<Self, ProjectError> {
        match project.target() {
            Err(error @ TargetError::NoUrl { .. }) => return Ok(Self::Nothing(error)),
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        let Some(mut connected) = project.look().await? else { return Ok(Self::NoFile) };
        let rows = connected.rows().await?;
        let server = connected.database.server().await;
        Ok(Self::Rows { server, rows })
    }

    /// The rows of the version table, where there is one.
    pub fn rows(&self) -> Option<&[String]> {
        match self {
            Self::Rows { rows, .. } => rows.as_deref(),
            Self::Nothing(_) | Self::NoFile => None,
        }
    }

    /// Why there are no rows, for people.
    fn reason(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing(error) => Some(error.to_string().into()),
            Self::NoFile => Some("the SQLite file does not exist yet".into()),
            Self::Rows { .. } => None,
        }
    }
}

/// What follows from what the database answered.
pub struct Standing {
    seen: Seen,
    state: State,
    pending: Vec<RevisionIndex>,
    lost: Lost,
}

impl Standing {
    /// Puts the answer beside the project's scripts. Asks git about rows that the project does not have; then it blocks.
    pub fn new(project: &Project, scripts: &ScriptDirectory, seen: Seen) -> Self {
        let map = scripts.map();
        let rows = seen.rows().unwrap_or_default();
        let lost = project.lost(scripts, rows);
        let plan = Plan::upgrade(map, rows, "heads").ok();
        let pending: Vec<_> =
            plan.iter().flat_map(Plan::steps).filter_map(Step::revision).collect();
        let state = match &seen {
            Seen::Nothing(_) | Seen::NoFile => State::NoDatabase,
            Seen::Rows { rows, .. } => State::of(map, rows.as_deref(), pending.len()),
        };
        let state = match state {
            State::UnknownRevision => by_git(scripts, rows, &lost),
            state => state,
        };
        Self { seen, state, pending, lost }
    }

    /// In one word.
    pub fn state(&self) -> State {
        self.state
    }

    /// The document of `status`; `shown` writes the path of a script for people.
    pub fn document<'a>(
        &'a self,
        project: &'a Project,
        scripts: &'a ScriptDirectory,
        shown: impl Fn(&'a Path) -> Cow<'a, str>,
    ) -> Status<'a> {
        let revision = |index| revision(scripts, index, &shown);
        Status {
            schema: SCHEMA,
            state: self.state,
            reason: self.seen.reason(),
            url: project.target.as_ref().ok().map(url),
            database: database(project, &self.seen),
            project: ProjectSide {
                config: project.config.config_file_name().to_string_lossy(),
                revisions: scripts.map().live_indices().count(),
                heads: scripts.map().heads().iter().copied().map(revision).collect(),
            },
            pending: self.pending.iter().copied().map(revision).collect(),
            missing: self.lost.revisions.iter().map(missing).collect(),
        }
    }
}

/// What git knows of rows that the project does not have: they lie ahead when each of the project's heads is
/// below them.
fn by_git(scripts: &ScriptDirectory, rows: &[String], lost: &Lost) -> State {
    let map = scripts.map();
    let mut below: Vec<&str> = rows.iter().map(String::as_str).collect();
    for revision in &lost.revisions {
        let Some(script) = revision.best() else { return State::UnknownRevision };
        below.extend(script.chain.ancestors.iter().map(String::as_str));
    }
    let known = below.into_iter().filter_map(|id| map.by_id(id));
    let covered = map.ancestors(known, Lineage::WithDependencies);
    let ahead = map.heads().iter().all(|head| covered.contains(head.index()));
    if ahead { State::Ahead } else { State::Diverged }
}

fn url(target: &Target) -> Url<'_> {
    Url {
        url: target.url.to_string().into(),
        source: Cow::Borrowed(&target.source),
        proven: target.proven,
        why: Cow::Borrowed(&target.why),
        dialect: target.url.dialect().map(Dialect::name),
        driver: target.url.driver().map(Cow::Borrowed),
    }
}

fn database<'a>(project: &Project, seen: &'a Seen) -> Option<Database<'a>> {
    let Seen::Rows { server, rows } = seen else { return None };
    let heads = rows.iter().flatten().map(|row| Cow::Borrowed(row.as_str()));
    Some(Database {
        server: Cow::Borrowed(server),
        version_table: project.table.to_string().into(),
        stamped: rows.is_some(),
        heads: heads.collect(),
    })
}

fn revision<'a>(
    scripts: &'a ScriptDirectory,
    index: RevisionIndex,
    shown: &impl Fn(&'a Path) -> Cow<'a, str>,
) -> Revision<'a> {
    let script = scripts.script(index);
    Revision {
        id: Cow::Borrowed(scripts.map().id(index)),
        message: Cow::Borrowed(script.docstring().summary()),
        path: shown(script.path()),
    }
}

fn missing(revision: &lost::LostRevision) -> Missing<'_> {
    let found = revision.scripts.iter().map(|script| {
        format!("{} in {}", script.path.display(), script.commit.commit.short_id()).into()
    });
    Missing { id: Cow::Borrowed(&revision.id), found: found.collect(), similar: Vec::new() }
}
