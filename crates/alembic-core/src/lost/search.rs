//! The search: candidates by their text, then proof by reading.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use memchr::memmem::Finder;
use python_static::Project;

use super::chain::Chains;
use super::fate;
use super::reader::{Parsed, Reader};
use super::types::{Holding, Horizon, Known, Lost, LostRevision, LostScript};
use crate::config::ScriptSettings;
use crate::git::{
    FileHistory, FileVersion, GitError, HolderKind, LoggedCommit, Repositories, Repository,
    TreeFile,
};

/// Versions of the script of one revision that are looked at, the newest of them.
const MOST_VERSIONS: usize = 16;

/// Commits with one and the same version of a script whose holders are asked for.
const MOST_COMMITS: usize = 8;

/// How often scripts are looked for that other lost scripts follow.
const MOST_ROUNDS: usize = 8;

/// Looks for revisions in the repositories around the version folders. Where there is
/// no git, nothing is found and [`Horizon::failures`] says why.
pub fn search(settings: &ScriptSettings, known: &Known, ids: &[&str]) -> Lost {
    let folders = settings.version_locations.iter().map(PathBuf::as_path);
    let repositories = Repositories::discover(folders);
    let mut lost = Lost::default();
    if repositories.as_slice().is_empty()
        && let Some(folder) = settings.version_locations.first()
        && let Err(error) = Repository::discover(folder)
    {
        lost.horizon.failures.push(error);
    }
    let revision = |id: &&str| LostRevision { id: (*id).to_owned(), scripts: Vec::new() };
    lost.revisions = ids.iter().map(revision).collect();
    for repository in repositories.as_slice() {
        match find(repository, settings, known, ids) {
            Ok(found) => lost.absorb(found),
            Err(error) => lost.horizon.failures.push(error),
        }
    }
    lost
}

impl Lost {
    fn absorb(&mut self, found: Self) {
        for (revision, more) in self.revisions.iter_mut().zip(found.revisions) {
            revision.scripts.extend(more.scripts);
        }
        let Horizon { repositories, remotes, is_shallow, missing_objects, failures } =
            found.horizon;
        self.horizon.repositories.extend(repositories);
        self.horizon.remotes.extend(remotes);
        self.horizon.is_shallow |= is_shallow;
        self.horizon.missing_objects += missing_objects;
        self.horizon.failures.extend(failures);
    }
}

/// Looks for revisions in one repository: everything that a reference or a reflog
/// reaches. First in files that lie where version folders lie, or are named after the
/// revision; in all other Python files only for what is not found there.
///
/// # Errors
/// When git cannot be asked. Limits of time and size, and what a partial clone lacks,
/// are no errors: [`Lost::horizon`] tells.
pub fn find(
    repository: &Repository,
    settings: &ScriptSettings,
    known: &Known,
    ids: &[&str],
) -> Result<Lost, GitError> {
    let FileHistory { versions, cut_short } = repository.file_history()?;
    let project = Project::new(settings.prepend_sys_path.iter().cloned());
    let mut reader = Reader::new(repository, project);
    reader.failures.extend(cut_short);
    let folders = Folders::new(repository, settings);
    let mut hunt = Hunt { files: group(versions), folders: &folders };
    let mut found = hunt.find(&mut reader, ids)?;
    let mut chains = Chains::new(known, &folders);
    let mut revisions = describe(&mut reader, &mut chains, known, ids, &found)?;
    for _ in 0..MOST_ROUNDS {
        // What a lost script follows may never have been in one commit with it.
        let mut gaps: Vec<String> = gaps(&revisions, &chains);
        gaps.retain(|gap| found.get(gap).is_none_or(|proven| !proven.is_empty()));
        if gaps.is_empty() {
            break;
        }
        let unseen: Vec<&str> =
            gaps.iter().map(String::as_str).filter(|gap| !found.contains_key(*gap)).collect();
        let more = if unseen.is_empty() { Found::new() } else { hunt.find(&mut reader, &unseen)? };
        found.extend(more);
        for gap in &gaps {
            if let Some(proven) = found.get(gap).and_then(|proven| proven.first()) {
                chains.add_elsewhere(&mut reader, proven)?;
            }
        }
        revisions = describe(&mut reader, &mut chains, known, ids, &found)?;
    }
    let horizon = Horizon {
        repositories: vec![repository.top_level().to_owned()],
        remotes: repository.remotes(),
        is_shallow: repository.is_shallow(),
        missing_objects: reader.missing_objects,
        failures: reader.failures,
    };
    Ok(Lost { revisions, horizon })
}

/// What the best scripts follow and no tree of theirs has.
fn gaps(revisions: &[LostRevision], chains: &Chains<'_>) -> Vec<String> {
    let scripts = revisions.iter().filter_map(LostRevision::best);
    let mut gaps: Vec<String> = scripts
        .flat_map(|script| script.chain.gaps.iter().cloned())
        .filter(|gap| !chains.is_elsewhere(gap))
        .collect();
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

/// Where version folders lie.
pub(super) struct Folders {
    /// Today's, from the top of the work tree.
    today: Vec<PathBuf>,
    names: Vec<std::ffi::OsString>,
}

impl Folders {
    pub(super) fn new(repository: &Repository, settings: &ScriptSettings) -> Self {
        let real = |folder: &PathBuf| {
            let folder = fs_err::canonicalize(folder).unwrap_or_else(|_| folder.clone());
            repository.relative(&folder).map(Path::to_owned)
        };
        let today: Vec<PathBuf> = settings.version_locations.iter().filter_map(real).collect();
        let names = settings.version_locations.iter().filter_map(|folder| folder.file_name());
        Self { names: names.map(OsStr::to_owned).collect(), today }
    }

    /// Whether a file lies in a version folder of today, or in a folder of the same
    /// name elsewhere, as before a move.
    pub(super) fn may_hold(&self, path: &Path) -> bool {
        let Some(parent) = path.parent() else { return false };
        self.today.iter().any(|folder| parent.starts_with(folder))
            || parent.iter().any(|part| self.names.iter().any(|name| name == part))
    }
}

/// A version of a file with the commits that made it, the newest first.
pub(super) struct Grouped {
    pub(super) file: TreeFile,
    pub(super) commits: Vec<Arc<LoggedCommit>>,
}

fn group(versions: Vec<FileVersion>) -> Vec<Grouped> {
    let mut groups: Vec<Grouped> = Vec::new();
    let mut known: HashMap<(Arc<Path>, String), usize> = HashMap::new();
    for FileVersion { commit, path, blob } in versions {
        let next = groups.len();
        let at = *known.entry((Arc::clone(&path), blob.clone())).or_insert(next);
        if at == next {
            let file = TreeFile { path: path.to_path_buf(), blob };
            groups.push(Grouped { file, commits: Vec::new() });
        }
        groups[at].commits.push(commit);
    }
    groups
}

/// A version of a script that was proven to declare a revision.
pub(super) struct Proven {
    pub(super) file: TreeFile,
    pub(super) commits: Vec<Arc<LoggedCommit>>,
    pub(super) parsed: Rc<Parsed>,
}

pub(super) type Found = HashMap<String, Vec<Proven>>;

struct Hunt<'a> {
    files: Vec<Grouped>,
    folders: &'a Folders,
}

impl Hunt<'_> {
    fn find(&mut self, reader: &mut Reader<'_>, ids: &[&str]) -> Result<Found, GitError> {
        let ids: Vec<&str> = ids.iter().copied().filter(|id| !id.is_empty()).collect();
        let mut found: Found = ids.iter().map(|id| ((*id).to_owned(), Vec::new())).collect();
        let (likely, others): (Vec<usize>, Vec<usize>) =
            (0..self.files.len()).partition(|&at| self.is_likely(at, &ids));
        self.look(reader, &likely, &ids, &mut found)?;
        let absent = |id: &&str| found.get(*id).is_none_or(Vec::is_empty);
        let absent: Vec<&str> = ids.iter().copied().filter(absent).collect();
        self.look(reader, &others, &absent, &mut found)?;
        Ok(found)
    }

    fn is_likely(&self, at: usize, ids: &[&str]) -> bool {
        let path = &self.files[at].file.path;
        self.folders.may_hold(path) || ids.iter().any(|id| is_named(path, id))
    }

    /// Reads the files at `places` that hold one of the identifiers.
    fn look(
        &self,
        reader: &mut Reader<'_>,
        places: &[usize],
        ids: &[&str],
        found: &mut Found,
    ) -> Result<(), GitError> {
        if ids.is_empty() || places.is_empty() {
            return Ok(());
        }
        // Versions of one content lie beside each other, to be read once.
        let mut order = places.to_vec();
        order.sort_by_key(|&at| &self.files[at].file.blob);
        let blobs: Vec<&[usize]> =
            order.chunk_by(|&a, &b| self.files[a].file.blob == self.files[b].file.blob).collect();
        let names: Vec<&str> =
            blobs.iter().map(|same| self.files[same[0]].file.blob.as_str()).collect();
        let finders: Vec<Finder<'_>> = ids.iter().map(|id| Finder::new(*id)).collect();
        let mut proven: Vec<(usize, Rc<Parsed>)> = Vec::new();
        let scan = reader.repository().scan_blobs(&names, |blob, contents| {
            let in_text = finders.iter().any(|finder| finder.find(contents).is_some());
            for &at in blobs[blob] {
                let file = &self.files[at].file;
                if (in_text || ids.iter().any(|id| is_named(&file.path, id)))
                    && let Some(parsed) = reader.parse(&file.path, &file.blob, contents)
                    && ids.contains(&parsed.declaration.revision.as_str())
                {
                    proven.push((at, parsed));
                }
            }
        })?;
        reader.note(scan);
        // The newest first again.
        proven.sort_by_key(|(at, _)| *at);
        for (at, parsed) in proven {
            let Grouped { file, commits } = &self.files[at];
            let (file, commits) = (file.clone(), commits.clone());
            let id = parsed.declaration.revision.clone();
            found.entry(id).or_default().push(Proven { file, commits, parsed });
        }
        Ok(())
    }
}

fn is_named(path: &Path, id: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains(id))
}

/// Adds to every proven script what git and the work tree say about it.
fn describe(
    reader: &mut Reader<'_>,
    chains: &mut Chains<'_>,
    known: &Known,
    ids: &[&str],
    found: &Found,
) -> Result<Vec<LostRevision>, GitError> {
    let mut revisions = Vec::with_capacity(ids.len());
    for id in ids {
        let proven = found.get(*id).map(Vec::as_slice).unwrap_or_default();
        let mut scripts = Vec::new();
        for proven in proven.iter().take(MOST_VERSIONS) {
            scripts.push(script(reader, chains, known, proven)?);
        }
        // Stable: the newest stays first among equals.
        scripts.sort_by_key(rank);
        revisions.push(LostRevision { id: (*id).to_owned(), scripts });
    }
    Ok(revisions)
}

/// What a script is good for, the best first: to be checked out from a branch, from a
/// remote branch, …, from the middle of a history, from a reflog.
fn rank(script: &LostScript) -> (usize, usize) {
    let order = [
        HolderKind::Branch,
        HolderKind::RemoteBranch,
        HolderKind::Tag,
        HolderKind::Reference,
        HolderKind::Stash,
    ];
    let tip = order.iter().position(|&kind| script.at_tip(kind).is_some());
    (tip.unwrap_or(order.len()), usize::from(script.is_reflog_only()))
}

fn script(
    reader: &mut Reader<'_>,
    chains: &mut Chains<'_>,
    known: &Known,
    proven: &Proven,
) -> Result<LostScript, GitError> {
    let repository = reader.repository();
    let (holders, commit) = holders(repository, proven)?;
    let fate = fate::of(reader, known, proven, &commit)?;
    let chain = chains.of(reader, &commit.commit.id, proven)?;
    Ok(LostScript {
        revision: proven.parsed.declaration.revision.clone(),
        message: proven.parsed.message().to_owned(),
        repository: repository.top_level().to_owned(),
        path: proven.file.path.clone(),
        blob: proven.file.blob.clone(),
        commit: (*commit).clone(),
        holders,
        fate,
        chain,
    })
}

/// Who holds the commits that made this version, and the best known of them.
fn holders(
    repository: &Repository,
    proven: &Proven,
) -> Result<(Vec<Holding>, Arc<LoggedCommit>), GitError> {
    let stashes = repository.stashes();
    let mut holdings: Vec<Holding> = Vec::new();
    let mut best: Option<(bool, &Arc<LoggedCommit>)> = None;
    for commit in proven.commits.iter().take(MOST_COMMITS) {
        let id = commit.commit.id.as_str();
        let mut holders = repository.holders(id)?;
        holders.extend(stashes.iter().filter_map(|stash| stash.holder(id)));
        let tips: Vec<(&str, &Path)> = holders
            .iter()
            .map(|holder| match holder.kind {
                HolderKind::Stash => (id, proven.file.path.as_path()),
                _ => (holder.reference.as_str(), proven.file.path.as_path()),
            })
            .collect();
        let blobs = repository.blobs_at(&tips)?;
        let at_tip = |blob: &Option<String>| blob.as_deref() == Some(&*proven.file.blob);
        let is_held = blobs.iter().any(at_tip);
        if best.is_none_or(|(held, _)| is_held && !held) && (is_held || !holders.is_empty()) {
            best = Some((is_held, commit));
        }
        for (holder, blob) in holders.into_iter().zip(&blobs) {
            if holdings.iter().all(|known| known.holder.reference != holder.reference) {
                holdings.push(Holding { at_tip: at_tip(blob), holder });
            }
        }
    }
    holdings.sort_by(|a, b| {
        let key = |h: &Holding| (!h.at_tip, h.holder.kind, h.holder.name.clone());
        key(a).cmp(&key(b))
    });
    let best = best.map_or(&proven.commits[0], |(_, commit)| commit);
    Ok((holdings, Arc::clone(best)))
}
