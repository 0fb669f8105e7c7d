//! What a Python environment has installed, as far as files tell: site-packages folders, the folders that `.pth`
//! files add, and editable installs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{options::Environment, read::is_pipe};
use crate::read;

/// Folders that are usually the project's environment.
const ENVIRONMENT_NAMES: [&str; 3] = [".venv", "venv", "env"];
/// The largest `.pth` or finder file that is read, in bytes.
const LARGEST_FILE: u64 = 1 << 20;
/// How far up the environment is looked for.
const HIGHEST: usize = 32;

/// The search path of an environment.
#[derive(Debug, Default)]
pub(super) struct Installed {
    /// site-packages folders, then what their `.pth` files add.
    pub(super) entries: Vec<PathBuf>,
    /// Packages that an editable install has elsewhere, by dotted name.
    editable: BTreeMap<String, Vec<PathBuf>>,
}

impl Installed {
    /// Reads the environment that belongs to the project in `folder`: `VIRTUAL_ENV`, else `.venv`, `venv` or `env`
    /// there or above it up to the root of the repository, else `CONDA_PREFIX`.
    pub(super) fn read(environment: &Environment, folder: &Path) -> Self {
        let prefix = environment
            .virtual_env
            .as_ref()
            .map(PathBuf::from)
            .filter(|prefix| !site_folders(prefix).is_empty())
            .or_else(|| project_environment(folder))
            .or_else(|| environment.conda_prefix.as_ref().map(PathBuf::from));
        let mut installed = Self::default();
        for site in prefix.iter().flat_map(|prefix| site_folders(prefix)) {
            installed.add_site(&site);
        }
        installed
    }

    /// The folders of a package with an editable install.
    pub(super) fn editable(&self, name: &str) -> Option<&[PathBuf]> {
        self.editable.get(name).map(Vec::as_slice)
    }

    fn add_site(&mut self, site: &Path) {
        let mut hooks = sorted_names(site);
        hooks.retain(|path| path.extension().is_some_and(|extension| extension == "pth"));
        self.entries.push(site.to_owned());
        for hook in hooks {
            for line in read_text(&hook).unwrap_or_default().lines() {
                self.add_line(site, line.trim_end());
            }
        }
    }

    /// A line of a `.pth` file: a folder, a comment, or code, of which only editable finders are understood.
    fn add_line(&mut self, site: &Path, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let Some(code) = line.strip_prefix("import").filter(|rest| rest.starts_with([' ', '\t']))
        else {
            let folder = site.join(line);
            if folder.is_dir() && !self.entries.contains(&folder) {
                self.entries.push(folder);
            }
            return;
        };
        let module = code.split(';').next().unwrap_or_default().trim();
        let is_name = module.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name && module.starts_with("__editable__") {
            let finder = read_text(&site.join(format!("{module}.py"))).unwrap_or_default();
            self.editable.extend(finder_table(&finder));
        }
    }
}

/// The nearest environment at the folder or above it, up to the root of the repository.
fn project_environment(folder: &Path) -> Option<PathBuf> {
    for place in folder.ancestors().take(HIGHEST) {
        let found = ENVIRONMENT_NAMES
            .iter()
            .map(|name| place.join(name))
            .find(|prefix| !site_folders(prefix).is_empty());
        if found.is_some() || place.join(".git").exists() {
            return found;
        }
    }
    None
}

/// The site-packages folders of an environment.
fn site_folders(prefix: &Path) -> Vec<PathBuf> {
    let mut found = vec![prefix.join("Lib").join("site-packages")];
    for library in ["lib", "lib64"] {
        for version in sorted_names(&prefix.join(library)) {
            let name = version.file_name().unwrap_or_default();
            if name.as_encoded_bytes().starts_with(b"python") {
                found.push(version.join("site-packages"));
            }
        }
    }
    found.retain(|folder| folder.is_dir());
    found.dedup_by_key(|folder| fs_err::canonicalize(&*folder).ok());
    found
}

fn sorted_names(folder: &Path) -> Vec<PathBuf> {
    let mut names = fs_err::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect::<Vec<_>>();
    names.sort();
    names
}

fn read_text(path: &Path) -> Option<String> {
    if is_pipe(path) {
        return None;
    }
    String::from_utf8(read::up_to(path, LARGEST_FILE).ok()?).ok()
}

/// `MAPPING = {'pkg': '/src/pkg'}` and `NAMESPACES = {'ns': ['/src/ns']}` of a setuptools finder.
fn finder_table(code: &str) -> BTreeMap<String, Vec<PathBuf>> {
    code.lines()
        .filter(|line| line.starts_with("MAPPING") || line.starts_with("NAMESPACES"))
        .filter_map(|line| line.split_once('='))
        .flat_map(|(_, value)| pairs(value))
        .collect()
}

/// Keys and values of a one-line dictionary of strings or lists of strings.
fn pairs(literal: &str) -> Vec<(String, Vec<PathBuf>)> {
    let mut found: Vec<(String, Vec<PathBuf>)> = Vec::new();
    let mut rest = literal;
    while let Some(start) = rest.find(['\'', '"']) {
        let Some((text, end)) = string(&rest[start..]) else {
            break;
        };
        rest = &rest[start + end..];
        if rest.trim_start().starts_with(':') {
            found.push((text, Vec::new()));
        } else if let Some((_, folders)) = found.last_mut() {
            folders.push(text.into());
        }
    }
    found
}

/// The string literal that the text begins with, and its length.
fn string(text: &str) -> Option<(String, usize)> {
    let mut characters = text.char_indices();
    let (_, quote) = characters.next()?;
    let mut out = String::new();
    while let Some((at, character)) = characters.next() {
        match character {
            c if c == quote => return Some((out, at + c.len_utf8())),
            '\\' => out.push(characters.next()?.1),
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str) {
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    #[test]
    fn the_environment_beside_or_above_the_project_is_found() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join(".venv/lib/python3.12/site-packages");
        let project = root.path().join("app/db");
        fs_err::create_dir_all(&site).unwrap();
        fs_err::create_dir_all(&project).unwrap();
        let read = || Installed::read(&Environment::default(), &project).entries;
        assert_eq!(read(), [site]);
        fs_err::create_dir_all(root.path().join("app/.git")).unwrap();
        assert!(read().is_empty(), "it is outside the repository");
    }

    #[test]
    fn the_active_environment_comes_first() {
        let root = tempfile::tempdir().unwrap();
        let active = root.path().join("active");
        let site = active.join("lib/python3.11/site-packages");
        fs_err::create_dir_all(&site).unwrap();
        fs_err::create_dir_all(root.path().join(".venv/lib/python3.11/site-packages")).unwrap();
        let environment =
            Environment { virtual_env: Some(active.into()), ..Environment::default() };
        assert_eq!(Installed::read(&environment, root.path()).entries, [site]);
    }

    #[test]
    fn editable_installs_lead_to_their_sources() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join(".venv/lib/python3.11/site-packages");
        let source = root.path().join("src");
        fs_err::create_dir_all(&source).unwrap();
        let line = source.to_str().unwrap();
        write(&site.join("_app.pth"), &format!("# comment\n{line}\nnowhere\n"));
        write(
            &site.join("__editable__.lib-1.0.pth"),
            "import __editable___lib_1_0_finder; __editable___lib_1_0_finder.install()",
        );
        write(
            &site.join("__editable___lib_1_0_finder.py"),
            "MAPPING: dict[str, str] = {'lib': '/x/it\\'s/lib', 'b': '/b'}\nNAMESPACES: dict[str, list[str]] = {'ns': ['/n/1', '/n/2']}\n",
        );
        let installed = Installed::read(&Environment::default(), root.path());
        assert_eq!(installed.entries, [site, source]);
        assert_eq!(installed.editable("lib"), Some([PathBuf::from("/x/it's/lib")].as_slice()));
        assert_eq!(
            installed.editable("ns"),
            Some([PathBuf::from("/n/1"), "/n/2".into()].as_slice())
        );
        assert_eq!(installed.editable("dict"), None);
    }
}
