//! The program as its users meet it: what each command prints, how it fails, what a terminal changes.
//!
//! A few snapshots per command; the many shapes of graphs and scripts are in `tests/fixtures`.

mod bad_input;
mod branches;
mod completions;
#[cfg(feature = "database")]
mod database;
mod documents;
#[cfg(feature = "models")]
mod erd;
mod errors;
mod exit_codes;
mod global;
mod graph;
mod heads;
mod help;
mod history;
mod listings;
#[cfg(feature = "models")]
mod models;
mod pager;
mod pipes;
mod program;
mod project;
mod reports;
mod show;
mod streams;
#[cfg(all(feature = "ui", target_os = "linux"))]
mod ui;

use alembic_testing::{Output, Project, TestContext};

const PROGRAM: &str = env!("CARGO_BIN_EXE_alembic-rs");

/// A small history with a fork, a merge and a label.
const FORKED: &str = "a <- b <- d + c, a <- c[side]";

fn context(project: Project) -> TestContext {
    TestContext::new(PROGRAM, project)
}

/// Runs the program in a copy of a fixture.
fn in_fixture(name: &str, arguments: &[&str]) -> Output {
    context(Project::from_fixture(name)).run(arguments)
}

/// Runs the program in a project of one script beside a sound base.
fn with_script(name: &str, text: impl AsRef<[u8]>, arguments: &[&str]) -> Output {
    let project = Project::from_letters("a");
    project.write(format!("migrations/versions/{name}"), text);
    context(project).run(arguments)
}
