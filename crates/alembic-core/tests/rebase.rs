//! `rebase` on every script of the fixtures that has a single parent, there and back: the files are the same, byte
//! for byte. `ALEMBIC_RS_REBASE_CORPUS` may name a folder with more scripts.

use std::path::{Path, PathBuf};

use alembic_core::rebase::{RebaseError, edit};
use alembic_core::script::ScriptFiles;

/// A parent that no script has.
const ELSEWHERE: &str = "0f1e2d3c4b5a";

#[test]
fn there_and_back_leaves_the_same_bytes() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let corpus = std::env::var_os("ALEMBIC_RS_REBASE_CORPUS").map(PathBuf::from);
    let (mut moved, mut worked_out, mut odd_refused) = (0, 0, 0);
    let (mut refused, mut changed) = (Vec::new(), Vec::new());
    for (path, parent) in std::iter::once(fixtures).chain(corpus).flat_map(|it| scripts(&it)) {
        let bytes = fs_err::read(&path).expect("it was just read");
        let there = edit(&path, &bytes, &[], Some(&parent), Some(ELSEWHERE));
        match there.and_then(|there| edit(&path, &there, &[], Some(ELSEWHERE), Some(&parent))) {
            Ok(back) if back == bytes => moved += 1,
            // The value was worked out: it is replaced as a whole, and comes back as a literal.
            Ok(_) if is_odd(&path) => worked_out += 1,
            Ok(_) => changed.push(path),
            Err(RebaseError::Edit { .. }) if is_odd(&path) => odd_refused += 1,
            Err(RebaseError::Edit { path, reason, .. }) => {
                refused.push(format!("{path}: {reason}"));
            }
            Err(other) => panic!("{}: {other}", path.display()),
        }
    }
    println!(
        "{moved} scripts moved and back, {worked_out} whose parent is worked out, {} refused",
        odd_refused + refused.len()
    );
    assert!(changed.is_empty(), "not the same afterwards: {changed:#?}");
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(moved > 100);
}

/// Is the script one of those that are odd on purpose? Those of real projects are not.
fn is_odd(path: &Path) -> bool {
    let odd = ["non-literal", "odd-forms", "newer-syntax", "sequence-forms", "encodings"];
    path.components().any(|part| odd.iter().any(|odd| part.as_os_str() == *odd))
}

/// All scripts below a folder that can be read and have a single parent.
fn scripts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder).expect("a folder") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
        for (script, declared) in ScriptFiles::read(&[folder], false, &[]).scripts {
            if let [parent] = declared.down_revision.as_slice() {
                found.push((script.path().to_owned(), parent.clone()));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}
