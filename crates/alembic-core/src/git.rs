//! Facts from git, asked of the `git` program.
//!
//! [`Repository`] knows commits, trees and the state of files; it knows no
//! migration scripts. Everything is read: no checkout, no fetch, no lock, nothing
//! of the work tree, the index or the object store is touched. The program is
//! started with a list of arguments, never through a shell, with a time limit and
//! a limit for what it may say, and so that the user's configuration changes
//! neither what it prints nor what it runs.
//!
//! Where there is no git or no repository the facts just are not there.

mod blobs;
mod command;
mod error;
mod facts;
mod history;
mod holders;
mod objects;
mod repository;
mod tree;

pub(crate) use blobs::Scan;
pub use error::GitError;
pub use facts::{Commit, FileFacts, FileState};
pub use history::{FileHistory, FileVersion, LoggedCommit};
pub use holders::{Holder, HolderKind};
pub use objects::{Change, ChangedFile};
pub use repository::{Repositories, Repository};
pub use tree::TreeFile;
