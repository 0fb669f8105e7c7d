//! The modules of the project that files import from.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustpython_parser::ast;

use crate::ast::{ParseFailure, parse};
use crate::source::SourceFile;
use crate::statements::{self, Statement};
use crate::value::Value;

/// Modules larger than this are not read.
const MAX_MODULE_SIZE: u64 = 4 << 20;

/// Where imported modules are looked for, and what has been read there.
///
/// One project serves all files, on any number of threads: a module is read and parsed once.
#[derive(Debug, Default)]
pub struct Project {
    roots: Vec<PathBuf>,
    files: Mutex<HashMap<PathBuf, Option<Arc<ModuleFile>>>>,
}

impl Project {
    /// A project whose modules lie below `roots`, looked through in this order: what `prepend_sys_path` lists.
    pub fn new(roots: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { roots: roots.into_iter().collect(), files: Mutex::default() }
    }

    /// The folders in which modules are looked for.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// What stands at `path`, a module path without its suffix: a package, a module, a folder without `__init__.py`.
    pub(crate) fn at(&self, path: &Path) -> Option<Arc<ModuleFile>> {
        let package = path.join("__init__.py");
        if let Some(file) = self.file(&package) {
            return Some(file);
        }
        let mut module = path.as_os_str().to_owned();
        module.push(".py");
        self.file(Path::new(&module)).or_else(|| {
            path.is_dir()
                .then(|| Arc::new(ModuleFile::new(&package, SourceFile::new("", ""), Vec::new())))
        })
    }

    /// The root below which the top-level module `name` lies.
    pub(crate) fn root_of(&self, name: &str) -> Option<&Path> {
        self.roots.iter().map(PathBuf::as_path).find(|root| self.at(&root.join(name)).is_some())
    }

    fn file(&self, path: &Path) -> Option<Arc<ModuleFile>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = files.get(path) {
            return known.clone();
        }
        let file = ModuleFile::read(path).map(Arc::new);
        files.insert(path.to_owned(), file.clone());
        file
    }
}

/// A module of the project, cut but not yet parsed.
#[derive(Debug)]
pub(crate) struct ModuleFile {
    pub(crate) path: PathBuf,
    pub(crate) source: SourceFile,
    pub(crate) statements: Vec<Statement>,
    parsed: Vec<OnceLock<Result<Vec<ast::Stmt>, ParseFailure>>>,
    /// Names whose value is plain data, known once for all.
    constants: Mutex<HashMap<String, Value>>,
}

impl ModuleFile {
    fn read(path: &Path) -> Option<Self> {
        let metadata = fs_err::metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() > MAX_MODULE_SIZE {
            return None;
        }
        let bytes = fs_err::read(path).ok()?;
        let source = SourceFile::decode(path.to_string_lossy().as_ref(), bytes).ok()?;
        let statements = statements::cut(source.text()).ok()?;
        Some(Self::new(path, source, statements))
    }

    fn new(path: &Path, source: SourceFile, statements: Vec<Statement>) -> Self {
        Self {
            path: path.to_owned(),
            parsed: statements.iter().map(|_| OnceLock::new()).collect(),
            source,
            statements,
            constants: Mutex::default(),
        }
    }

    /// The syntax tree of a statement, parsed when it is asked for first.
    pub(crate) fn parsed(&self, index: usize) -> Result<&[ast::Stmt], &ParseFailure> {
        self.parsed[index]
            .get_or_init(|| parse(self.source.text(), &self.statements[index]))
            .as_deref()
    }

    /// Whether the module is a package.
    pub(crate) fn is_package(&self) -> bool {
        self.path.ends_with("__init__.py")
    }

    pub(crate) fn constant(&self, name: &str) -> Option<Value> {
        let constants = self.constants.lock().unwrap_or_else(PoisonError::into_inner);
        constants.get(name).cloned()
    }

    pub(crate) fn remember(&self, name: &str, value: Value) {
        let mut constants = self.constants.lock().unwrap_or_else(PoisonError::into_inner);
        constants.insert(name.to_owned(), value);
    }
}
