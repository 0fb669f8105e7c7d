//! The sources, one after the other.

use std::path::{Path, PathBuf};

use alembic_core::config::OptionValue;

use super::{Candidate, Inputs, Outcome, Proof, Source, URL_VARIABLE, VARIABLES};
use crate::{
    database_url::dotenv::{DotEnv, Preference, Variable},
    env_script::{self, EnvScript, Origin, UrlAnswer},
};

/// The names of `-x` that may hold a URL.
const X_NAMES: [&str; 3] = ["url", "sqlalchemy.url", "database_url"];

/// A `.env` file that may count.
pub(super) struct EnvFile {
    path: PathBuf,
    file: DotEnv,
}

pub(super) fn shown(inputs: &Inputs<'_>, path: &Path) -> PathBuf {
    path.strip_prefix(inputs.config.cwd()).unwrap_or(path).to_owned()
}

pub(super) fn read_script(inputs: &Inputs<'_>, script: &Path) -> EnvScript {
    env_script::read(&env_script::Inputs {
        config: inputs.config,
        script,
        roots: inputs.roots,
        x_arguments: inputs.x_arguments,
        environment: inputs.environment,
        offline: inputs.offline,
    })
}

/// `--url`, its variable, and `-x`.
pub(super) fn of_command(inputs: &Inputs<'_>, script: Option<&EnvScript>) -> Vec<Candidate> {
    let proven = (Proof::Proven, "the command says so");
    let mut found = Vec::new();
    if let Some(url) = inputs.url {
        found.push(Candidate::of_text(Source::Command, "--url".to_owned(), url, proven));
    }
    if let Some(url) = (inputs.environment)(URL_VARIABLE) {
        let place = format!("environment {URL_VARIABLE}");
        found.push(Candidate::of_text(Source::Command, place, &url, proven));
    }
    for name in X_NAMES {
        let given = inputs
            .x_arguments
            .iter()
            .rev()
            .find_map(|text| text.strip_prefix(name)?.strip_prefix('='));
        if let Some(text) = given {
            found.push(of_x(name, text, script));
        }
    }
    found
}

fn of_x(name: &str, text: &str, script: Option<&EnvScript>) -> Candidate {
    let place = format!("-x {name}");
    let Some(script) = script else {
        return Candidate::absent(Source::XArgument, place, "there is no env.py that reads it");
    };
    let Some((_, line)) = script.x_names.iter().find(|(known, _)| known == name) else {
        return Candidate::absent(Source::XArgument, place, "env.py does not read it");
    };
    match &script.online.url {
        UrlAnswer::Known { origins, .. }
            if !origins.contains(&Origin::XArgument(name.to_owned())) =>
        {
            Candidate::absent(Source::XArgument, place, "env.py does not make the URL of it")
        }
        UrlAnswer::Known { url, .. } => {
            let why = format!("env.py reads it at {line}");
            Candidate::of_text(Source::XArgument, place, url.expose(), (Proof::Proven, &why))
        }
        _ => {
            let why = format!("env.py reads it at {line}, and what it makes of it is not known");
            Candidate::of_text(Source::XArgument, place, text, (Proof::Guessed, &why))
        }
    }
}

/// env.py for a command that connects; what it says for `--sql` is the next best.
pub(super) fn of_script(
    inputs: &Inputs<'_>,
    script: &EnvScript,
    files: &[EnvFile],
) -> Vec<Candidate> {
    let file = inputs.script.map(|script| shown(inputs, script)).unwrap_or_default();
    let mut found = Vec::new();
    match &script.online.url {
        UrlAnswer::Known { url, origins, .. } => {
            let place = script.online.url.way().unwrap_or_default();
            let (proof, why) = proof_of(inputs, origins, script, files);
            found.push(Candidate::of_text(Source::Script, place, url.expose(), (proof, &why)));
        }
        UrlAnswer::Unknown(doubt) => found.push(unknown(&file, Outcome::Unknown(doubt.clone()))),
        UrlAnswer::Several(doubt) => found.push(unknown(&file, Outcome::Several(doubt.clone()))),
    }
    if let UrlAnswer::Unknown(_) = &script.online.url
        && let Some(offline) = &script.offline
        && let UrlAnswer::Known { url, .. } = &offline.url
    {
        let place = format!("{} (for --sql)", offline.url.way().unwrap_or_default());
        let why = "env.py uses it without a connection; the one it makes otherwise is not known";
        found.push(Candidate::of_text(Source::Script, place, url.expose(), (Proof::Guessed, why)));
    }
    found
}

fn unknown(file: &Path, outcome: Outcome) -> Candidate {
    let place = file.display().to_string();
    Candidate { source: Source::Script, place, outcome, proof: Proof::Guessed, why: String::new() }
}

/// A default that counts because a variable is not set is a guess when a `.env` file would set it: something else than
/// env.py may load that file.
fn proof_of(
    inputs: &Inputs<'_>,
    origins: &[Origin],
    script: &EnvScript,
    files: &[EnvFile],
) -> (Proof, String) {
    let missing = origins.iter().find_map(|origin| {
        let Origin::Unset { name, .. } = origin else {
            return None;
        };
        let file = files.iter().find(|file| {
            let loaded = script.env_files.contains(&shown(inputs, &file.path));
            !loaded && file.file.defines(name)
        })?;
        Some((name, shown(inputs, &file.path)))
    });
    match missing {
        Some((name, file)) => {
            let why = format!(
                "env.py takes a default since `{name}` is not set, and {} sets it without being loaded",
                file.display()
            );
            (Proof::Guessed, why)
        }
        None => (Proof::Proven, "env.py says so".to_owned()),
    }
}

/// The variables of the process.
pub(super) fn of_environment(inputs: &Inputs<'_>) -> Vec<Candidate> {
    let why = "env.py does not say that it reads it";
    VARIABLES
        .iter()
        .map(|name| {
            let place = format!("environment {name}");
            match (inputs.environment)(name) {
                Some(text) => {
                    Candidate::of_text(Source::Environment, place, &text, (Proof::Guessed, why))
                }
                None => Candidate::absent(Source::Environment, place, "it is not set"),
            }
        })
        .collect()
}

/// `.env` beside the ini file, then at the root of the project.
pub(super) fn env_files(inputs: &Inputs<'_>) -> Vec<EnvFile> {
    let mut folders = vec![inputs.config.here()];
    folders.extend(inputs.project_root.map(Path::to_owned).filter(|root| *root != folders[0]));
    let paths = folders.into_iter().map(|folder| folder.join(".env"));
    paths.filter_map(|path| Some(EnvFile { file: DotEnv::read(&path)?, path })).collect()
}

/// What env.py would say if the files were loaded, then the usual names in them.
pub(super) fn of_env_files(
    inputs: &Inputs<'_>,
    script: Option<&EnvScript>,
    files: &[EnvFile],
) -> Vec<Candidate> {
    let mut found = Vec::new();
    for file in files {
        let variables = file.file.variables(Preference::Process, inputs.environment);
        if let Some(script) = script {
            found.extend(script_with(inputs, script, (file, &variables)));
        }
        let name = shown(inputs, &file.path);
        let wanted = VARIABLES.iter().find_map(|name| {
            let variable = variables.iter().find(|variable| variable.name == *name)?;
            Some((variable, variable.value.as_deref()?))
        });
        found.push(match wanted {
            Some((variable, text)) => {
                let place = format!("{} in {}:{}", variable.name, name.display(), variable.line);
                let why = "env.py does not say that it reads it";
                Candidate::of_text(Source::EnvFile, place, text, (Proof::Guessed, why))
            }
            None => {
                let place = name.display().to_string();
                Candidate::absent(Source::EnvFile, place, "it sets none of the usual names")
            }
        });
    }
    found
}

/// env.py asks for variables that only the file sets.
fn script_with(
    inputs: &Inputs<'_>,
    script: &EnvScript,
    (file, variables): (&EnvFile, &[Variable]),
) -> Option<Candidate> {
    let asked = |name: &str| script.unset.iter().any(|(unset, _)| unset == name);
    if matches!(script.online.url, UrlAnswer::Several(_))
        || !variables.iter().any(|variable| asked(&variable.name))
    {
        return None;
    }
    let environment = |name: &str| {
        (inputs.environment)(name).or_else(|| {
            let variable = variables.iter().find(|variable| variable.name == name)?;
            variable.value.clone()
        })
    };
    let given = Inputs { environment: &environment, ..*inputs };
    let again = read_script(&given, inputs.script?);
    let UrlAnswer::Known { url, .. } = &again.online.url else {
        return None;
    };
    if matches!(&script.online.url, UrlAnswer::Known { url: before, .. } if before == url) {
        return None;
    }
    let name = shown(inputs, &file.path);
    let place = format!(
        "{} with the variables of {}",
        again.online.url.way().unwrap_or_default(),
        name.display()
    );
    let why = "env.py reads these variables, and nothing shows that the file is loaded";
    Some(Candidate::of_text(Source::EnvFile, place, url.expose(), (Proof::Guessed, why)))
}

/// `sqlalchemy.url` of the ini section or of pyproject.toml.
pub(super) fn of_configuration(inputs: &Inputs<'_>, script: Option<&EnvScript>) -> Candidate {
    const KEY: &str = "sqlalchemy.url";
    let config = inputs.config;
    let in_ini = config.ini().is_ok_and(|ini| ini.has_option(config.section_name(), KEY));
    let place = if in_ini {
        format!("{KEY} in [{}] of {}", config.section_name(), config.config_file_name().display())
    } else {
        format!("{KEY} in [tool.alembic] of {}", config.toml_file_name().display())
    };
    match config.get_alembic_option(KEY) {
        Ok(Some(OptionValue::Text(text))) => {
            let proof = if script.is_some_and(EnvScript::reads_configured_url) {
                (Proof::Proven, "env.py reads it")
            } else {
                (Proof::Guessed, "env.py does not say that it reads it")
            };
            Candidate::of_text(Source::Configuration, place, &text, proof)
        }
        Ok(Some(_)) => Candidate::absent(Source::Configuration, place, "it is no text"),
        Ok(None) => Candidate::absent(Source::Configuration, KEY.to_owned(), "it is not set"),
        Err(error) => Candidate::absent(Source::Configuration, place, error.to_string()),
    }
}
