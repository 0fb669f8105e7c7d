//! Which stretches of a long history one line may stand for.
//!
//! On a terminal the interesting part of a history is what is pending, what
//! forks, what merges. A stretch folds when each of its revisions has one child
//! and one parent, the neighbouring rows; carries no mark, label or dependency;
//! and is settled: applied, or, when no database is known, further from the
//! newest revision than anyone is likely to be working on.

use super::history::{Entry, History, Order};
use super::marks::State;
use crate::graph_layout::LinkKind;

/// When to fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many of a stretch's revisions stay visible at each of its ends.
    pub context: u32,
    /// Fewer revisions than this are not worth folding.
    pub min_folded: u32,
    /// Without a database, how many of the newest revisions never fold.
    pub recent: u32,
}

impl Default for Options {
    /// Two at each end, at least six folded, the newest twenty left alone.
    fn default() -> Self {
        Self { context: 2, min_folded: 6, recent: 20 }
    }
}

/// A stretch of neighbouring rows to fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Position of the first revision in [`History::revisions`].
    pub first: u32,
    /// Position of the last one.
    pub last: u32,
}

impl Run {
    /// How many revisions the run holds.
    pub fn count(self) -> u32 {
        self.last - self.first + 1
    }
}

/// The runs to fold, in the order of the revisions.
pub fn runs(history: &History<'_>, options: &Options) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut start = None;
    for (position, foldable) in (0_u32..).zip(foldable(history, options).into_iter().chain([false]))
    {
        match (foldable, start) {
            (true, None) => start = Some(position),
            (false, Some(first)) => {
                runs.extend(shorten(first, position, options));
                start = None;
            }
            _ => {}
        }
    }
    runs
}

/// Takes the visible ends off the stretch `first..end`.
fn shorten(first: u32, end: u32, options: &Options) -> Option<Run> {
    let first = first.saturating_add(options.context);
    let end = end.saturating_sub(options.context);
    let worthwhile = end > first && end - first >= options.min_folded.max(1);
    worthwhile.then(|| Run { first, last: end - 1 })
}

/// For each revision whether it may be inside a run.
fn foldable(history: &History<'_>, options: &Options) -> Vec<bool> {
    let count = history.revisions.len();
    let newest_first = history.order == Order::NewestFirst;
    let age = |position: usize| if newest_first { position } else { count - 1 - position };
    let mut foldable: Vec<bool> = (0_usize..)
        .zip(&history.revisions)
        .map(|(position, entry)| {
            is_settled(entry, age(position), options) && is_unremarkable(entry)
        })
        .collect();
    let mut children = vec![0_u32; count];
    for edge in &history.edges {
        let (from, to) = (edge.from_row, edge.to_row);
        let neighbours =
            to.is_some_and(|to| if newest_first { to == from + 1 } else { from == to + 1 });
        let plain = neighbours && edge.kind == LinkKind::Down;
        foldable[from as usize] &= plain;
        if let Some(to) = to {
            foldable[to as usize] &= plain;
            children[to as usize] += 1;
        }
    }
    for (foldable, children) in foldable.iter_mut().zip(children) {
        // Without a child in the range it is the range's own end.
        *foldable &= children == 1;
    }
    foldable
}

fn is_settled(entry: &Entry<'_>, age: usize, options: &Options) -> bool {
    match entry.state {
        Some(state) => state == State::Applied,
        None => age >= options.recent as usize,
    }
}

fn is_unremarkable(entry: &Entry<'_>) -> bool {
    entry.marks.is_empty() && entry.branch_labels.is_empty() && entry.depends_on.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::testing::Project;
    use crate::graph::text;

    /// `count` revisions on a line, oldest first: `r0`, `r1`, …
    fn line(count: usize) -> String {
        let line = |n: usize| match n.checked_sub(1) {
            Some(parent) => format!("r{n} < r{parent} : step {n}"),
            None => format!("r{n} : step {n}"),
        };
        (0..count).map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn without_a_database_the_newest_stay() {
        let project = Project::new(&line(40));
        // r19 to r0 are old enough; r0 is a base; two stay at each end.
        let expected = vec![Run { first: 22, last: 36 }];
        assert_eq!(runs(&project.history(), &Options::default()), expected);
        let expected = vec![Run { first: 3, last: 17 }];
        assert_eq!(runs(&project.history().reversed(), &Options::default()), expected);
    }

    #[test]
    fn with_a_database_everything_applied_may_fold() {
        let project = Project::new(&line(20));
        let mut history = project.history();
        history.set_database(&project.map, vec!["r16".into()], None);
        assert_eq!(runs(&history, &Options::default()), vec![Run { first: 6, last: 16 }]);
    }

    #[test]
    fn pending_revisions_never_fold() {
        let project = Project::new(&line(60));
        let mut history = project.history();
        history.set_database(&project.map, Vec::new(), None);
        assert_eq!(runs(&history, &Options::default()), Vec::new());
    }

    #[test]
    fn short_runs_stay() {
        let project = Project::new(&line(31));
        assert_eq!(runs(&project.history(), &Options::default()).len(), 1);
        let project = Project::new(&line(30));
        assert_eq!(runs(&project.history(), &Options::default()), Vec::new());
    }

    #[test]
    fn labels_and_dependencies_interrupt_a_run() {
        let letters = line(60) + "\nx ~ r20";
        let project = Project::new(&letters.replace("r5 < r4", "r5 < r4 # here"));
        let history = project.history();
        let folded: Vec<_> = runs(&history, &Options::default())
            .iter()
            .flat_map(|run| &history.revisions[run.first as usize..=run.last as usize])
            .map(|entry| entry.id)
            .collect();
        assert!(folded.contains(&"r25") && folded.contains(&"r15"));
        for id in ["r22", "r21", "r20", "r19", "r18", "r7", "r5", "r3"] {
            assert!(!folded.contains(&id), "{id}");
        }
    }

    #[test]
    fn a_folded_run_is_one_line() {
        let project = Project::new(&line(14));
        let mut history = project.history();
        history.set_database(&project.map, vec!["r13".into()], None);
        let options = text::Options { fold: Some(Options::default()), ..Default::default() };
        insta::assert_snapshot!(text::to_string(&history, &options), @"
        ◉  r13  step 13  head · current
        ●  r12  step 12
        ●  r11  step 11
        ⋮  8 applied revisions (--all shows them)
        ●  r2   step 2
        ●  r1   step 1
        ●  r0   step 0   base
        ");
    }
}
