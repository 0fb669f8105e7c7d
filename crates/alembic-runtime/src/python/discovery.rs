//! Which Python runs upgrade and downgrade, in the order of the command line's documentation; every candidate with why
//! it was taken or refused.
//!
//! An interpreter that somebody names (`--python`, `ALEMBIC_RS_PYTHON`, `[tool.alembic-rs] python`) is taken or is an
//! error; the others are passed over when they cannot do it.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
};

use super::{
    error::{PythonNotFound, Refusal},
    host::{Host, project_folders},
    interpreter::{Interpreter, in_environment, inspect},
    package::Package,
    search_path::SearchPath,
    shell_text::shell_text,
    tools,
};

/// Folders that are usually the project's environment.
const ENVIRONMENT_NAMES: [&str; 3] = [".venv", "venv", "env"];
/// What `PATH` is searched for.
const NAMES_ON_PATH: [&str; 2] = ["python3", "python"];

/// What discovery depends on. Nothing else is taken from the process.
#[derive(Clone)]
pub struct Inputs<'a> {
    /// `--python`: a path, a name on `PATH`, or an environment's folder.
    pub python: Option<OsString>,
    /// `[tool.alembic-rs] python`.
    pub configured: Option<NamedPython>,
    /// The folder of `alembic.ini` (`Config::here`): environments are looked for here and above.
    pub folder: PathBuf,
    /// The current directory, absolute.
    pub cwd: PathBuf,
    /// The environment, such as `std::env::var_os`.
    pub lookup: &'a dyn Fn(&str) -> Option<OsString>,
}

/// An interpreter that a configuration file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPython {
    /// The value; relative paths start at the file's folder.
    pub value: OsString,
    /// The file that says so.
    pub file: PathBuf,
}

/// Where a candidate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// `--python`.
    Option,
    /// `ALEMBIC_RS_PYTHON`.
    Variable,
    /// `[tool.alembic-rs] python` of a file.
    Configuration(PathBuf),
    /// `VIRTUAL_ENV`.
    VirtualEnv,
    /// An environment's folder beside the configuration or above it.
    Project,
    /// uv, Poetry, PDM or Pipenv, by the name of its program.
    Tool(&'static str),
    /// `CONDA_PREFIX`.
    Conda,
    /// `PATH`.
    Path,
}

impl Origin {
    /// Did somebody name this interpreter? Then no other is taken.
    pub fn is_named(&self) -> bool {
        matches!(self, Self::Option | Self::Variable | Self::Configuration(_))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option => formatter.write_str("--python"),
            Self::Variable => formatter.write_str("ALEMBIC_RS_PYTHON"),
            Self::Configuration(file) => {
                write!(formatter, "[tool.alembic-rs] python in {}", file.display())
            }
            Self::VirtualEnv => formatter.write_str("VIRTUAL_ENV"),
            Self::Project => formatter.write_str("the project's environment"),
            Self::Tool(tool) => formatter.write_str(tool),
            Self::Conda => formatter.write_str("CONDA_PREFIX"),
            Self::Path => formatter.write_str("PATH"),
        }
    }
}

/// A Python that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it comes from.
    pub origin: Origin,
    /// What would be started: an interpreter, or a tool with its arguments.
    pub program: Vec<OsString>,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It runs the project's Alembic.
    Taken,
    /// It does not.
    Refused(Refusal),
}

impl Candidate {
    /// The program as one would type it.
    pub fn shown(&self) -> String {
        shell_text(&self.program)
    }

    /// Why it was refused, if it was.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.verdict {
            Verdict::Refused(refusal) => Some(refusal),
            Verdict::Taken => None,
        }
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` ({})", self.shown(), self.origin)?;
        match &self.verdict {
            Verdict::Refused(refusal) => write!(formatter, ": {refusal}"),
            Verdict::Taken => Ok(()),
        }
    }
}

/// The interpreter that runs the project's Alembic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    /// What is started, before `-m alembic`: an interpreter, or a tool with its arguments (`uv run python`).
    pub program: Vec<OsString>,
    /// Why it was taken.
    pub origin: Origin,
    /// Its version (`3.11`), when its files tell.
    pub version: Option<String>,
    /// Its Alembic. `None` where only running could tell: a script that was named, or a tool that has yet to make the
    /// environment.
    pub alembic: Option<Package>,
    packages: Option<SearchPath>,
}

impl Python {
    /// A program of which only running could tell what it is.
    #[cfg(test)]
    pub(super) fn script(program: &str, origin: Origin) -> Self {
        let program = vec![program.into()];
        Self { program, origin, version: None, alembic: None, packages: None }
    }

    /// A package that it would import. `None` as well where only running could tell ([`is_known`](Self::is_known)).
    pub fn package(&self, name: &str) -> Option<Package> {
        self.packages.as_ref()?.package(name)
    }

    /// Do files tell what it has installed?
    pub fn is_known(&self) -> bool {
        self.packages.is_some()
    }

    /// The folders that it searches for packages, in order.
    pub fn search_path(&self) -> &[PathBuf] {
        self.packages.as_ref().map(SearchPath::folders).unwrap_or_default()
    }

    /// The program as one would type it.
    pub fn shown(&self) -> String {
        shell_text(&self.program)
    }
}

/// What the search came to.
#[derive(Debug, Clone)]
pub struct Discovery {
    /// Everything that was looked at, in order; the search stops at what it takes.
    pub candidates: Vec<Candidate>,
    python: Option<Python>,
}

impl Discovery {
    /// The interpreter that was taken.
    pub fn python(&self) -> Option<&Python> {
        self.python.as_ref()
    }

    /// The interpreter that was taken, or what to tell the user.
    ///
    /// # Errors
    ///
    /// When none was.
    pub fn into_python(self) -> Result<Python, PythonNotFound> {
        self.python.ok_or(PythonNotFound { candidates: self.candidates })
    }
}

/// Finds the Python that runs the project's Alembic. Looks at files alone and starts nothing.
pub fn discover(inputs: &Inputs<'_>) -> Discovery {
    let host = Host { lookup: inputs.lookup, cwd: &inputs.cwd };
    let mut search = Search { host, candidates: Vec::new(), python: None, seen: BTreeSet::new() };
    // The search goes on as long as nothing is taken and nobody named one.
    let _decided = search.named(inputs) || search.unnamed(&inputs.folder);
    Discovery { candidates: search.candidates, python: search.python }
}

/// A search under way. Its methods answer whether the search is over.
struct Search<'a> {
    host: Host<'a>,
    candidates: Vec<Candidate>,
    python: Option<Python>,
    /// Interpreters that were looked at: each is listed once.
    seen: BTreeSet<PathBuf>,
}

impl Search<'_> {
    fn named(&mut self, inputs: &Inputs<'_>) -> bool {
        let (cwd, host) = (&inputs.cwd, self.host);
        if let Some(value) = &inputs.python {
            return self.named_value(Origin::Option, value, cwd);
        }
        if let Some(value) = host.variable("ALEMBIC_RS_PYTHON") {
            return self.named_value(Origin::Variable, &value, cwd);
        }
        if let Some(NamedPython { value, file }) = &inputs.configured {
            let folder = file.parent().unwrap_or(cwd);
            return self.named_value(Origin::Configuration(file.clone()), value, folder);
        }
        false
    }

    fn named_value(&mut self, origin: Origin, value: &OsStr, base: &Path) -> bool {
        match named_path(value, base, &self.host) {
            Ok(path) => self.interpreter(origin, path),
            Err(refusal) => self.refuse(origin, vec![value.to_owned()], refusal),
        };
        // Usable or not: somebody wants this one.
        true
    }

    fn unnamed(&mut self, folder: &Path) -> bool {
        let folders = project_folders(folder);
        self.activated("VIRTUAL_ENV", Origin::VirtualEnv)
            || folders.iter().any(|folder| self.environments_in(folder))
            || self.tools(&folders)
            || self.activated("CONDA_PREFIX", Origin::Conda)
            || self.on_path()
    }

    fn activated(&mut self, variable: &str, origin: Origin) -> bool {
        let Some(prefix) = self.host.path_variable(variable) else { return false };
        match in_environment(&prefix) {
            Some(path) => self.interpreter(origin, path),
            None => self.refuse(origin, vec![prefix.into()], Refusal::NoInterpreter),
        }
    }

    fn environments_in(&mut self, folder: &Path) -> bool {
        let prefixes = ENVIRONMENT_NAMES.iter().map(|name| folder.join(name));
        let interpreters = prefixes.filter_map(|prefix| in_environment(&prefix));
        interpreters.into_iter().any(|path| self.interpreter(Origin::Project, path))
    }

    fn tools(&mut self, folders: &[PathBuf]) -> bool {
        let host = self.host;
        tools::find(folders, &host).into_iter().any(|found| {
            let origin = Origin::Tool(found.tool);
            found.environments.into_iter().any(|path| self.interpreter(origin.clone(), path))
                || match found.run {
                    Ok(program) => self.take_unknown(origin, program),
                    Err((program, refusal)) => self.refuse(origin, program, refusal),
                }
        })
    }

    fn on_path(&mut self) -> bool {
        let host = self.host;
        NAMES_ON_PATH.iter().any(|name| {
            // A shim without a version hands over to what stands behind it on PATH.
            let mut all = host.all_on_path(OsStr::new(name));
            all.find_map(|path| match inspect(&path, &host) {
                Err(Refusal::NoShimVersion) => None,
                _ => Some(self.interpreter(Origin::Path, path)),
            })
            .unwrap_or(false)
        })
    }

    fn interpreter(&mut self, origin: Origin, path: PathBuf) -> bool {
        if !self.seen.insert(path.clone()) {
            return false;
        }
        match inspect(&path, &self.host).and_then(|found| usable(&origin, found)) {
            Ok(found) => self.take(origin, found),
            Err(refusal) => self.refuse(origin, vec![path.into()], refusal),
        }
    }

    fn take(&mut self, origin: Origin, found: Interpreter) -> bool {
        let program = vec![found.path.into_os_string()];
        let alembic = found.packages.as_ref().and_then(|packages| packages.package("alembic"));
        let Interpreter { version, packages, .. } = found;
        self.taken(Python { program, origin, version, alembic, packages })
    }

    fn take_unknown(&mut self, origin: Origin, program: Vec<OsString>) -> bool {
        self.taken(Python { program, origin, version: None, alembic: None, packages: None })
    }

    fn taken(&mut self, python: Python) -> bool {
        let (origin, program) = (python.origin.clone(), python.program.clone());
        self.candidates.push(Candidate { origin, program, verdict: Verdict::Taken });
        self.python = Some(python);
        true
    }

    fn refuse(&mut self, origin: Origin, program: Vec<OsString>, refusal: Refusal) -> bool {
        self.candidates.push(Candidate { origin, program, verdict: Verdict::Refused(refusal) });
        false
    }
}

/// The interpreter has Alembic, or somebody named it and only running can tell.
fn usable(origin: &Origin, found: Interpreter) -> Result<Interpreter, Refusal> {
    match &found.packages {
        None if origin.is_named() => Ok(found),
        None => Err(Refusal::Script),
        Some(packages) if packages.package("alembic").is_some() => Ok(found),
        Some(_) => Err(Refusal::NoAlembic),
    }
}

/// What a value names: a path, an environment's folder, or a program on `PATH`.
fn named_path(value: &OsStr, base: &Path, host: &Host<'_>) -> Result<PathBuf, Refusal> {
    let path = base.join(expand_home(Path::new(value), host));
    if path.is_dir() {
        return in_environment(&path).ok_or(Refusal::NoInterpreter);
    }
    let is_bare = Path::new(value).components().count() == 1 && Path::new(value).is_relative();
    if is_bare && path.symlink_metadata().is_err() {
        return host.on_path(value).ok_or(Refusal::NotOnPath);
    }
    Ok(path)
}

/// `~/…`, which no shell has expanded in a file or behind `=`.
fn expand_home(path: &Path, host: &Host<'_>) -> PathBuf {
    let home = path.strip_prefix("~").ok().zip(host.home());
    home.map_or_else(|| path.to_owned(), |(rest, home)| home.join(rest))
}
