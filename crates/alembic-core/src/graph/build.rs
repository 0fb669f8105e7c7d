//! From the revision map and facts about scripts to the document.

use std::borrow::Cow;

use memchr::memmem;

use super::history::{Database, Edge, Entry, History, Order, SCHEMA};
use super::marks::{Mark, Marks, State};
use super::plan::Plan;
use crate::graph_layout::{Layout, LinkKind};
use crate::revision::{EdgeKind, Lineage, RevisionIndex, RevisionMap};

/// What is known of a revision's script.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// The script's path, in the form in which it is to be shown.
    pub path: Cow<'a, str>,
    /// The line of `revision = …`, from 1.
    pub line: Option<u32>,
    /// The docstring, stripped of white space at both ends as Alembic strips it.
    pub docstring: &'a str,
    /// Whether the script cannot be relied on.
    pub broken: bool,
}

impl<'a> History<'a> {
    /// The history of the revisions in `order`, newest first, as
    /// [`RevisionMap::history`] lists them or [`super::drawing_order`] puts them.
    pub fn new(
        map: &'a RevisionMap,
        order: &[RevisionIndex],
        facts: impl Fn(RevisionIndex) -> Facts<'a>,
    ) -> Self {
        let ids = |indices: &[RevisionIndex]| indices.iter().map(|&i| map.id(i)).collect();
        Self {
            schema: SCHEMA,
            order: Order::NewestFirst,
            revisions: {
                let dates = CreateDate::new();
                let entry = |&index| entry(map, index, facts(index), &dates);
                order.iter().map(entry).collect()
            },
            edges: edges(map, order),
            heads: ids(map.heads()),
            bases: ids(map.bases()),
            labels: map.declared_labels().map(|(label, index)| (label, map.id(index))).collect(),
            database: None,
            problems: Vec::new(),
        }
    }

    /// Adds what a database says: `rows` are those of its version table, `url`
    /// names it without its password. A row belongs to the revision with exactly
    /// this identifier (Alembic's `(current)`); what lies below one is applied,
    /// dependencies included.
    pub fn set_database(
        &mut self,
        map: &RevisionMap,
        rows: Vec<Cow<'a, str>>,
        url: Option<Cow<'a, str>>,
    ) {
        let known = rows.iter().filter_map(|row| map.by_id(row));
        let applied = map.ancestors(known, Lineage::WithDependencies);
        for entry in &mut self.revisions {
            let is_applied = map.by_id(entry.id).is_some_and(|i| applied.contains(i.index()));
            entry.state = Some(if is_applied { State::Applied } else { State::Pending });
            entry.marks.set(Mark::Current, rows.iter().any(|row| row == entry.id));
        }
        let unknown = rows.iter().filter(|row| map.by_id(row).is_none()).cloned().collect();
        self.database = Some(Database { url, heads: rows, unknown });
    }

    /// Turns the history round: oldest first becomes newest first and back.
    /// Edges keep their direction; only drawings let them run the other way.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.order = match self.order {
            Order::NewestFirst => Order::OldestFirst,
            Order::OldestFirst => Order::NewestFirst,
        };
        let last = u32::try_from(self.revisions.len()).unwrap_or(u32::MAX).saturating_sub(1);
        self.revisions.reverse();
        self.edges.reverse();
        // Of one revision's edges the first parent still comes first.
        self.edges.chunk_by_mut(|a, b| a.from_row == b.from_row).for_each(<[Edge<'_>]>::reverse);
        for edge in &mut self.edges {
            edge.from_row = last - edge.from_row;
            edge.to_row = edge.to_row.map(|row| last - row);
            edge.path.clear();
        }
        for entry in &mut self.revisions {
            entry.lane = None;
        }
        self
    }

    /// Fills in the lanes of the revisions and the paths of the edges, for
    /// programs that draw the document themselves. Rows are the positions in
    /// `revisions`; lanes count from the left.
    pub fn lay_out(&mut self) {
        let plan = Plan::of_revisions(self);
        let layout = Layout::new(plan.links());
        for (entry, row) in self.revisions.iter_mut().zip(layout.rows()) {
            entry.lane = Some(row.lane);
        }
        for (number, &edge) in plan.edges().iter().enumerate() {
            self.edges[edge as usize].path = layout.path(number);
        }
    }
}

fn entry<'a>(
    map: &'a RevisionMap,
    index: RevisionIndex,
    facts: Facts<'a>,
    dates: &CreateDate,
) -> Entry<'a> {
    let revision = map.revision(index);
    let mut marks = Marks::default();
    marks.set(Mark::Head, map.is_head(index));
    marks.set(Mark::EffectiveHead, map.is_head(index) && !map.is_real_head(index));
    marks.set(Mark::Base, revision.down_revision().is_empty());
    marks.set(Mark::BranchPoint, map.is_branch_point(index));
    marks.set(Mark::MergePoint, revision.is_merge_point());
    marks.set(Mark::Broken, facts.broken);
    let resolved = |name: &String| map.lookup(name).map(|found| map.id(found));
    Entry {
        id: revision.id(),
        message: message(facts.docstring),
        docstring: facts.docstring,
        path: facts.path,
        line: facts.line,
        create_date: dates.find(facts.docstring),
        down_revision: revision.down_revision(),
        depends_on: revision.dependencies(),
        dependencies: revision.dependencies().iter().filter_map(resolved).collect(),
        branch_labels: revision.branch_labels(),
        labels: map.labels(index).collect(),
        marks,
        state: None,
        lane: None,
    }
}

/// Alembic's `doc`: everything before the first empty line.
fn message(docstring: &str) -> &str {
    memmem::find(docstring.as_bytes(), b"\n\n").map_or(docstring, |end| &docstring[..end])
}

fn edges<'a>(map: &'a RevisionMap, order: &[RevisionIndex]) -> Vec<Edge<'a>> {
    let mut row_of = vec![None; map.len()];
    for (row, index) in (0_u32..).zip(order) {
        row_of[index.index()] = Some(row);
    }
    let mut edges = Vec::with_capacity(order.len());
    for (row, &index) in (0_u32..).zip(order) {
        edges.extend(map.edges(index).map(|(to, kind)| Edge {
            from: map.id(index),
            to: map.id(to),
            kind: match kind {
                EdgeKind::Down => LinkKind::Down,
                EdgeKind::DependsOn { .. } => LinkKind::Depends,
            },
            path: Vec::new(),
            from_row: row,
            to_row: row_of[to.index()],
        }));
    }
    edges
}

/// Finds what Alembic's template writes into the docstring: `Create Date: …`.
struct CreateDate(memmem::Finder<'static>);

impl CreateDate {
    const FIELD: &'static str = "Create Date:";

    fn new() -> Self {
        Self(memmem::Finder::new(Self::FIELD))
    }

    fn find<'a>(&self, docstring: &'a str) -> Option<&'a str> {
        self.0.find_iter(docstring.as_bytes()).find_map(|at| {
            let (before, after) = docstring.split_at(at);
            let line_start = before.rsplit('\n').next().unwrap_or_default();
            let date = after[Self::FIELD.len()..].lines().next().unwrap_or_default().trim();
            (line_start.trim().is_empty() && !date.is_empty()).then_some(date)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_create_date_stands_on_a_line_of_its_own() {
        let find = |docstring| CreateDate::new().find(docstring);
        let docstring = "add users\n\nRevises: a\nCreate Date: 2024-05-06 07:08:09.101112\n";
        assert_eq!(find(docstring), Some("2024-05-06 07:08:09.101112"));
        assert_eq!(find("see Create Date: below\n\n  Create Date:  today "), Some("today"));
        assert_eq!(find("Create Date:\n"), None);
        assert_eq!(find(""), None);
    }
}
