//! Where an interpreter looks for packages: `sys.path` as far as files tell (`PYTHONPATH`, site-packages, `.pth` files,
//! editable installs).

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    host::{read_text, sorted_names},
    package::{Package, declared_version, recorded_version},
};

/// Folders in the order in which they are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SearchPath {
    folders: Vec<PathBuf>,
    /// Packages that an editable install has elsewhere.
    editable: BTreeMap<String, PathBuf>,
}

impl SearchPath {
    /// Adds a folder without looking at its `.pth` files, as entries of `PYTHONPATH` are.
    pub(super) fn add_folder(&mut self, folder: PathBuf) {
        if folder.is_dir() && !self.folders.contains(&folder) {
            self.folders.push(folder);
        }
    }

    /// Adds a site-packages folder and what its `.pth` files name.
    pub(super) fn add_site(&mut self, site: &Path) {
        if !site.is_dir() || self.folders.iter().any(|folder| folder == site) {
            return;
        }
        self.folders.push(site.to_owned());
        for hook in sorted_names(site) {
            if hook.extension().is_some_and(|extension| extension == "pth") {
                for line in read_text(&hook).unwrap_or_default().lines() {
                    self.add_line(site, line.trim_end());
                }
            }
        }
    }

    /// A line of a `.pth` file: a folder, a comment, or code, of which setuptools' editable finders are understood.
    fn add_line(&mut self, site: &Path, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let Some(code) = line.strip_prefix("import").filter(|code| code.starts_with([' ', '\t']))
        else {
            return self.add_folder(site.join(line));
        };
        let module = code.split(';').next().unwrap_or_default().trim();
        let is_name = module.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_name && module.starts_with("__editable__") {
            let finder = read_text(&site.join(format!("{module}.py"))).unwrap_or_default();
            self.editable.extend(finder_table(&finder));
        }
    }

    /// The package that `import NAME` would find, if any.
    pub(super) fn package(&self, name: &str) -> Option<Package> {
        // Finders stand before `sys.path`.
        let edited = self.editable.get(name).cloned();
        let found = self.folders.iter().map(|folder| folder.join(name));
        let mut packages = edited.into_iter().chain(found);
        let folder = packages.find(|package| package.join("__init__.py").is_file())?;
        let beside = folder.parent().and_then(|site| recorded_version(site, name));
        let version = beside
            .or_else(|| declared_version(&folder))
            .or_else(|| self.folders.iter().find_map(|site| recorded_version(site, name)));
        Some(Package { folder, version })
    }

    /// The folders that are searched.
    pub(super) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }
}

/// `MAPPING: dict[str, str] = {'pkg': '/src/pkg'}` of a setuptools finder.
fn finder_table(code: &str) -> BTreeMap<String, PathBuf> {
    let mut table = BTreeMap::new();
    for line in code.lines().filter(|line| line.starts_with("MAPPING")) {
        let Some((_, literal)) = line.split_once('=') else { continue };
        let mut strings = quoted(literal).into_iter();
        while let (Some(name), Some(folder)) = (strings.next(), strings.next()) {
            table.insert(name, folder.into());
        }
    }
    table
}

/// The string literals of a line.
fn quoted(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut characters = text.chars();
    while let Some(quote) = characters.find(|c| matches!(c, '\'' | '"')) {
        let mut string = String::new();
        loop {
            match characters.next() {
                None => return strings,
                Some(c) if c == quote => break,
                Some('\\') => string.extend(characters.next()),
                Some(c) => string.push(c),
            }
        }
        strings.push(string);
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finder_names_packages_and_folders() {
        let code = "import sys\nMAPPING: dict[str, str] = {'alembic': '/src/it\\'s/alembic', \"b\": '/src/b'}\nNAMESPACES = {}\n";
        let table = finder_table(code);
        assert_eq!(table["alembic"].to_str(), Some("/src/it's/alembic"));
        assert_eq!(table["b"].to_str(), Some("/src/b"));
        assert!(finder_table("MAPPING = {'a': '/unfinished").is_empty());
    }
}
