//! Reads scripts out of git's objects, each version once.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use python_static::Project;

use crate::git::{GitError, Repository, Scan, TreeFile};
use crate::script::{self, Declaration, Script};

/// A script as a commit has it.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) script: Script,
    pub(super) declaration: Declaration,
    pub(super) contents: Vec<u8>,
}

impl Parsed {
    pub(super) fn message(&self) -> &str {
        self.script.docstring().summary()
    }

    /// The text behind the last of the four declarations.
    pub(super) fn body(&self) -> Option<&[u8]> {
        let positions = self.script.positions();
        let ranges = [
            &positions.revision,
            &positions.down_revision,
            &positions.branch_labels,
            &positions.depends_on,
        ];
        let end = ranges.into_iter().flatten().map(|range| range.end).max()?;
        self.contents.get(usize::try_from(end).ok()?..).map(<[u8]>::trim_ascii)
    }
}

/// A version of a file: which blob, under which path.
type Key = (String, Box<Path>);

/// Reads scripts of one repository.
pub(super) struct Reader<'a> {
    repository: &'a Repository,
    project: Project,
    cache: HashMap<Key, Option<Rc<Parsed>>>,
    pub(super) missing_objects: usize,
    pub(super) failures: Vec<GitError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(repository: &'a Repository, project: Project) -> Self {
        Self {
            repository,
            project,
            cache: HashMap::new(),
            missing_objects: 0,
            failures: Vec::new(),
        }
    }

    pub(super) fn repository(&self) -> &'a Repository {
        self.repository
    }

    /// What a file of some commit declares; `None` when it is no script.
    pub(super) fn parse(&mut self, path: &Path, blob: &str, contents: &[u8]) -> Option<Rc<Parsed>> {
        let key = (blob.to_owned(), path.into());
        if let Some(known) = self.cache.get(&key) {
            return known.clone();
        }
        let absolute = self.repository.top_level().join(path);
        let parsed = parse(&absolute, contents, &self.project);
        self.cache.insert(key, parsed.clone());
        parsed
    }

    /// The scripts among files, in their order, of those whose contents `likely` accepts.
    pub(super) fn scripts(
        &mut self,
        files: &[TreeFile],
        likely: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<(usize, Rc<Parsed>)>, GitError> {
        let mut scripts = Vec::new();
        let mut unread = Vec::new();
        for (at, file) in files.iter().enumerate() {
            match self.cache.get(&(file.blob.clone(), file.path.as_path().into())) {
                Some(known) => scripts.extend(known.clone().map(|parsed| (at, parsed))),
                None => unread.push(at),
            }
        }
        let ids: Vec<&str> = unread.iter().map(|&at| files[at].blob.as_str()).collect();
        let repository = self.repository;
        let scan = repository.scan_blobs(&ids, |at, contents| {
            let at = unread[at];
            if likely(contents) {
                let parsed = self.parse(&files[at].path, &files[at].blob, contents);
                scripts.extend(parsed.map(|parsed| (at, parsed)));
            }
        })?;
        self.note(scan);
        scripts.sort_by_key(|(at, _)| *at);
        Ok(scripts)
    }

    /// The script that one file is.
    pub(super) fn script(&mut self, file: TreeFile) -> Option<Rc<Parsed>> {
        let scripts = self.scripts(&[file], |_| true).ok()?;
        scripts.into_iter().next().map(|(_, parsed)| parsed)
    }

    /// The script that a file of the work tree is.
    pub(super) fn here(&self, path: &Path) -> Option<Parsed> {
        let absolute = self.repository.top_level().join(path);
        let contents = fs_err::read(&absolute).ok()?;
        let (script, declaration) =
            script::parse(&absolute, contents.clone(), &self.project).ok()?;
        Some(Parsed { script, declaration, contents })
    }

    pub(super) fn note(&mut self, scan: Scan) {
        self.missing_objects += scan.missing;
        self.failures.extend(scan.cut_short);
    }
}

fn parse(path: &Path, contents: &[u8], project: &Project) -> Option<Rc<Parsed>> {
    if !script::is_script_name(path) {
        return None;
    }
    let contents = contents.to_owned();
    let (script, declaration) = script::parse(path, contents.clone(), project).ok()?;
    Some(Rc::new(Parsed { script, declaration, contents }))
}
