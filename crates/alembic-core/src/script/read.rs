//! Reading scripts: files in, declarations and docstrings out.
//!
//! Files are read on all processors, in blocks; the result is in load order
//! whatever thread was first.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use fs_err as fs;
use miette::NamedSource;
use python_static::{DecodeError, Environment, Project, SourceFile, Value};

use super::declaration::{self, Declaration, Positions, VARIABLES};
use super::docstring::Docstring;
use super::error::{ScriptProblem, ScriptProblemKind};
use super::files::{self, VersionFile};
use super::open::Reader;
use super::processor::Processor;
use super::warning::Warning;

/// With fewer files than this a second thread costs more than it saves.
const FILES_PER_THREAD: usize = 64;

/// Files that a thread takes at a time.
const BLOCK: usize = 8;

/// A script apart from its place in the graph: where it lies and what its
/// docstring says.
#[derive(Debug, Clone)]
pub struct Script {
    path: PathBuf,
    docstring: Docstring,
    positions: Positions,
    line: u32,
}

impl Script {
    /// The real path, absolute and without links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's name.
    pub fn file_name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// The module's docstring.
    pub fn docstring(&self) -> &Docstring {
        &self.docstring
    }

    /// Where the four variables are declared.
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// The line that declares `revision`, counted from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The script's text once more, for a report. `None` when the file is gone or
    /// unreadable by now.
    pub fn source(&self) -> Option<NamedSource<String>> {
        let bytes = fs::read(&self.path).ok()?;
        let name = self.path.display().to_string();
        let source = SourceFile::decode(name.as_str(), bytes).ok()?;
        Some(named(&source))
    }
}

pub(super) fn named(source: &SourceFile) -> NamedSource<String> {
    NamedSource::new(source.name(), source.text().to_owned()).with_language("Python")
}

/// Everything that lies in the version folders, in load order, problems included.
#[derive(Debug, Default)]
pub struct ScriptFiles {
    /// The scripts that could be read, each with what it declares.
    pub scripts: Vec<(Script, Declaration)>,
    /// The files that could not, each with the number of scripts read before it.
    pub problems: Vec<(usize, Box<ScriptProblem>)>,
    /// Warnings of the listing.
    pub warnings: Vec<Warning>,
}

impl ScriptFiles {
    /// Reads all scripts below `locations`. `roots` is where the scripts' imports
    /// are looked for (`prepend_sys_path` and the project's folder).
    pub fn read(locations: &[PathBuf], recursive: bool, roots: &[PathBuf]) -> Self {
        let mut warnings = Vec::new();
        let files = match files::list(locations, recursive, &mut warnings) {
            Ok(files) => files,
            Err(failure) => {
                let message = failure.error.to_string();
                let kind = ScriptProblemKind::Unreadable { message };
                let problem = ScriptProblem {
                    kind,
                    path: failure.path,
                    source_text: None,
                    span: 0..0,
                    cause: None,
                };
                return Self {
                    problems: vec![(0, Box::new(problem))],
                    warnings,
                    ..Self::default()
                };
            }
        };
        let mut read = Self { warnings, ..Self::default() };
        let contents = read_all(&files, roots).into_iter().flatten();
        read.scripts.reserve_exact(files.len());
        for (file, content) in files.into_iter().zip(contents) {
            match content {
                Ok(content) => read.scripts.push(content.at(file.path)),
                Err(problem) => read.problems.push((read.scripts.len(), problem)),
            }
        }
        read
    }
}

pub(crate) type Outcome = Result<(Script, Declaration), Box<ScriptProblem>>;

/// What a script's text says, wherever it lies.
struct Content {
    docstring: Docstring,
    positions: Positions,
    line: u32,
    declaration: Declaration,
}

impl Content {
    fn at(self, path: PathBuf) -> (Script, Declaration) {
        let Self { docstring, positions, line, declaration } = self;
        (Script { path, docstring, positions, line }, declaration)
    }
}

type Reading = Result<Content, Box<ScriptProblem>>;

/// What the files say, in blocks of some files.
fn read_all(files: &[VersionFile], roots: &[PathBuf]) -> Vec<Vec<Reading>> {
    let project = Project::new(roots.iter().cloned());
    let threads = threads(files.len());
    if threads == 1 {
        let mut reader = Reader::new();
        return vec![files.iter().map(|file| read_one(file, &mut reader, &project)).collect()];
    }
    let next = AtomicUsize::new(0);
    let work = &|| {
        let mut reader = Reader::new();
        let mut blocks = Vec::new();
        loop {
            let start = next.fetch_add(BLOCK, Ordering::Relaxed);
            let Some(rest) = files.get(start..) else { return blocks };
            let block = &rest[..rest.len().min(BLOCK)];
            if block.is_empty() {
                return blocks;
            }
            let contents: Vec<Reading> =
                block.iter().map(|file| read_one(file, &mut reader, &project)).collect();
            blocks.push((start, contents));
        }
    };
    let mut blocks = std::thread::scope(|scope| {
        let here = Processor::current();
        let elsewhere = move || {
            here.leave();
            work()
        };
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(elsewhere)).collect();
        // A thread that was left on this processor gets its turn to leave.
        std::thread::yield_now();
        let mut blocks = work();
        for other in others {
            blocks.extend(other.join().expect("reading a script does not panic"));
        }
        blocks
    });
    blocks.sort_unstable_by_key(|(start, _)| *start);
    blocks.into_iter().map(|(_, contents)| contents).collect()
}

/// How many threads to read `files` files with.
fn threads(files: usize) -> usize {
    let wanted = files / FILES_PER_THREAD + 1;
    if wanted == 1 {
        // To count the processors takes as long as to read the files.
        return 1;
    }
    std::thread::available_parallelism().map_or(1, usize::from).min(wanted)
}

fn read_one(file: &VersionFile, reader: &mut Reader, project: &Project) -> Reading {
    let path = &file.path;
    let bytes = reader.read(path).map_err(|error| {
        let kind = ScriptProblemKind::Unreadable { message: error.to_string() };
        Box::new(ScriptProblem {
            kind,
            path: path.clone(),
            source_text: None,
            span: 0..0,
            cause: None,
        })
    })?;
    content(path, bytes, project)
}

/// Reads one script from its bytes.
///
/// # Errors
/// Why the script cannot be used, with the place.
pub(crate) fn parse(path: &Path, bytes: Vec<u8>, project: &Project) -> Outcome {
    Ok(content(path, bytes, project)?.at(path.to_owned()))
}

fn content(path: &Path, bytes: Vec<u8>, project: &Project) -> Reading {
    let file_name = || text_of(path.file_name().unwrap_or_default());
    let problem = |kind, source: Option<&SourceFile>, span: Range<usize>| {
        let source_text = source.map(named);
        Box::new(ScriptProblem { kind, path: path.to_owned(), source_text, span, cause: None })
    };
    let source = SourceFile::decode(text_of(path.as_os_str()), bytes).map_err(|error| {
        let DecodeError { message, line, text, range } = error;
        let file_name = file_name().into_owned();
        let kind = ScriptProblemKind::Undecodable { message, file_name, line };
        problem(kind, Some(&SourceFile::new(text_of(path.as_os_str()), text)), range)
    })?;
    let names = ["__doc__", VARIABLES[0], VARIABLES[1], VARIABLES[2], VARIABLES[3]];
    let environment = Environment { file: path, project };
    let module = python_static::read_module(&source, &names, &environment).map_err(|error| {
        let line = source.line_of(error.range.start);
        let (message, file_name) = (error.message, file_name().into_owned());
        let kind = ScriptProblemKind::Syntax { message, file_name, line };
        problem(kind, Some(&source), error.range)
    })?;
    let declared = declaration::read(&module, file_name)
        .and_then(|declared| Ok((declared, docstring(&module)?)))
        .map_err(|located| {
            let mut problem = problem(located.kind, Some(&source), located.span);
            problem.cause = located.cause;
            problem
        });
    let (declaration, docstring) = declared?;
    let positions = Positions::of(&module);
    let start = module.binding("revision").map_or(0, |binding| binding.statement.start);
    let line = u32::try_from(source.line_of(start)).unwrap_or(u32::MAX);
    Ok(Content { docstring, positions, line, declaration })
}

/// As `to_string_lossy`, which reads even a name that is all right byte by byte.
fn text_of(name: &OsStr) -> Cow<'_, str> {
    name.to_str().map_or_else(|| name.to_string_lossy(), Cow::Borrowed)
}

fn docstring(module: &python_static::Module<'_>) -> Result<Docstring, declaration::Located> {
    let Some(binding) = module.binding("__doc__") else { return Ok(Docstring::default()) };
    match declaration::known("__doc__", binding)? {
        Value::Str(text) => Ok(Docstring::new(text)),
        _ => Ok(Docstring::default()),
    }
}
