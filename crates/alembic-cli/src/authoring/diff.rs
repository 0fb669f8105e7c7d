//! What changes in a file, for people.

use std::path::Path;

use similar::TextDiff;

/// A unified diff with three lines around every change; empty when nothing changes.
pub(crate) fn unified(path: &Path, before: &str, after: &str) -> String {
    let name = path.display().to_string();
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(3).header(&name, &name).to_string()
}
