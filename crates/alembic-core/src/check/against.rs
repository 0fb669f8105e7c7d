//! The scripts of another commit beside those of the work tree: what a merge of
//! the two would give.
//!
//! A check of the work tree alone is passed by two branches that each have one
//! head, and fails once both are merged. So what REF did since the two histories
//! parted (at their merge base) is done to the scripts of the work tree:
//!
//! * a script that REF added is added, unless the work tree has a file there;
//! * a script that REF deleted is taken away, unless the work tree changed it;
//! * a script that REF changed counts as REF has it, unless the work tree changed it
//!   too: then the work tree's counts;
//! * a script that the work tree deleted does not come back, whatever REF did to it;
//! * what REF did not touch counts as the work tree has it, committed or not.
//!
//! Whether a script was changed is asked of what it declares, not of its bytes, so
//! line ends and comments do not matter. A script that is deleted under one name
//! and added under another with the same identifier was renamed, on either side:
//! it stays one script. Where the histories have nothing in common everything on
//! REF is added.
//!
//! Read are the version folders of today's configuration, at the place where they
//! are today. A folder in a submodule is looked up in the submodule's own
//! repository, where REF must have a meaning of its own; a folder in no repository
//! stays as it is.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use fs_err as fs;
use python_static::Project;

use super::Facts;
use crate::config::ScriptSettings;
use crate::git::{Change, ChangedFile, GitError, Repositories, Repository};
use crate::script::{self, Declaration, Script, ScriptFiles, ScriptProblem};

/// What another commit brought in.
#[derive(Debug, Default)]
pub struct Against {
    reference: String,
    /// The top of each work tree with the commit that REF stands for there.
    commits: Vec<(PathBuf, String)>,
    merge_base: Option<String>,
    on_reference: HashSet<PathBuf>,
    /// Scripts whose text is REF's.
    sources: BTreeMap<PathBuf, Vec<u8>>,
    added: BTreeSet<PathBuf>,
}

impl Against {
    /// Does to `files`, the scripts of the work tree, what `reference` did since
    /// the merge base.
    ///
    /// # Errors
    /// When there is no repository, no such commit, or a shallow clone that does
    /// not reach back to the merge base.
    pub fn merge(
        files: &mut ScriptFiles,
        reference: &str,
        settings: &ScriptSettings,
    ) -> Result<Self, GitError> {
        let folders: Vec<PathBuf> =
            settings.version_locations.iter().map(|folder| real_path(folder)).collect();
        let repositories = Repositories::discover(folders.iter().map(PathBuf::as_path));
        if repositories.as_slice().is_empty()
            && let Some(folder) = folders.first()
        {
            Repository::discover(folder)?;
        }
        let mut against = Self { reference: reference.to_owned(), ..Self::default() };
        let recursive = settings.recursive_version_locations;
        let project = Project::new(settings.prepend_sys_path.iter().cloned());
        for repository in repositories.as_slice() {
            let is_here = |folder: &&PathBuf| {
                repositories.of(folder).is_some_and(|r| r.top_level() == repository.top_level())
            };
            let folders: Vec<PathBuf> = folders.iter().filter(is_here).cloned().collect();
            let commit = repository.resolve(reference)?;
            let base = repository.merge_base(reference, &commit)?;
            let is_script = |path: &Path| is_script(path, &folders, recursive);
            let changes = repository.changes(base.as_deref(), &commit, &folders, is_script)?;
            against.on_reference.extend(repository.files(&commit, &folders)?);
            Merge::new(files, &mut against, &project).apply(changes);
            against.commits.push((repository.top_level().to_owned(), commit));
            against.merge_base = against.merge_base.take().or(base);
        }
        Ok(against)
    }

    /// The other commit as it was given.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// The full hash that it stands for, in the first of several repositories.
    pub fn commit(&self) -> Option<&str> {
        self.commits.first().map(|(_, commit)| commit.as_str())
    }

    /// The full hash of the commit at which the histories parted.
    pub fn merge_base(&self) -> Option<&str> {
        self.merge_base.as_deref()
    }

    /// The scripts that only the other commit has.
    pub fn added_scripts(&self) -> impl Iterator<Item = &Path> {
        self.added.iter().map(PathBuf::as_path)
    }

    /// Whether the other commit has a script there.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.on_reference.contains(path)
    }

    /// Whether the work tree has none there.
    pub(super) fn added(&self, path: &Path) -> bool {
        self.added.contains(path)
    }

    /// The text of a script that counts as the other commit has it.
    pub(super) fn source(&self, path: &Path) -> Option<&[u8]> {
        self.sources.get(path).map(Vec::as_slice)
    }
}

/// What git knows about scripts of the work tree, and of the other commit.
pub fn facts(scripts: &[&Path], against: Option<&Against>) -> Facts {
    let folders: BTreeSet<&Path> = scripts.iter().filter_map(|script| script.parent()).collect();
    let repositories = Repositories::discover(folders);
    let mut facts = Facts::new();
    for repository in repositories.as_slice() {
        let is_here = |script: &&&Path| {
            repositories.of(script).is_some_and(|r| r.top_level() == repository.top_level())
        };
        let is_added = |script: &&Path| against.is_some_and(|against| against.added(script));
        let (there, here): (Vec<&Path>, Vec<&Path>) =
            scripts.iter().filter(is_here).copied().partition(is_added);
        let owned = |paths: &[&Path]| paths.iter().map(|&path| path.to_owned()).collect::<Vec<_>>();
        if !here.is_empty() {
            facts.extend(repository.facts(&owned(&here)));
        }
        let commits = against.map_or(&[][..], |against| &against.commits);
        let commit = commits.iter().find(|(top_level, _)| top_level == repository.top_level());
        if let Some((_, commit)) = commit.filter(|_| !there.is_empty()) {
            facts.extend(repository.facts_at(commit, &owned(&there)));
        }
    }
    facts
}

/// The path without links, also of a folder that is not there (any more).
fn real_path(path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let Ok(real) = fs::canonicalize(ancestor) {
            return match path.strip_prefix(ancestor) {
                Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
                _ => real,
            };
        }
    }
    path.to_owned()
}

/// Whether a file of the other commit would be loaded as a script.
fn is_script(path: &Path, folders: &[PathBuf], recursive: bool) -> bool {
    let Some(parent) = path.parent() else { return false };
    let in_folder = folders
        .iter()
        .any(|folder| if recursive { parent.starts_with(folder) } else { parent == folder });
    in_folder && script::is_script_name(path) && !parent.ends_with("__pycache__")
}

type Outcome = Result<(Script, Declaration), Box<ScriptProblem>>;

/// A script of one of the commits.
struct Side {
    file: ChangedFile,
    outcome: Outcome,
}

impl Side {
    fn revision(&self) -> Option<&str> {
        self.outcome.as_ref().ok().map(|(_, declaration)| declaration.revision.as_str())
    }
}

/// Where a script stands in [`ScriptFiles`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Slot {
    Script(usize),
    Problem(usize),
}

struct Merge<'a> {
    files: &'a mut ScriptFiles,
    against: &'a mut Against,
    project: &'a Project,
    by_path: HashMap<PathBuf, Slot>,
    by_id: HashMap<String, usize>,
    /// What is taken out once all is done; until then no slot moves.
    taken: HashSet<Slot>,
}

impl<'a> Merge<'a> {
    fn new(files: &'a mut ScriptFiles, against: &'a mut Against, project: &'a Project) -> Self {
        let scripts = files.scripts.iter().zip(0..);
        let by_id = scripts.clone().map(|((_, declared), at)| (declared.revision.clone(), at));
        let problems = files.problems.iter().zip(0..);
        let by_path = scripts
            .clone()
            .map(|((script, _), at)| (script.path().to_owned(), Slot::Script(at)))
            .chain(problems.map(|((_, p), at)| (p.path().to_owned(), Slot::Problem(at))));
        let (by_path, by_id) = (by_path.collect(), by_id.collect());
        Self { by_path, by_id, taken: HashSet::new(), files, against, project }
    }

    fn apply(mut self, changes: Vec<Change>) {
        for (before, after) in self.pairs(changes) {
            match (before, after) {
                (None, Some(after)) => self.added(after.file),
                (Some(before), after) => self.changed(&before, after),
                (None, None) => {}
            }
        }
        let Self { files, taken, .. } = self;
        let mut at = 0..;
        files.scripts.retain(|_| at.next().is_none_or(|at| !taken.contains(&Slot::Script(at))));
        let mut at = 0..;
        files.problems.retain(|_| at.next().is_none_or(|at| !taken.contains(&Slot::Problem(at))));
    }

    /// The changes, a file that was renamed as one.
    fn pairs(&self, changes: Vec<Change>) -> Vec<(Option<Side>, Option<Side>)> {
        let side = |file: ChangedFile| {
            let outcome = script::parse(&file.path, file.contents.clone(), self.project);
            Side { file, outcome }
        };
        let mut pairs: Vec<(Option<Side>, Option<Side>)> = Vec::with_capacity(changes.len());
        let mut added: Vec<Side> = Vec::new();
        let mut deleted: HashMap<String, usize> = HashMap::new();
        for Change { before, after } in changes {
            let pair = match (before.map(side), after.map(side)) {
                (None, Some(after)) => {
                    added.push(after);
                    continue;
                }
                pair => pair,
            };
            if let (Some(before), None) = &pair
                && let Some(revision) = before.revision()
            {
                deleted.insert(revision.to_owned(), pairs.len());
            }
            pairs.push(pair);
        }
        for after in added {
            match after.revision().and_then(|revision| deleted.remove(revision)) {
                Some(renamed) => pairs[renamed].1 = Some(after),
                None => pairs.push((None, Some(after))),
            }
        }
        pairs
    }

    fn added(&mut self, file: ChangedFile) {
        if !self.by_path.contains_key(&file.path) {
            self.against.added.insert(file.path.clone());
            self.put(file);
        }
    }

    /// The other commit changed, renamed or deleted a script.
    fn changed(&mut self, before: &Side, after: Option<Side>) {
        let Some(ours) = self.ours(before) else { return };
        if !self.is_unchanged(ours, before) {
            return;
        }
        self.taken.insert(ours);
        let Some(Side { mut file, .. }) = after else { return };
        if file.path == before.file.path {
            // The work tree may have renamed it.
            self.path(ours).clone_into(&mut file.path);
        } else {
            self.against.added.insert(file.path.clone());
        }
        self.put(file);
    }

    /// The work tree's version of a script: under the same name, or renamed.
    fn ours(&self, before: &Side) -> Option<Slot> {
        self.by_path.get(&before.file.path).copied().or_else(|| {
            let at = self.by_id.get(before.revision()?)?;
            Some(Slot::Script(*at))
        })
    }

    fn path(&self, slot: Slot) -> &Path {
        match slot {
            Slot::Script(at) => self.files.scripts[at].0.path(),
            Slot::Problem(at) => self.files.problems[at].1.path(),
        }
    }

    fn is_unchanged(&self, ours: Slot, before: &Side) -> bool {
        match (ours, &before.outcome) {
            (Slot::Script(at), Ok((_, declared))) => self.files.scripts[at].1 == *declared,
            (Slot::Problem(at), Err(problem)) => self.files.problems[at].1.kind() == problem.kind(),
            _ => false,
        }
    }

    fn put(&mut self, file: ChangedFile) {
        match script::parse(&file.path, file.contents.clone(), self.project) {
            Ok(script) => self.files.scripts.push(script),
            Err(problem) => self.files.problems.push((self.files.scripts.len(), problem)),
        }
        self.against.sources.insert(file.path, file.contents);
    }
}
