//! `heads --check`: everything that is wrong with a set of scripts, in one run.
//!
//! Works on [`ScriptFiles`], so also where no sound graph can be made. A
//! [`Survey`] knows the graph and its heads; [`Survey::report`] adds what git
//! knows and gives the [`Finding`]s as data, errors first. [`Against`] puts the
//! scripts of another commit beside those of the work tree.
//!
//! What this module does not do: it prints nothing, and it never asks whether a
//! script's body is right.
//!
//! # How many heads there are
//!
//! Heads are counted by `down_revision` as `heads` and `upgrade head` count them,
//! each identifier once. Of scripts that cannot be read nothing is known: a
//! revision that such a script names in quotes counts as followed by it, so that
//! an unreadable script never makes two findings out of one.

mod against;
mod docstring;
mod finding;
mod graph;
mod heads;
mod identifiers;
mod links;
mod placeholder;
mod survey;
#[cfg(test)]
mod tests;
mod unreadable;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use against::{Against, facts};
pub use finding::{Code, Finding, Help, Place, Severity};
pub use survey::{Head, Survey};

use crate::git::FileFacts;
#[cfg(doc)]
use crate::script::ScriptFiles;
use crate::shell;

/// What git knows about scripts.
pub type Facts = BTreeMap<PathBuf, FileFacts>;

/// How many heads are fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckOptions {
    /// The number of heads allowed: in all, or of each group.
    pub allow: usize,
    /// Heads are counted for every branch label that holds at them. A head with
    /// several labels counts for each; the heads without one are a group together.
    pub per_label: bool,
    /// A head that another revision depends on does not count.
    pub resolve_dependencies: bool,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self { allow: 1, per_label: false, resolve_dependencies: false }
    }
}

/// The answer of a check.
#[derive(Debug, Clone)]
pub struct CheckReport {
    /// How many scripts were read.
    pub scripts: usize,
    /// All heads in load order.
    pub heads: Vec<Head>,
    /// What was found, in the order of [`Code`], so errors first.
    pub findings: Vec<Finding>,
    /// What git knows about the scripts that were asked for.
    pub facts: Facts,
}

impl CheckReport {
    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity() == severity).count()
    }

    /// Whether a script could not be read, so that the rest is only part of the
    /// answer.
    pub fn is_incomplete(&self) -> bool {
        self.findings.iter().any(|finding| finding.code == Code::UnreadableScript)
    }

    /// Gives every command of the ways out the `options` that lead to the project, such as
    /// `-c db/alembic.ini`: words as they are, quoted here for a shell.
    #[must_use]
    pub fn with_options(mut self, options: &[String]) -> Self {
        if !options.is_empty() {
            let words: Vec<String> = options.iter().map(|word| shell::word(word)).collect();
            let helps = self.findings.iter_mut().flat_map(|finding| &mut finding.help);
            helps.for_each(|help| help.insert_options(&words.join(" ")));
        }
        self
    }

    /// The head at a place of a [`Code::MultipleHeads`] finding.
    pub fn head(&self, place: &Place) -> Option<&Head> {
        self.heads.iter().find(|head| head.place == *place)
    }
}
