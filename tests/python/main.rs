//! Finding the project's Python and running Alembic in it: made-up folders for the first, real processes for the second.
#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

#[cfg(unix)]
mod backup;
mod discovery;
#[cfg(unix)]
mod matrix;
#[cfg(unix)]
mod orphans;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod running;
#[cfg(unix)]
mod terminal;
mod tree;
