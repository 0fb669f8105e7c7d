//! What was measured beside what was promised.

use std::{fmt, path::Path};

use super::clock::Pairs;
use crate::failure::{Failure, Result};

/// What a figure must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// Nothing was promised for this size.
    None,
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

/// One line of the table.
#[derive(Debug)]
struct Figure {
    what: String,
    /// Times and spread that the figure comes from.
    details: String,
    found: f64,
    unit: &'static str,
    goal: Goal,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    figures: Vec<Figure>,
}

impl Figures {
    /// How many times faster than Alembic we are; `pairs` has Alembic first.
    pub(crate) fn speed_up(&mut self, what: &str, pairs: &Pairs, goal: Goal) {
        let details = times("Alembic", "ours", pairs);
        self.push(format!("Alembic : ours, {what}"), details, pairs.ratio().median, "×", goal);
    }

    /// Our time as a multiple of that of `other`; `pairs` has ours first.
    pub(crate) fn multiple(&mut self, what: &str, other: &str, pairs: &Pairs, goal: Goal) {
        let details = times("ours", other, pairs);
        self.push(format!("{what} : {other}"), details, pairs.ratio().median, "×", goal);
    }

    /// What we add to `other`, pair by pair, in milliseconds; `pairs` has ours first.
    pub(crate) fn added(&mut self, what: &str, other: &str, pairs: &Pairs, goal: Goal) {
        let details = times("ours", other, pairs);
        self.push(format!("{what} - {other}"), details, pairs.difference().median, " ms", goal);
    }

    /// Peak memory in bytes; the goal is in MB.
    pub(crate) fn memory(&mut self, what: &str, bytes: u64, goal: Goal) {
        let what = format!("peak memory of {what}");
        self.push(what, String::new(), megabytes(bytes), " MB", goal);
    }

    /// The size of the program in bytes.
    pub(crate) fn size(&mut self, program: &Path, limit: u64) -> Result {
        let bytes = fs_err::metadata(program)?.len();
        let goal = Goal::AtMost(megabytes(limit));
        self.push("size of the program".to_owned(), String::new(), megabytes(bytes), " MB", goal);
        Ok(())
    }

    fn push(&mut self, what: String, details: String, found: f64, unit: &'static str, goal: Goal) {
        self.figures.push(Figure { what, details, found, unit, goal });
    }

    /// Whether all that was promised holds.
    pub(crate) fn verdict(&self) -> Result {
        let missed: Vec<&str> = self
            .figures
            .iter()
            .filter(|figure| !figure.holds())
            .map(|figure| figure.what.as_str())
            .collect();
        if self.figures.is_empty() {
            Err(Failure::new("nothing was measured"))
        } else if missed.is_empty() {
            Ok(())
        } else {
            Err(Failure::new(format!("missed: {}", missed.join("; "))))
        }
    }

    fn table(&self, formatter: &mut fmt::Formatter<'_>, is_promise: bool) -> fmt::Result {
        let lines = || self.figures.iter().filter(|line| (line.goal != Goal::None) == is_promise);
        let promise = if is_promise { " must hold |" } else { "" };
        let rule = if is_promise { "---|" } else { "" };
        writeln!(formatter, "| what |{promise} median | of |")?;
        writeln!(formatter, "|---|{rule}---|---|")?;
        lines().try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

/// The middle times of both programs, and how far the ratio of single pairs went.
fn times(first: &str, second: &str, pairs: &Pairs) -> String {
    let ratio = pairs.ratio();
    format!(
        "{} pairs, {first} {:.1} ms, {second} {:.1} ms, {:.2}–{:.2}×",
        pairs.count(),
        pairs.first(),
        pairs.second(),
        ratio.low,
        ratio.high
    )
}

impl Figure {
    fn holds(&self) -> bool {
        match self.goal {
            Goal::None => true,
            Goal::AtLeast(goal) => self.found >= goal,
            Goal::AtMost(goal) => self.found <= goal,
        }
    }
}

impl fmt::Display for Figures {
    /// Two tables in Markdown: what was promised, and what else was measured.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(formatter, true)?;
        writeln!(formatter)?;
        self.table(formatter, false)
    }
}

impl fmt::Display for Figure {
    /// A line of a table: what it is, the promise and whether it holds, the figure, what it comes from.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, details, found, unit, goal } = self;
        let verdict = if self.holds() { "ok" } else { "**MISSED**" };
        let promise = match goal {
            Goal::None => String::new(),
            Goal::AtLeast(goal) => format!(" ≥ {goal}{unit}: {verdict} |"),
            Goal::AtMost(goal) => format!(" ≤ {goal}{unit}: {verdict} |"),
        };
        write!(formatter, "| {what} |{promise} {found:.2}{unit} | {details} |")
    }
}

/// Bytes in millions: the loss beyond 2^53 is none here.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of programs and processes are far below 2^53"
)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::{Figures, Goal};

    #[test]
    fn a_goal_that_is_missed_is_named() {
        let mut figures = Figures::default();
        figures.memory("heads", 61_000_000, Goal::AtMost(60.0));
        figures.memory("history", 1_000_000, Goal::None);
        assert_eq!(figures.verdict().unwrap_err().to_string(), "missed: peak memory of heads");
        let table = figures.to_string();
        let (promised, rest) = table.split_once("\n\n").unwrap();
        assert!(
            promised.ends_with("\n| peak memory of heads | ≤ 60 MB: **MISSED** | 61.00 MB |  |")
        );
        assert!(rest.ends_with("\n| peak memory of history | 1.00 MB |  |\n"));
    }

    #[test]
    fn nothing_measured_is_no_success() {
        Figures::default().verdict().unwrap_err();
    }
}
