//! A row of steps, each announced and timed, none of them skipped in silence.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{
    failure::{Failure, Result},
    installed,
};

/// The steps of one run.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    passed: usize,
    failed: Vec<(String, Failure)>,
}

impl Steps {
    /// Carries out a step; `None` when it failed. A failure is kept for the end: what does not need the step goes on.
    pub(crate) fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        eprintln!("==> {name}");
        let begun = Instant::now();
        let outcome = work();
        let time = seconds(begun.elapsed());
        match outcome {
            Ok(value) => {
                eprintln!("==> {name}: ok, {time}");
                self.passed += 1;
                Some(value)
            }
            Err(failure) => {
                eprintln!("==> {name}: FAILED, {time}");
                self.failed.push((name.to_owned(), failure));
                None
            }
        }
    }

    /// Counts a step as failed that cannot be tried, because `missing` failed before.
    pub(crate) fn cannot_run(&mut self, name: &str, missing: &str) {
        let failure = Failure::new(format!("not run: it needs `{missing}`"));
        eprintln!("==> {name}: {failure}");
        self.failed.push((name.to_owned(), failure));
    }

    /// Names every failure, prints the closing line and gives the exit code.
    pub(crate) fn close(self) -> ExitCode {
        for (name, failure) in &self.failed {
            eprintln!("failed: {name}: {failure}");
        }
        eprintln!("{}", installed::line());
        println!("{} passed, {} failed", self.passed, self.failed.len());
        if self.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
