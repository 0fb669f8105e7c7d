//! What the tests of this workspace share.
//!
//! A test makes a [`Project`] out of letters, out of files or out of a copy of a fixture, puts it in a [`TestContext`]
//! together with the program, and looks at the [`Output`]:
//!
//! ```no_run
//! # // `CARGO_BIN_EXE_…` is there in the tests of the crate that owns the program.
//! # let program = "alembic-rs";
//! use alembic_testing::{Project, TestContext};
//!
//! let context = TestContext::new(program, Project::from_letters("a <- b <- c, b <- d[users]"));
//! let output = context.run(["heads"]);
//! assert_eq!(output.stdout(), "c (head)\nd (users) (head)\n");
//! ```
//!
//! The program runs with an environment of its own, in which nothing of the developer's machine shows, and never longer
//! than [`DEADLINE`]. Texts come back with the project's folder as `{P}`.
//!
//! Everything here panics when it cannot do what it was asked: it serves tests and nothing else. Nothing is skipped:
//! what needs real Alembic and finds none says `run cargo xtask test`.
#![warn(missing_docs)]

mod context;
mod expected;
mod filters;
mod fixture;
mod invocation;
mod letters;
mod output;
mod process;
mod project;
mod revision;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod terminal;
mod venv;

pub use context::TestContext;
pub use expected::{Expected, Order};
pub use filters::Filters;
pub use fixture::{Fixture, fixtures};
pub use invocation::{Invocation, Stdout};
pub use letters::revisions;
pub use output::Output;
pub use process::DEADLINE;
pub use project::Project;
pub use revision::Revision;
#[cfg(unix)]
pub use server::{MariaDb, PgBouncer, Postgres, PostgresDatabase};
#[cfg(unix)]
pub use terminal::Terminal;
pub use venv::Venv;
