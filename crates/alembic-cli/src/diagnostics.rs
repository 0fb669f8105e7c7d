//! Failures: Alembic's sentence where scripts look for it, a report for people.

use std::io::{self, IsTerminal, Write};

use alembic_core::config::{ConfigError, Outcome};
use alembic_core::revision::RevisionError;
use alembic_core::script::ScriptDirectoryError;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use terminal_size::{Width, terminal_size_of};
use textwrap::{WordSeparator, WordSplitter};

use crate::cli::GlobalOptions;
use crate::context::ExitCodes;
use crate::output::visible::visible_report;
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

    /// What stands behind `FAILED: `.
    #[cfg(feature = "database")]
    pub(crate) fn sentence(&self) -> &str {
        &self.sentence
    }

    /// The whole report.
    #[cfg(feature = "database")]
    pub(crate) fn report(&self) -> &dyn Diagnostic {
        self.report.as_ref()
    }

    /// The same, with another sentence behind `FAILED: `.
    #[cfg(feature = "authoring")]
    pub(crate) fn with_sentence(mut self, sentence: String) -> Self {
        self.sentence = sentence;
        self
    }

    /// The process stands nowhere.
    pub(crate) fn no_current_directory(error: io::Error) -> Self {
        Self::new(code::CONFIGURATION, NoCurrentDirectory(error))
    }

    /// This build talks to no database.
    #[cfg(not(feature = "database"))]
    pub(crate) fn no_driver() -> Self {
        Self::new(code::USAGE, NoDriver)
    }

    /// An identifier or range on the command line that names nothing.
    pub(crate) fn question(error: ScriptDirectoryError) -> Self {
        let code = match &error {
            // The walk stumbled over the scripts, not over what was asked.
            ScriptDirectoryError::Graph(problem)
                if matches!(problem.error(), RevisionError::Cycle { .. }) =>
            {
                code::SCRIPTS
            }
            _ => code::USAGE,
        };
        Self::new(code, error)
    }
}

/// The exit codes of our own commands.
pub(crate) mod code {
    pub(crate) const CHECK_FAILED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const CONFIGURATION: u8 = 3;
    pub(crate) const SCRIPTS: u8 = 4;
    #[cfg(feature = "database")]
    pub(crate) const DATABASE: u8 = 5;
    #[cfg(feature = "database")]
    pub(crate) const UNKNOWN_REVISION: u8 = 6;
    #[cfg(feature = "database")]
    pub(crate) const SIDE_PYTHON: u8 = 7;
    #[cfg(feature = "database")]
    pub(crate) const LOCK: u8 = 8;
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

/// The program was built without a database driver.
#[cfg(not(feature = "database"))]
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("this build of alembic-rs talks to no database")]
#[diagnostic(help("build it with the features `postgres`, `sqlite` or `mysql`"))]
struct NoDriver;

/// Standard output could not be written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot write to standard output: {cause}")]
struct OutputError {
    cause: io::Error,
    #[help]
    help: Option<&'static str>,
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        let help = match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Some("nothing else was changed; make room and run the command again")
            }
            io::ErrorKind::NotConnected => {
                Some("nothing else was changed; `--quiet` where the exit code is enough")
            }
            _ => None,
        };
        Self::new(code::CONFIGURATION, OutputError { cause, help })
    }
}

/// Reports that help could not be printed; the exit code.
pub(crate) fn report_bare(failure: &Failure) -> u8 {
    print(failure.report.as_ref());
    failure.code
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
    // A URL or a path that is cut cannot be copied; the terminal goes on in the next line by itself.
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation)
        .with_break_words(false)
        .with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, report).is_err() {
        text = format!("error: {report}\n");
    }
    let _ignored = stderr.lock().write_all(visible_report(&text).as_bytes());
}

/// A report as plain text, for a file.
#[cfg(feature = "authoring")]
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
#[cfg(any(feature = "authoring", feature = "database", feature = "models"))]
pub(crate) fn note(sentence: &str) {
    let _ignored = writeln!(io::stderr(), "note: {sentence}");
}

/// Prints a warning that does not keep a command from going on.
pub(crate) fn warn(sentence: &str) {
    let _ignored = writeln!(io::stderr(), "warning: {sentence}");
}
