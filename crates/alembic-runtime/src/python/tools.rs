//! Projects of uv, Poetry, PDM and Pipenv: where the tool keeps the environment, and the command that runs in it.
//!
//! The environment's folder is found by the tool's own rule without running the tool. Where that gives nothing, the tool
//! runs Python itself (`uv run python …`), as long as its lock file has Alembic: a tool that would make an environment
//! without Alembic is of no use.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{
    error::Refusal,
    host::{Host, read_text, sorted_names},
    interpreter::in_environment,
};

/// How long Poetry's and Pipenv's names of projects are at most, in characters.
const LONGEST_NAME: usize = 42;

/// A tool that the project uses.
pub(super) struct Found {
    /// The program's name.
    pub(super) tool: &'static str,
    /// Interpreters of environments that it keeps for the project; those in the project were tried before.
    pub(super) environments: Vec<PathBuf>,
    /// The command that runs Python in its environment, or why not.
    pub(super) run: Result<Vec<OsString>, (Vec<OsString>, Refusal)>,
}

struct Tool {
    name: &'static str,
    /// Files that make a folder its project, the one with the packages first.
    files: &'static [&'static str],
    /// The option that names a project elsewhere.
    project_option: Option<&'static str>,
    environments: fn(&Path, &Host<'_>) -> Vec<PathBuf>,
}

const TOOLS: [Tool; 4] = [
    Tool {
        name: "uv",
        files: &["uv.lock"],
        project_option: Some("--project"),
        environments: uv_environments,
    },
    Tool {
        name: "poetry",
        files: &["poetry.lock"],
        project_option: Some("--project"),
        environments: poetry_environments,
    },
    Tool {
        name: "pdm",
        files: &["pdm.lock", ".pdm-python"],
        project_option: Some("--project"),
        environments: pdm_environments,
    },
    Tool {
        name: "pipenv",
        files: &["Pipfile.lock", "Pipfile"],
        project_option: None,
        environments: pipenv_environments,
    },
];

/// The tools of the project in the nearest of the folders, in the order in which they are tried.
pub(super) fn find(folders: &[PathBuf], host: &Host<'_>) -> Vec<Found> {
    TOOLS.iter().filter_map(|tool| tool.find(folders, host)).collect()
}

impl Tool {
    fn find(&self, folders: &[PathBuf], host: &Host<'_>) -> Option<Found> {
        let (root, lock) = folders.iter().find_map(|folder| {
            let mut files = self.files.iter().map(|file| folder.join(file));
            Some((folder, files.find(|file| file.is_file())?))
        })?;
        let environments = (self.environments)(root, host);
        let interpreters = environments.iter().filter_map(|prefix| in_environment(prefix));
        Some(Found {
            tool: self.name,
            environments: interpreters.collect(),
            run: self.run(root, &lock, host),
        })
    }

    fn run(
        &self,
        root: &Path,
        lock: &Path,
        host: &Host<'_>,
    ) -> Result<Vec<OsString>, (Vec<OsString>, Refusal)> {
        let mut program = vec![OsString::from(self.name), "run".into()];
        let refusal = if !has_alembic(lock) {
            Some(Refusal::NotLocked { lock: lock.to_owned() })
        } else if host.on_path(OsStr::new(self.name)).is_none() {
            Some(Refusal::NoTool { tool: self.name })
        } else if host.cwd.starts_with(root) {
            None
        } else if let Some(option) = self.project_option {
            // Before `run` for Poetry, behind it for PDM; uv takes both.
            let at = if self.name == "pdm" { 2 } else { 1 };
            program.splice(at..at, [option.into(), root.as_os_str().to_owned()]);
            None
        } else {
            Some(Refusal::OutsideProject { root: root.to_owned() })
        };
        program.push("python".into());
        match refusal {
            Some(refusal) => Err((program, refusal)),
            None => Ok(program),
        }
    }
}

/// Does the lock file (or Pipfile) have a package called alembic?
fn has_alembic(lock: &Path) -> bool {
    let text = read_text(lock).unwrap_or_default();
    // toml: `name = "alembic"`; Pipfile.lock: `"alembic": {`; Pipfile: `alembic = "*"`.
    text.lines().map(str::trim).any(|line| {
        line.starts_with("name = \"alembic\"")
            || line.starts_with("\"alembic\":")
            || line.split(['=', ' ']).next().is_some_and(|key| key.trim_matches('"') == "alembic")
    })
}

/// uv: `UV_PROJECT_ENVIRONMENT`, else `.venv`.
fn uv_environments(root: &Path, host: &Host<'_>) -> Vec<PathBuf> {
    host.variable("UV_PROJECT_ENVIRONMENT").map(|folder| root.join(folder)).into_iter().collect()
}

/// PDM: `.pdm-python` names the interpreter.
fn pdm_environments(root: &Path, _host: &Host<'_>) -> Vec<PathBuf> {
    let interpreter = read_text(&root.join(".pdm-python")).unwrap_or_default();
    let interpreter = Path::new(interpreter.trim());
    let prefix = interpreter.parent().and_then(Path::parent);
    prefix.filter(|prefix| prefix.is_absolute()).map(Path::to_owned).into_iter().collect()
}

/// Poetry: `NAME-HASH-py3.11` among its environments. With several of them only Poetry knows which counts.
fn poetry_environments(root: &Path, host: &Host<'_>) -> Vec<PathBuf> {
    let Some(folder) = poetry_folder(host) else { return Vec::new() };
    let resolved = fs_err::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let name = project_name(root).unwrap_or_else(|| "non-package-mode".to_owned());
    let name = clean_name(&normal_name(&name), " $`!*@\"\\\r\n\t");
    let begin = format!("{name}-{}-py", path_hash(&resolved));
    let mut found = sorted_names(&folder);
    found.retain(|path| {
        path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(&begin))
    });
    if found.len() == 1 { found } else { Vec::new() }
}

fn poetry_folder(host: &Host<'_>) -> Option<PathBuf> {
    if let Some(folder) = host.path_variable("POETRY_VIRTUALENVS_PATH") {
        return Some(folder);
    }
    let cache = host.path_variable("POETRY_CACHE_DIR").or_else(|| {
        Some(if cfg!(windows) {
            host.path_variable("LOCALAPPDATA")?.join("pypoetry").join("Cache")
        } else if cfg!(target_os = "macos") {
            host.home()?.join("Library/Caches/pypoetry")
        } else {
            let caches = host.path_variable("XDG_CACHE_HOME");
            caches.or_else(|| Some(host.home()?.join(".cache")))?.join("pypoetry")
        })
    });
    Some(cache?.join("virtualenvs"))
}

/// A distribution's name in its normal form: lower case, runs of `-`, `_` and `.` one `-`.
fn normal_name(name: &str) -> String {
    let mut normal = String::new();
    for c in name.to_lowercase().chars().map(|c| if matches!(c, '_' | '.') { '-' } else { c }) {
        if !(c == '-' && normal.ends_with('-')) {
            normal.push(c);
        }
    }
    normal
}

/// `name` of `[project]` or `[tool.poetry]`.
fn project_name(root: &Path) -> Option<String> {
    let text = read_text(&root.join("pyproject.toml"))?;
    let mut table = "";
    let mut names = (None, None);
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            table = line;
        } else if let Some((key, value)) = line.split_once('=')
            && key.trim() == "name"
        {
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            match table {
                "[project]" => names.0 = Some(value),
                "[tool.poetry]" => names.1 = Some(value),
                _ => {}
            }
        }
    }
    names.0.or(names.1)
}

/// Pipenv: `PIPENV_CUSTOM_VENV_NAME` or `FOLDER-HASH` among the environments of `WORKON_HOME`.
fn pipenv_environments(root: &Path, host: &Host<'_>) -> Vec<PathBuf> {
    let Some(folder) = pipenv_folder(host) else { return Vec::new() };
    let name = host.variable("PIPENV_CUSTOM_VENV_NAME").unwrap_or_else(|| {
        let base = root.file_name().unwrap_or_default().to_string_lossy();
        let base = clean_name(&base, " &$`!*@\"()[]\\\r\n\t");
        format!("{base}-{}", path_hash(&root.join("Pipfile"))).into()
    });
    vec![folder.join(name)]
}

fn pipenv_folder(host: &Host<'_>) -> Option<PathBuf> {
    if let Some(folder) = host.path_variable("WORKON_HOME") {
        return Some(folder);
    }
    if cfg!(windows) {
        return Some(host.home()?.join(".virtualenvs"));
    }
    let data = host.path_variable("XDG_DATA_HOME");
    Some(data.or_else(|| Some(host.home()?.join(".local/share")))?.join("virtualenvs"))
}

/// As both tools do it: each of `signs` becomes `_`, and the name is cut.
fn clean_name(name: &str, signs: &str) -> String {
    let clean = name.chars().map(|c| if signs.contains(c) { '_' } else { c });
    clean.take(LONGEST_NAME).collect()
}

/// The first eight characters of the path's SHA-256 in URL-safe base64.
fn path_hash(path: &Path) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    let bits = digest.iter().take(6).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let digit = |shift: u64| DIGITS[usize::try_from(bits >> shift & 63).expect("below 64")];
    (0..8).rev().map(|place| char::from(digit(place * 6))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_the_tools() {
        // python -c "import hashlib, base64; print(base64.urlsafe_b64encode(hashlib.sha256(b'/home/bob/shop').digest())[:8])"
        assert_eq!(path_hash(Path::new("/home/bob/shop")), "BxbQ5i8o");
        assert_eq!(normal_name("My__cool.Shop"), "my-cool-shop");
        assert_eq!(clean_name("my shop $1", " $`!*@\"\\\r\n\t"), "my_shop__1");
    }
}
