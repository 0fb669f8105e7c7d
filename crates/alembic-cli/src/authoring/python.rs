//! What only a database or the project's Python can tell the commands that write scripts.

use crate::context::Context;
use crate::diagnostics::Failure;

/// The project's own Python, for hooks that are Python's: its program and arguments; `None` where none is known.
#[cfg(feature = "database")]
pub(crate) fn interpreter(context: &Context) -> Option<Vec<std::ffi::OsString>> {
    use alembic_runtime::tool_table::ToolTable;

    let config = context.config().ok()?;
    let lookup = |name: &str| std::env::var_os(name);
    let inputs = alembic_runtime::python::Inputs {
        python: None,
        configured: ToolTable::of(&config).and_then(|table| table.named_python()),
        folder: config.here(),
        cwd: config.cwd().to_owned(),
        lookup: &lookup,
    };
    alembic_runtime::python::discover(&inputs).into_python().ok().map(|python| python.program)
}

#[cfg(not(feature = "database"))]
pub(crate) fn interpreter(_context: &Context) -> Option<Vec<std::ffi::OsString>> {
    None
}

/// The rows of the version table. As Alembic, which asks env.py: a table without rows is created if it is not there.
///
/// # Errors
/// When no database is known, or it does not answer.
#[cfg(feature = "database")]
pub(crate) fn current_revisions(context: &mut Context) -> Result<Vec<String>, Failure> {
    use crate::session::{DatabaseArgs, Session};

    let session = Session::open(context, &DatabaseArgs::default())?;
    session.rows_or_new_table()
}

#[cfg(not(feature = "database"))]
pub(crate) fn current_revisions(_context: &mut Context) -> Result<Vec<String>, Failure> {
    Err(Failure::no_driver())
}

/// The rows of the version table, looked at without leaving a trace; `None` where no database answers.
#[cfg(feature = "database")]
pub(crate) fn rows_if_reachable(context: &mut Context) -> Option<Vec<String>> {
    use crate::session::{DatabaseArgs, Session};

    let session = Session::open(context, &DatabaseArgs::default()).ok()?;
    session.rows_as_they_are().ok()
}

#[cfg(not(feature = "database"))]
pub(crate) fn rows_if_reachable(_context: &mut Context) -> Option<Vec<String>> {
    None
}
