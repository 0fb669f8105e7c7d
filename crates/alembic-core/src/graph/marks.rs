//! What is said of a revision beside its identifier.

use serde::ser::{Serialize, Serializer};

/// One thing that may hold of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(rename_all = "snake_case"))]
#[repr(u8)]
pub enum Mark {
    /// No revision has this one as its parent (Alembic's `is_head`).
    Head,
    /// A head by `down_revision` that something depends on all the same. Always
    /// together with [`Mark::Head`].
    EffectiveHead,
    /// Has no parent.
    Base,
    /// Several revisions have this one as their parent.
    BranchPoint,
    /// Several parents.
    MergePoint,
    /// A row of the database's version table.
    Current,
    /// Its script cannot be relied on: see the document's problems.
    Broken,
}

impl Mark {
    const ALL: [Self; 7] = [
        Self::Head,
        Self::EffectiveHead,
        Self::Base,
        Self::BranchPoint,
        Self::MergePoint,
        Self::Current,
        Self::Broken,
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::EffectiveHead => "effective_head",
            Self::Base => "base",
            Self::BranchPoint => "branch_point",
            Self::MergePoint => "merge_point",
            Self::Current => "current",
            Self::Broken => "broken",
        }
    }

    /// The word in drawings: Alembic's, where it has one.
    pub fn word(self) -> &'static str {
        match self {
            Self::EffectiveHead => "effective head",
            Self::BranchPoint => "branchpoint",
            Self::MergePoint => "mergepoint",
            other => other.name(),
        }
    }
}

/// A set of [`Mark`]s; in JSON a list of their names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// Adds `mark` if `holds`.
    pub fn set(&mut self, mark: Mark, holds: bool) {
        if holds {
            self.0 |= 1 << mark as u8;
        }
    }

    /// Whether `mark` is in the set.
    pub fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u8) != 0
    }

    /// Whether there is no mark at all.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The marks, always in the same order.
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |&mark| self.has(mark))
    }

    /// The marks as drawings say them: an effective head is not called a head too.
    pub fn words(self) -> impl Iterator<Item = Mark> {
        self.iter().filter(move |&mark| mark != Mark::Head || !self.has(Mark::EffectiveHead))
    }
}

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Mark::name))
    }
}

/// What a database says of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RevisionState))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// A row of the version table, or below one.
    Applied,
    /// Not yet run.
    Pending,
}

/// How a revision is drawn. Each state has a shape, so that colour never
/// carries the meaning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeState {
    /// A row of the version table.
    Current,
    /// Applied.
    Applied,
    /// Pending.
    Pending,
    /// No database is known; drawn as pending, but without its colour.
    Plain,
    /// In the database's version table, but not in the project.
    Foreign,
    /// Its script cannot be relied on.
    Broken,
}

impl NodeState {
    /// The state of a revision with these marks.
    pub fn of(marks: Marks, state: Option<State>) -> Self {
        match state {
            _ if marks.has(Mark::Broken) => Self::Broken,
            _ if marks.has(Mark::Current) => Self::Current,
            Some(State::Applied) => Self::Applied,
            Some(State::Pending) => Self::Pending,
            None => Self::Plain,
        }
    }

    /// The word in legends.
    pub fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Plain => "revision",
            Self::Foreign => "not in this project",
            Self::Broken => "broken",
        }
    }
}
