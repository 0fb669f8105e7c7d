//! Every field of the API, fuzzed from its own document.

use std::path::Path;

use super::browser::FOLDER;
use crate::{cache::Cache, command, failure::Result, python::Venv, repository};

/// schemathesis against the program, over a real PostgreSQL and the example project: always the same requests, about a
/// minute of them. What it promises stands in `tests/browser/api/fields.mjs`.
pub(crate) fn api(cache: &Cache, program: &Path) -> Result {
    let schemathesis = Venv::prepare_schemathesis(cache)?;
    let _lock = cache.lock("browser")?;
    super::install(FOLDER)?;
    let mut fields = command::program("node");
    fields.current_dir(repository::root().join(FOLDER)).arg("api/fields.mjs");
    fields.env("ALEMBIC_RS_TEST_PROGRAM", program);
    fields.env("ALEMBIC_RS_TEST_DRIVER_VENV", Venv::newest(cache)?.root());
    fields.env("ALEMBIC_RS_TEST_SCHEMATHESIS", schemathesis.program("schemathesis"));
    command::run(&mut fields)
}
