//! Alembic's progress lines: `Generating … ...  done`.

use std::io;

use crate::context::Context;
use crate::diagnostics::Failure;
use crate::output::{self, Output};

/// Says what is about to be done, does it, and says how it went.
///
/// What cannot be said is not done: the words leave the program first.
pub(crate) fn step<T>(
    context: &mut Context,
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    framed(context, what, "", Output::write, work)
}

/// As [`step`], and `--quiet` does not hold it back: Alembic's `init` asks about no file.
pub(crate) fn heard_step<T>(
    context: &mut Context,
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    framed(context, what, "", Output::write_always, work)
}

/// As [`heard_step`] for a program that prints itself, on lines of its own.
pub(crate) fn loud_step<T>(
    context: &mut Context,
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    framed(context, what, "\n", Output::write_always, work)
}

fn framed<T>(
    context: &mut Context,
    what: &str,
    line_end: &str,
    write: fn(&mut Output, &str) -> io::Result<()>,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    write(&mut context.output, &output::status(&format!("{what} ..."), line_end))?;
    context.output.flush()?;
    let result = work();
    write(&mut context.output, end(result.is_ok()))?;
    // What is said on standard error from here on stands behind it.
    context.output.flush()?;
    result
}

/// A message on lines of its own, whatever `--quiet` says.
pub(crate) fn say_always(context: &mut Context, message: &str) -> io::Result<()> {
    context.output.write_always(&output::status(message, "\n"))
}

/// A message on lines of its own.
pub(crate) fn say(context: &mut Context, message: &str) -> io::Result<()> {
    context.output.write(&output::status(message, "\n"))
}

fn end(well: bool) -> &'static str {
    if well { "  done\n" } else { "  FAILED\n" }
}
