//! The ordered steps from where a database stands to a target: the document of `plan --json`.

use std::borrow::Cow;

use alembic_core::revision::identifier::{Identifier, Relative, Symbol};
use alembic_core::revision::{RevisionError, RevisionMap};
use alembic_core::script::ScriptDirectory;
use alembic_core::step::{Plan, Step, VersionChange};
use serde::Serialize;

use crate::status;
use crate::version_table::VersionTable;

/// The version of the JSON document. Fields may be added within a version; a field that goes or changes its meaning
/// makes a new one.
pub const SCHEMA: u32 = 1;

/// Which way a target lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PlanDirection))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// `upgrade` goes there.
    Up,
    /// `downgrade` goes there.
    Down,
}

impl Direction {
    /// Where `target` lies, seen from `rows`: down for the base, for `-N` and for what is applied already; up for
    /// everything else, what is wrong included, since `upgrade` says best what is wrong with it.
    pub fn of(map: &RevisionMap, rows: &[String], target: &str) -> Self {
        if let Some(relative) = Relative::parse(target)
            && relative.symbol.is_none()
        {
            return if relative.steps < 0 { Self::Down } else { Self::Up };
        }
        if Identifier::parse(target).symbol == Symbol::Base {
            return Self::Down;
        }
        let Ok(targets) = map.get_revisions(target) else { return Self::Up };
        let applied = status::applied(map, rows);
        let is_row = |target| rows.iter().any(|row| row == map.id(target));
        let below = |target| applied.contains(&target) && !is_row(target);
        if !targets.is_empty() && targets.into_iter().all(below) { Self::Down } else { Self::Up }
    }

    /// The command that goes this way.
    pub fn command(self) -> &'static str {
        match self {
            Self::Up => "upgrade",
            Self::Down => "downgrade",
        }
    }

    /// The steps to `target`.
    ///
    /// # Errors
    /// As [`Plan::upgrade`] and [`Plan::downgrade`].
    pub fn plan(
        self,
        map: &RevisionMap,
        rows: &[String],
        target: &str,
    ) -> Result<Plan, RevisionError> {
        match self {
            Self::Up => Plan::upgrade(map, rows, target),
            Self::Down => Plan::downgrade(map, rows, target),
        }
    }
}

/// The document of `plan --json`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Plan))]
pub struct PlanDocument<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Which way.
    pub direction: Direction,
    /// The target as it was given.
    pub target: Cow<'a, str>,
    /// The version table, with its schema if it has one.
    pub version_table: Cow<'a, str>,
    /// The rows of the version table before.
    pub from: Vec<Cow<'a, str>>,
    /// The rows after.
    pub to: Vec<Cow<'a, str>>,
    /// The steps, in the order in which they run.
    pub steps: Vec<PlannedStep<'a>>,
    /// What Alembic warns about.
    pub warnings: Vec<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlannedStep<'a> {
    /// `upgrade` or `downgrade`.
    pub command: &'static str,
    /// The revision whose script runs.
    pub revision: Cow<'a, str>,
    /// The script's docstring up to its first empty line.
    pub message: Cow<'a, str>,
    /// The script.
    pub path: Cow<'a, str>,
    /// The versions that it comes from.
    pub from: Vec<Cow<'a, str>>,
    /// The versions that it leads to.
    pub to: Vec<Cow<'a, str>>,
    /// What becomes of the version table as a whole, in a word.
    pub movement: &'static str,
    /// What becomes of its rows.
    pub changes: Vec<Change<'a>>,
}

/// What becomes of one row.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = VersionChange))]
#[serde(rename_all = "kebab-case", tag = "change")]
pub enum Change<'a> {
    /// A row is added.
    Insert {
        /// The new row.
        version: Cow<'a, str>,
    },
    /// A row is removed.
    Delete {
        /// The row.
        version: Cow<'a, str>,
    },
    /// A row takes another value.
    Update {
        /// Before.
        from: Cow<'a, str>,
        /// After.
        to: Cow<'a, str>,
    },
}

impl<'a> PlanDocument<'a> {
    /// The document of `plan`.
    pub fn new(
        scripts: &'a ScriptDirectory,
        direction: Direction,
        target: &'a str,
        table: &VersionTable,
        plan: &'a Plan,
    ) -> Self {
        Self {
            schema: SCHEMA,
            direction,
            target: Cow::Borrowed(target),
            version_table: table.to_string().into(),
            from: borrowed(plan.heads_before()),
            to: borrowed(plan.heads_after()),
            steps: plan.steps().iter().filter_map(|step| PlannedStep::new(scripts, step)).collect(),
            warnings: plan.warnings().iter().map(ToString::to_string).collect(),
        }
    }
}

impl<'a> PlannedStep<'a> {
    /// `None` for a stamp, which no plan to a target has.
    fn new(scripts: &'a ScriptDirectory, step: &'a Step) -> Option<Self> {
        let index = step.revision()?;
        let script = scripts.script(index);
        Some(Self {
            command: step.kind().as_str(),
            revision: Cow::Borrowed(scripts.map().id(index)),
            message: Cow::Borrowed(script.docstring().summary()),
            path: script.path().to_string_lossy(),
            from: borrowed(step.from_versions()),
            to: borrowed(step.to_versions()),
            movement: step.movement().as_str(),
            changes: step.changes().iter().map(Change::new).collect(),
        })
    }
}

impl<'a> Change<'a> {
    fn new(change: &'a VersionChange) -> Self {
        match change {
            VersionChange::Insert { version } => Self::Insert { version: version.into() },
            VersionChange::Delete { version } => Self::Delete { version: version.into() },
            VersionChange::Update { from, to } => Self::Update { from: from.into(), to: to.into() },
        }
    }
}

fn borrowed(texts: &[String]) -> Vec<Cow<'_, str>> {
    texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect()
}
