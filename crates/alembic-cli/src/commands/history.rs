//! `history`: all revisions, newest first, as a list, a graph or a document.

use std::borrow::Cow;
use std::fmt::Write as _;

use alembic_core::graph::{History, dot, drawing_order, fold, mermaid, svg, text};
use alembic_core::revision::identifier::HistoryRange;
use alembic_core::revision::{Bound, RevisionError, RevisionIndex};
use alembic_core::script::{OneLine, ScriptDirectory, explain_range};
use clap::{Args, ValueEnum};
use miette::Diagnostic;

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::commands::completions;
use crate::context::{Context, ExitCodes, explained};
use crate::diagnostics::{Failure, code};
use crate::output::paths::from_here;
use crate::output::{Painter, terminal};

/// List revisions, newest first
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct HistoryArgs {
    /// The revisions to list, as START:END; each may be left out
    #[arg(short, long, value_name = "RANGE", allow_negative_numbers = true, add = completions::ranges())]
    rev_range: Option<String>,
    /// Show each revision in full; in a graph also file, parents and date
    #[arg(short, long)]
    verbose: bool,
    /// Mark the revisions that the database is at
    #[arg(short, long)]
    indicate_current: bool,
    /// Draw the graph; without a style, as the terminal can show it
    #[arg(
        long,
        value_enum,
        value_name = "STYLE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "auto",
        help_heading = NEW_OPTIONS
    )]
    graph: Option<GraphStyle>,
    /// Print a document instead of text; --graph is text
    #[arg(long, value_enum, help_heading = NEW_OPTIONS)]
    format: Option<Format>,
    /// Oldest first
    #[arg(long, help_heading = NEW_OPTIONS)]
    reverse: bool,
    /// Show every revision of the graph, long stretches too
    #[arg(long, help_heading = NEW_OPTIONS)]
    all: bool,
    #[cfg(feature = "database")]
    #[command(flatten)]
    database: crate::session::DatabaseArgs,
}

/// The characters of a drawn graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GraphStyle {
    /// Unicode where the terminal can show it, else ASCII
    Auto,
    /// Round corners
    Unicode,
    /// Nothing outside ASCII
    Ascii,
    /// Square corners
    Square,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people
    Text,
    /// The documented, versioned document
    Json,
    /// Graphviz
    Dot,
    /// Mermaid, as GitHub shows it
    Mermaid,
    /// A drawing that needs no other program
    Svg,
}

impl HistoryArgs {
    fn is_new(&self) -> bool {
        self.graph.is_some() || self.format.is_some() || self.reverse || self.all
    }
}

pub(crate) fn run(context: &mut Context, args: &HistoryArgs) -> Outcome {
    if args.is_new() {
        context.exit_codes = ExitCodes::Own;
    }
    let document = args.format.filter(|format| *format != Format::Text);
    if let (Some(format), Some(_)) = (document, args.graph) {
        return Err(Failure::new(code::USAGE, GraphIsText(format)));
    }
    let places = context.places()?;
    let range = args.rev_range.as_deref().map(HistoryRange::parse);
    let range = range.transpose().map_err(|error| Failure::question(explain_range(error)))?;
    let (start, end) = range.map_or((None, None), |range| (range.start, range.end));
    let by_rows = start == Some("current") || end == Some("current");
    let current =
        if by_rows || args.indicate_current { Some(where_it_stands(context, args)?) } else { None };
    let scripts = Context::link(places.read())?;
    let (start, end) = bounds(start, end, current.as_ref().map(|current| &*current.rows));
    let order = answered(&scripts, current.as_ref(), scripts.map().history(start, end))?;
    let listed =
        Listed { scripts: &scripts, order, current: current.filter(|_| args.indicate_current) };
    match (document, args.graph) {
        (Some(format), _) => print_document(context, &listed, format, args.reverse),
        (None, Some(style)) => draw(context, &listed, style, args),
        (None, None) => list(context, listed, args),
    }
}

/// Both ends of the range. As in Alembic, `current` stands for the rows of the
/// version table at one end alone, and for nothing where there are none.
fn bounds<'a>(
    start: Option<&'a str>,
    end: Option<&'a str>,
    rows: Option<&'a [String]>,
) -> (Bound<'a>, Bound<'a>) {
    let rows = rows.unwrap_or_default();
    let text = |named: Option<&'a str>, default| Bound::Text(named.unwrap_or(default));
    let rows_or = |default| match rows {
        [] => Bound::Text(default),
        rows => Bound::Rows(rows),
    };
    match (start, end) {
        (_, Some("current")) => (text(start, "base"), rows_or("heads")),
        (Some("current"), _) => (rows_or("base"), text(end, "heads")),
        _ => (text(start, "base"), text(end, "heads")),
    }
}

/// Where the database stands.
struct Current {
    rows: Vec<String>,
    /// The database, its password masked.
    url: String,
    #[cfg(feature = "database")]
    session: crate::session::Session,
}

/// An answer about a range, whose ends may be rows that the project does not have.
fn answered<T>(
    scripts: &ScriptDirectory,
    #[cfg_attr(not(feature = "database"), expect(unused_variables, reason = "no rows"))]
    current: Option<&Current>,
    answer: Result<T, RevisionError>,
) -> Result<T, Failure> {
    #[cfg(feature = "database")]
    if let Some(Current { rows, session, .. }) = current {
        return Ok(session.answer(scripts, rows, answer)?);
    }
    explained(scripts, answer)
}

/// As Alembic: a version table without rows is created if it is not there.
#[cfg(feature = "database")]
fn where_it_stands(context: &mut Context, args: &HistoryArgs) -> Result<Current, Failure> {
    use crate::session::Session;

    let session = Session::open(context, &args.database)?;
    let rows = session.rows_or_new_table()?;
    let url = session.target()?.url.to_string();
    Ok(Current { rows, url, session })
}

#[cfg(not(feature = "database"))]
fn where_it_stands(_context: &mut Context, _args: &HistoryArgs) -> Result<Current, Failure> {
    Err(Failure::no_driver())
}

/// What is listed, drawn or printed.
struct Listed<'a> {
    scripts: &'a ScriptDirectory,
    order: Vec<RevisionIndex>,
    /// Where the database stands, if that is to be marked.
    current: Option<Current>,
}

impl Listed<'_> {
    fn is_current(&self, index: RevisionIndex) -> bool {
        let id = self.scripts.map().id(index);
        self.current.as_ref().is_some_and(|current| current.rows.iter().any(|row| row == id))
    }

    /// The document of the revisions in `order`, paths as seen from here.
    fn document(&self, order: &[RevisionIndex]) -> History<'_> {
        let mut history = History::of_scripts(self.scripts, order, from_here);
        if let Some(current) = &self.current {
            let rows = current.rows.iter().map(|row| Cow::Borrowed(row.as_str())).collect();
            let url = Some(Cow::Borrowed(current.url.as_str()));
            history.set_database(self.scripts.map(), rows, url);
        }
        history
    }
}

/// Both the graph in text and a document are asked for.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`--graph` and `--format {}` exclude each other", name_of(*.0))]
#[diagnostic(help(
    "`--graph` draws text: leave one of the two out; dot, mermaid and svg are graphs, too"
))]
struct GraphIsText(Format);

fn name_of(format: Format) -> String {
    format.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Alembic's listing.
fn list(context: &mut Context, mut listed: Listed<'_>, args: &HistoryArgs) -> Outcome {
    const PIECE: usize = 1 << 16;
    let parts = OneLine { parents: true, labels: true, tree: true, doc: true };
    if args.reverse {
        listed.order.reverse();
    }
    let scripts = listed.scripts;
    context.page();
    let mut out = String::with_capacity(PIECE + PIECE / 8);
    for &index in &listed.order {
        let current = listed.is_current(index);
        if args.verbose {
            scripts.write_block(&mut out, index, current);
        } else {
            scripts.write_one_line(&mut out, index, parts, current);
        }
        out.push('\n');
        if out.len() > PIECE {
            context.output.write(&out)?;
            out.clear();
        }
    }
    context.output.write(&out)?;
    Ok(0)
}

/// The graph in text.
fn draw(
    context: &mut Context,
    listed: &Listed<'_>,
    style: GraphStyle,
    args: &HistoryArgs,
) -> Outcome {
    let order = drawing_order(listed.scripts.map(), &listed.order);
    let mut history = listed.document(&order);
    if args.reverse {
        history = history.reversed();
    }
    let style = match style {
        GraphStyle::Auto if terminal::shows_unicode() => text::Style::Unicode,
        GraphStyle::Auto | GraphStyle::Ascii => text::Style::Ascii,
        GraphStyle::Unicode => text::Style::Unicode,
        GraphStyle::Square => text::Style::Square,
    };
    let folds = terminal::width().is_some() && !args.all;
    let options = text::Options {
        style,
        verbose: args.verbose,
        width: terminal::width(),
        fold: folds.then(fold::Options::default),
    };
    context.page();
    let mut painter = Painter::new(&mut context.output);
    // The painter remembers why it could not go on.
    let _ignored = text::render(&history, &options, &mut painter);
    painter.finish()?;
    Ok(0)
}

fn print_document(
    context: &mut Context,
    listed: &Listed<'_>,
    format: Format,
    reverse: bool,
) -> Outcome {
    let order = match format {
        Format::Json => listed.order.clone(),
        _ => drawing_order(listed.scripts.map(), &listed.order),
    };
    let mut history = listed.document(&order);
    if reverse {
        history = history.reversed();
    }
    let mut out = String::new();
    let written = match format {
        Format::Json => writeln!(out, "{}", json(&mut history)),
        Format::Dot => dot::render(&history, &mut out),
        Format::Mermaid => mermaid::render(&history, &mut out),
        Format::Svg => svg::render(&history, &mut out),
        Format::Text => Ok(()),
    };
    written.expect("a string takes everything");
    context.output.write(&out)?;
    Ok(0)
}

fn json(history: &mut History<'_>) -> String {
    history.lay_out();
    serde_json::to_string_pretty(history).expect("the document has text keys and no maps of others")
}
