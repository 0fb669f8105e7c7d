//! A sound set of scripts with its graph: Alembic's `ScriptDirectory`.

use std::path::{Path, PathBuf};

use super::error::{GraphProblem, ScriptDirectoryError, ScriptProblem, ScriptProblemKind};
use super::read::{Script, ScriptFiles};
use super::warning::Warning;
use super::{declaration::Declaration, help};
use crate::config::Config;
use crate::revision::{GraphWarning, Revision, RevisionError, RevisionIndex, RevisionMap};

/// All scripts of a project, read and linked.
#[derive(Debug)]
pub struct ScriptDirectory {
    scripts: Vec<Script>,
    map: RevisionMap,
    warnings: Vec<Warning>,
}

/// Why a script directory could not be loaded, with the warnings up to there.
#[derive(Debug)]
pub struct LoadFailure {
    /// The failure.
    pub error: ScriptDirectoryError,
    /// What Alembic would have warned about before it.
    pub warnings: Vec<Warning>,
}

impl<E: Into<ScriptDirectoryError>> From<E> for LoadFailure {
    fn from(error: E) -> Self {
        Self { error: error.into(), warnings: Vec::new() }
    }
}

/// Where a configuration says that the scripts lie. Nothing is read yet.
#[derive(Debug, Clone)]
pub struct ScriptPlaces {
    script_location: PathBuf,
    locations: Vec<PathBuf>,
    recursive: bool,
    roots: Vec<PathBuf>,
}

impl ScriptPlaces {
    /// Asks `config` for the options in Alembic's order, so that the same one
    /// fails first.
    ///
    /// # Errors
    /// What is wrong with the configuration, a missing scripts folder included.
    pub fn of(config: &Config) -> Result<Self, ScriptDirectoryError> {
        let settings = config.script_settings()?;
        Ok(Self {
            script_location: settings.script_location,
            locations: settings.version_locations,
            recursive: settings.recursive_version_locations,
            roots: settings.prepend_sys_path,
        })
    }

    /// The scripts folder, which exists: where `env.py` and `script.py.mako` are.
    pub fn script_location(&self) -> &Path {
        &self.script_location
    }

    /// The version folders, in order; they need not exist.
    pub fn locations(&self) -> &[PathBuf] {
        &self.locations
    }

    /// Where the scripts' imports are looked for.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Reads everything that lies there.
    pub fn read(&self) -> ScriptFiles {
        ScriptFiles::read(&self.locations, self.recursive, &self.roots)
    }
}

impl ScriptDirectory {
    /// Reads the scripts that `config` names and links them.
    ///
    /// # Errors
    /// The configuration's, every script that could not be read, or what keeps
    /// the scripts from being a graph.
    pub fn load(config: &Config) -> Result<Self, LoadFailure> {
        Self::link(ScriptPlaces::of(config)?.read())
    }

    /// Links scripts that were read.
    ///
    /// # Errors
    /// As [`load`](Self::load) without the configuration's.
    pub fn link(files: ScriptFiles) -> Result<Self, LoadFailure> {
        let ScriptFiles { scripts, problems, mut warnings } = files;
        let (scripts, revisions) = match declare(scripts, problems) {
            Ok(declared) => declared,
            Err(problems) => {
                return Err(LoadFailure {
                    error: ScriptDirectoryError::Scripts(problems),
                    warnings,
                });
            }
        };
        let mut graph_warnings = Vec::new();
        match RevisionMap::new(revisions, &mut graph_warnings) {
            Ok(map) => {
                let revision = |index: RevisionIndex| map.revision(index);
                warnings.extend(sentences(&graph_warnings, &scripts, revision));
                Ok(Self { scripts, map, warnings })
            }
            Err(refusal) => {
                let revision = |index: RevisionIndex| &refusal.revisions[index.index()];
                warnings.extend(sentences(&graph_warnings, &scripts, revision));
                let problem = help::graph_problem(refusal.error, &scripts, &refusal.revisions);
                Err(LoadFailure { error: ScriptDirectoryError::Graph(Box::new(problem)), warnings })
            }
        }
    }

    /// The graph.
    pub fn map(&self) -> &RevisionMap {
        &self.map
    }

    /// The script of a revision.
    ///
    /// # Panics
    /// When `index` is not of this directory's map.
    pub fn script(&self, index: RevisionIndex) -> &Script {
        &self.scripts[index.index()]
    }

    /// The scripts in load order, those included that a later one replaces.
    pub(super) fn all(&self) -> &[Script] {
        &self.scripts
    }

    /// What Alembic warns about while loading, in its order.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Adds near misses and the way out to an answer that the graph refused.
    pub fn explain(&self, error: RevisionError) -> ScriptDirectoryError {
        ScriptDirectoryError::Graph(Box::new(help::question_problem(error, self)))
    }

    /// The folder of a revision's script.
    pub fn folder(&self, index: RevisionIndex) -> Option<&Path> {
        self.script(index).path().parent()
    }
}

type Declared = (Vec<Script>, Vec<Revision>);

/// Makes revisions of declarations. Alembic stops at the first script that it
/// cannot use; we go on to report them all, that one first.
fn declare(
    scripts: Vec<(Script, Declaration)>,
    mut problems: Vec<(usize, Box<ScriptProblem>)>,
) -> Result<Declared, Vec<ScriptProblem>> {
    let mut revisions = Vec::with_capacity(scripts.len());
    // The scripts stay where they are in memory.
    let scripts = scripts.into_iter().enumerate();
    let kept = scripts.filter_map(|(position, (script, declaration))| {
        let Declaration { revision, down_revision, branch_labels, depends_on } = declaration;
        match Revision::new(revision, down_revision, depends_on, branch_labels) {
            Ok(revision) => revisions.push(revision),
            Err(error) => {
                problems.push((position, Box::new(declaration_problem(&script, error))));
                return None;
            }
        }
        Some(script)
    });
    let kept: Vec<Script> = kept.collect();
    if problems.is_empty() {
        return Ok((kept, revisions));
    }
    problems.sort_by_key(|(position, _)| *position);
    Err(problems.into_iter().map(|(_, problem)| problem.shortened()).collect())
}

/// A script that declares what no revision can be.
pub(super) fn declaration_problem(script: &Script, error: RevisionError) -> ScriptProblem {
    let positions = script.positions();
    let span = help::declaration_span(positions, &error);
    ScriptProblem {
        kind: ScriptProblemKind::Declaration(error),
        path: script.path().to_owned(),
        source_text: script.source(),
        span,
        cause: None,
    }
}

fn sentences<'a>(
    warnings: &[GraphWarning],
    scripts: &[Script],
    revision: impl Fn(RevisionIndex) -> &'a Revision,
) -> Vec<Warning> {
    let sentence = |warning: &GraphWarning| match warning {
        GraphWarning::Duplicate { revision: index, .. } => {
            Warning::DuplicateRevision { revision: revision(*index).id().to_owned() }
        }
        GraphWarning::MissingParent { missing, referenced_by, head, branch_point } => {
            let script = &scripts[referenced_by.index()];
            let form = ScriptDirectory::warning_form(
                script,
                revision(*referenced_by),
                *head,
                *branch_point,
            );
            Warning::MissingParent { missing: missing.clone(), referenced_by: form }
        }
    };
    let mut sentences: Vec<Warning> = warnings.iter().map(sentence).collect();
    // Python shows a warning of the same text from the same place once.
    sentences.dedup();
    sentences
}

impl GraphProblem {
    pub(super) fn bare(error: RevisionError, help: Option<String>) -> Self {
        Self { error, source_text: None, labels: Vec::new(), help, related: Vec::new() }
    }
}
