//! What the rows of a drawing are, and which of them are linked.
//!
//! Rows are the revisions shown, those that the database knows but the project
//! does not, and lines that stand for a folded run. Links always point further
//! down: with the oldest revision first they run from parent to child.

use super::fold::Run;
use super::history::{History, Order};
use crate::graph_layout::{Link, LinkKind, Links};

/// What one row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// The revision with this position.
    Revision(u32),
    /// The database's unknown revision with this position.
    Foreign(u32),
    /// A run of revisions, folded.
    Folded(Run),
}

/// The rows of a drawing with their links.
#[derive(Debug)]
pub(super) struct Plan {
    rows: Vec<Row>,
    links: Links,
    /// For each link, its position in the history's edges.
    edges: Vec<u32>,
    /// Rows that have a parent which is not shown, where links run downwards to
    /// children: the end of that line belongs above the row.
    hidden_above: Vec<bool>,
}

impl Plan {
    /// One row for each revision and nothing else.
    pub(super) fn of_revisions(history: &History<'_>) -> Self {
        let rows = (0..size(history.revisions.len())).map(Row::Revision).collect();
        Self::link(history, rows)
    }

    /// All that is to be drawn, with `runs` folded.
    pub(super) fn new(history: &History<'_>, runs: &[Run]) -> Self {
        let unknown = history.database.as_ref().map_or(0, |database| database.unknown.len());
        let mut rows = Vec::with_capacity(history.revisions.len() + unknown);
        let foreign = (0..size(unknown)).map(Row::Foreign);
        if history.order == Order::NewestFirst {
            rows.extend(foreign.clone());
        }
        let mut next = 0;
        for &run in runs {
            rows.extend((next..run.first).map(Row::Revision));
            rows.push(Row::Folded(run));
            next = run.last + 1;
        }
        rows.extend((next..size(history.revisions.len())).map(Row::Revision));
        if history.order == Order::OldestFirst {
            rows.extend(foreign);
        }
        Self::link(history, rows)
    }

    fn link(history: &History<'_>, rows: Vec<Row>) -> Self {
        let row_of = row_of(history, &rows);
        let mut buckets = Buckets::new(rows.len());
        let ends = |edge: &super::history::Edge<'_>| {
            let from = row_of[edge.from_row as usize];
            let to = edge.to_row.map(|to| row_of[to as usize]);
            match (history.order, to) {
                (Order::NewestFirst, to) => (Some(from), to),
                (Order::OldestFirst, to) => (to, Some(from)),
            }
        };
        let mut hidden_above = vec![false; rows.len()];
        for edge in &history.edges {
            match ends(edge) {
                (Some(upper), lower) if lower != Some(upper) => buckets.count(upper),
                (None, Some(lower)) if edge.kind == LinkKind::Down => {
                    hidden_above[lower as usize] = true;
                }
                _ => {}
            }
        }
        buckets.place();
        for (number, edge) in (0_u32..).zip(&history.edges) {
            let (Some(upper), lower) = ends(edge) else { continue };
            if lower != Some(upper) {
                buckets.put(upper, Link { to: lower, kind: edge.kind }, number);
            }
        }
        let Buckets { ends, links, edges } = buckets;
        Self { rows, links: Links::new(links, ends), edges, hidden_above }
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The links of all rows.
    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    /// For each link, its position in the history's edges.
    pub(super) fn edges(&self) -> &[u32] {
        &self.edges
    }

    /// Whether the row's revision has a parent above it that is not shown.
    pub(super) fn is_hidden_above(&self, row: usize) -> bool {
        self.hidden_above[row]
    }
}

/// The row of each revision.
fn row_of(history: &History<'_>, rows: &[Row]) -> Vec<u32> {
    let mut row_of = vec![0; history.revisions.len()];
    for (number, row) in (0_u32..).zip(rows) {
        match row {
            Row::Revision(revision) => row_of[*revision as usize] = number,
            Row::Folded(run) => row_of[run.first as usize..=run.last as usize].fill(number),
            Row::Foreign(_) => {}
        }
    }
    row_of
}

/// Sorts links by row in two passes, keeping their order within a row.
struct Buckets {
    ends: Vec<u32>,
    links: Vec<Link>,
    edges: Vec<u32>,
}

impl Buckets {
    fn new(rows: usize) -> Self {
        Self { ends: vec![0; rows], links: Vec::new(), edges: Vec::new() }
    }

    fn count(&mut self, row: u32) {
        self.ends[row as usize] += 1;
    }

    /// Turns counts into starts; each [`put`](Self::put) then moves one on, so
    /// that the starts have become ends.
    fn place(&mut self) {
        let mut total = 0;
        for count in &mut self.ends {
            let start = total;
            total += *count;
            *count = start;
        }
        self.links = vec![Link { to: None, kind: LinkKind::Down }; total as usize];
        self.edges = vec![0; total as usize];
    }

    fn put(&mut self, row: u32, link: Link, edge: u32) {
        let at = self.ends[row as usize] as usize;
        self.links[at] = link;
        self.edges[at] = edge;
        self.ends[row as usize] += 1;
    }
}

fn size(length: usize) -> u32 {
    u32::try_from(length).expect("revisions are counted in u32")
}
