//! The chores of this repository: `cargo xtask help` lists them.
//!
//! What tests need beyond Rust (a Python environment with real Alembic, other people's projects) is put in a cache folder
//! outside the tree; see [`cache`]. A chore is a row of steps; a step that fails does not keep the others from running, so
//! that one run names everything that is wrong; see [`steps`].
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for developers whose whole output is words for them"
)]

mod authoring;
mod cache;
mod checks;
mod command;
mod failure;
mod fuzz;
mod installed;
mod packages;
mod page;
mod python;
mod repository;
mod rust;
mod session;
mod shared;
mod speed;
mod steps;
mod system;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::session::Session;

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_flag = false)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run every test: the workspace's, then parity, corpus and models of ../shared when it is there
    Test,
    /// Check formatting, lints, docs, walls between crates, fixtures, the program's size
    Check,
    /// Run the checks, then the tests
    Ci,
    /// Make and try what other people install: crates, wheel, pre-commit hook (a part of `test`)
    Packages,
    /// Try the page: its sources, in a browser, through its API (a part of `test`)
    Page {
        /// The program to try, instead of a release build
        #[arg(long)]
        program: Option<std::path::PathBuf>,
    },
    /// Time the program against real Alembic, and compare with the goals
    Speed(speed::Options),
    /// Start ten replicas at once on an empty PostgreSQL, twenty times over
    Replicas,
    /// Run each fuzz target for a while
    Fuzz(fuzz::Options),
    /// Run a command and print its peak memory in bytes (a helper of `speed`)
    #[command(hide = true)]
    PeakMemory {
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<std::ffi::OsString>,
    },
}

fn main() -> ExitCode {
    let chore = Arguments::parse().chore;
    if let Chore::PeakMemory { command } = chore {
        return speed::print_peak_memory(&command);
    }
    let mut session = Session::new();
    match chore {
        Chore::Test => session.test(),
        Chore::Check => session.check(),
        Chore::Ci => {
            session.check();
            session.test();
        }
        Chore::Packages => session.packages(),
        Chore::Page { program } => session.with_given(program).page(),
        Chore::Speed(options) => speed::run(&mut session, &options),
        Chore::Replicas => session.replicas(),
        Chore::Fuzz(options) => fuzz::run(&mut session, &options),
        Chore::PeakMemory { .. } => unreachable!("answered above"),
    }
    session.close()
}
