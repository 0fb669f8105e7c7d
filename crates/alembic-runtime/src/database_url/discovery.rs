//! Where a project keeps its URL: every candidate in order, and the one that counts.
//!
//! 1. what the command says: `--url`, `ALEMBIC_RS_URL`, `-x url=…` when env.py reads that name;
//! 2. `[tool.alembic-rs]` of pyproject.toml: `url_env`, `env_file`;
//! 3. what env.py says, read without running it ([`crate::env_script`]);
//! 4. the process environment: [`VARIABLES`];
//! 5. `.env` beside alembic.ini, then at the project's root;
//! 6. `sqlalchemy.url` of the configuration;
//! 7. in a container, a service that answers ([`Source::Service`]; `project` looks for it, since that asks the
//!    network).
//!
//! A candidate of 1 to 3 is proven, one of 4 to 7 is a guess: env.py did not say that it uses it.
#![expect(
    clippy::single_match_else,
    reason = "both outcomes of a look into a source stand side by side"
)]

mod candidate;
mod sources;
mod tool_table;

use std::path::{Path, PathBuf};

use alembic_core::config::Config;

pub use self::candidate::{Candidate, Outcome, Proof, Source};
use super::DatabaseUrl;
use crate::env_script::EnvScript;

/// The variables that mostly hold the URL, in the order in which they count.
pub const VARIABLES: [&str; 4] =
    ["DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URL", "SQLALCHEMY_URL"];

/// The variable that stands for `--url`.
pub const URL_VARIABLE: &str = "ALEMBIC_RS_URL";

/// What discovery looks at. Nothing else of the process is.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The file `env.py`, if there is one.
    pub script: Option<&'a Path>,
    /// Where its modules are looked for: `prepend_sys_path`, `PYTHONPATH`.
    pub roots: &'a [PathBuf],
    /// The root of the project, such as the folder of `.git`.
    pub project_root: Option<&'a Path>,
    /// `--url`.
    pub url: Option<&'a str>,
    /// The values of `-x`, in order.
    pub x_arguments: &'a [String],
    /// The process environment.
    pub environment: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// Whether [`EnvScript::offline`] is wanted.
    pub offline: bool,
}

/// All candidates, and which one counts.
pub struct Discovery {
    /// In the order in which they count; those that are not there say so.
    pub candidates: Vec<Candidate>,
    /// The index of the one that counts; `None` when there is no URL, or none may be taken.
    pub chosen: Option<usize>,
    /// What env.py says beside the URL: the version table, the names of `-x`.
    pub script: Option<EnvScript>,
}

impl Discovery {
    /// The candidate that counts.
    pub fn chosen(&self) -> Option<&Candidate> {
        self.candidates.get(self.chosen?)
    }

    /// The URL that counts.
    pub fn url(&self) -> Option<&DatabaseUrl> {
        self.chosen().and_then(Candidate::url)
    }

    /// Whether the URL that counts may be written to: it is no guess.
    pub fn is_proven(&self) -> bool {
        self.chosen().is_some_and(|candidate| candidate.proof == Proof::Proven)
    }

    /// Adds a candidate that counts where none before it does.
    pub(crate) fn extend(&mut self, candidate: Option<Candidate>) {
        self.candidates.extend(candidate);
        self.chosen = choose(&self.candidates);
    }

    /// The candidate that forbids to go on: several databases, or a text that is no URL where one must be.
    pub fn obstacle(&self) -> Option<&Candidate> {
        let end = self.chosen.unwrap_or(self.candidates.len());
        self.candidates[..end].iter().find(|candidate| candidate.stops())
    }
}

/// Looks at every source. Opens no connection and runs nothing.
pub fn discover(inputs: &Inputs<'_>) -> Discovery {
    let script = inputs.script.map(|script| sources::read_script(inputs, script));
    let mut candidates = sources::of_command(inputs, script.as_ref());
    candidates.extend(tool_table::candidates(inputs));
    let files = sources::env_files(inputs);
    if let Some(script) = &script {
        candidates.extend(sources::of_script(inputs, script, &files));
    }
    candidates.extend(sources::of_environment(inputs));
    candidates.extend(sources::of_env_files(inputs, script.as_ref(), &files));
    candidates.push(sources::of_configuration(inputs, script.as_ref()));
    let chosen = choose(&candidates);
    Discovery { candidates, chosen, script }
}

/// The first URL, unless something before it forbids to go on.
fn choose(candidates: &[Candidate]) -> Option<usize> {
    let first =
        candidates.iter().position(|candidate| candidate.url().is_some() || candidate.stops())?;
    candidates[first].url().is_some().then_some(first)
}
