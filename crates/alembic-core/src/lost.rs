//! A database revision that is not in the project: where git has its script, and
//! the ways back into step.
//!
//! A database may be at a revision that no script of the work tree declares: the
//! script is on a colleague's branch, was deleted, was given another identifier, or
//! went away with a rebase. [`find`] looks for it in everything that git still knows:
//! branches, remote branches, tags, stashes, other work trees, reflogs. A text that
//! holds the identifier is only a candidate; what counts is what our own reader of
//! scripts finds declared. [`advice`] says how to get back in step, the safest way
//! first. [`Recovery`] puts the missing scripts into a temporary version location
//! beside the project's own, so that the database can be taken back to what the
//! project knows while nothing of the work tree, the index or the references changes.
//!
//! What this module does not do: it opens no connection, runs no Python, prints
//! nothing, fetches nothing. Scripts that were in no commit, index or stash, and
//! commits that not even a reflog reaches, are not found.

mod absent;
mod advice;
mod chain;
mod error;
mod fate;
mod reader;
mod recovery;
mod search;
mod types;

pub use absent::AbsentModule;
pub use advice::{Advice, AdviceKind, advice};
pub use error::RecoveryError;
pub use recovery::{Origin, RecoveredScript, Recovery, recovery};
pub use search::{find, search};
pub use types::{
    Chain, ChainScript, Fate, Holding, Horizon, Known, Lost, LostRevision, LostScript,
};
