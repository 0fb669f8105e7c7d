//! Which SQLAlchemy a project has: its environment, else lock files and `requirements*.txt`, else the newest known.

use std::path::{Path, PathBuf};

/// The versions whose rules are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Major and minor version of SQLAlchemy.
    pub sqlalchemy: (u32, u32),
    /// The version of SQLModel.
    pub sqlmodel: (u32, u32, u32),
}

impl Versions {
    /// The newest that are known.
    pub const NEWEST: Self = Self { sqlalchemy: (2, 1), sqlmodel: (0, 0, 50) };
}

impl Default for Versions {
    fn default() -> Self {
        Self::NEWEST
    }
}

/// The versions that the project in `folder` has: its environment, else a lock file or `requirements*.txt`, else the
/// newest known.
pub fn of_project(folder: &Path) -> Versions {
    let mut found = Versions::NEWEST;
    if let Some((numbers, _)) = find(folder, "sqlalchemy") {
        found.sqlalchemy = (numbers[0], numbers[1]);
    }
    if let Some((numbers, _)) = find(folder, "sqlmodel") {
        found.sqlmodel = numbers.into();
    }
    found
}

/// The folders of installed packages below `folder`: `.venv` and `venv`.
pub fn site_packages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in [".venv", "venv"] {
        let Ok(entries) = fs_err::read_dir(folder.join(name).join("lib")) else { continue };
        found.extend(
            entries
                .flatten()
                .map(|entry| entry.path().join("site-packages"))
                .filter(|path| path.is_dir()),
        );
    }
    found
}

/// Where a project says which version of a distribution it has: its environment, a lock file, or requirements.
pub fn origin(folder: &Path, name: &str) -> Option<String> {
    find(folder, name).map(|(_, origin)| origin)
}

/// The version of a distribution, and where that is said.
fn find(folder: &Path, name: &str) -> Option<([u32; 3], String)> {
    let environment = || Some((installed(folder, name)?, "the project's environment".to_owned()));
    environment().or_else(|| locked(folder, name)).or_else(|| required(folder, name))
}

fn installed(folder: &Path, name: &str) -> Option<[u32; 3]> {
    for packages in site_packages(folder) {
        let Ok(entries) = fs_err::read_dir(packages) else { continue };
        for entry in entries.flatten() {
            let file = entry.file_name().to_string_lossy().to_lowercase();
            let version = file
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('-'))
                .filter(|rest| rest.ends_with(".dist-info"));
            if let Some(found) = version.and_then(numbers) {
                return Some(found);
            }
        }
    }
    None
}

fn locked(folder: &Path, name: &str) -> Option<([u32; 3], String)> {
    for file in ["uv.lock", "poetry.lock", "pdm.lock"] {
        let Ok(text) = fs_err::read_to_string(folder.join(file)) else { continue };
        let lower = text.to_lowercase();
        let version = lower
            .split_once(&format!("name = \"{name}\""))
            .and_then(|(_, rest)| rest.split_once("version = \""))
            .and_then(|(_, rest)| numbers(rest));
        if let Some(version) = version {
            return Some((version, file.to_owned()));
        }
    }
    None
}

fn required(folder: &Path, name: &str) -> Option<([u32; 3], String)> {
    let mut files: Vec<PathBuf> =
        fs_err::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files {
        let file =
            path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        if !file.starts_with("requirements") || path.extension().is_none_or(|end| end != "txt") {
            continue;
        }
        let Ok(text) = fs_err::read_to_string(&path) else { continue };
        if let Some(found) = text.lines().find_map(|line| pinned(line, name)) {
            return Some((found, file));
        }
    }
    None
}

/// `name[extra] == 1.2.3`
fn pinned(line: &str, name: &str) -> Option<[u32; 3]> {
    let line = line.trim().to_lowercase();
    let rest = line.strip_prefix(name)?.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    numbers(rest.strip_prefix("==")?.trim_start())
}

fn numbers(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split(|c: char| !c.is_ascii_digit());
    let (major, minor) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some([major, minor, parts.next().and_then(|part| part.parse().ok()).unwrap_or(0)])
}
