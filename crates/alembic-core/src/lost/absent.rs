//! Modules of the project that a recovered script imports, and that its commit alone has.
//!
//! Lines that begin as an import are read, nothing is run: what is found is a warning and refuses nothing.

use std::path::{Path, PathBuf};

use super::types::ChainScript;
use crate::git::{GitError, Repository};

/// A module that a recovered script asks for, and the work tree lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentModule {
    /// The revision of the script.
    pub revision: String,
    /// The module, as in `shop.helpers`.
    pub module: String,
    /// The commit that has it.
    pub commit: String,
    /// Its file there, from the top of the work tree.
    pub path: PathBuf,
}

/// The absent modules of one script; `roots` are the folders that modules are looked for in.
///
/// # Errors
/// When git cannot be asked.
pub(super) fn modules(
    repository: &Repository,
    roots: &[PathBuf],
    script: &ChainScript,
    contents: &[u8],
) -> Result<Vec<AbsentModule>, GitError> {
    let text = String::from_utf8_lossy(contents);
    let roots: Vec<&Path> = roots.iter().filter_map(|root| repository.relative(root)).collect();
    let mut wanted: Vec<(String, PathBuf)> = Vec::new();
    for module in text.lines().flat_map(imported) {
        let path: PathBuf = module.split('.').collect();
        let is_here = |root: &&Path| {
            let place = repository.top_level().join(root).join(&path);
            place.is_dir() || place.with_extension("py").is_file()
        };
        if roots.iter().any(is_here) || wanted.iter().any(|(known, _)| *known == module) {
            continue;
        }
        for root in &roots {
            let place = root.join(&path);
            wanted.push((module.clone(), place.join("__init__.py")));
            wanted.push((module.clone(), place.with_extension("py")));
        }
    }
    let places: Vec<(&str, &Path)> =
        wanted.iter().map(|(_, path)| (script.commit.as_str(), path.as_path())).collect();
    let blobs = if places.is_empty() { Vec::new() } else { repository.blobs_at(&places)? };
    let found = wanted.into_iter().zip(blobs).filter(|(_, blob)| blob.is_some());
    let absent = found.map(|((module, path), _)| AbsentModule {
        revision: script.revision.clone(),
        module,
        commit: script.commit.clone(),
        path,
    });
    Ok(absent.collect())
}

/// The modules that a line may import: `from a import b` may mean `a.b` as well.
fn imported(line: &str) -> Vec<String> {
    let is_name = |name: &&str| {
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        !name.is_empty() && !name.starts_with('.') && name.chars().all(plain)
    };
    let names = |list: &str| -> Vec<String> {
        let list = list.split('#').next().unwrap_or_default();
        let words = list.split(',').filter_map(|part| part.split_whitespace().next());
        let words = words.map(|word| word.trim_matches(['(', ')', ';']));
        words.filter(is_name).map(str::to_owned).collect()
    };
    let line = line.trim_start();
    if let Some(list) = line.strip_prefix("import ") {
        return names(list);
    }
    let from = line.strip_prefix("from ").and_then(|rest| rest.split_once(" import "));
    let Some((module, list)) = from.map(|(module, list)| (module.trim(), list)) else {
        return Vec::new();
    };
    if !is_name(&module) {
        return Vec::new();
    }
    let below = names(list).into_iter().map(|name| format!("{module}.{name}"));
    [module.to_owned()].into_iter().chain(below).collect()
}

#[cfg(test)]
mod tests {
    use super::imported;

    #[test]
    fn imports_are_read_by_the_line() {
        for (line, modules) in [
            ("import a.b as c, d  # e", ["a.b", "d"].as_slice()),
            ("    from a import (b, c as d,", &["a", "a.b", "a.c"]),
            ("from a.b import c", &["a.b", "a.b.c"]),
            ("from . import c", &[]),
            ("important = 1", &[]),
            ("from here on", &[]),
        ] {
            assert_eq!(imported(line), modules, "{line}");
        }
    }
}
