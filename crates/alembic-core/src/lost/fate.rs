//! What became of a lost script in HEAD's history and in the work tree.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::reader::{Parsed, Reader};
use super::search::Proven;
use super::types::{Fate, Known};
use crate::git::{GitError, LoggedCommit, TreeFile};

pub(super) fn of(
    reader: &mut Reader<'_>,
    known: &Known,
    proven: &Proven,
    commit: &Arc<LoggedCommit>,
) -> Result<Fate, GitError> {
    let path = &proven.file.path;
    if let Some(here) = reader.here(path) {
        return Ok(if here.declaration.revision == proven.parsed.declaration.revision {
            Fate::NotLoaded
        } else {
            renamed(&proven.parsed, &here, path.clone(), known)
        });
    }
    let repository = reader.repository();
    if repository.top_level().join(path).exists() {
        return Ok(Fate::NotLoaded);
    }
    let head = repository.blobs_at(&[("HEAD", path)])?.pop().flatten();
    if let Some(blob) = head {
        let parsed = reader.script(TreeFile { path: path.clone(), blob });
        let same = |p: &Parsed| p.declaration.revision == proven.parsed.declaration.revision;
        return Ok(match parsed {
            Some(other) if !same(&other) => renamed(&proven.parsed, &other, path.clone(), known),
            _ => Fate::RemovedHere,
        });
    }
    if !repository.head_has(&commit.commit.id)? {
        return Ok(Fate::Elsewhere);
    }
    let deletion = repository.deletion(path)?;
    if let Some(deletion) = &deletion
        && let Some(renamed) = renamed_by(reader, known, proven, &deletion.commit.id)?
    {
        return Ok(renamed);
    }
    Ok(Fate::Deleted(deletion))
}

/// The commit that deleted the file may have added it under another name, with
/// another identifier in it. All scripts grow from one template, so likeness proves
/// nothing: the docstring must say the same.
fn renamed_by(
    reader: &mut Reader<'_>,
    known: &Known,
    proven: &Proven,
    deletion: &str,
) -> Result<Option<Fate>, GitError> {
    let repository = reader.repository();
    let folder = match proven.file.path.parent() {
        Some(folder) => repository.top_level().join(folder),
        None => return Ok(None),
    };
    let before = repository.commit(&format!("{deletion}^"))?;
    let is_script = |path: &Path| path.extension().is_some_and(|extension| extension == "py");
    let changes = repository.changes(before.as_deref(), deletion, &[folder], is_script)?;
    for change in changes {
        let (None, Some(file)) = (change.before, change.after) else { continue };
        let Some(path) = repository.relative(&file.path).map(Path::to_owned) else { continue };
        // Today's contents count, where the file is still there.
        let Some(now) = reader.here(&path) else { continue };
        if is_same_migration(&proven.parsed, &now) {
            return Ok(Some(renamed(&proven.parsed, &now, path, known)));
        }
    }
    Ok(None)
}

fn is_same_migration(a: &Parsed, b: &Parsed) -> bool {
    let date = |parsed: &Parsed| parsed.script.docstring().field("Create Date:").map(str::to_owned);
    let same_words = !a.message().is_empty() && a.message() == b.message() && date(a) == date(b);
    same_words || (a.body().is_some_and(|body| !body.is_empty()) && a.body() == b.body())
}

fn renamed(before: &Parsed, now: &Parsed, path: PathBuf, known: &Known) -> Fate {
    let revision = now.declaration.revision.clone();
    let same_body = before.body().is_some() && before.body() == now.body();
    Fate::Renamed { is_known: known.has(&revision), revision, path, same_body }
}
