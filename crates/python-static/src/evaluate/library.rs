//! What is known of Python's library: which modules and names there are.

use super::object::Object;
use crate::posixpath::{basename, dirname};

/// The modules of the library that are known by name; all others are answered as not in the project.
pub(super) fn is_module(name: &str) -> bool {
    matches!(
        name,
        "os" | "os.path"
            | "posixpath"
            | "sys"
            | "re"
            | "json"
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
        | ("textwrap", "dedent" | "indent")
        | ("re", "sub" | "split" | "findall")
        | ("json", "dumps") => function(),
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
