//! Where things are in this repository.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The root of the tree.
pub(crate) fn root() -> PathBuf {
    // Cargo names the folder of the clone that it runs in; the compiled-in one may be another clone's that shares
    // the target folder.
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_owned)
}

/// The proofs that are handed out beside the repository, and are no part of it.
pub(crate) fn shared() -> PathBuf {
    root().join("../shared")
}

/// Every file below `folder` whose name ends in `suffix`, sorted. Nothing when there is no such folder.
pub(crate) fn files_below(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs_err::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            // Links are not followed: they could lead in circles.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && entry.file_name() != "target" {
                folders.push(entry.path());
            } else if !is_folder && entry.file_name().to_string_lossy().ends_with(suffix) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}
