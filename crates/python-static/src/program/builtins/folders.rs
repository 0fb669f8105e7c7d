//! Folders and packages below the roots: `os.walk`, `os.listdir`, `pkgutil.walk_packages`.

use std::rc::Rc;

use crate::program::value::{Place, Value};
use crate::program::{Eval, Machine, Stop};

impl Machine {
    /// The folders and files in a folder below the roots, sorted.
    pub(super) fn listing(&self, folder: &str) -> Option<(Vec<String>, Vec<String>)> {
        let folder = std::path::Path::new(folder);
        let inside = self.roots.iter().any(|root| folder.starts_with(root));
        let dotted = folder.components().any(|part| part == std::path::Component::ParentDir);
        if !inside || dotted {
            return None;
        }
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        for entry in fs_err::read_dir(folder).ok()?.flatten().take(20_000) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == "__pycache__" {
                continue;
            }
            if entry.path().is_dir() { folders.push(name) } else { files.push(name) }
        }
        folders.sort();
        files.sort();
        Some((folders, files))
    }

    /// `os.walk` over folders of the project.
    pub(super) fn walk(&mut self, folder: &str, place: Place) -> Eval {
        let mut rows = Vec::new();
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            let Some((folders, files)) = self.listing(&folder) else {
                return Ok(self.unknown("the folder is none of the project", place));
            };
            self.step(place)?;
            if rows.len() > 5000 {
                return Ok(self.unknown("there are too many folders", place));
            }
            waiting.extend(folders.iter().rev().map(|name| format!("{folder}/{name}")));
            let names = |names: Vec<String>| Value::list(names.iter().map(Value::str).collect());
            rows.push(Value::tuple(vec![Value::str(&folder), names(folders), names(files)]));
        }
        Ok(Value::list(rows))
    }

    pub(super) fn walk_packages(
        &mut self,
        folders: &[std::path::PathBuf],
        prefix: &str,
        deep: bool,
        found: &mut Vec<Value>,
        place: Place,
        depth: usize,
    ) -> Eval<()> {
        if depth > 12 {
            return Ok(());
        }
        for (name, is_package, path) in Self::submodules(folders) {
            let full = format!("{prefix}{name}");
            found.push(Self::module_info(&full, is_package));
            if deep && is_package {
                // `walk_packages` imports the packages that it enters.
                if let Err(stop @ Stop::Limit(_)) = self.import(&full, place) {
                    return Err(stop);
                }
                self.walk_packages(&[path], &format!("{full}."), true, found, place, depth + 1)?;
            }
            if found.len() > 5000 {
                return Ok(());
            }
        }
        Ok(())
    }

    fn module_info(name: &str, is_package: bool) -> Value {
        let finder = Value::None;
        Value::Tuple(Rc::from(vec![finder, Value::str(name), Value::Bool(is_package)]))
    }
}
