//! What is known of Python's library: which modules and names there are, and paths.

use super::object::Object;

/// The modules of the library that are known by name; all others are answered as not in the project.
pub(super) fn is_module(name: &str) -> bool {
    matches!(
        name,
        "os" | "os.path"
            | "posixpath"
            | "sys"
            | "re"
            | "pathlib"
            | "typing"
            | "typing_extensions"
            | "enum"
            | "dataclasses"
            | "collections"
            | "collections.abc"
            | "functools"
            | "itertools"
            | "operator"
            | "string"
            | "contextlib"
            | "abc"
            | "textwrap"
            | "builtins"
    )
}

/// Why a module that is not in the project is not known.
pub(super) fn absence(name: &str) -> String {
    let first = name.split('.').next().unwrap_or(name);
    if RUNTIME_MODULES.contains(&first) {
        format!("`{name}` is only known when the program runs")
    } else {
        format!("`{name}` is not in the project")
    }
}

/// Modules of the library whose functions depend on running.
const RUNTIME_MODULES: &[&str] = &[
    "asyncio",
    "base64",
    "calendar",
    "configparser",
    "copy",
    "csv",
    "datetime",
    "decimal",
    "getpass",
    "glob",
    "hashlib",
    "importlib",
    "inspect",
    "io",
    "json",
    "logging",
    "math",
    "os",
    "platform",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "types",
    "uuid",
    "warnings",
    "zlib",
    "zoneinfo",
];

/// A name of a module of the library; `None` when it is only known at run time.
pub(super) fn member(module: &str, name: &str) -> Option<Object> {
    let function = || Some(Object::Builtin(format!("{}.{name}", canonical(module)).into()));
    match (module, name) {
        ("typing" | "typing_extensions", "TYPE_CHECKING") => Some(Object::Bool(false)),
        ("os" | "os.path" | "posixpath", "sep") => Some(Object::str("/")),
        ("os" | "os.path" | "posixpath", "extsep" | "curdir") => Some(Object::str(".")),
        ("os" | "os.path" | "posixpath", "pardir") => Some(Object::str("..")),
        (
            "typing" | "typing_extensions" | "collections.abc" | "abc" | "contextlib" | "enum"
            | "dataclasses",
            _,
        )
        | (
            "os.path" | "posixpath",
            "basename" | "dirname" | "splitext" | "join" | "split" | "abspath" | "normpath"
            | "realpath" | "isabs",
        )
        | ("os", "fspath")
        | ("pathlib", "Path" | "PurePath" | "PurePosixPath" | "PosixPath")
        | ("sys", "version_info" | "modules" | "intern")
        | ("collections", "namedtuple" | "OrderedDict")
        | (
            "functools",
            "lru_cache" | "cache" | "wraps" | "reduce" | "partial" | "total_ordering",
        )
        | ("itertools", "chain" | "count" | "islice")
        | ("operator", "attrgetter" | "itemgetter")
        | ("textwrap", "dedent") => function(),
        ("string", "ascii_lowercase") => Some(Object::str("abcdefghijklmnopqrstuvwxyz")),
        ("string", "ascii_uppercase") => Some(Object::str("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
        ("string", "ascii_letters") => {
            Some(Object::str("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        }
        ("string", "digits") => Some(Object::str("0123456789")),
        ("string", "hexdigits") => Some(Object::str("0123456789abcdefABCDEF")),
        ("builtins", _) if crate::is_builtin(name) => Some(Object::builtin(name)),
        _ => None,
    }
}

fn canonical(module: &str) -> &str {
    match module {
        "typing_extensions" => "typing",
        "posixpath" => "os.path",
        other => other,
    }
}

/// The last part of a path: what `os.path.basename` gives.
pub(super) fn basename(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What `os.path.dirname` gives.
pub(super) fn dirname(path: &str) -> &str {
    let end = path.len() - basename(path).len();
    let head = &path[..end];
    let trimmed = head.trim_end_matches('/');
    if trimmed.is_empty() { head } else { trimmed }
}

/// Where the extension of a file name begins, with its dot; the end if it has none. Leading dots are no extension.
pub(super) fn extension_at(path: &str) -> usize {
    let name = basename(path);
    let start = path.len() - name.len();
    let leading = name.len() - name.trim_start_matches('.').len();
    name[leading..].rfind('.').map_or(path.len(), |dot| start + leading + dot)
}

/// `os.path.join` of two parts, and `/` of `pathlib`.
pub(super) fn join_paths(first: &str, second: &str) -> String {
    if second.starts_with('/') || first.is_empty() {
        second.to_owned()
    } else if first.ends_with('/') || second.is_empty() {
        format!("{first}{second}")
    } else {
        format!("{first}/{second}")
    }
}

/// What `os.path.normpath` gives.
pub(super) fn normalise(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// A path as `pathlib` keeps it: without `.` parts, doubled and trailing slashes.
pub(super) fn pure_path(path: &str) -> String {
    let absolute = path.starts_with('/');
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// An attribute of a `pathlib` path that is no method.
pub(super) fn path_attribute(path: &str, name: &str) -> Option<Object> {
    let file = match path {
        "/" | "." => "",
        other => basename(other),
    };
    // `pathlib` counts neither a leading nor a trailing dot.
    let dot = file.rfind('.').filter(|&dot| dot > 0 && dot + 1 < file.len()).unwrap_or(file.len());
    Some(match name {
        "name" => Object::str(file),
        "stem" => Object::str(&file[..dot]),
        "suffix" => Object::str(&file[dot..]),
        "parent" => Object::Path(parent(path).into()),
        "parents" => {
            let parents = std::iter::successors(Some(path.to_owned()), |path| {
                let up = parent(path);
                (up != *path).then_some(up)
            });
            Object::tuple(parents.skip(1).map(|path| Object::Path(path.into())).collect::<Vec<_>>())
        }
        "parts" => {
            let root = path.starts_with('/').then(|| Object::str("/"));
            let parts = path.split('/').filter(|part| !matches!(*part, "" | ".")).map(Object::str);
            Object::tuple(root.into_iter().chain(parts).collect::<Vec<_>>())
        }
        _ => return None,
    })
}

fn parent(path: &str) -> String {
    match dirname(path) {
        "" => ".".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart_as_python_does() {
        assert_eq!(dirname("/a/b.py"), "/a");
        assert_eq!(dirname("/b.py"), "/");
        assert_eq!(dirname("b.py"), "");
        assert_eq!(extension_at("a.b/c"), 5);
        assert_eq!(extension_at("a/.x.py"), 4);
        assert_eq!(normalise("a/./b/../c//d"), "a/c/d");
        assert_eq!(pure_path("./a//b/"), "a/b");
        assert_eq!(join_paths("a", "b"), "a/b");
        assert_eq!(join_paths("a/", "/b"), "/b");
    }
}
