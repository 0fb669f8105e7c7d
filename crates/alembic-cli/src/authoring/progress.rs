//! Alembic's progress lines: `Generating … ...  done`.

use std::io;

use crate::context::Context;
use crate::diagnostics::Failure;
use crate::output;

/// Says what is about to be done, does it, and says how it went.
///
/// What cannot be said is not done: the words leave the program first.
pub(crate) fn step<T>(
    context: &mut Context,
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    context.output.write(&output::status(&format!("{what} ..."), ""))?;
    context.output.flush()?;
    let result = work();
    context.output.write(end(result.is_ok()))?;
    // What is said on standard error from here on stands behind it.
    context.output.flush()?;
    result
}

/// As [`step`] for a program that prints itself: its lines are not held back by `--quiet`, as in Alembic.
pub(crate) fn loud_step<T>(
    context: &mut Context,
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    context.output.write_always(&output::status(&format!("{what} ..."), "\n"))?;
    context.output.flush()?;
    let result = work();
    context.output.write_always(end(result.is_ok()))?;
    context.output.flush()?;
    result
}

/// A message on lines of its own.
pub(crate) fn say(context: &mut Context, message: &str) -> io::Result<()> {
    context.output.write(&output::status(message, "\n"))
}

fn end(well: bool) -> &'static str {
    if well { "  done\n" } else { "  FAILED\n" }
}
