//! One file per command: its arguments, its help, what it does.

pub(crate) mod branches;
pub(crate) mod completions;
pub(crate) mod edit;
pub(crate) mod heads;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod later;
pub(crate) mod list_templates;
pub(crate) mod man;
pub(crate) mod merge;
pub(crate) mod rebase;
pub(crate) mod revision;
pub(crate) mod show;
