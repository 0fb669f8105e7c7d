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
    /// The first program of `pairs` as a multiple of the second, `against` naming the other side.
    pub(crate) fn ratio(&mut self, what: &str, against: &str, pairs: &Pairs, goal: Goal) {
        let ratio = pairs.ratio();
        let details = format!(
            "{:.1} ms : {:.1} ms, {:.2}–{:.2}",
            pairs.first(),
            pairs.second(),
            ratio.low,
            ratio.high
        );
        // Against Alembic the slower side is named first, so that larger is better.
        let what = if against == "alembic" {
            format!("alembic : ours, {what}")
        } else {
            format!("{what} : {against}")
        };
        self.figures.push(Figure { what, details, found: ratio.median, unit: "×", goal });
    }

    /// Peak memory in bytes; the goal is in MB.
    pub(crate) fn memory(&mut self, what: &str, bytes: u64, goal: Goal) {
        self.figures.push(Figure {
            what: format!("peak memory of {what}"),
            details: String::new(),
            found: megabytes(bytes),
            unit: " MB",
            goal,
        });
    }

    /// The size of the program in bytes.
    pub(crate) fn size(&mut self, program: &Path, limit: u64) -> Result {
        let bytes = fs_err::metadata(program)?.len();
        let goal = Goal::AtMost(megabytes(limit));
        let what = "size of the program".to_owned();
        self.figures.push(Figure {
            what,
            details: String::new(),
            found: megabytes(bytes),
            unit: " MB",
            goal,
        });
        Ok(())
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
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.figures.iter().try_for_each(|figure| writeln!(formatter, "{figure}"))
    }
}

impl fmt::Display for Figure {
    /// What it is, the figure, the goal and whether it holds, then the times and the spread it comes from.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, details, found, unit, goal } = self;
        let goal = match goal {
            Goal::None => String::new(),
            Goal::AtLeast(goal) => format!("≥ {goal}{unit} "),
            Goal::AtMost(goal) => format!("≤ {goal}{unit} "),
        };
        let verdict = match (self.goal, self.holds()) {
            (Goal::None, _) => "",
            (_, true) => "ok",
            (_, false) => "MISSED",
        };
        let found = format!("{found:.2}{unit}");
        let line = format!("{what:<56} {found:>10}  {goal}{verdict:<6}  {details}");
        formatter.write_str(line.trim_end())
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
        assert!(figures.to_string().contains("61.00 MB  ≤ 60 MB MISSED\n"));
    }

    #[test]
    fn nothing_measured_is_no_success() {
        Figures::default().verdict().unwrap_err();
    }
}
