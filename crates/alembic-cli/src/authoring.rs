//! What the commands that write scripts share: progress lines, the clock, random identifiers, hooks, diffs.

pub(crate) mod clock;
pub(crate) mod diff;
pub(crate) mod editor;
pub(crate) mod hooks;
pub(crate) mod identifier;
mod new_script;
pub(crate) mod progress;
pub(crate) mod python;

pub(crate) use new_script::{Commands, write_script};
