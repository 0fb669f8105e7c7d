//! From a lost script down to what the project has, through the tree of one commit.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::reader::{Parsed, Reader};
use super::search::{Folders, Proven};
use super::types::{Chain, ChainScript, Known};
use crate::git::{GitError, TreeFile};

/// Every script but old ones of hexadecimal names holds this.
const MARK: &[u8] = b"down_revision";

/// Finds chains; remembers the trees of commits.
pub(super) struct Chains<'a> {
    known: &'a Known,
    folders: &'a Folders,
    trees: HashMap<String, Tree>,
    /// Scripts that are in no commit together with those that follow them.
    elsewhere: HashMap<String, ChainScript>,
}

/// The scripts of a commit.
#[derive(Default)]
struct Tree {
    by_id: HashMap<String, ChainScript>,
    by_label: HashMap<String, String>,
    /// Python files that were not read, because they lie where no scripts lie.
    rest: Vec<TreeFile>,
}

impl<'a> Chains<'a> {
    pub(super) fn new(known: &'a Known, folders: &'a Folders) -> Self {
        Self { known, folders, trees: HashMap::new(), elsewhere: HashMap::new() }
    }

    /// Adds a script of another commit, with what it follows there.
    pub(super) fn add_elsewhere(
        &mut self,
        reader: &mut Reader<'_>,
        proven: &Proven,
    ) -> Result<(), GitError> {
        let chain = self.of(reader, &proven.commits[0].commit.id, proven)?;
        for script in chain.missing {
            self.elsewhere.entry(script.revision.clone()).or_insert(script);
        }
        Ok(())
    }

    /// Whether a script of another commit is known.
    pub(super) fn is_elsewhere(&self, id: &str) -> bool {
        self.elsewhere.contains_key(id)
    }

    /// The chain of a script as a commit has it.
    pub(super) fn of(
        &mut self,
        reader: &mut Reader<'_>,
        commit: &str,
        proven: &Proven,
    ) -> Result<Chain, GitError> {
        let start = link(&proven.file, &proven.parsed, commit);
        let folders = self.folders;
        if !self.trees.contains_key(commit) {
            let near = |file: &TreeFile| {
                folders.may_hold(&file.path) || file.path.parent() == proven.file.path.parent()
            };
            self.trees.insert(commit.to_owned(), Tree::read(reader, commit, near)?);
        }
        self.from(reader, commit, &start)
    }

    /// The chain of a revision as a commit has it; `None` when that commit has no
    /// script of it.
    pub(super) fn of_revision(
        &mut self,
        reader: &mut Reader<'_>,
        commit: &str,
        revision: &str,
    ) -> Result<Option<Chain>, GitError> {
        let folders = self.folders;
        if !self.trees.contains_key(commit) {
            let near = |file: &TreeFile| folders.may_hold(&file.path);
            self.trees.insert(commit.to_owned(), Tree::read(reader, commit, near)?);
        }
        let tree = self.trees.entry(commit.to_owned()).or_default();
        if !tree.by_id.contains_key(revision) {
            tree.read_rest(reader, commit)?;
        }
        let Some(start) = tree.by_id.get(revision).cloned() else { return Ok(None) };
        self.from(reader, commit, &start).map(Some)
    }

    fn from(
        &mut self,
        reader: &mut Reader<'_>,
        commit: &str,
        start: &ChainScript,
    ) -> Result<Chain, GitError> {
        let tree = self.trees.entry(commit.to_owned()).or_default();
        let chain = walk(tree, &self.elsewhere, self.known, start);
        if chain.gaps.is_empty() || tree.rest.is_empty() {
            return Ok(chain);
        }
        tree.read_rest(reader, commit)?;
        Ok(walk(tree, &self.elsewhere, self.known, start))
    }
}

impl Tree {
    fn read(
        reader: &mut Reader<'_>,
        commit: &str,
        near: impl Fn(&TreeFile) -> bool,
    ) -> Result<Self, GitError> {
        let is_python = |path: &std::path::Path| path.extension().is_some_and(|e| e == "py");
        let files = reader.repository().tree(commit, is_python)?;
        let (near, rest) = files.into_iter().partition(|file| near(file));
        let mut tree = Self { rest, ..Self::default() };
        tree.add(reader, commit, &near, |_| true)?;
        Ok(tree)
    }

    fn read_rest(&mut self, reader: &mut Reader<'_>, commit: &str) -> Result<(), GitError> {
        let rest = std::mem::take(&mut self.rest);
        let mark = memchr::memmem::Finder::new(MARK);
        self.add(reader, commit, &rest, |contents| mark.find(contents).is_some())
    }

    fn add(
        &mut self,
        reader: &mut Reader<'_>,
        commit: &str,
        files: &[TreeFile],
        likely: impl Fn(&[u8]) -> bool,
    ) -> Result<(), GitError> {
        for (at, parsed) in reader.scripts(files, likely)? {
            let id = parsed.declaration.revision.clone();
            for label in &parsed.declaration.branch_labels {
                self.by_label.entry(label.clone()).or_insert_with(|| id.clone());
            }
            self.by_id.entry(id).or_insert_with(|| link(&files[at], &parsed, commit));
        }
        Ok(())
    }

    fn get<'t>(
        &'t self,
        elsewhere: &'t HashMap<String, ChainScript>,
        id: &str,
    ) -> Option<&'t ChainScript> {
        self.by_id.get(id).or_else(|| elsewhere.get(id))
    }

    /// What a dependency, which may be a label, stands for.
    fn dependency<'t>(
        &'t self,
        elsewhere: &'t HashMap<String, ChainScript>,
        name: &str,
    ) -> Option<&'t ChainScript> {
        let name = name.split_once('@').map_or(name, |(label, _)| label);
        let by_label = || self.by_id.get(self.by_label.get(name)?);
        self.get(elsewhere, name).or_else(by_label)
    }
}

fn link(file: &TreeFile, parsed: &Rc<Parsed>, commit: &str) -> ChainScript {
    ChainScript {
        revision: parsed.declaration.revision.clone(),
        down_revision: parsed.declaration.down_revision.clone(),
        depends_on: parsed.declaration.depends_on.clone(),
        message: parsed.message().to_owned(),
        commit: commit.to_owned(),
        path: file.path.clone(),
        blob: file.blob.clone(),
    }
}

/// A step of the walk: a script is left once everything below it was visited.
enum Step<'t> {
    Enter(&'t ChainScript),
    Leave(&'t ChainScript),
}

/// Depth first, so that what is left last is followed by nothing.
fn walk(
    tree: &Tree,
    elsewhere: &HashMap<String, ChainScript>,
    known: &Known,
    start: &ChainScript,
) -> Chain {
    let mut chain = Chain::default();
    let mut seen = HashSet::new();
    let mut steps = vec![Step::Enter(start)];
    while let Some(step) = steps.pop() {
        let script = match step {
            Step::Leave(script) => {
                chain.missing.push(script.clone());
                continue;
            }
            Step::Enter(script) if seen.insert(script.revision.as_str()) => script,
            Step::Enter(_) => continue,
        };
        steps.push(Step::Leave(script));
        for parent in &script.down_revision {
            if known.has(parent) {
                note(&mut chain.ancestors, parent);
            } else if let Some(parent) = tree.get(elsewhere, parent) {
                steps.push(Step::Enter(parent));
            } else {
                note(&mut chain.gaps, parent);
            }
        }
        for name in &script.depends_on {
            if known.has(name) || known.labels.contains(name) {
                note(&mut chain.dependencies, name);
            } else if let Some(script) = tree.dependency(elsewhere, name) {
                if known.has(&script.revision) {
                    note(&mut chain.dependencies, name);
                } else {
                    steps.push(Step::Enter(script));
                }
            } else {
                note(&mut chain.gaps, name);
            }
        }
    }
    chain.missing.reverse();
    chain
}

fn note(names: &mut Vec<String>, name: &str) {
    if names.iter().all(|known| known != name) {
        names.push(name.to_owned());
    }
}
