//! Finds the folder that `package.module:folder` means, without running Python.
//!
//! The rules are those of Python's import system as far as files decide: in each entry of the search path a package
//! (a folder with an `__init__` file) beats a module (a file), which beats a bare folder; bare folders of all entries
//! together form a namespace package, unless an entry has the real thing.

use std::path::{Path, PathBuf};

use super::{error::ConfigErrorKind, python_text::pure_path, site_packages::Installed};

/// Suffixes of files that Python imports; extension modules with a version tag are left out.
const MODULE_SUFFIXES: [&str; 4] = [".abi3.so", ".so", ".py", ".pyc"];

/// What an import of a name finds.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// The folder with the `__init__` file.
    Package(PathBuf),
    Module,
    /// The bare folders, perhaps none.
    Namespace(Vec<PathBuf>),
}

impl Found {
    /// Where submodules are looked for.
    fn into_folders(self) -> Option<Vec<PathBuf>> {
        match self {
            Self::Package(folder) => Some(vec![folder]),
            Self::Namespace(folders) if !folders.is_empty() => Some(folders),
            Self::Module | Self::Namespace(_) => None,
        }
    }
}

/// Where Python looks for packages.
pub(super) struct SearchPath {
    /// `prepend_sys_path`, then `PYTHONPATH`; absolute.
    pub(super) first: Vec<PathBuf>,
    /// What is installed; looked at only when `first` does not settle it.
    pub(super) installed: Box<dyn Fn() -> Installed>,
}

/// Alembic's `coerce_resource_to_filename`: a relative text with a colon names a package and a folder in it.
///
/// The result is as relative as `location` is, and in `pathlib`'s normal form.
pub(super) fn coerce(location: &str, search: &SearchPath) -> Result<PathBuf, ConfigErrorKind> {
    let path = Path::new(location);
    let Some((module, folder)) = location.split_once(':').filter(|_| !path.is_absolute()) else {
        return Ok(pure_path(path));
    };
    let folders = find(module, search)?;
    let mut tokens = folder.split(':');
    let first = tokens.next().unwrap_or_default();
    let mut found = folders
        .iter()
        .map(|candidate| candidate.join(first))
        .find(|candidate| candidate.exists())
        .unwrap_or_else(|| folders[0].join(first));
    for token in tokens {
        found.push(token);
    }
    Ok(pure_path(&found))
}

/// The folders of a package by its dotted name; at least one.
fn find(module: &str, search: &SearchPath) -> Result<Vec<PathBuf>, ConfigErrorKind> {
    if module.is_empty() {
        return Err(ConfigErrorKind::EmptyModuleName);
    }
    if module.starts_with('.') {
        return Err(ConfigErrorKind::RelativeModuleName { module: module.to_owned() });
    }
    let mut names = module.split('.');
    let mut dotted = names.next().unwrap_or_default().to_owned();
    let mut found = found_or(find_top(&dotted, search), &dotted, search)?;
    for name in names {
        let full = format!("{dotted}.{name}");
        let parent = std::mem::replace(&mut dotted, full);
        let Some(folders) = found.into_folders() else {
            return Err(ConfigErrorKind::ModuleNotFound {
                module: dotted,
                parent: Some(parent),
                searched: Vec::new(),
            });
        };
        found = found_or(find_in(name, &folders), &dotted, search)?;
    }
    found.into_folders().ok_or(ConfigErrorKind::NotAPackage { module: dotted })
}

fn found_or(found: Found, module: &str, search: &SearchPath) -> Result<Found, ConfigErrorKind> {
    if found != Found::Namespace(Vec::new()) {
        return Ok(found);
    }
    Err(ConfigErrorKind::ModuleNotFound {
        module: module.to_owned(),
        parent: None,
        searched: search.first.clone(),
    })
}

fn find_top(name: &str, search: &SearchPath) -> Found {
    let mut bare = match find_in(name, &search.first) {
        Found::Namespace(bare) => bare,
        found => return found,
    };
    let installed = (search.installed)();
    match find_in(name, &installed.entries) {
        Found::Namespace(more) => bare.extend(more),
        found => return found,
    }
    if bare.is_empty() {
        return match installed.editable(name) {
            Some(folders) => find_editable(folders),
            None => Found::Namespace(bare),
        };
    }
    Found::Namespace(bare)
}

/// The folder of an editable install, as its finder looks at it.
fn find_editable(folders: &[PathBuf]) -> Found {
    match folders {
        [folder] if folder.join("__init__.py").is_file() => Found::Package(folder.clone()),
        [folder] if folder.with_extension("py").is_file() => Found::Module,
        _ => Found::Namespace(folders.iter().filter(|folder| folder.is_dir()).cloned().collect()),
    }
}

/// Looks for one name, without dots, in the folders.
fn find_in(name: &str, folders: &[PathBuf]) -> Found {
    let mut bare = Vec::new();
    if name.is_empty() || name.contains(['/', '\\', '\0']) {
        return Found::Namespace(bare);
    }
    for entry in folders {
        let folder = entry.join(name);
        let is_folder = folder.is_dir();
        if is_folder && has_file(&folder, "__init__") {
            return Found::Package(folder);
        }
        if has_file(entry, name) {
            return Found::Module;
        }
        if is_folder {
            bare.push(folder);
        }
    }
    Found::Namespace(bare)
}

fn has_file(folder: &Path, stem: &str) -> bool {
    MODULE_SUFFIXES.iter().any(|suffix| folder.join(format!("{stem}{suffix}")).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new(files: &[&str]) -> Self {
            let tree = Self(tempfile::tempdir().unwrap());
            for file in files {
                let path = tree.0.path().join(file);
                fs_err::create_dir_all(path.parent().unwrap()).unwrap();
                if !file.ends_with('/') {
                    fs_err::write(path, "").unwrap();
                }
            }
            tree
        }

        fn coerce(&self, location: &str, entries: &[&str]) -> Result<String, String> {
            let root = self.0.path().to_owned();
            let search = SearchPath {
                first: entries.iter().map(|entry| root.join(entry)).collect(),
                installed: Box::new(Installed::default),
            };
            coerce(location, &search)
                .map(|path| {
                    let path = path.strip_prefix(&root).unwrap_or(&path);
                    path.to_str().unwrap().to_owned()
                })
                .map_err(|kind| kind.to_string())
        }
    }

    #[test]
    fn paths_are_no_packages() {
        let tree = Tree::new(&[]);
        assert_eq!(tree.coerce("./a//b/", &[]), Ok("a/b".to_owned()));
        assert_eq!(tree.coerce("/a:b", &[]), Ok("/a:b".to_owned()));
    }

    #[test]
    fn folders_inside_a_package_may_have_several_parts() {
        let tree = Tree::new(&["pkg/__init__.py", "pkg/sub/deep/x", "pkg/sub/__init__.py"]);
        let find = |location| tree.coerce(location, &["nowhere", "."]);
        assert_eq!(find("pkg:sub/deep"), Ok("pkg/sub/deep".to_owned()));
        assert_eq!(find("pkg:sub:deep"), Ok("pkg/sub/deep".to_owned()));
        assert_eq!(find("pkg.sub:deep"), Ok("pkg/sub/deep".to_owned()));
        assert_eq!(find("pkg:"), Ok("pkg".to_owned()));
        assert_eq!(find("pkg:nope"), Ok("pkg/nope".to_owned()));
    }

    #[test]
    fn namespace_packages_join_their_parts() {
        let tree = Tree::new(&["one/ns/a/x", "two/ns/b/x"]);
        let find = |location| tree.coerce(location, &["one", "two"]);
        assert_eq!(find("ns:b"), Ok("two/ns/b".to_owned()));
        assert_eq!(find("ns.b:x"), Ok("two/ns/b/x".to_owned()));
        assert_eq!(find("ns:c"), Ok("one/ns/c".to_owned()));
    }

    #[test]
    fn a_package_beats_a_bare_folder_before_it_and_a_module_blocks() {
        let tree = Tree::new(&["one/p/m/x", "two/p/__init__.py", "two/p/m/x", "three/p.py"]);
        let find = |entries: &[&str]| tree.coerce("p:m", entries);
        assert_eq!(find(&["one", "two"]), Ok("two/p/m".to_owned()));
        assert_eq!(find(&["three", "two"]), Err("'p' is not a package".to_owned()));
    }

    #[test]
    fn python_says_what_is_missing() {
        let tree = Tree::new(&["pkg/__init__.py", "mod.py"]);
        let find = |location| tree.coerce(location, &["."]).unwrap_err();
        assert_eq!(find("nopkg:m"), "No module named 'nopkg'");
        assert_eq!(find("pkg.sub:m"), "No module named 'pkg.sub'");
        assert_eq!(find("mod.sub:m"), "No module named 'mod.sub'; 'mod' is not a package");
        assert_eq!(find(":m"), "Empty module name");
        assert_eq!(
            find("./a:m"),
            "the 'package' argument is required to perform a relative import for './a'"
        );
        assert_eq!(find("a/b:m"), "No module named 'a/b'");
    }
}
