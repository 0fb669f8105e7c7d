//! pyenv's shims: scripts that start the interpreter of the version that is chosen where they are called.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use super::host::{Host, read_text, sorted_names};

/// What a script is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shim {
    /// A shim, and the interpreter behind it.
    Interpreter(PathBuf),
    /// A shim, and the versions that are chosen have no such interpreter here.
    NoVersion,
    /// Some other script.
    Other,
}

/// Looks behind a script called `python…`, by pyenv's rule: `PYENV_VERSION`, `.python-version` here or above, then the
/// `version` file of pyenv's own folder.
pub(super) fn look_behind(script: &Path, host: &Host<'_>) -> Shim {
    let folder = script.parent().filter(|folder| folder.file_name() == Some(OsStr::new("shims")));
    let (Some(root), Some(name)) = (folder.and_then(Path::parent), script.file_name()) else {
        return Shim::Other;
    };
    if !read_text(script).is_some_and(|text| text.contains("pyenv")) {
        return Shim::Other;
    }
    let versions = chosen(root, host);
    let interpreters = versions.iter().filter_map(|version| installed(root, version));
    interpreters
        .map(|prefix| prefix.join("bin").join(name))
        .find(|path| path.is_file())
        .map_or(Shim::NoVersion, Shim::Interpreter)
}

fn chosen(root: &Path, host: &Host<'_>) -> Vec<String> {
    if let Some(versions) = host.variable("PYENV_VERSION") {
        return versions.to_string_lossy().split(':').map(str::to_owned).collect();
    }
    let local = host.cwd.ancestors().take(64).map(|place| place.join(".python-version"));
    let text = local.chain([root.join("version")]).find_map(|file| read_text(&file));
    let text = text.unwrap_or_default();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    lines.flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// The folder of a version: exact, else the latest below it (`3.11` is `3.11.7`).
fn installed(root: &Path, version: &str) -> Option<PathBuf> {
    // A name, never a path: it comes from a file of the project.
    let is_name =
        !version.is_empty() && !version.starts_with('.') && !version.contains(['/', '\\']);
    let versions = root.join("versions");
    let exact = versions.join(version);
    if is_name && exact.is_dir() {
        return Some(exact);
    }
    let below = sorted_names(&versions).into_iter().filter_map(|folder| {
        let rest = folder.file_name()?.to_str()?.strip_prefix(version)?.strip_prefix('.')?;
        let patch = rest.parse::<u32>().ok()?;
        Some((patch, folder))
    });
    if is_name { below.max().map(|(_, folder)| folder) } else { None }
}
