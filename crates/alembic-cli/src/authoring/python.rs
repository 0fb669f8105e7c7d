//! The seam to what only a database or the project's Python can tell.

use std::path::PathBuf;

/// The project's own Python, for hooks that are Python's; `None` where none is known.
pub(crate) fn interpreter() -> Option<PathBuf> {
    None
}

/// The identifiers in the version table, of the database that env.py would use; `None` where none is known.
pub(crate) fn current_revisions() -> Option<Vec<String>> {
    None
}
