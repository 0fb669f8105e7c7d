//! Reading SQLAlchemy models against importing them.

use std::{collections::BTreeMap, path::Path, process::Command};

use alembic_benches::write_models;

use super::{
    clock::time_in_pairs,
    figures::{Figures, Goal},
    memory, prepared,
};
use crate::{
    cache::Cache,
    command,
    failure::{Failure, Result},
    python::Venv,
};

/// How many tables the project has.
const TABLES: usize = 300;

/// Pairs of runs, unless told otherwise.
const PAIRS: u32 = 20;

/// What a program has to do that imports the models: mappers are complete once they are configured.
const IMPORT: &str = "\
from app.models import Base
from sqlalchemy.orm import configure_mappers
configure_mappers()
for name, table in sorted(Base.metadata.tables.items()):
    print(name, len(table.columns))
";

/// `models --json` against an import by real SQLAlchemy, once both have found the same tables and columns.
pub(super) fn measure(
    program: &Path,
    venv: &Venv,
    cache: &Cache,
    runs: Option<u32>,
    figures: &mut Figures,
) -> Result {
    let project = cache.path(format!("speed/models-{TABLES}"));
    write_models(&project, TABLES)?;
    let what = format!("models, {TABLES} tables");
    eprintln!("    {what}");
    let mut ours = prepared(program, &project, &["models", "--json", "--base", "app.models:Base"]);
    let mut theirs = prepared(&venv.python(), &project, &["-c", IMPORT]);
    let (read, imported) = (tables_of_document(&mut ours)?, tables_of_import(&mut theirs)?);
    if read != imported || read.len() != TABLES {
        let (read, imported) = (read.len(), imported.len());
        return Err(Failure::new(format!(
            "{read} tables were read and {imported} imported, or their columns differ"
        )));
    }
    let pairs = time_in_pairs(&mut theirs, &mut ours, runs.unwrap_or(PAIRS))?;
    figures.speed_up(&what, &pairs, Goal::AtLeast(20.0));
    figures.memory(&what, memory::peak(&ours)?, Goal::AtMost(150.0));
    let mut drawing =
        prepared(program, &project, &["erd", "--format", "svg", "--base", "app.models:Base"]);
    let mut only_read = prepared(program, &project, &["models", "--base", "app.models:Base"]);
    let pairs = time_in_pairs(&mut drawing, &mut only_read, runs.unwrap_or(PAIRS))?;
    figures.added(
        &format!("erd --format svg, {TABLES} tables"),
        "models",
        &pairs,
        Goal::AtMost(2000.0),
    );
    Ok(())
}

/// The number of columns by table, in `models --json`.
fn tables_of_document(ours: &mut Command) -> Result<BTreeMap<String, usize>> {
    let document: serde_json::Value = serde_json::from_str(&command::capture(ours)?)
        .map_err(|error| Failure::new(format!("models --json: {error}")))?;
    let tables = document["tables"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(tables
        .iter()
        .map(|table| {
            let columns = table["columns"].as_array().map(Vec::len).unwrap_or_default();
            (table["name"].as_str().unwrap_or_default().to_owned(), columns)
        })
        .collect())
}

/// The same, as SQLAlchemy has it.
fn tables_of_import(theirs: &mut Command) -> Result<BTreeMap<String, usize>> {
    let printed = command::capture(theirs)?;
    let line = |line: &str| {
        let (name, columns) = line.split_once(' ')?;
        Some((name.to_owned(), columns.parse().ok()?))
    };
    Ok(printed.lines().filter_map(line).collect())
}
