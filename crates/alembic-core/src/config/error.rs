//! Everything that can go wrong while the configuration is read.
//!
//! [`ConfigErrorKind`] holds the facts and says Alembic's (or Python's) sentence; [`ConfigError`] adds the place in
//! the file and the way out. Neither ever holds the password of a database URL.

use std::{io, ops::Range, path::PathBuf, sync::Arc};

use miette::{Diagnostic, LabeledSpan, NamedSource};
use thiserror::Error;

use super::{
    python_text::{path_repr, repr},
    source_text::SourceText,
};

/// How Alembic ends when it meets the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A command error: `FAILED: <sentence>` on stdout, exit code 255.
    Refused,
    /// A traceback on stderr, exit code 1; the text is the Python class of the exception.
    Traceback(&'static str),
}

/// A failure to read the configuration: its [kind](ConfigErrorKind), where it is, and what helps.
///
/// `Display` is Alembic's sentence (Python's where Alembic ends in a traceback); the [`Diagnostic`] side has the file
/// with the place marked, passwords replaced by `***`.
#[derive(Debug, Error, Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
pub struct ConfigError(Box<Report>);

#[derive(Debug, Error, Diagnostic)]
#[error("{kind}")]
struct Report {
    #[source]
    cause: Option<io::Error>,
    kind: ConfigErrorKind,
    #[source_code]
    shown: Option<NamedSource<Arc<str>>>,
    #[label(collection)]
    labels: Vec<LabeledSpan>,
    #[help]
    help: Option<String>,
}

impl ConfigError {
    /// What failed, with the facts.
    pub fn kind(&self) -> &ConfigErrorKind {
        &self.0.kind
    }

    /// How Alembic ends when it meets this failure.
    pub fn outcome(&self) -> Outcome {
        self.0.kind.outcome()
    }

    /// The way out, if there is one to suggest.
    pub fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// Marks ranges of bytes of the file, the most important one first.
    pub(super) fn at(mut self, file: &SourceText, labels: &[(Range<usize>, &str)]) -> Self {
        let shown = file.show(labels);
        self.0.shown = Some(shown.source);
        self.0.labels = shown.labels;
        self
    }

    /// Says what helps. `None` leaves an earlier help alone.
    pub(super) fn helped(mut self, help: impl Into<Option<String>>) -> Self {
        if let Some(help) = help.into() {
            self.0.help = Some(help);
        }
        self
    }

    pub(super) fn caused_by(mut self, cause: io::Error) -> Self {
        self.0.cause = Some(cause);
        self
    }
}

impl From<ConfigErrorKind> for ConfigError {
    fn from(kind: ConfigErrorKind) -> Self {
        Self(Box::new(Report { cause: None, kind, shown: None, labels: Vec::new(), help: None }))
    }
}

/// What failed. Texts out of the configuration are held as they may be shown: without passwords.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigErrorKind {
    /// `-c` names two files that are not `pyproject.toml`.
    #[error("only one ini file may be indicated")]
    TwoIniFiles,
    /// `-c` names two files called `pyproject.toml`.
    #[error("pyproject.toml indicated more than once")]
    TwoTomlFiles,
    /// Neither file has the key.
    #[error("No 'script_location' key found in configuration.")]
    NoScriptLocation,
    /// An option of a section was asked for, and the ini file does not have that section.
    #[error("No config file {} found, or file has no '[{section}]' section", repr(.file))]
    NoIniSection {
        /// The ini file as given.
        file: String,
        /// The section that is missing.
        section: String,
    },
    /// ConfigParser's `NoSectionError` (`-n ''`).
    #[error("No section: {}", repr(.section))]
    NoSection {
        /// The section that is missing.
        section: String,
    },
    /// A line stands above the first section header.
    #[error("File contains no section headers.\nfile: {}, line: {line}\n{}", path_repr(.file), repr(.text))]
    MissingSectionHeader {
        /// The ini file.
        file: String,
        /// One-based.
        line: usize,
        /// The line with its end.
        text: String,
    },
    /// A section header is repeated.
    #[error("While reading from {} [line {line:2}]: section {} already exists", path_repr(.file), repr(.section))]
    DuplicateSection {
        /// The ini file.
        file: String,
        /// One-based line of the second header.
        line: usize,
        /// The section.
        section: String,
    },
    /// A key is repeated within a section.
    #[error(
        "While reading from {} [line {line:2}]: option {} in section {} already exists",
        path_repr(.file), repr(.option), repr(.section)
    )]
    DuplicateOption {
        /// The ini file.
        file: String,
        /// One-based line of the second option.
        line: usize,
        /// The section.
        section: String,
        /// The key, in lower case.
        option: String,
    },
    /// Lines that are neither header, option, comment nor continuation.
    #[error("Source contains parsing errors: {}{}", path_repr(.file), bad_lines(.lines))]
    Unparsable {
        /// The ini file.
        file: String,
        /// One-based number and text of each bad line.
        lines: Vec<(usize, String)>,
    },
    /// The file is not UTF-8.
    #[error("'utf-8' codec can't decode {bytes}: {reason}")]
    NotUtf8 {
        /// The file.
        file: String,
        /// One-based line of the first bad byte.
        line: usize,
        /// Which bytes, in Python's words.
        bytes: String,
        /// Why, in Python's words.
        reason: &'static str,
    },
    /// The file is so large that it cannot be meant.
    #[error("`{file}` is larger than {limit} bytes")]
    TooLarge {
        /// The file.
        file: String,
        /// The largest size that is read, in bytes.
        limit: u64,
    },
    /// The file that lies in the current folder is a pipe, and nobody named it.
    #[error("`{file}` is a named pipe, not a regular file")]
    NamedPipe {
        /// The file.
        file: String,
    },
    /// `%(name)s` names nothing.
    #[error(
        "Bad value substitution: option {} in section {} contains an interpolation key {} which is not a valid \
         option name. Raw value: {}",
        repr(.option), repr(.section), repr(.reference), repr(.value)
    )]
    UnknownReference {
        /// The section that was read.
        section: String,
        /// The option that was read.
        option: String,
        /// The name that is not there, in lower case.
        reference: String,
        /// The option's raw value.
        value: String,
    },
    /// A `%` that is neither `%%` nor `%(name)s`.
    #[error("'%' must be followed by '%' or '(', found: {}", repr(.found))]
    LonePercent {
        /// The section that was read.
        section: String,
        /// The option that was read.
        option: String,
        /// The value from the sign on.
        found: String,
    },
    /// A `%(` without its `)s`.
    #[error("bad interpolation variable reference {}", repr(.found))]
    BadReference {
        /// The section that was read.
        section: String,
        /// The option that was read.
        option: String,
        /// The value from the sign on.
        found: String,
    },
    /// References go deeper than ten steps, or in a circle.
    #[error(
        "Recursion limit exceeded in value substitution: option {} in section {} contains an interpolation key which \
         cannot be substituted in 10 steps. Raw value: {}",
        repr(.option), repr(.section), repr(.value)
    )]
    ReferencesTooDeep {
        /// The section that was read.
        section: String,
        /// The option that was read.
        option: String,
        /// The option's raw value.
        value: String,
    },
    /// References multiply without end (ConfigParser would run out of memory or time).
    #[error("the references in option `{option}` of section `{section}` expand without end")]
    ReferencesTooMany {
        /// The section that was read.
        section: String,
        /// The option that was read.
        option: String,
    },
    /// `pyproject.toml` exists and cannot be read.
    #[error("cannot read `{file}`")]
    TomlUnreadable {
        /// The toml file.
        file: String,
    },
    /// `pyproject.toml` is not TOML.
    #[error("{message} (at line {line}, column {column})")]
    TomlSyntax {
        /// The toml file.
        file: String,
        /// What is wrong.
        message: String,
        /// One-based.
        line: usize,
        /// One-based, in characters.
        column: usize,
    },
    /// `tool` in `pyproject.toml` is no table.
    #[error("`tool` is not a table but of type {python_type}")]
    TomlToolNoTable {
        /// Its type in Python's words.
        python_type: &'static str,
    },
    /// `tool.alembic` in `pyproject.toml` is no table.
    #[error("Incorrect TOML format")]
    TomlNoTable,
    /// A boolean was expected in `pyproject.toml`.
    #[error("boolean value expected for TOML parameter {}", repr(.key))]
    TomlBooleanExpected {
        /// The key.
        key: String,
    },
    /// A float, date or time in `pyproject.toml`.
    #[error("unsupported TOML value type for key: {}", repr(.key))]
    TomlUnsupportedType {
        /// The key.
        key: String,
    },
    /// A value in `pyproject.toml` has a type that Alembic stumbles over; the text is Python's.
    #[error("{message}")]
    TomlWrongType {
        /// The key.
        key: String,
        /// Python's sentence.
        message: String,
        /// Python's exception.
        class: &'static str,
    },
    /// `%(name)s` in `pyproject.toml` with another name than `here`.
    #[error("nothing is known as `%({reference})s`")]
    TomlUnknownReference {
        /// The key.
        key: String,
        /// The name that is not there.
        reference: String,
    },
    /// A `%` in `pyproject.toml` that Python's `%` operator refuses; the text is Python's.
    #[error("{message}")]
    TomlBadPercent {
        /// The key.
        key: String,
        /// Python's sentence.
        message: String,
        /// Python's exception.
        class: &'static str,
    },
    /// A hook in `pyproject.toml` has no `name`.
    #[error("a post write hook has no `name`")]
    TomlHookWithoutName,
    /// `path_separator` has an unknown value.
    #[error(
        "'{value}' is not a valid value for {key}; expected 'space', 'newline', 'os', ':', ';'"
    )]
    BadSeparator {
        /// `path_separator` or `version_path_separator`.
        key: String,
        /// What it says.
        value: String,
    },
    /// `truncate_slug_length` is not a number.
    #[error("invalid literal for int() with base 10: {}", repr(.value))]
    NotAnInteger {
        /// The key.
        key: String,
        /// What it says.
        value: String,
    },
    /// `revision_environment` is neither true nor false.
    #[error("String is not true/false: {}", repr(.value))]
    NotABoolean {
        /// The key.
        key: String,
        /// What it says.
        value: String,
    },
    /// The package of a `package:folder` location is not on the search path.
    #[error("No module named {}{}", repr(.module), not_a_package(.parent.as_deref()))]
    ModuleNotFound {
        /// The dotted name up to the part that is missing.
        module: String,
        /// The parent, when that is a module and no package.
        parent: Option<String>,
        /// Where it was looked for.
        searched: Vec<PathBuf>,
    },
    /// The package of a `package:folder` location is a single file.
    #[error("{} is not a package", repr(.module))]
    NotAPackage {
        /// The dotted name.
        module: String,
    },
    /// `:folder`, without a package.
    #[error("Empty module name")]
    EmptyModuleName,
    /// `.package:folder`, a relative name.
    #[error("the 'package' argument is required to perform a relative import for {}", repr(.module))]
    RelativeModuleName {
        /// The name.
        module: String,
    },
    /// The scripts folder is not there.
    #[error(
        "Path doesn't exist: {path}.  Please use the 'init' command to create a new scripts folder."
    )]
    PathDoesNotExist {
        /// As configured, after interpolation.
        path: String,
    },
    /// A path with a NUL character.
    #[error("embedded null byte")]
    NulInPath {
        /// The key.
        key: String,
    },
}

impl ConfigErrorKind {
    fn outcome(&self) -> Outcome {
        match self {
            Self::NoScriptLocation
            | Self::NamedPipe { .. }
            | Self::NoIniSection { .. }
            | Self::TomlNoTable
            | Self::TomlBooleanExpected { .. }
            | Self::TomlUnsupportedType { .. }
            | Self::PathDoesNotExist { .. } => Outcome::Refused,
            Self::TwoIniFiles | Self::TwoTomlFiles => Outcome::Traceback("CommandError"),
            Self::NoSection { .. } => Outcome::Traceback("NoSectionError"),
            Self::MissingSectionHeader { .. } => Outcome::Traceback("MissingSectionHeaderError"),
            Self::DuplicateSection { .. } => Outcome::Traceback("DuplicateSectionError"),
            Self::DuplicateOption { .. } => Outcome::Traceback("DuplicateOptionError"),
            Self::Unparsable { .. } => Outcome::Traceback("ParsingError"),
            Self::UnknownReference { .. } => Outcome::Traceback("InterpolationMissingOptionError"),
            Self::LonePercent { .. } | Self::BadReference { .. } => {
                Outcome::Traceback("InterpolationSyntaxError")
            }
            Self::ReferencesTooDeep { .. } => Outcome::Traceback("InterpolationDepthError"),
            Self::NotUtf8 { .. } => Outcome::Traceback("UnicodeDecodeError"),
            Self::TooLarge { .. } | Self::ReferencesTooMany { .. } => {
                Outcome::Traceback("MemoryError")
            }
            Self::TomlUnreadable { .. } => Outcome::Traceback("OSError"),
            Self::TomlSyntax { .. } => Outcome::Traceback("TOMLDecodeError"),
            Self::TomlToolNoTable { .. } => Outcome::Traceback("AttributeError"),
            Self::NotAPackage { .. } | Self::RelativeModuleName { .. } => {
                Outcome::Traceback("TypeError")
            }
            Self::TomlUnknownReference { .. } | Self::TomlHookWithoutName => {
                Outcome::Traceback("KeyError")
            }
            Self::TomlWrongType { class, .. } | Self::TomlBadPercent { class, .. } => {
                Outcome::Traceback(class)
            }
            Self::BadSeparator { .. }
            | Self::NotAnInteger { .. }
            | Self::NotABoolean { .. }
            | Self::EmptyModuleName
            | Self::NulInPath { .. } => Outcome::Traceback("ValueError"),
            Self::ModuleNotFound { .. } => Outcome::Traceback("ModuleNotFoundError"),
        }
    }
}

fn bad_lines(lines: &[(usize, String)]) -> String {
    lines.iter().fold(String::new(), |text, (line, bad)| {
        text + &format!("\n\t[line {line:2}]: {}", repr(bad))
    })
}

fn not_a_package(parent: Option<&str>) -> String {
    parent.map(|parent| format!("; {} is not a package", repr(parent))).unwrap_or_default()
}
