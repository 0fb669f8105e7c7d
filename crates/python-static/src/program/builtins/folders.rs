//! Paths, and folders and packages below the roots: `os`, `os.path`, `pkgutil`.

use std::path::PathBuf;
use std::rc::Rc;

use crate::posixpath;
use crate::program::args::Arguments;
use crate::program::value::{Place, Value};
use crate::program::{Eval, Machine, Stop};

impl Machine {
    /// Functions of `os` and `os.path`.
    pub(super) fn call_os(
        &mut self,
        name: &str,
        arguments: &Arguments,
        place: Place,
    ) -> Eval<Option<Value>> {
        Ok(match (name, arguments.positional.as_slice()) {
            ("os.walk", [Value::Str(folder), ..]) if arguments.keywords.is_empty() => {
                Some(self.walk(folder, place)?)
            }
            ("os.listdir", [Value::Str(folder)]) => Some(match self.listing(folder) {
                Some((folders, files)) => {
                    Value::list(folders.into_iter().chain(files).map(Value::str).collect())
                }
                None => self.unknown("the folder is none of the project", place),
            }),
            ("os.path.dirname", [Value::Str(path)]) => Some(Value::str(posixpath::dirname(path))),
            ("os.path.basename", [Value::Str(path)]) => Some(Value::str(posixpath::basename(path))),
            ("os.path.abspath" | "os.path.realpath", [Value::Str(path)])
                if path.starts_with('/') =>
            {
                Some(Value::str(posixpath::normalise(path)))
            }
            ("os.path.join", [Value::Str(path), rest @ ..]) => {
                let mut joined = path.to_string();
                for part in rest {
                    let Some(part) = part.as_str() else {
                        return Ok(Some(self.doubt(part, place)));
                    };
                    joined = posixpath::join(&joined, part);
                }
                Some(Value::str(joined))
            }
            _ => None,
        })
    }

    /// What `pkgutil` finds below folders.
    pub(super) fn packages(
        &mut self,
        path: &Value,
        prefix: &str,
        walks: bool,
        place: Place,
    ) -> Eval {
        let Some(items) = path.items() else { return Ok(self.doubt(path, place)) };
        let folders: Vec<PathBuf> =
            items.iter().filter_map(|item| item.as_str().map(PathBuf::from)).collect();
        let mut found = Vec::new();
        self.walk_packages(&folders, prefix, walks, &mut found, place, 0)?;
        Ok(Value::list(found))
    }

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
        folders: &[PathBuf],
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
