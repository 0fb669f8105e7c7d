//! Why a template could not be rendered, and where.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateErrorKind {
    /// The bytes are no text.
    #[error("{message}")]
    Undecodable {
        /// What is wrong with them.
        message: String,
    },
    /// Mako itself refuses the template.
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
    },
    /// A part of Mako that is not rendered without Python.
    #[error("`{what}` cannot be rendered without Python")]
    Unsupported {
        /// The tag, as written.
        what: String,
    },
    /// A value that cannot be worked out.
    #[error("{reason}")]
    Unknown {
        /// Why not.
        reason: String,
    },
}

/// A template that could not be rendered, with the place in its text.
#[derive(Debug, Clone)]
pub struct TemplateError {
    kind: TemplateErrorKind,
    source_text: NamedSource<String>,
    span: Range<usize>,
}

impl TemplateError {
    pub(super) fn new(
        kind: TemplateErrorKind,
        source_text: NamedSource<String>,
        span: Range<usize>,
    ) -> Self {
        Self { kind, source_text, span }
    }

    /// What is wrong.
    pub fn kind(&self) -> &TemplateErrorKind {
        &self.kind
    }

    /// The line of the template, counted from 1.
    pub fn line(&self) -> usize {
        let text = self.source_text.inner().as_bytes();
        let before = text.get(..self.span.start).unwrap_or(text);
        memchr::memchr_iter(b'\n', before).count() + 1
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, line {})", self.kind, self.source_text.name(), self.line())
    }
}

impl std::error::Error for TemplateError {}

impl Diagnostic for TemplateError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self.kind {
            TemplateErrorKind::Undecodable { .. } => "save the template as UTF-8",
            TemplateErrorKind::Syntax { .. } => "Mako refuses this template too: mend the line",
            TemplateErrorKind::Unsupported { .. } => {
                "write the script with the project's own `alembic revision`, or put plain text here"
            }
            TemplateErrorKind::Unknown { .. } => {
                "nothing was written; the project's own `alembic revision` renders with Python, or \
                 write this line so that it needs the given names alone"
            }
        }))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source_text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = self.source_text.inner();
        let start = text.floor_char_boundary(self.span.start.min(text.len()));
        let end = text.floor_char_boundary(self.span.end.clamp(start, text.len()));
        let length = text[start..end].find('\n').unwrap_or(end - start);
        let label = LabeledSpan::new(Some("here".to_owned()), start, length);
        Some(Box::new(std::iter::once(label)))
    }
}
