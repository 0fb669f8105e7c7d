//! `heads --check`: reads, asks git, prints the answer in the form asked for.

use alembic_core::check::{self, Against, CheckOptions, CheckReport, Severity, Survey};
use alembic_core::config::Config;
use alembic_core::git::GitError;
use alembic_core::script::{ScriptFiles, ScriptPlaces, ScriptProblemKind};
use miette::Diagnostic;

use super::{Format, HeadsArgs};
use crate::Outcome;
use crate::context::Context;
use crate::diagnostics::{self, Failure, code};
use crate::output::check::{Answer, Paths, github, gitlab, json, sarif, text};

pub(super) fn run(context: &mut Context, args: &HeadsArgs) -> Outcome {
    let config = context.config()?;
    let mut files = read(&config)?;
    let against = merge(&config, &mut files, args.against.as_deref())?;
    let options = CheckOptions {
        allow: args.allow.unwrap_or(1),
        per_label: args.per_label,
        resolve_dependencies: args.resolve_dependencies,
    };
    let format = args.format.unwrap_or(Format::Text);
    let report = answer(&files, options, against.as_ref(), format)
        .with_options(&context.global.of_project());
    let code = exit_code(&report);
    let answer = Answer {
        report: &report,
        options,
        against: against.as_ref(),
        paths: Paths::new(),
        exit_code: code,
    };
    context.output.write(&render(&answer, format))?;
    Ok(code)
}

fn read(config: &Config) -> Result<ScriptFiles, Failure> {
    let files = ScriptPlaces::of(config)?.read();
    for warning in &files.warnings {
        diagnostics::warn(&warning.to_string());
    }
    for (_, problem) in &files.problems {
        if let ScriptProblemKind::Unreadable { message } = problem.kind()
            && problem.path().is_dir()
        {
            return Err(Failure::new(code::CONFIGURATION, UnreadableFolder(message.clone())));
        }
    }
    Ok(files)
}

fn merge(
    config: &Config,
    files: &mut ScriptFiles,
    reference: Option<&str>,
) -> Result<Option<Against>, Failure> {
    let Some(reference) = reference else { return Ok(None) };
    Ok(Some(Against::merge(files, reference, &config.script_settings()?)?))
}

fn answer(
    files: &ScriptFiles,
    options: CheckOptions,
    against: Option<&Against>,
    format: Format,
) -> CheckReport {
    let survey = Survey::new(files, options, against);
    let scripts = if format == Format::Json { survey.noteworthy() } else { survey.disputed() };
    let facts = check::facts(&scripts, against);
    survey.report(facts)
}

fn exit_code(report: &CheckReport) -> u8 {
    if report.is_incomplete() {
        code::SCRIPTS
    } else if report.count(Severity::Error) > 0 {
        code::CHECK_FAILED
    } else {
        0
    }
}

fn render(answer: &Answer<'_>, format: Format) -> String {
    match format {
        Format::Text => {
            let mut out = text::render(answer, text::Look::of_terminal());
            if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
                out.push_str(&github::render(answer));
            }
            out
        }
        Format::Json => json::report(answer),
        Format::Github => github::render(answer),
        Format::Gitlab => gitlab::render(answer),
        Format::Sarif => sarif::render(answer),
    }
}

/// A version folder that may not be listed.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{0}")]
#[diagnostic(help("give read permission to the folder of the migration scripts"))]
struct UnreadableFolder(String);

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::new(code::CONFIGURATION, error)
    }
}
