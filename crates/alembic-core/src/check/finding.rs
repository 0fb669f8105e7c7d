//! What a check finds, as data.

use std::path::PathBuf;

use crate::revision::{CycleKind, RevisionError};

/// Whether a finding fails the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Error,
    /// It is worth a look.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// What kind of thing was found. The order is that of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A script that cannot be read, or not without running it.
    UnreadableScript,
    /// Several scripts declare one identifier.
    DuplicateRevision,
    /// A revision is its own parent, or depends on itself.
    SelfLoop,
    /// An identifier holds one of `@ - + :`.
    IllegalCharacters,
    /// A label that is an identifier or another revision's label.
    DuplicateLabel,
    /// A `down_revision` or `depends_on` names a file.
    FileNameAsParent,
    /// A `down_revision` that no script declares.
    MissingParent,
    /// A `depends_on` that nothing declares.
    MissingDependency,
    /// `down_revision` links form a ring.
    Cycle,
    /// A ring that needs a `depends_on` link.
    DependencyCycle,
    /// An identifier that does not fit into the version table.
    LongIdentifier,
    /// More heads than allowed.
    MultipleHeads,
    /// An identifier that looks typed rather than drawn.
    PlaceholderIdentifier,
    /// A docstring that contradicts the code.
    DocstringMismatch,
}

impl Code {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 14] = [
        Self::UnreadableScript,
        Self::DuplicateRevision,
        Self::SelfLoop,
        Self::IllegalCharacters,
        Self::DuplicateLabel,
        Self::FileNameAsParent,
        Self::MissingParent,
        Self::MissingDependency,
        Self::Cycle,
        Self::DependencyCycle,
        Self::LongIdentifier,
        Self::MultipleHeads,
        Self::PlaceholderIdentifier,
        Self::DocstringMismatch,
    ];

    /// The name by which machines know it; it does not change.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnreadableScript => "unreadable-script",
            Self::DuplicateRevision => "duplicate-revision",
            Self::SelfLoop => "self-loop",
            Self::IllegalCharacters => "illegal-characters",
            Self::DuplicateLabel => "duplicate-label",
            Self::FileNameAsParent => "file-name-as-parent",
            Self::MissingParent => "missing-parent",
            Self::MissingDependency => "missing-dependency",
            Self::Cycle => "cycle",
            Self::DependencyCycle => "dependency-cycle",
            Self::LongIdentifier => "long-identifier",
            Self::MultipleHeads => "multiple-heads",
            Self::PlaceholderIdentifier => "placeholder-identifier",
            Self::DocstringMismatch => "docstring-mismatch",
        }
    }

    /// What it means, in a sentence fragment.
    pub fn description(self) -> &'static str {
        match self {
            Self::UnreadableScript => {
                "a migration script cannot be read, or not without running it"
            }
            Self::DuplicateRevision => "several scripts declare one revision identifier",
            Self::SelfLoop => "a revision follows itself or depends on itself",
            Self::IllegalCharacters => "a revision identifier holds one of `@`, `-`, `+`, `:`",
            Self::DuplicateLabel => "a branch label is taken by another label or an identifier",
            Self::FileNameAsParent => "a file's name stands where a revision identifier belongs",
            Self::MissingParent => "`down_revision` names a revision that no script declares",
            Self::MissingDependency => "`depends_on` names a revision or label that is not there",
            Self::Cycle => "`down_revision` links form a ring",
            Self::DependencyCycle => "`down_revision` and `depends_on` links form a ring",
            Self::LongIdentifier => {
                "a revision identifier is longer than the 32 characters of alembic_version"
            }
            Self::MultipleHeads => "there are more heads than allowed",
            Self::PlaceholderIdentifier => {
                "a revision identifier looks typed by hand, so that others may choose it too"
            }
            Self::DocstringMismatch => "a script's docstring contradicts its code",
        }
    }

    /// Whether it fails the check. What keeps a migration from running, or makes it
    /// run in an order that nobody chose, is an error; what may only mislead a
    /// reader, or is only likely to go wrong later, is a warning.
    pub fn severity(self) -> Severity {
        match self {
            Self::PlaceholderIdentifier | Self::DocstringMismatch => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// The kind of a ring.
    pub(super) fn of_cycle(kind: CycleKind) -> Self {
        match kind {
            CycleKind::Cycle => Self::Cycle,
            CycleKind::DependencyCycle => Self::DependencyCycle,
            CycleKind::SelfLoop | CycleKind::DependencySelfLoop => Self::SelfLoop,
        }
    }
}

/// A place in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The script: absolute.
    pub path: PathBuf,
    /// The line, counted from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
    /// The revision that the script declares, where that is known.
    pub revision: Option<String>,
}

/// A way out: what it is good for, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// Which of several ways this is, such as `keep history linear`.
    pub purpose: Option<&'static str>,
    /// A command or an advice.
    pub text: String,
}

impl Help {
    pub(super) fn advice(text: impl Into<String>) -> Self {
        Self { purpose: None, text: text.into() }
    }

    /// Puts `options` behind the program's name, where the line starts this program.
    pub(super) fn insert_options(&mut self, options: &str) {
        if let Some(command) = self.text.strip_prefix("alembic-rs ") {
            self.text = format!("alembic-rs {options} {command}");
        }
    }
}

impl std::fmt::Display for Help {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.purpose {
            Some(purpose) => write!(f, "{purpose}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind.
    pub code: Code,
    /// What is wrong: Alembic's sentence where Alembic has one.
    pub message: String,
    /// The revisions that it is about.
    pub revisions: Vec<String>,
    /// Where, the most important place first. For [`Code::MultipleHeads`] the
    /// heads, the one that would stay where it is first.
    pub places: Vec<Place>,
    /// [`Code::MultipleHeads`]: what all of these heads follow, the nearest.
    pub common_ancestors: Vec<Place>,
    /// [`Code::MultipleHeads`] with groups: the group's label; `None` for the heads
    /// without one, and without groups.
    pub label: Option<String>,
    /// The ways out, best first.
    pub help: Vec<Help>,
}

impl Finding {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            revisions: Vec::new(),
            places: Vec::new(),
            common_ancestors: Vec::new(),
            label: None,
            help: Vec::new(),
        }
    }

    /// A finding in the words of the graph.
    pub(super) fn of_graph(code: Code, error: &RevisionError) -> Self {
        Self::new(code, error.to_string())
    }

    pub(super) fn about<S: Into<String>>(mut self, revisions: impl IntoIterator<Item = S>) -> Self {
        self.revisions = revisions.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn at(mut self, places: impl IntoIterator<Item = Place>) -> Self {
        self.places = places.into_iter().collect();
        self
    }

    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(Help::advice(text));
        self
    }

    /// Whether it fails the check.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
