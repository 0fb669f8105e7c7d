//! The document of one drawn or exported history.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

#[cfg(feature = "openapi")]
use super::marks::Mark;
use super::marks::{Marks, NodeState, State};
use crate::graph_layout::{LinkKind, Point};

/// The version of the JSON document. Fields may be added within a version; a
/// field that goes or changes its meaning makes a new one.
pub const SCHEMA: u32 = 1;

/// A history: revisions in the order in which they are listed, and what is
/// known about them. Everything but `revisions` and `edges` speaks of the whole
/// project, also when a range is shown.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Which end of the history comes first.
    pub order: Order,
    /// The revisions shown.
    pub revisions: Vec<Entry<'a>>,
    /// The edges that leave the revisions shown, also those to revisions that
    /// are not shown.
    pub edges: Vec<Edge<'a>>,
    /// Revisions that none has as its parent, in load order (`alembic heads`).
    pub heads: Vec<&'a str>,
    /// Revisions without a parent, in load order.
    pub bases: Vec<&'a str>,
    /// Every label with the revision that declares it, in load order.
    #[serde(serialize_with = "as_map")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub labels: Vec<(&'a str, &'a str)>,
    /// The database's side; `None` when no database is known.
    pub database: Option<Database<'a>>,
    /// Everything that is wrong with the project's scripts.
    pub problems: Vec<Problem<'a>>,
}

/// Which end of a history comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HistoryOrder))]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// As `history` lists: children before their parents.
    #[default]
    NewestFirst,
    /// As `history --reverse` lists.
    OldestFirst,
}

/// One revision of a [`History`].
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HistoryEntry))]
pub struct Entry<'a> {
    /// The identifier.
    pub id: &'a str,
    /// The docstring up to its first empty line, as `history` prints it.
    pub message: &'a str,
    /// The whole docstring; empty if there is none.
    pub docstring: &'a str,
    /// The script, as given: see [`super::Facts`].
    pub path: Cow<'a, str>,
    /// The line of the script's `revision = …`, from 1.
    pub line: Option<u32>,
    /// What the docstring says after `Create Date:`.
    pub create_date: Option<&'a str>,
    /// The parents as written.
    pub down_revision: &'a [String],
    /// The dependencies as written: identifiers or labels.
    pub depends_on: &'a [String],
    /// The identifiers that `depends_on` stands for, in the same order.
    pub dependencies: Vec<&'a str>,
    /// The labels that the script declares.
    pub branch_labels: &'a [String],
    /// All labels that hold, declared or propagated.
    pub labels: Vec<&'a str>,
    /// Head, base, branch point, merge point, current, broken.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Mark>))]
    pub marks: Marks,
    /// Applied or pending; `None` when no database is known.
    pub state: Option<State>,
    /// The lane in which the revision is drawn: see [`History::lay_out`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<u32>,
}

impl Entry<'_> {
    /// How the revision is drawn.
    pub fn node_state(&self) -> NodeState {
        NodeState::of(self.marks, self.state)
    }
}

/// One edge of a [`History`], from the revision that names another to that other.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HistoryEdge))]
pub struct Edge<'a> {
    /// The child, or the revision that depends.
    pub from: &'a str,
    /// The parent, or the revision depended on.
    pub to: &'a str,
    /// By which of the two variables.
    pub kind: LinkKind,
    /// How the edge is drawn, from the upper end to the lower one: see
    /// [`History::lay_out`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Point>,
    /// Where `from` stands in [`History::revisions`].
    #[serde(skip)]
    pub(super) from_row: u32,
    /// Where `to` stands in [`History::revisions`], if it is shown.
    #[serde(skip)]
    pub(super) to_row: Option<u32>,
}

/// What a database says about the history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HistoryDatabase))]
pub struct Database<'a> {
    /// Which database it is, the password masked.
    pub url: Option<Cow<'a, str>>,
    /// The rows of its version table.
    pub heads: Vec<Cow<'a, str>>,
    /// Those rows that no script of the project declares.
    pub unknown: Vec<Cow<'a, str>>,
}

/// Something that is wrong with a script of the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HistoryProblem))]
pub struct Problem<'a> {
    /// A stable word for the kind of problem, such as `duplicate-revision`.
    pub code: Cow<'a, str>,
    /// A sentence for people.
    pub message: Cow<'a, str>,
    /// The revision it is about, if there is one.
    pub revision: Option<Cow<'a, str>>,
    /// The script it is about, if there is one.
    pub path: Option<Cow<'a, str>>,
    /// The line in the script, from 1.
    pub line: Option<u32>,
}

fn as_map<S: Serializer>(labels: &[(&str, &str)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(labels.iter().copied())
}
