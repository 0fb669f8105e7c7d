//! `rebase` on every script of the fixtures that has a single parent, there and back: the files are the same, byte
//! for byte. `ALEMBIC_RS_REBASE_CORPUS` may name a folder with more scripts.

use std::path::{Path, PathBuf};

use alembic_core::rebase::{RebaseError, edit};

/// A parent that no script has.
const ELSEWHERE: &str = "0f1e2d3c4b5a";

#[test]
fn there_and_back_leaves_the_same_bytes() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let corpus = std::env::var_os("ALEMBIC_RS_REBASE_CORPUS").map(PathBuf::from);
    let (mut moved, mut refused, mut changed) = (0, Vec::new(), Vec::new());
    for script in std::iter::once(fixtures).chain(corpus).flat_map(|folder| scripts(&folder)) {
        // Some fixtures are about files that cannot be read.
        let Ok(bytes) = fs_err::read(&script) else { continue };
        let Some(parent) = single_parent(&bytes) else { continue };
        let there = edit(&script, &bytes, &[], Some(&parent), Some(ELSEWHERE));
        match there.and_then(|there| edit(&script, &there, &[], Some(ELSEWHERE), Some(&parent))) {
            Ok(back) if back == bytes => moved += 1,
            Ok(_) => changed.push(script),
            Err(RebaseError::Edit { path, reason, .. }) => {
                refused.push(format!("{path}: {reason}"));
            }
            Err(other) => panic!("{}: {other}", script.display()),
        }
    }
    println!("{moved} moved, {} refused: {refused:#?}", refused.len());
    assert!(changed.is_empty(), "not the same afterwards: {changed:#?}");
    assert!(refused.len() * 20 <= moved, "{refused:#?}");
    assert!(moved > 20);
}

/// All Python files below a folder that declare a revision.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder).expect("a folder") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "py") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The only parent of a script, where its text says it in one of the usual forms.
fn single_parent(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let line = text.lines().find(|line| line.starts_with("down_revision"))?;
    let value = line.split_once('=')?.1.split('#').next()?.trim();
    let value = value.trim_matches(['(', ')', ',', ' ', '[', ']']);
    let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let id = value.strip_prefix(quote)?.strip_suffix(quote)?;
    (!id.contains(quote) && !id.is_empty()).then(|| id.to_owned())
}
