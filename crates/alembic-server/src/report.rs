//! Reports of the command line, for the page: the same text, and its parts.

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, SourceSpan};
use serde::Serialize;
use utoipa::ToSchema;

/// A line of a report that a browser shows is wrapped there.
const UNWRAPPED: usize = 1 << 20;

/// One problem as a card of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ProblemCard {
    /// One sentence: Alembic's for the same failure, where it has one.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The file, if there is one.
    pub path: Option<String>,
    /// The line of the first label, from 1.
    pub line: Option<usize>,
    /// The source around the labels.
    pub excerpt: Option<Excerpt>,
    /// What is pointed at.
    pub labels: Vec<Label>,
    /// The whole report as the command line prints it.
    pub report: String,
}

/// Some lines of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Excerpt {
    /// The number of the first line, from 1.
    pub first_line: usize,
    /// The lines.
    pub text: String,
}

/// A place in a file, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Label {
    /// What is said of it.
    pub text: Option<String>,
    /// Its line, from 1.
    pub line: usize,
    /// Where it begins in its line, in characters from 1.
    pub column: usize,
    /// How many characters it covers, at least one, in its first line.
    pub length: usize,
}

/// A report as plain text, as the command line writes it into a file.
pub(crate) fn text(report: &dyn Diagnostic) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(UNWRAPPED)
        .with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, report).is_err() {
        return format!("error: {report}\n");
    }
    text
}

impl ProblemCard {
    /// The card of a report without those it is related to.
    pub(crate) fn new(report: &dyn Diagnostic) -> Self {
        let spans: Vec<_> = report.labels().into_iter().flatten().collect();
        let around = spans.iter().map(|label| *label.inner()).reduce(hull);
        let source = report.source_code();
        let contents =
            source.zip(around).and_then(|(source, span)| source.read_span(&span, 2, 2).ok());
        let mut card = Self {
            message: report.to_string(),
            help: report.help().map(|help| help.to_string()),
            path: None,
            line: None,
            excerpt: None,
            labels: Vec::new(),
            report: text(report),
        };
        let Some(contents) = contents else { return card };
        let shown = String::from_utf8_lossy(contents.data());
        card.path = contents.name().map(str::to_owned);
        card.labels = spans
            .iter()
            .filter_map(|label| {
                let start = label.offset().checked_sub(contents.span().offset())?;
                let place = place(&shown, start, label.len(), contents.line());
                Some(Label { text: label.label().map(str::to_owned), ..place? })
            })
            .collect();
        card.line = card.labels.first().map(|label| label.line);
        card.excerpt = Some(Excerpt { first_line: contents.line() + 1, text: shown.into_owned() });
        card
    }
}

/// The shortest span that holds both.
fn hull(a: SourceSpan, b: SourceSpan) -> SourceSpan {
    let start = a.offset().min(b.offset());
    let end = (a.offset() + a.len()).max(b.offset() + b.len());
    (start, end - start).into()
}

fn place(shown: &str, start: usize, length: usize, lines_before: usize) -> Option<Label> {
    let before = shown.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = shown.get(start..)?.lines().next().unwrap_or_default();
    let covered = rest.get(..length.min(rest.len())).unwrap_or(rest);
    Some(Label {
        text: None,
        line: lines_before + before.matches('\n').count() + 1,
        column: before.get(line_start..)?.chars().count() + 1,
        length: covered.chars().count().max(1),
    })
}
