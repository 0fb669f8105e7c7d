//! Where a repository is, and which commits its names stand for.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::command::GitCommand;
use super::error::GitError;

/// A work tree with its repository. Worktrees, submodules and detached heads are
/// all the same here.
#[derive(Debug, Clone)]
pub struct Repository {
    top_level: PathBuf,
    shallow: bool,
}

impl Repository {
    /// The repository whose work tree holds `folder`, which need not exist itself.
    ///
    /// # Errors
    /// When there is no git, no work tree around the folder, or git refuses it.
    pub fn discover(folder: &Path) -> Result<Self, GitError> {
        let existing = folder.ancestors().find(|ancestor| ancestor.is_dir()).unwrap_or(folder);
        let answer = GitCommand::new(existing, "rev-parse")
            .args(["--is-shallow-repository", "--show-toplevel"])
            .optional()
            .output();
        let answer = answer.map_err(|error| match error {
            GitError::Failed { message, .. } if message.contains("dubious ownership") => {
                let named = message.split('\'').nth(1).map(PathBuf::from);
                GitError::NotTrusted { folder: named.unwrap_or_else(|| existing.to_owned()) }
            }
            GitError::Failed { .. } => GitError::NoRepository { folder: folder.to_owned() },
            other => other,
        })?;
        let unexpected = || GitError::Unexpected { command: "rev-parse".to_owned() };
        // The path comes last, since it may hold line breaks itself.
        let at = memchr::memchr(b'\n', &answer).ok_or_else(unexpected)?;
        let (shallow, path) = (&answer[..at], &answer[at + 1..]);
        let path = path_from_bytes(path.strip_suffix(b"\n").unwrap_or(path));
        let top_level = fs::canonicalize(&path).map_err(|_| unexpected())?;
        Ok(Self { top_level, shallow: shallow == b"true" })
    }

    /// The folder of the work tree: absolute, without links.
    pub fn top_level(&self) -> &Path {
        &self.top_level
    }

    /// Whether older commits are missing.
    pub fn is_shallow(&self) -> bool {
        self.shallow
    }

    pub(super) fn git(&self, name: &'static str) -> GitCommand {
        GitCommand::new(&self.top_level, name)
    }

    /// The path as git names it, from the top of the work tree.
    pub fn relative<'a>(&self, path: &'a Path) -> Option<&'a Path> {
        path.strip_prefix(&self.top_level).ok()
    }

    /// The commit that a name stands for; `None` when there is none.
    ///
    /// # Errors
    /// When git cannot be asked.
    pub fn commit(&self, name: &str) -> Result<Option<String>, GitError> {
        // A name that looks like an option would be taken for one.
        if name.is_empty() || name.starts_with('-') {
            return Ok(None);
        }
        let answer = self
            .git("rev-parse")
            .args(["--verify", "--quiet"])
            .arg(format!("{name}^{{commit}}"))
            .output();
        match answer {
            Ok(id) => Ok(Some(text(&id)).filter(|id| !id.is_empty())),
            Err(GitError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The commit that `reference` stands for.
    ///
    /// # Errors
    /// When there is none: with the command that gets it.
    pub fn resolve(&self, reference: &str) -> Result<String, GitError> {
        self.commit(reference)?.ok_or_else(|| GitError::UnknownReference {
            reference: reference.to_owned(),
            help: self.help_for_unknown(reference),
        })
    }

    fn help_for_unknown(&self, reference: &str) -> String {
        let name = reference.strip_prefix("refs/remotes/").unwrap_or(reference);
        let remotes = self.git("remote").output().unwrap_or_default();
        let remotes = String::from_utf8_lossy(&remotes).into_owned();
        let on_remote = remotes.lines().find_map(|remote| {
            let branch = name.strip_prefix(remote)?.strip_prefix('/')?;
            Some(format!(
                "get it first: `git fetch {remote} {branch}:refs/remotes/{remote}/{branch}` \
                 (GitHub Actions: `fetch-depth: 0` for actions/checkout)"
            ))
        });
        on_remote.unwrap_or_else(|| match remotes.lines().next() {
            Some(remote) => format!(
                "is it a branch of the remote? then `--against {remote}/{name}`; `git branch \
                 --all` lists what there is"
            ),
            None => "`git branch --all` and `git tag` list what there is".to_owned(),
        })
    }

    /// The best common ancestor of HEAD and a commit; `None` when their histories
    /// have none, or when HEAD has no commit yet.
    ///
    /// # Errors
    /// [`GitError::Shallow`] when it may only be missing from this clone.
    pub fn merge_base(&self, reference: &str, commit: &str) -> Result<Option<String>, GitError> {
        let Some(head) = self.commit("HEAD")? else { return Ok(None) };
        match self.git("merge-base").args([&head, commit]).output() {
            Ok(id) => Ok(Some(text(&id)).filter(|id| !id.is_empty())),
            Err(GitError::Failed { .. }) if self.shallow => {
                Err(GitError::Shallow { reference: reference.to_owned() })
            }
            Err(GitError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The repositories around several folders, each once.
#[derive(Debug, Clone, Default)]
pub struct Repositories(Vec<Repository>);

impl Repositories {
    /// Finds the repositories around `folders`. A folder that is in none has none.
    pub fn discover<'a>(folders: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut found = Self::default();
        for folder in folders {
            if found.around(folder).is_some() {
                continue;
            }
            match Repository::discover(folder) {
                Ok(repository) => {
                    if found.0.iter().all(|other| other.top_level != repository.top_level) {
                        found.0.push(repository);
                    }
                }
                Err(GitError::NoProgram(_)) => return found,
                Err(_) => {}
            }
        }
        found
    }

    /// All of them, in the order of the folders.
    pub fn as_slice(&self) -> &[Repository] {
        &self.0
    }

    /// The innermost known repository whose work tree holds `path`.
    pub fn of(&self, path: &Path) -> Option<&Repository> {
        let holding = self.0.iter().filter(|repository| path.starts_with(&repository.top_level));
        holding.max_by_key(|repository| repository.top_level.as_os_str().len())
    }

    /// The repository of a folder, unless another one may lie in between.
    fn around(&self, folder: &Path) -> Option<&Repository> {
        let repository = self.of(folder)?;
        let between = folder.ancestors().take_while(|ancestor| *ancestor != repository.top_level);
        between.into_iter().all(|ancestor| !ancestor.join(".git").exists()).then_some(repository)
    }
}

/// A line of git's output.
fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim().to_owned()
}

/// A path as git prints it.
pub(super) fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}
