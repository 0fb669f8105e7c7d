//! What a file called `python` is, told from files alone: an interpreter with its installation, or a script that only
//! running could tell about.

use std::path::{Path, PathBuf};

use super::{
    error::Refusal,
    host::{Host, first_bytes, is_executable, sorted_names},
    pyenv::{self, Shim},
    pyvenv::Pyvenv,
    search_path::SearchPath,
};

/// Where interpreters lie in an environment, the system's own layout first.
const PLACES: [&str; 5] = if cfg!(windows) {
    ["Scripts/python.exe", "python.exe", "bin/python.exe", "bin/python", "bin/python3"]
} else {
    ["bin/python", "bin/python3", "Scripts/python.exe", "python.exe", "bin/python.exe"]
};

/// What was found behind a path.
#[derive(Debug)]
pub(super) struct Interpreter {
    /// What to start: as named, or what a shim stands for.
    pub(super) path: PathBuf,
    /// `3.11`, when that can be told.
    pub(super) version: Option<String>,
    /// Where it finds packages; `None` for a script, which tells nothing.
    pub(super) packages: Option<SearchPath>,
}

/// The interpreter of an environment's folder.
pub(super) fn in_environment(prefix: &Path) -> Option<PathBuf> {
    // A link that leads nowhere counts: it says that the base is gone.
    PLACES.iter().map(|place| prefix.join(place)).find(|path| path.symlink_metadata().is_ok())
}

/// Looks at the interpreter at `path`.
pub(super) fn inspect(path: &Path, host: &Host<'_>) -> Result<Interpreter, Refusal> {
    match kind_of(path)? {
        Kind::Binary => installation(path, host),
        Kind::Script => match pyenv::look_behind(path, host) {
            Shim::Interpreter(behind) if matches!(kind_of(&behind)?, Kind::Binary) => {
                installation(&behind, host)
            }
            Shim::NoVersion => Err(Refusal::NoShimVersion),
            Shim::Interpreter(_) | Shim::Other => {
                Ok(Interpreter { path: path.to_owned(), version: None, packages: None })
            }
        },
    }
}

enum Kind {
    Binary,
    Script,
}

fn kind_of(path: &Path) -> Result<Kind, Refusal> {
    let Ok(resolved) = fs_err::canonicalize(path) else {
        return Err(match fs_err::read_link(path) {
            Ok(target) => Refusal::BaseGone { base: target },
            Err(_) => Refusal::Missing,
        });
    };
    if !cfg!(windows) && path.extension().is_some_and(|extension| extension == "exe") {
        return Err(Refusal::OtherSystem);
    }
    if !is_executable(path) {
        return Err(Refusal::NotExecutable);
    }
    if !has_python_name(path) && !has_python_name(&resolved) {
        return Err(Refusal::NotPython);
    }
    match first_bytes(path, 4).unwrap_or_default().as_slice() {
        [b'#', b'!', ..] => Ok(Kind::Script),
        [b'M', b'Z', ..] if !cfg!(windows) => Err(Refusal::OtherSystem),
        // Mach-O comes in four byte orders, and in the universal form of macOS.
        [0x7f, b'E', b'L', b'F']
        | [b'M', b'Z', ..]
        | [0xfe, 0xed, 0xfa, 0xce | 0xcf]
        | [0xce | 0xcf, 0xfa, 0xed, 0xfe]
        | [0xca, 0xfe, 0xba, 0xbe] => Ok(Kind::Binary),
        _ => Err(Refusal::NotPython),
    }
}

/// `python`, `python3.13t`, `pypy3`, `python.exe`; not `python3-config`.
fn has_python_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
    let name = name.unwrap_or_default();
    let stem = name.strip_suffix(".exe").unwrap_or(&name);
    ["python", "pypy", "graalpy"].iter().any(|kind| {
        stem.strip_prefix(kind).is_some_and(|rest| {
            let digits = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
            rest.len() - digits.len() <= 1
                && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    })
}

fn installation(path: &Path, host: &Host<'_>) -> Result<Interpreter, Refusal> {
    match Pyvenv::of(path) {
        Some(venv) => environment(path, &venv, host),
        None => base(path, host),
    }
}

/// A virtual environment.
fn environment(path: &Path, venv: &Pyvenv, host: &Host<'_>) -> Result<Interpreter, Refusal> {
    if let Some(home) = venv.home.as_ref().filter(|home| !home.is_dir()) {
        return Err(Refusal::BaseGone { base: home.clone() });
    }
    let version = venv.version.clone().or_else(|| version_of_names(path));
    let mut packages = SearchPath::default();
    add_python_path(&mut packages, host);
    for site in site_folders(&venv.prefix, version.as_deref()) {
        packages.add_site(&site);
    }
    if venv.includes_system {
        let resolved = fs_err::canonicalize(path).ok();
        let bases =
            [venv.home.clone(), resolved.and_then(|path| path.parent().map(Path::to_owned))];
        add_user_site(&mut packages, version.as_deref(), host);
        for base in bases.iter().flatten().filter_map(|folder| folder.parent()) {
            add_base_sites(&mut packages, base, version.as_deref());
        }
    }
    Ok(Interpreter { path: path.to_owned(), version, packages: Some(packages) })
}

/// An interpreter of its own: the system's, one that was built, conda's.
fn base(path: &Path, host: &Host<'_>) -> Result<Interpreter, Refusal> {
    let resolved = fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folders = [path, resolved.as_path()].into_iter().filter_map(Path::parent);
    // On Windows the interpreter lies in the prefix itself.
    let mut prefixes = folders.flat_map(|folder| [folder.parent(), Some(folder)]).flatten();
    let prefix = prefixes.find(|prefix| has_library(prefix)).ok_or(Refusal::NoInstallation)?;
    let version = version_of_names(path).or_else(|| only_version(prefix));
    let mut packages = SearchPath::default();
    add_python_path(&mut packages, host);
    add_user_site(&mut packages, version.as_deref(), host);
    add_base_sites(&mut packages, prefix, version.as_deref());
    Ok(Interpreter { path: path.to_owned(), version, packages: Some(packages) })
}

/// Is Python's own library there? (`os.py` is what Python itself looks for.)
fn has_library(prefix: &Path) -> bool {
    prefix.join("Lib").join("os.py").is_file()
        || libraries(prefix).iter().any(|library| library.join("os.py").is_file())
}

/// `lib/python3.11` and its like.
fn libraries(prefix: &Path) -> Vec<PathBuf> {
    let all = ["lib", "lib64"].iter().flat_map(|name| sorted_names(&prefix.join(name)));
    let versioned = |path: &PathBuf| version_of_name(&file_name(path)).is_some();
    all.filter(versioned).collect()
}

/// The version in the names of the file and of what it links to.
fn version_of_names(path: &Path) -> Option<String> {
    let resolved = fs_err::canonicalize(path).ok();
    [Some(path), resolved.as_deref()]
        .into_iter()
        .flatten()
        .find_map(|path| version_of_name(&file_name(path)))
}

/// `3.11` of `python3.11`, `3.13t` of `python3.13t.exe`.
fn version_of_name(name: &str) -> Option<String> {
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let rest = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"))?;
    let (major, minor) = rest.split_once('.')?;
    let digits = minor.strip_suffix('t').unwrap_or(minor);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(major) && is_number(digits)).then(|| rest.to_owned())
}

fn only_version(prefix: &Path) -> Option<String> {
    let libraries = libraries(prefix).into_iter().filter(|library| library.join("os.py").is_file());
    let mut versions = libraries.filter_map(|library| version_of_name(&file_name(&library)));
    let version = versions.next()?;
    versions.all(|other| other == version).then_some(version)
}

/// The site-packages of a prefix for a version, or for all when it is not known. A build without the global lock has
/// `python3.13t` where `pyvenv.cfg` says 3.13.
fn site_folders(prefix: &Path, version: Option<&str>) -> Vec<PathBuf> {
    let counts = |library: &PathBuf| {
        let found = version_of_name(&file_name(library)).unwrap_or_default();
        version.is_none_or(|version| found.trim_end_matches('t') == version.trim_end_matches('t'))
    };
    let mut found = vec![prefix.join("Lib").join("site-packages")];
    found.extend(libraries(prefix).into_iter().filter(counts).map(|lib| lib.join("site-packages")));
    found.retain(|folder| folder.is_dir());
    found.dedup_by_key(|folder| fs_err::canonicalize(&*folder).ok());
    found
}

fn add_base_sites(packages: &mut SearchPath, prefix: &Path, version: Option<&str>) {
    let shared = prefix.join("lib/python3/dist-packages");
    if !shared.is_dir() {
        for site in site_folders(prefix, version) {
            packages.add_site(&site);
        }
        return;
    }
    // Debian's and Ubuntu's own Python does not look into site-packages.
    if let Some(version) = version {
        packages.add_site(&prefix.join(format!("local/lib/python{version}/dist-packages")));
        packages.add_site(&shared);
        packages.add_site(&prefix.join(format!("lib/python{version}/dist-packages")));
    } else {
        packages.add_site(&shared);
    }
}

fn add_python_path(packages: &mut SearchPath, host: &Host<'_>) {
    for entry in std::env::split_paths(&host.variable("PYTHONPATH").unwrap_or_default()) {
        packages.add_folder(host.cwd.join(entry));
    }
}

/// `pip install --user`.
fn add_user_site(packages: &mut SearchPath, version: Option<&str>, host: &Host<'_>) {
    if host.variable("PYTHONNOUSERSITE").is_some() {
        return;
    }
    let Some(version) = version else { return };
    let base = host.path_variable("PYTHONUSERBASE");
    if cfg!(windows) {
        let base = base.or_else(|| Some(host.path_variable("APPDATA")?.join("Python")));
        let name = format!("Python{}", version.replace('.', ""));
        if let Some(base) = base {
            packages.add_site(&base.join(name).join("site-packages"));
        }
        return;
    }
    if let Some(base) = base.or_else(|| Some(host.home()?.join(".local"))) {
        packages.add_site(&base.join(format!("lib/python{version}/site-packages")));
    }
    if let Some(home) = host.home().filter(|_| cfg!(target_os = "macos")) {
        let framework = home.join("Library/Python").join(version);
        packages.add_site(&framework.join("lib/python/site-packages"));
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_interpreters() {
        for (name, expected) in [
            ("python", true),
            ("python3", true),
            ("python3.13t", true),
            ("Python.exe", true),
            ("pypy3.10", true),
            ("python3-config", false),
            ("pythonic", false),
            ("ls", false),
            ("", false),
        ] {
            assert_eq!(has_python_name(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn versions_in_names() {
        for (name, expected) in [
            ("python3.11", Some("3.11")),
            ("python3.13t", Some("3.13t")),
            ("python3.9.exe", Some("3.9")),
            ("pypy3.10", Some("3.10")),
            ("python3", None),
            ("python3.", None),
            ("python3.x", None),
        ] {
            assert_eq!(version_of_name(name).as_deref(), expected, "{name}");
        }
    }
}
