//! What a project's `env.py` says, read without running it.
//!
//! [`read`] follows env.py as Python would run it for an online command and, where that is asked for, for `--sql`:
//! assignments, imports of the project's own modules, functions, classes, pydantic settings, `.env` files that the project itself loads, the
//! configuration that Alembic hands over. What it meets outside the project is unknown, and so is everything that
//! depends on it: a condition that is not known makes unknown what it may change. The process environment is what the
//! caller's lookup says.
//!
//! Nothing is executed, and no file is opened but Python files below the roots and the `.env` files that they name.
//! Steps and depth are bounded. No answer holds more of a password than the URL itself, which is a [`Secret`].
#![expect(
    clippy::single_match_else,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    clippy::match_same_arms,
    reason = "the rules of an interpreter: one arm per case of Python, one signature per kind of rule"
)]

mod calls;
mod classes;
mod combine;
mod definitions;
mod exceptions;
mod expressions;
mod files;
mod imports;
mod items;
mod library;
mod loops;
mod machine;
mod paths;
mod settings;
mod statements;
mod strings;
mod value;
mod variables;

use std::{fmt, path::PathBuf};

use alembic_core::config::Config;

use crate::database_url::Secret;

/// What env.py is read with.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The configuration; env.py asks for its options.
    pub config: &'a Config,
    /// The file `env.py`.
    pub script: &'a std::path::Path,
    /// Where modules are looked for, in order: `prepend_sys_path`, `PYTHONPATH`.
    pub roots: &'a [PathBuf],
    /// The values of `-x`, in order.
    pub x_arguments: &'a [String],
    /// The process environment.
    pub environment: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// Whether [`EnvScript::offline`] is wanted.
    pub offline: bool,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file: relative to the current directory where it lies below it.
    pub file: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
}

/// Something that cannot be known, where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What makes it unknown.
    pub place: Place,
    /// A lower-case fragment.
    pub reason: String,
}

/// A step on the way from env.py to the text of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A value that the source holds.
    Literal(Place),
    /// An environment variable, and the place that asks for it.
    Environment {
        /// The variable.
        name: String,
        /// Where it is set.
        set: SetIn,
        /// The line that reads it.
        place: Place,
    },
    /// An environment variable that is not set, so that a default counts.
    Unset {
        /// The variable.
        name: String,
        /// The line that reads it.
        place: Place,
    },
    /// An option of Alembic's configuration.
    Ini {
        /// The section.
        section: String,
        /// The option.
        key: String,
    },
    /// A value of `-x`.
    XArgument(String),
    /// A field or attribute of a class of the project.
    Field {
        /// `Settings.database_url`
        name: String,
        /// The line that declares it.
        place: Place,
    },
}

/// Where an environment variable is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetIn {
    /// In the process environment.
    Process,
    /// In a `.env` file that the project loads.
    File(Place),
    /// By the project's own code.
    Script,
}

/// What env.py says about the URL.
#[derive(Clone, PartialEq, Eq)]
pub enum UrlAnswer {
    /// It is this one.
    Known {
        /// The URL as SQLAlchemy gets it.
        url: Secret,
        /// The call that makes use of it.
        used: Place,
        /// Where it comes from.
        origins: Vec<Origin>,
    },
    /// It cannot be known.
    Unknown(Doubt),
    /// env.py runs the migrations of several databases.
    Several(Doubt),
}

/// An argument of `context.configure`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting<T> {
    /// It is not given: Alembic's default counts.
    Default,
    /// It is given.
    Known(T),
    /// It may be given, and cannot be known.
    Unknown(Doubt),
}

/// What the call of `context.configure` says beside the URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigureSettings {
    /// `version_table`; `alembic_version` by default.
    pub version_table: Setting<String>,
    /// `version_table_schema`; none by default.
    pub version_table_schema: Setting<Option<String>>,
    /// `version_table_pk`; true by default.
    pub version_table_pk: Setting<bool>,
    /// `transaction_per_migration`; false by default.
    pub transaction_per_migration: Setting<bool>,
    /// `transactional_ddl`; what Alembic assumes of the dialect by default.
    pub transactional_ddl: Setting<Option<bool>>,
}

/// env.py in one of its two modes.
#[derive(Clone)]
pub struct Mode {
    /// The database.
    pub url: UrlAnswer,
    /// What `context.configure` is given.
    pub settings: ConfigureSettings,
}

/// What env.py says.
#[derive(Clone)]
pub struct EnvScript {
    /// What counts for a command that connects.
    pub online: Mode,
    /// What counts for `--sql`: where it was asked for, or the other way leads to no URL.
    pub offline: Option<Mode>,
    /// The names of `-x` that it reads, with the line.
    pub x_names: Vec<(String, Place)>,
    /// Whether it calls `logging.config.fileConfig`.
    pub calls_file_config: bool,
    /// Environment variables that it read and did not find, with the line.
    pub unset: Vec<(String, Place)>,
    /// The `.env` files that it loads, or its settings read.
    pub env_files: Vec<PathBuf>,
    /// The Python files that were read: env.py and the modules of the project that it imports, sorted.
    pub modules: Vec<PathBuf>,
}

impl UrlAnswer {
    /// The way from env.py to the URL, for people:
    /// `env.py:24 → app/config.py:10, Settings.database_url → environment DATABASE_URL`.
    pub fn way(&self) -> Option<String> {
        let Self::Known { used, origins, .. } = self else {
            return None;
        };
        let mut way = used.to_string();
        let mut here = Some(used);
        for origin in origins {
            let step = match (origin.place(), here) {
                (Some(place), Some(known)) if place == known => origin.name(),
                _ => Some(origin.to_string()),
            };
            here = origin.place().or(here);
            if let Some(step) = step {
                way += " → ";
                way += &step;
            }
        }
        Some(way)
    }
}

impl Origin {
    /// The line that the step stands on.
    pub fn place(&self) -> Option<&Place> {
        match self {
            // Read as a whole, the file itself is the place.
            Self::Environment { set: SetIn::File(file), place, .. } if file == place => None,
            Self::Literal(place)
            | Self::Environment { place, .. }
            | Self::Unset { place, .. }
            | Self::Field { place, .. } => Some(place),
            Self::Ini { .. } | Self::XArgument(_) => None,
        }
    }

    /// The step without its line; `None` when there is no more to say.
    fn name(&self) -> Option<String> {
        Some(match self {
            Self::Literal(_) => return None,
            Self::Environment { name, set: SetIn::Process, .. } => format!("environment {name}"),
            Self::Environment { name, set: SetIn::File(file), .. } => format!("{name} in {file}"),
            Self::Environment { name, set: SetIn::Script, .. } => {
                format!("environment {name}, set by the project")
            }
            Self::Unset { name, .. } => format!("environment {name} is not set"),
            Self::Ini { section, key } => format!("{key} of [{section}]"),
            Self::XArgument(name) => format!("-x {name}"),
            Self::Field { name, .. } => name.clone(),
        })
    }
}

impl EnvScript {
    /// Whether env.py takes the URL from `sqlalchemy.url` of the configuration, demonstrably.
    pub fn reads_configured_url(&self) -> bool {
        matches!(&self.online.url, UrlAnswer::Known { origins, .. }
            if origins.iter().any(|origin| matches!(origin, Origin::Ini { .. })))
    }
}

/// Reads env.py.
///
/// Never fails: what cannot be read is a [`Doubt`] in the answer.
pub fn read(inputs: &Inputs<'_>) -> EnvScript {
    machine::read(inputs)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.place(), self.name()) {
            (Some(place), Some(name)) => write!(f, "{place}, {name}"),
            (Some(place), None) => write!(f, "{place}"),
            (None, name) => f.write_str(&name.unwrap_or_default()),
        }
    }
}
