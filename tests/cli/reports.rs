//! The report of each kind of error as people see it.

mod configuration;
mod graphs;
mod questions;
mod scripts;

use alembic_testing::{Project, TestContext};

use crate::project::in_project;

/// The report of a refused command.
fn report(context: &TestContext, args: &[&str]) -> String {
    let output = context.run(args);
    assert_eq!(output.code(), Some(255), "{output}");
    // The same sentence stands first in both.
    let (stdout, stderr) = (output.stdout(), output.stderr());
    let sentence = stdout.strip_prefix("FAILED: ").unwrap_or_else(|| panic!("{output}"));
    assert!(stderr.contains(sentence.trim_end()), "{output}");
    stderr
}

/// A project whose only script, `x.py`, has this text.
fn script(text: &str) -> TestContext {
    in_project(Project::new().with_file("migrations/versions/x.py", text))
}

/// A project with this configuration and one revision.
fn ini(text: &str) -> TestContext {
    in_project(Project::from_letters("a").with_file("alembic.ini", text))
}
