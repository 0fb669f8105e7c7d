//! `[tool.alembic-rs]` of pyproject.toml: `url_env` names the variable, `env_file` the `.env` file.

use std::path::{Path, PathBuf};

use super::{Candidate, Inputs, Proof, Source, VARIABLES, sources::shown};
use crate::database_url::dotenv::{DotEnv, Preference};

const MAX_SIZE: u64 = 1 << 20;
const WHY: &str = "pyproject.toml names it";

/// The options that count here.
struct Table {
    folder: PathBuf,
    url_env: Option<String>,
    env_file: Option<String>,
}

pub(super) fn candidates(inputs: &Inputs<'_>) -> Vec<Candidate> {
    let Some(table) = read(inputs) else {
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
        found.push(of_file(inputs, &table.folder.join(file), &names));
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

fn read(inputs: &Inputs<'_>) -> Option<Table> {
    let config = inputs.config;
    let beside_toml = config.cwd().join(config.toml_file_name());
    let beside_ini = config.here().join("pyproject.toml");
    let path = [beside_toml, beside_ini].into_iter().find(|path| path.is_file())?;
    if fs_err::metadata(&path).ok()?.len() > MAX_SIZE {
        return None;
    }
    let text = fs_err::read_to_string(&path).ok()?;
    let document: toml::Table = text.parse().ok()?;
    let table = document.get("tool")?.get("alembic-rs")?;
    let option = |name: &str| table.get(name).and_then(toml::Value::as_str).map(str::to_owned);
    let folder = path.parent()?.to_owned();
    Some(Table { folder, url_env: option("url_env"), env_file: option("env_file") })
}
