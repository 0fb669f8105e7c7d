//! Folders and files, by text alone where Python does it so.

use std::path::{Component, Path, PathBuf};

/// Python's `os.path.normpath`, for what is used here: `.` and `..` are resolved by text.
pub(super) fn normalized(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                let named = matches!(out.components().next_back(), Some(Component::Normal(_)));
                if named {
                    out.pop();
                } else if !out.has_root() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

/// Python's `os.path.abspath`.
pub(super) fn absolute(cwd: &Path, path: &Path) -> PathBuf {
    normalized(&cwd.join(path))
}

/// Python's `os.path.dirname`.
pub(super) fn dirname(text: &str) -> &str {
    match text.rfind('/') {
        Some(0) => "/",
        Some(at) => text[..at].trim_end_matches('/'),
        None => "",
    }
}

/// The file of this name in the folder or the nearest one above it.
pub(super) fn upwards(folder: &Path, name: &str) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(name)).find(|path| path.is_file())
}
