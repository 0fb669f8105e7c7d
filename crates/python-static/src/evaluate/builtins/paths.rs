//! `os.path` and `pathlib`: pure functions of text, and the path of the file itself.

use super::super::calls::Arguments;
use super::super::machine::{Eval, Machine};
use super::super::object::Object;
use crate::posixpath::{basename, dirname, extension_at, join, normalise, pure_path};
use crate::source::TextRange;

impl Machine<'_> {
    pub(super) fn call_path(
        &mut self,
        name: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let parts: Option<Vec<&str>> = arguments
            .positional
            .iter()
            .map(|object| match object {
                Object::Str(text) | Object::Path(text) => Some(&**text),
                _ => None,
            })
            .collect();
        let unknown = |machine: &Self| {
            machine
                .unknown(format!("`{name}()` is only known when the program runs"), range.clone())
        };
        let Some(parts) = parts else {
            return Err(unknown(self));
        };
        let first = parts.first().copied().unwrap_or_default();
        Ok(match name {
            "os.path.basename" => Object::str(basename(first)),
            "os.path.dirname" => Object::str(dirname(first)),
            "os.path.split" => {
                Object::tuple(vec![Object::str(dirname(first)), Object::str(basename(first))])
            }
            "os.path.splitext" => {
                let dot = extension_at(first);
                Object::tuple(vec![Object::str(&first[..dot]), Object::str(&first[dot..])])
            }
            "os.path.join" => Object::str(joined(&parts)),
            "os.path.normpath" => Object::str(normalise(first)),
            // Relative paths depend on the current directory; links are not resolved.
            "os.path.abspath" | "os.path.realpath" if first.starts_with('/') => {
                Object::str(normalise(first))
            }
            "os.path.isabs" => Object::Bool(first.starts_with('/')),
            "os.fspath" => Object::str(first),
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PurePosixPath" | "pathlib.PosixPath" => {
                Object::Path(pure_path(&joined(&parts)).into())
            }
            _ => return Err(unknown(self)),
        })
    }

    /// A method of a `pathlib` path.
    pub(in crate::evaluate) fn call_path_method(
        &mut self,
        path: &str,
        method: &str,
        arguments: &Arguments,
        range: TextRange,
    ) -> Eval {
        let parts = arguments.positional.iter().filter_map(|object| match object {
            Object::Str(text) | Object::Path(text) => Some(&**text),
            _ => None,
        });
        let parts: Vec<&str> = std::iter::once(path).chain(parts).collect();
        let complete = parts.len() == arguments.positional.len() + 1;
        Ok(match method {
            "joinpath" if complete => Object::Path(pure_path(&joined(&parts)).into()),
            "as_posix" | "__str__" | "__fspath__" => Object::str(path),
            "absolute" | "resolve" if path.starts_with('/') => Object::Path(normalise(path).into()),
            "with_suffix" if parts.len() == 2 => {
                let dot = extension_at(path);
                Object::Path(format!("{}{}", &path[..dot], parts[1]).into())
            }
            "with_name" if parts.len() == 2 => Object::Path(join(dirname(path), parts[1]).into()),
            "is_absolute" => Object::Bool(path.starts_with('/')),
            _ => {
                let reason = format!("`Path.{method}()` is only known when the program runs");
                return Err(self.unknown(reason, range));
            }
        })
    }
}

fn joined(parts: &[&str]) -> String {
    parts.iter().fold(String::new(), |path, part| join(&path, part))
}
