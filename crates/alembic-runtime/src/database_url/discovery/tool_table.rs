//! `[tool.alembic-rs]` of pyproject.toml: `url_env` names the variable, `env_file` the `.env` file.

use std::path::Path;

use super::{Candidate, Inputs, Proof, Source, VARIABLES, sources::shown};
use crate::database_url::dotenv::{DotEnv, Preference};
use crate::tool_table::ToolTable;

const WHY: &str = "pyproject.toml names it";

pub(super) fn candidates(inputs: &Inputs<'_>) -> Vec<Candidate> {
    let Some(table) = ToolTable::of(inputs.config) else {
        return Vec::new();
    };
    let names: Vec<&str> = match &table.url_env {
        Some(name) => vec![name],
        None => VARIABLES.to_vec(),
    };
    let mut found = Vec::new();
    if table.url_env.is_some() {
        for name in &names {
            let place = format!("environment {name}, by url_env of pyproject.toml");
            found.push(match (inputs.environment)(name) {
                Some(text) => {
                    Candidate::of_text(Source::ToolTable, place, &text, (Proof::Proven, WHY))
                }
                None => Candidate::absent(Source::ToolTable, place, "it is not set"),
            });
        }
    }
    if let Some(file) = &table.env_file {
        found.push(of_file(inputs, &table.folder().join(file), &names));
    }
    found
}

fn of_file(inputs: &Inputs<'_>, path: &Path, names: &[&str]) -> Candidate {
    let name = shown(inputs, path);
    let Some(file) = DotEnv::read(path) else {
        let place = format!("{}, by env_file of pyproject.toml", name.display());
        return Candidate::absent(Source::ToolTable, place, "the file cannot be read");
    };
    let variables = file.variables(Preference::Process, inputs.environment);
    let found =
        names.iter().find_map(|name| variables.iter().find(|variable| variable.name == *name));
    match found.and_then(|variable| Some((variable, variable.value.as_deref()?))) {
        Some((variable, text)) => {
            let place = format!("{} in {}:{}", variable.name, name.display(), variable.line);
            Candidate::of_text(Source::ToolTable, place, text, (Proof::Proven, WHY))
        }
        None => {
            let place = format!("{}, by env_file of pyproject.toml", name.display());
            Candidate::absent(
                Source::ToolTable,
                place,
                format!("it does not set {}", names.join(", ")),
            )
        }
    }
}
