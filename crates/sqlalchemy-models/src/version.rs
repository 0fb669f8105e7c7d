//! Which SQLAlchemy a project has: its environment, else lock files and `requirements*.txt`, else the newest known.

use std::path::{Path, PathBuf};

/// The newest version whose rules are known.
pub const NEWEST: (u32, u32) = (2, 1);

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

/// The version of SQLAlchemy in `folder`.
pub fn sqlalchemy(folder: &Path) -> (u32, u32) {
    for packages in site_packages(folder) {
        let Ok(entries) = fs_err::read_dir(packages) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            if let Some(rest) = name.strip_prefix("sqlalchemy-")
                && let Some(version) = numbers(rest)
            {
                return version;
            }
        }
    }
    for name in ["uv.lock", "poetry.lock", "pdm.lock"] {
        let Ok(text) = fs_err::read_to_string(folder.join(name)) else { continue };
        let lower = text.to_lowercase();
        if let Some(at) = lower.find("name = \"sqlalchemy\"")
            && let Some(version) = lower[at..].split("version = \"").nth(1).and_then(numbers)
        {
            return version;
        }
    }
    let Ok(entries) = fs_err::read_dir(folder) else { return NEWEST };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files {
        let name =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !(name.starts_with("requirements") && name.ends_with(".txt")) {
            continue;
        }
        let Ok(text) = fs_err::read_to_string(&path) else { continue };
        for line in text.lines() {
            let line = line.trim().to_lowercase();
            let rest = line
                .strip_prefix("sqlalchemy")
                .map(|rest| rest.trim_start_matches(|c| c != '=' && c != ' '));
            if let Some(version) = rest
                .and_then(|rest| rest.trim().strip_prefix("=="))
                .and_then(|rest| numbers(rest.trim()))
            {
                return version;
            }
        }
    }
    NEWEST
}

fn numbers(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
