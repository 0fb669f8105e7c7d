//! Configuration and scripts, as they lay there when somebody looked.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alembic_core::config::Config;
use alembic_core::script::{ScriptDirectory, ScriptDirectoryError, ScriptProblem};
use alembic_runtime::project::Project;
use axum::http::StatusCode;
use miette::Diagnostic;

use super::ProjectSource;
use super::folder::Watched;
use crate::api::revisions::Problems;
use crate::error::{ApiError, ApiResult};
use crate::report::ProblemCard;

/// How coarse the times of files are.
const CLOCK: Duration = Duration::from_millis(20);

/// Configuration and scripts, sound or not.
pub(crate) struct Snapshot {
    watched: Watched,
    /// `None` when something changed while it was read: it is read again at the next look.
    state: Option<u64>,
    fingerprint: String,
    problems: Problems,
    /// The configuration and the database, where the configuration is sound.
    project: Result<Arc<Project>, ApiError>,
    scripts: Result<Arc<ScriptDirectory>, ApiError>,
}

impl Snapshot {
    /// The last snapshot while nothing has changed, else a new one. Reads files.
    pub(super) fn refresh(source: &ProjectSource, last: Option<Arc<Self>>) -> Arc<Self> {
        match last {
            Some(last) if !last.watched.is_empty() && Some(last.watched.state()) == last.state => {
                last
            }
            _ => Arc::new(Self::load(source)),
        }
    }

    fn load(source: &ProjectSource) -> Self {
        let begun = SystemTime::now();
        let loaded = Config::load(&source.config).map(|config| {
            (watched(source, &config), Project::open(config, source.project.clone()))
        });
        let (mut watched, project) =
            loaded.unwrap_or_else(|error| (Watched::default(), Err(error.into())));
        // Which files env.py leads to is known only when they have been read.
        if let Some(script) =
            project.as_ref().ok().and_then(|project| project.discovery().script.as_ref())
        {
            watched.files.extend(script.modules.iter().chain(&script.env_files).cloned());
        }
        let state = watched.state();
        let state = (!watched.changed_since(begun - CLOCK)).then_some(state);
        let fingerprint = watched.contents();
        let mut problems = Problems { errors: Vec::new(), warnings: Vec::new() };
        let project = project.map(Arc::new).map_err(|error| refused(&error, &mut problems));
        let scripts = match &project {
            Ok(project) => match project.scripts() {
                Ok(scripts) => {
                    problems.warnings =
                        scripts.warnings().iter().map(ToString::to_string).collect();
                    Ok(Arc::new(scripts))
                }
                Err(failure) => {
                    problems.warnings = failure.warnings.iter().map(ToString::to_string).collect();
                    Err(refused(&failure.error, &mut problems))
                }
            },
            Err(error) => Err(error.clone()),
        };
        Self { watched, state, fingerprint, problems, project, scripts }
    }

    /// Nothing, because it could not be looked at.
    pub(super) fn failed(error: ApiError) -> Self {
        Self {
            watched: Watched::default(),
            state: None,
            fingerprint: String::new(),
            problems: Problems { errors: Vec::new(), warnings: Vec::new() },
            project: Err(error.clone()),
            scripts: Err(error),
        }
    }

    /// Changes with every change of the files.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What is wrong.
    pub(crate) fn problems(&self) -> &Problems {
        &self.problems
    }

    /// The configuration and the database.
    pub(crate) fn project(&self) -> ApiResult<&Arc<Project>> {
        self.project.as_ref().map_err(Clone::clone)
    }

    /// The scripts, linked.
    pub(crate) fn scripts(&self) -> ApiResult<&Arc<ScriptDirectory>> {
        self.scripts.as_ref().map_err(Clone::clone)
    }
}

/// What a change of these files can change.
fn watched(source: &ProjectSource, config: &Config) -> Watched {
    let cwd = &source.config.cwd;
    let mut files: Vec<PathBuf> =
        [config.config_file_name(), config.toml_file_name()].map(|name| cwd.join(name)).to_vec();
    let here = config.here();
    files.push(here.join(".env"));
    if let Some(root) = here.ancestors().find(|folder| folder.join(".git").exists()) {
        files.push(root.join(".env"));
    }
    files.dedup();
    let Ok(settings) = config.script_settings() else {
        return Watched { files, ..Watched::default() };
    };
    files.push(settings.script_location.join("env.py"));
    Watched {
        files,
        folders: settings.version_locations,
        recursive: settings.recursive_version_locations,
    }
}

/// The refusal for everything that needs what is broken, and a card for each problem.
fn refused(error: &ScriptDirectoryError, problems: &mut Problems) -> ApiError {
    let (code, cards) = match error {
        ScriptDirectoryError::Config(error) => {
            ("configuration-broken", vec![ProblemCard::new(error)])
        }
        ScriptDirectoryError::Scripts(scripts) => {
            ("scripts-broken", scripts.iter().map(card).collect())
        }
        ScriptDirectoryError::Graph(problem) => ("scripts-broken", with_related(problem.as_ref())),
    };
    problems.errors.clone_from(&cards);
    ApiError::of(StatusCode::CONFLICT, code, error).with_problems(cards)
}

fn card(problem: &ScriptProblem) -> ProblemCard {
    let path = problem.path().display().to_string();
    ProblemCard { path: Some(path), ..ProblemCard::new(problem) }
}

/// The card of a report, and one for each other place that has a part in it.
fn with_related(report: &dyn Diagnostic) -> Vec<ProblemCard> {
    let related = report.related().into_iter().flatten().map(ProblemCard::new);
    std::iter::once(ProblemCard::new(report)).chain(related).collect()
}
