//! The project's files: each looked for once, read once and parsed once, for both ways through env.py.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    rc::Rc,
};

use alembic_core::read;
use python_static::{
    SourceFile, TextRange,
    tree::{self, Reading},
};

/// Files longer than this are not read.
const MAX_SIZE: u64 = 2 << 20;

/// A file that was read.
pub(super) struct File {
    pub(super) source: SourceFile,
    /// Its tree, or the line and the reason why there is none.
    pub(super) parsed: Result<Vec<tree::Statement>, (usize, String)>,
    /// Where its lines begin: every literal asks for its line.
    lines: Vec<usize>,
}

impl File {
    fn without_tree(name: &str, reason: String) -> Self {
        Self { source: SourceFile::new(name, ""), parsed: Err((1, reason)), lines: vec![0] }
    }

    /// The whole file as a place.
    pub(super) fn whole(&self) -> TextRange {
        0..self.source.text().len()
    }

    /// The line of a place, from one.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }
}

/// What was read.
pub(super) struct Files {
    read: RefCell<HashMap<PathBuf, Rc<File>>>,
    found: RefCell<HashMap<PathBuf, Option<PathBuf>>>,
    parses_models: bool,
    has_passed_over: Cell<bool>,
}

impl Files {
    /// With `parses_models`, mapped classes and enumerations are parsed, too.
    pub(super) fn new(parses_models: bool) -> Self {
        Self {
            read: RefCell::default(),
            found: RefCell::default(),
            parses_models,
            has_passed_over: Cell::new(false),
        }
    }

    /// Whether a file has a class that was not parsed.
    pub(super) fn has_passed_over(&self) -> bool {
        self.has_passed_over.get()
    }

    /// The file of a module whose path without its suffix this is; the folder's `__init__.py` when it has none.
    pub(super) fn module_at(&self, path: &Path) -> Option<PathBuf> {
        if let Some(found) = self.found.borrow().get(path) {
            return found.clone();
        }
        let found = file_at(path);
        self.found.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    pub(super) fn read(&self, path: &Path) -> Rc<File> {
        if let Some(file) = self.read.borrow().get(path) {
            return Rc::clone(file);
        }
        let file = Rc::new(self.read_file(path));
        self.read.borrow_mut().insert(path.to_owned(), Rc::clone(&file));
        file
    }

    /// Where the files lie, sorted.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let mut paths: Vec<_> = self.read.borrow().keys().cloned().collect();
        paths.sort();
        paths
    }

    fn read_file(&self, path: &Path) -> File {
        let name = path.to_string_lossy();
        let bytes = match read_at_most(path, MAX_SIZE) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                return File::without_tree(&name, "the file is too long to be read".to_owned());
            }
            // A folder without the file is a package, too.
            Err(error) if is_missing(&error) && path.ends_with("__init__.py") => Vec::new(),
            Err(error) => {
                let reason = format!("the file cannot be read: {}", error.kind());
                return File::without_tree(&name, reason);
            }
        };
        let source = match SourceFile::decode(&*name, bytes) {
            Ok(source) => source,
            Err(error) => return File::without_tree(&name, error.to_string()),
        };
        let parsed = tree::read_with(&source, |code| {
            if is_plain_function(code) {
                Reading::Later
            } else if !self.parses_models && is_of_models(code) {
                self.has_passed_over.set(true);
                Reading::Never("a class of the models is not followed")
            } else {
                Reading::Now
            }
        });
        let parsed = parsed.map_err(|error| (source.line_of(error.range.start), error.to_string()));
        File { lines: source.line_starts().collect(), source, parsed }
    }
}

/// The bytes of a file; `None` when there are more than `limit`.
fn read_at_most(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let bytes = read::up_to(path, limit + 1)?;
    Ok(u64::try_from(bytes.len()).is_ok_and(|length| length <= limit).then_some(bytes))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// The file of a module whose path without its suffix this is; the folder's `__init__.py` when it has none.
fn file_at(path: &Path) -> Option<PathBuf> {
    let package = path.join("__init__.py");
    if package.is_file() {
        return Some(package);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".py");
    let module = PathBuf::from(name);
    if module.is_file() {
        return Some(module);
    }
    // A folder of the project's own with Python in it; an empty one next to it is no module.
    let has_python = || {
        let entries = fs_err::read_dir(path).ok()?;
        entries.take(500).flatten().find(|entry| {
            entry.path().extension().is_some_and(|suffix| suffix == "py") || entry.path().is_dir()
        })
    };
    (path.is_dir() && has_python().is_some()).then_some(package)
}

/// Whether a definition is a class that SQLAlchemy maps to a table, or an enumeration, and leaves the environment alone.
/// A project may have hundreds of both, and env.py seldom takes its URL from them.
fn is_of_models(code: &str) -> bool {
    let has = |word: &str| code.contains(word);
    let is_enumeration = || code.lines().next().is_some_and(|header| header.ends_with("Enum):"));
    code.starts_with("class ")
        && (["__tablename__", "mapped_column(", "Column(", "relationship("].into_iter().any(has)
            || is_enumeration())
        && !["environ", "getenv", "putenv", "dotenv"].into_iter().any(has)
}

/// Whether a definition is a function whose first line is its whole header, and holds nothing that runs: no decorator, no
/// default. Many are never called on the way to the URL.
fn is_plain_function(code: &str) -> bool {
    let header = code.lines().next().unwrap_or_default();
    (header.starts_with("def ") || header.starts_with("async def "))
        && header.trim_end().ends_with(':')
        && !header.contains('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_waits_when_its_header_runs_nothing() {
        assert!(is_plain_function("def run(kind: type[Enum], *rest) -> str:\n    return ''\n"));
        assert!(is_plain_function("async def run():\n    pass\n"));
        assert!(!is_plain_function("def run(url=os.environ['URL']):\n    pass\n"));
        assert!(!is_plain_function("def run(\n    url=load(),\n):\n    pass\n"));
        assert!(!is_plain_function("def run(): return load()\n"));
        assert!(!is_plain_function("@cache\ndef run():\n    pass\n"));
        assert!(!is_plain_function("class Run:\n    pass\n"));
    }

    #[test]
    fn a_mapped_class_is_known_by_its_words() {
        assert!(is_of_models("class Pet(Base):\n    __tablename__ = 'pets'\n"));
        assert!(is_of_models(
            "class HasId:\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        ));
        assert!(is_of_models("class Sex(str, enum.Enum):\n    MALE = 'male'\n"));
        assert!(!is_of_models("class Base(DeclarativeBase):\n    metadata = MetaData()\n"));
        assert!(!is_of_models("class Settings(BaseSettings):\n    url: str\n"));
        assert!(!is_of_models("def column():\n    return Column(Integer)\n"));
        let loads = "class Pet(Base):\n    load_dotenv()\n    __tablename__ = 'pets'\n";
        assert!(!is_of_models(loads));
    }
}
