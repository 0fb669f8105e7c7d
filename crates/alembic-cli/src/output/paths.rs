//! Paths for people: below the current folder they are relative to it.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The path as it is seen from here.
pub(crate) fn from_here(path: &Path) -> Cow<'_, str> {
    static HERE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let here = HERE.get_or_init(|| std::env::current_dir().and_then(fs_err::canonicalize).ok());
    let relative = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    relative.unwrap_or(path).to_string_lossy()
}
