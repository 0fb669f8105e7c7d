//! What can go wrong between the version folders and the graph, and where.
//!
//! The first line is Alembic's sentence for the same failure; file, line, caret
//! and the way out hang on it as miette diagnostics.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::excerpt::shorten;
use crate::config::ConfigError;
use crate::revision::RevisionError;

/// Why one script could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptProblemKind {
    /// The file or its folder could not be read.
    #[error("{message}")]
    Unreadable {
        /// The system's reason with the path.
        message: String,
    },
    /// The bytes are no text in the declared encoding.
    #[error("{message} ({file_name}, line {line})")]
    Undecodable {
        /// What is wrong with the bytes.
        message: String,
        /// The file's name.
        file_name: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// No Python compiles the file.
    #[error("{message} ({file_name}, line {line})")]
    Syntax {
        /// What is wrong.
        message: String,
        /// The file's name.
        file_name: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// There is no `revision`, and the file's name is no identifier.
    #[error(
        "Could not determine revision id from filename {file_name}. Be sure the 'revision' \
         variable is declared inside the script (please see 'Upgrading from Alembic 0.1 to 0.2' \
         in the documentation)."
    )]
    NoRevision {
        /// The file's name.
        file_name: String,
    },
    /// There is no `down_revision`.
    #[error("module '{module}' has no attribute 'down_revision'")]
    NoDownRevision {
        /// The module's name as Alembic makes it from the file's.
        module: String,
    },
    /// A value depends on what happens when the script runs.
    #[error("cannot tell `{variable}` without running the script: {reason}")]
    NotStatic {
        /// The variable.
        variable: &'static str,
        /// Why the value cannot be known.
        reason: String,
    },
    /// A value is neither a string nor a collection of strings.
    #[error("`{variable}` is {found} where a revision identifier belongs")]
    WrongType {
        /// The variable.
        variable: &'static str,
        /// Python's name of the type that was found.
        found: String,
    },
    /// What the script declares can be no revision: a self-loop, illegal characters.
    #[error(transparent)]
    Declaration(RevisionError),
}

/// One script that could not be read, with the place in its source.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{kind}")]
pub struct ScriptProblem {
    pub(super) kind: ScriptProblemKind,
    pub(super) path: PathBuf,
    pub(super) source_text: Option<NamedSource<String>>,
    pub(super) span: Range<usize>,
    /// What makes a value impossible to know, when that is the problem.
    pub(super) cause: Option<Range<usize>>,
}

impl ScriptProblem {
    /// What is wrong.
    pub fn kind(&self) -> &ScriptProblemKind {
        &self.kind
    }

    /// The script.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// The line of the problem, counted from 1; `None` where there is no source.
    pub fn line(&self) -> Option<usize> {
        let text = self.source_text.as_ref()?.inner();
        let before = text.as_bytes().get(..self.span.start).unwrap_or(text.as_bytes());
        Some(memchr::memchr_iter(b'\n', before).count() + 1)
    }

    /// The script's text as far as it could be decoded; `None` where it could not be read.
    pub(crate) fn text(&self) -> Option<&str> {
        self.source_text.as_ref().map(|source| source.inner().as_str())
    }

    /// With lines that a report can show.
    pub(super) fn shortened(mut self) -> Self {
        if let Some(source) = self.source_text.take() {
            let mut spans: Vec<&mut Range<usize>> = vec![&mut self.span];
            spans.extend(&mut self.cause);
            self.source_text = Some(shorten(source, &mut spans));
        }
        self
    }

    fn label(&self) -> &'static str {
        match self.kind {
            ScriptProblemKind::NotStatic { .. } => "this is only known when the script runs",
            ScriptProblemKind::WrongType { .. } => "expected a string or a tuple of strings",
            ScriptProblemKind::Declaration(_) => "declared here",
            ScriptProblemKind::NoRevision { .. } | ScriptProblemKind::NoDownRevision { .. } => {
                "in this script"
            }
            _ => "here",
        }
    }
}

impl Diagnostic for ScriptProblem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = match &self.kind {
            ScriptProblemKind::Unreadable { .. } => {
                "give read permission, or move the file out of the versions folder".to_owned()
            }
            ScriptProblemKind::Undecodable { message, .. } if message.contains("null bytes") => {
                "the file is damaged, or no UTF-8: get it back from version control, or save it \
                 as UTF-8"
                    .to_owned()
            }
            ScriptProblemKind::Undecodable { .. } => {
                "save the file as UTF-8, or name its encoding in the first line: `# -*- coding: \
                 latin-1 -*-`"
                    .to_owned()
            }
            ScriptProblemKind::Syntax { .. } => {
                "Python refuses this file too: `python -m py_compile` on it shows the same line"
                    .to_owned()
            }
            ScriptProblemKind::NoRevision { .. } => {
                "declare `revision = \"…\"`, or move the file out of the versions folder".to_owned()
            }
            ScriptProblemKind::NoDownRevision { .. } => {
                "declare `down_revision = \"…\"`, or `None` for a first revision".to_owned()
            }
            ScriptProblemKind::NotStatic { variable, .. } => {
                format!(
                    "write `{variable}` as a literal: alembic-rs never runs a script to read it"
                )
            }
            ScriptProblemKind::WrongType { variable, .. } => {
                format!("write `{variable}` as a string, or as a tuple of strings")
            }
            ScriptProblemKind::Declaration(error) => super::help::for_declaration(error)?,
        };
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source_text.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = self.source_text.as_ref()?.inner();
        let labelled = move |span: &Range<usize>, label: &str| {
            let (start, length) = clamp(span, text);
            LabeledSpan::new(Some(label.to_owned()), start, length)
        };
        let inside =
            |cause: &Range<usize>| self.span.start <= cause.start && cause.end <= self.span.end;
        // The report is headed by the line of the variable, wherever its cause is.
        let primary = |span: &Range<usize>, label: &str| {
            let span = clamp(span, text);
            LabeledSpan::new_primary_with_span(Some(label.to_owned()), span)
        };
        let labels = match &self.cause {
            Some(cause) if inside(cause) => vec![labelled(cause, self.label())],
            Some(cause) => vec![primary(&self.span, "needs it"), labelled(cause, self.label())],
            None => vec![labelled(&self.span, self.label())],
        };
        Some(Box::new(labels.into_iter()))
    }
}

/// A span that miette can show: inside the text, on character boundaries, and on
/// one line, so that a caret and not a bracket over half the file is drawn.
fn clamp(span: &Range<usize>, text: &str) -> (usize, usize) {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
    let line = text[start..end].find('\n').unwrap_or(end - start);
    (start, line)
}

/// A failure of the graph, with the scripts that cause it.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct GraphProblem {
    pub(super) error: RevisionError,
    pub(super) source_text: Option<NamedSource<String>>,
    pub(super) labels: Vec<(Range<usize>, String)>,
    pub(super) help: Option<String>,
    pub(super) related: Vec<RelatedPlace>,
}

impl GraphProblem {
    /// The failure itself.
    pub fn error(&self) -> &RevisionError {
        &self.error
    }

    /// With lines that a report can show.
    pub(super) fn shortened(mut self) -> Self {
        if let Some(source) = self.source_text.take() {
            let mut spans: Vec<&mut Range<usize>> =
                self.labels.iter_mut().map(|(span, _)| span).collect();
            self.source_text = Some(shorten(source, &mut spans));
        }
        self.related = self.related.into_iter().map(RelatedPlace::shortened).collect();
        self
    }

    /// The way out.
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl Diagnostic for GraphProblem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source_text.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = self.source_text.as_ref()?.inner();
        Some(Box::new(self.labels.iter().map(|(span, label)| {
            let (start, length) = clamp(span, text);
            LabeledSpan::new(Some(label.clone()), start, length)
        })))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let related = self.related.iter().map(|place| place as &dyn Diagnostic);
        (!self.related.is_empty()).then(|| Box::new(related) as Box<_>)
    }
}

/// Another script that has a part in a failure.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(severity(Advice))]
pub(super) struct RelatedPlace {
    pub(super) message: String,
    #[source_code]
    pub(super) source_text: NamedSource<String>,
    #[label]
    pub(super) span: miette::SourceSpan,
}

impl RelatedPlace {
    fn shortened(self) -> Self {
        let start = self.span.offset();
        let mut span = start..start + self.span.len();
        let source_text = shorten(self.source_text, &mut [&mut span]);
        Self { message: self.message, source_text, span: span.into() }
    }
}

/// Everything that keeps a script directory from being used.
#[derive(Debug)]
pub enum ScriptDirectoryError {
    /// The configuration.
    Config(ConfigError),
    /// Scripts that could not be read, in load order; at least one.
    Scripts(Vec<ScriptProblem>),
    /// Scripts that were read but make no sound graph, or a question that the
    /// graph cannot answer.
    Graph(Box<GraphProblem>),
}

impl From<ConfigError> for ScriptDirectoryError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl ScriptDirectoryError {
    fn first(&self) -> &dyn Diagnostic {
        match self {
            Self::Config(error) => error,
            Self::Scripts(problems) => &problems[0],
            Self::Graph(problem) => problem.as_ref(),
        }
    }
}

impl fmt::Display for ScriptDirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.first(), f)
    }
}

impl std::error::Error for ScriptDirectoryError {}

impl Diagnostic for ScriptDirectoryError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.first().help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.first().source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.first().labels()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        match self {
            Self::Scripts(problems) if problems.len() > 1 => {
                Some(Box::new(problems[1..].iter().map(|problem| problem as &dyn Diagnostic)))
            }
            _ => self.first().related(),
        }
    }
}
