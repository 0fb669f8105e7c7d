//! Steps between revisions, and what each does to the rows of the version table.
//!
//! Pure planning: what Alembic's `RevisionStep`, `StampStep` and `HeadMaintainer` would do, as data. A [`Plan`] is made
//! of the graph, the rows and a target; nothing here opens a database, reads a script or runs one.
//!
//! Alembic keeps the rows in a Python set, and where it takes several revisions out of one their order is that of their
//! hashes, another one in every run. Here it is the order of the script's `down_revision` and `depends_on`: of the parents
//! of a merge point, the last one's row is updated and the others are deleted or inserted.

mod heads;
mod offline;
mod plan;
mod stamp;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::revision::RevisionIndex;

pub use offline::{OfflineRange, OfflineStamp, refuse_range};
pub use plan::{Plan, PlanWarning};

/// A change of one row of the version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionChange {
    /// A row is added.
    Insert {
        /// The new row.
        version: String,
    },
    /// A row is removed.
    Delete {
        /// The row.
        version: String,
    },
    /// A row takes another value.
    Update {
        /// What the row holds before.
        from: String,
        /// What it holds after.
        to: String,
    },
}

/// What runs in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// The `upgrade()` of a script.
    Upgrade,
    /// The `downgrade()` of a script.
    Downgrade,
    /// Nothing: only the rows change.
    Stamp,
}

impl StepKind {
    /// The name of the function in Alembic's log line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Stamp => "stamp_revision",
        }
    }
}

/// What a step does to the rows as a whole: the five cases of Alembic's `HeadMaintainer.update_to_step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// One row goes on to another revision.
    Update,
    /// A row is added ("new branch insert").
    CreateBranch,
    /// A row is removed ("branch delete").
    DeleteBranch,
    /// Several rows become one.
    Merge,
    /// One row becomes several.
    Unmerge,
}

impl Movement {
    /// The case in one word or two, for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::CreateBranch => "create branch",
            Self::DeleteBranch => "delete branch",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
        }
    }
}

/// One step of a plan. [`fmt::Display`] gives Alembic's short form: `upgrade a, b -> c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    kind: StepKind,
    revision: Option<RevisionIndex>,
    from: Vec<String>,
    to: Vec<String>,
    movement: Movement,
    changes: Vec<VersionChange>,
    from_nothing: bool,
}

impl Step {
    /// What runs.
    pub fn kind(&self) -> StepKind {
        self.kind
    }

    /// The revision whose script runs; `None` for a stamp.
    pub fn revision(&self) -> Option<RevisionIndex> {
        self.revision
    }

    /// The versions left of the arrow in the log line: without dependencies, none for the base.
    pub fn from_versions(&self) -> &[String] {
        &self.from
    }

    /// The versions right of the arrow.
    pub fn to_versions(&self) -> &[String] {
        &self.to
    }

    /// What becomes of the rows as a whole.
    pub fn movement(&self) -> Movement {
        self.movement
    }

    /// What becomes of each row, in the order in which Alembic's statements run.
    pub fn changes(&self) -> &[VersionChange] {
        &self.changes
    }

    /// Whether the table has no rows before the step. Offline mode writes its CREATE TABLE before every such step.
    pub fn starts_from_nothing(&self) -> bool {
        self.from_nothing
    }

    /// The message of Alembic's log: `Running upgrade a -> b, doc`. `doc` is the first paragraph of the script's docstring.
    pub fn log_message(&self, doc: &str) -> String {
        if doc.is_empty() { format!("Running {self}") } else { format!("Running {self}, {doc}") }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&short_form(self.kind, &self.from, &self.to))
    }
}

fn short_form(kind: StepKind, from: &[String], to: &[String]) -> String {
    format!("{} {} -> {}", kind.as_str(), from.join(", "), to.join(", "))
}
