//! What the documentation tells people to type and to paste: every shell block of the README and the guides is run, and the
//! integrations are carried out as far as they go without the service that hosts them.
//!
//! A fenced block is `sh`, which runs, or `sh no-run: REASON`, which says why it cannot here. Blocks of one file run in
//! their order, in one repository that holds the pet shop, with a branch `main` and its remote.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod action;
mod blocks;
mod gitlab;
mod repository;
mod shell;
