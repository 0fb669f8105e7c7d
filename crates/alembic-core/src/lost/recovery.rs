//! The missing scripts in a temporary version location, beside the project's own.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;
use python_static::Project;
use tempfile::TempDir;

use super::absent::{self, AbsentModule};
use super::chain::Chains;
use super::error::RecoveryError;
use super::reader::Reader;
use super::search::Folders;
use super::types::{Chain, ChainScript, Known, Lost, LostRevision};
use crate::config::{Config, ScriptSettings};
use crate::git::{GitError, HolderKind, Repositories, Repository};
use crate::script::{LoadFailure, ScriptDirectory, ScriptFiles};

/// What the child runs; it knows Alembic since 1.7.
const LAUNCHER: &str = include_str!("launcher.py");

/// Where the scripts are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The best place of each, as [`LostRevision::best`] has it.
    Best,
    /// A branch, a tag or a commit, for all of them.
    Reference(&'a str),
}

/// A script that was written into the temporary location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveredScript {
    /// What it is and where it was taken from.
    pub script: ChainScript,
    /// The temporary file.
    pub file: PathBuf,
}

/// The project as it would be with the missing scripts. All of it lies in a temporary
/// folder of its own, which only this user can read and which goes when this value
/// does; nothing of the work tree, the index or the references is changed.
pub struct Recovery {
    /// Dropped last.
    folder: TempDir,
    launcher: PathBuf,
    locations: Vec<PathBuf>,
    scripts: Vec<RecoveredScript>,
    targets: Vec<String>,
    absent: Vec<AbsentModule>,
    directory: ScriptDirectory,
}

impl Recovery {
    /// The project's scripts and the recovered ones, linked.
    pub fn directory(&self) -> &ScriptDirectory {
        &self.directory
    }

    /// The recovered scripts, every one before those that it follows.
    pub fn scripts(&self) -> &[RecoveredScript] {
        &self.scripts
    }

    /// The project's revisions at which a downgrade through the recovered scripts
    /// ends: the common ancestors. Empty when they go down to a base of their own.
    pub fn targets(&self) -> &[String] {
        &self.targets
    }

    /// What to give to `downgrade`, one after the other, so that the recovered scripts
    /// are undone and nothing else is: `LOST@ANCESTOR` for every recovered script that
    /// follows one of the project, `LOST@base` for one that follows nothing. A plain
    /// `ANCESTOR` would take the project's own lines above it down as well.
    pub fn downgrades(&self) -> Vec<String> {
        let ends = |recovered: &RecoveredScript| {
            let ChainScript { revision, down_revision, .. } = &recovered.script;
            let is_target = |parent: &&String| self.targets.contains(parent);
            let mut ends: Vec<String> = down_revision
                .iter()
                .filter(is_target)
                .map(|parent| format!("{revision}@{parent}"))
                .collect();
            // The first takes the script away.
            ends.truncate(1);
            if down_revision.is_empty() {
                ends.push(format!("{revision}@base"));
            }
            ends
        };
        self.scripts.iter().flat_map(ends).collect()
    }

    /// Modules of the project that the recovered scripts import, and that the work tree lacks: their downgrade will fail.
    pub fn absent_modules(&self) -> &[AbsentModule] {
        &self.absent
    }

    /// The temporary version locations: one, unless file names repeat.
    pub fn locations(&self) -> &[PathBuf] {
        &self.locations
    }

    /// A Python file to be run in the place of `-m alembic`, with the same arguments: it makes Alembic see the temporary
    /// version locations. Everything else stays as the project has it, `config_file_name` too.
    pub fn launcher(&self) -> &Path {
        &self.launcher
    }

    /// What the child's environment needs so that Python leaves no compiled files
    /// beside the project's scripts.
    pub fn environment() -> [(&'static str, &'static str); 1] {
        [("PYTHONDONTWRITEBYTECODE", "1")]
    }

    /// Removes the temporary folder, and says when that fails.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn close(self) -> io::Result<()> {
        self.folder.close()
    }
}

/// Takes the scripts of lost revisions, with everything that they follow down to what
/// the project has, out of git.
///
/// # Errors
/// When a script is nowhere, git cannot be asked, or project and scripts make no sound
/// directory together.
pub fn recovery(
    config: &Config,
    known: &Known,
    lost: &Lost,
    origin: Origin<'_>,
) -> Result<Recovery, RecoveryError> {
    let settings = config.script_settings()?;
    let repositories =
        Repositories::discover(settings.version_locations.iter().map(PathBuf::as_path));
    let mut sources = Vec::new();
    for revision in &lost.revisions {
        let (repository, chain) = match origin {
            Origin::Best => {
                refuse_choice(revision)?;
                best(&repositories, revision)?
            }
            Origin::Reference(reference) => {
                from_reference(&repositories, &settings, known, revision, reference)?
            }
        };
        if let Some(gap) = chain.gaps.first() {
            return Err(RecoveryError::Gap { revision: revision.id.clone(), gap: gap.clone() });
        }
        sources.push((repository, chain));
    }
    write(config, &settings, &sources)
}

/// Which of several different scripts has run, nobody can tell from here.
fn refuse_choice(revision: &LostRevision) -> Result<(), RecoveryError> {
    let mut different: Vec<(&str, String)> = Vec::new();
    for script in &revision.scripts {
        let kinds = [HolderKind::Branch, HolderKind::RemoteBranch];
        let Some(branch) = kinds.into_iter().find_map(|kind| script.at_tip(kind)) else { continue };
        if different.iter().all(|(blob, _)| *blob != script.blob) {
            different.push((&script.blob, branch.name.clone()));
        }
    }
    if different.len() < 2 {
        return Ok(());
    }
    let branches = different.into_iter().map(|(_, name)| name).collect();
    Err(RecoveryError::Choice { revision: revision.id.clone(), branches })
}

fn best<'r>(
    repositories: &'r Repositories,
    revision: &LostRevision,
) -> Result<(&'r Repository, Chain), RecoveryError> {
    let found = revision.best().and_then(|script| {
        let mut all = repositories.as_slice().iter();
        let repository = all.find(|r| r.top_level() == script.repository)?;
        Some((repository, script.chain.clone()))
    });
    found.ok_or_else(|| RecoveryError::NotFound { revision: revision.id.clone() })
}

fn from_reference<'r>(
    repositories: &'r Repositories,
    settings: &ScriptSettings,
    known: &Known,
    revision: &LostRevision,
    reference: &str,
) -> Result<(&'r Repository, Chain), RecoveryError> {
    let mut unknown = None;
    let mut has_commit = false;
    for repository in repositories.as_slice() {
        let commit = match repository.resolve(reference) {
            Ok(commit) => commit,
            Err(error @ GitError::UnknownReference { .. }) => {
                unknown = unknown.or(Some(error));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        has_commit = true;
        let folders = Folders::new(repository, settings);
        let project = Project::new(settings.prepend_sys_path.iter().cloned());
        let mut reader = Reader::new(repository, project);
        let mut chains = Chains::new(known, &folders);
        if let Some(chain) = chains.of_revision(&mut reader, &commit, &revision.id)? {
            return Ok((repository, chain));
        }
    }
    match unknown {
        Some(error) if !has_commit => Err(error.into()),
        _ => Err(RecoveryError::NotThere {
            revision: revision.id.clone(),
            reference: reference.to_owned(),
            help: help(revision),
        }),
    }
}

/// Where a revision is instead.
fn help(revision: &LostRevision) -> String {
    let Some(script) = revision.best() else {
        return "git has it nowhere: ask who migrated this database last".to_owned();
    };
    let named = [HolderKind::Branch, HolderKind::RemoteBranch, HolderKind::Tag]
        .into_iter()
        .find_map(|kind| script.at_tip(kind))
        .map(|holder| format!("{} `{}` has it", holder.kind.as_str(), holder.name));
    named.unwrap_or_else(|| format!("commit {} has it", script.commit.commit.short_id()))
}

fn write(
    config: &Config,
    settings: &ScriptSettings,
    sources: &[(&Repository, Chain)],
) -> Result<Recovery, RecoveryError> {
    let folder = temporary_folder()?;
    let mut writer = Writer { root: folder.path(), locations: Vec::new(), scripts: Vec::new() };
    let mut targets: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    let mut absent = Vec::new();
    let roots = roots(config, settings);
    for (repository, chain) in sources {
        for script in &chain.missing {
            if seen.insert(script.revision.as_str()) {
                let contents = writer.write(repository, script)?;
                absent.extend(absent::modules(repository, &roots, script, &contents)?);
            }
        }
        for target in &chain.ancestors {
            if !targets.contains(target) {
                targets.push(target.clone());
            }
        }
    }
    let Writer { locations, scripts, .. } = writer;
    let launcher = folder.path().join("launcher.py");
    fs::write(&launcher, LAUNCHER)?;
    let directory = combined(settings, &locations)?;
    Ok(Recovery { folder, launcher, locations, scripts, targets, absent, directory })
}

/// Where the child looks for modules of the project; links resolved, as git's own paths are.
fn roots(config: &Config, settings: &ScriptSettings) -> Vec<PathBuf> {
    let folders = settings.prepend_sys_path.iter().map(PathBuf::as_path).chain([config.cwd()]);
    let mut roots: Vec<PathBuf> = Vec::new();
    for root in folders.filter_map(|folder| fs::canonicalize(folder).ok()) {
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

/// Readable by this user alone: a script may hold a password.
fn temporary_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("alembic-rs-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}

struct Writer<'a> {
    root: &'a Path,
    locations: Vec<PathBuf>,
    scripts: Vec<RecoveredScript>,
}

impl Writer<'_> {
    /// Under its own name, which old scripts have their identifier from; what is in it.
    fn write(
        &mut self,
        repository: &Repository,
        script: &ChainScript,
    ) -> Result<Vec<u8>, RecoveryError> {
        let name = script.path.file_name().unwrap_or(OsStr::new("script.py")).to_owned();
        let free = self.locations.iter().map(|folder| folder.join(&name)).find(|f| !f.exists());
        let file = match free {
            Some(file) => file,
            None => self.new_location()?.join(&name),
        };
        let contents = repository.blob(&script.blob)?;
        fs::write(&file, &contents)?;
        self.scripts.push(RecoveredScript { script: script.clone(), file });
        Ok(contents)
    }

    fn new_location(&mut self) -> io::Result<PathBuf> {
        let number = self.locations.len();
        let name = if number == 0 { "versions".to_owned() } else { format!("versions-{number}") };
        let folder = self.root.join(name);
        fs::create_dir(&folder)?;
        // Links resolved, as the names of loaded scripts are.
        let folder = fs::canonicalize(&folder)?;
        self.locations.push(folder.clone());
        Ok(folder)
    }
}

/// What the child will load.
fn combined(settings: &ScriptSettings, more: &[PathBuf]) -> Result<ScriptDirectory, RecoveryError> {
    let locations: Vec<PathBuf> = settings.version_locations.iter().chain(more).cloned().collect();
    let recursive = settings.recursive_version_locations;
    let files = ScriptFiles::read(&locations, recursive, &settings.prepend_sys_path);
    ScriptDirectory::link(files)
        .map_err(|LoadFailure { error, .. }| RecoveryError::Directory(Box::new(error)))
}
