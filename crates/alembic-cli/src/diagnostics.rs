//! Failures: Alembic's sentence where scripts look for it, a report for people.

use std::io::{self, IsTerminal, Write};

use alembic_core::config::{ConfigError, Outcome};
use alembic_core::script::ScriptDirectoryError;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use terminal_size::{Width, terminal_size_of};

use crate::cli::GlobalOptions;
use crate::context::ExitCodes;
use crate::output::{self, Output, terminal};

/// Alembic exits with -1, which a shell sees as this.
const REFUSED: u8 = 255;

/// Lines of a report that nobody sees on a terminal are not wrapped, so that a
/// sentence can be found in a log.
const UNWRAPPED: usize = 1 << 20;

/// Why a command could not be carried out.
pub(crate) struct Failure {
    report: Box<dyn Diagnostic + Send + Sync>,
    /// What stands behind `FAILED: `.
    sentence: String,
    code: u8,
}

impl Failure {
    /// A failure of our own, with the code of the README's table.
    pub(crate) fn new(code: u8, report: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self { sentence: report.to_string(), report: Box::new(report), code }
    }

    /// The same, with another sentence behind `FAILED: `.
    pub(crate) fn with_sentence(mut self, sentence: String) -> Self {
        self.sentence = sentence;
        self
    }

    /// The process stands nowhere.
    pub(crate) fn no_current_directory(error: io::Error) -> Self {
        Self::new(code::CONFIGURATION, NoCurrentDirectory(error))
    }

    /// An identifier or range on the command line that names nothing.
    pub(crate) fn question(error: ScriptDirectoryError) -> Self {
        Self::new(code::USAGE, error)
    }
}

/// The exit codes of our own commands.
pub(crate) mod code {
    pub(crate) const CHECK_FAILED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const CONFIGURATION: u8 = 3;
    pub(crate) const SCRIPTS: u8 = 4;
}

impl From<ScriptDirectoryError> for Failure {
    fn from(error: ScriptDirectoryError) -> Self {
        match error {
            ScriptDirectoryError::Config(error) => error.into(),
            other => Self::new(code::SCRIPTS, other),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        // Python's own sentences may go on for lines; its traceback ends with them,
        // ours begins with the first.
        let traceback = matches!(error.outcome(), Outcome::Traceback(_));
        let mut failure = Self::new(code::CONFIGURATION, error);
        if traceback && let Some(end) = failure.sentence.find('\n') {
            failure.sentence.truncate(end);
        }
        failure
    }
}

/// The current directory was removed, or may not be read.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the current directory cannot be found: {0}")]
#[diagnostic(help("change to a folder that exists"))]
struct NoCurrentDirectory(io::Error);

/// Standard output could not be written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot write to standard output: {0}")]
#[diagnostic(help("nothing else was changed; make room and run the command again"))]
struct OutputError(io::Error);

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(code::CONFIGURATION, OutputError(error))
    }
}

/// Prints a failure; the exit code.
pub(crate) fn report(failure: &Failure, codes: ExitCodes, global: &GlobalOptions) -> u8 {
    let as_alembic = codes == ExitCodes::Alembic;
    if as_alembic && !global.raiseerr && !global.quiet && !Output::is_terminal() {
        let mut stdout = io::stdout().lock();
        // A reader that has gone away has seen enough; the report follows anyway.
        let _ignored = stdout.write_all(output::refusal(&failure.sentence).as_bytes());
        let _ignored = stdout.flush();
    }
    print(failure.report.as_ref());
    match codes {
        ExitCodes::Alembic if global.raiseerr => 1,
        ExitCodes::Alembic => REFUSED,
        ExitCodes::Own => failure.code,
    }
}

fn print(report: &dyn Diagnostic) {
    let stderr = io::stderr();
    let colour = terminal::shows_colour(&stderr);
    let theme = match (colour, terminal::shows_unicode()) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme {
            characters: miette::ThemeCharacters::ascii(),
            ..GraphicalTheme::unicode()
        },
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme::none(),
    };
    let width = match terminal_size_of(&stderr) {
        Some((Width(columns), _)) if stderr.is_terminal() => usize::from(columns),
        _ => UNWRAPPED,
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, report).is_err() {
        text = format!("error: {report}\n");
    }
    let _ignored = stderr.lock().write_all(text.as_bytes());
}

/// A report as plain text, for a file.
pub(crate) fn plain_text(report: &dyn Diagnostic) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::none())
        .with_width(UNWRAPPED)
        .with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, report).is_err() {
        text = format!("error: {report}\n");
    }
    text
}

/// Prints what is good to know and no warning.
pub(crate) fn note(sentence: &str) {
    let _ignored = writeln!(io::stderr(), "note: {sentence}");
}

/// Prints a warning that does not keep a command from going on.
pub(crate) fn warn(sentence: &str) {
    let _ignored = writeln!(io::stderr(), "warning: {sentence}");
}
