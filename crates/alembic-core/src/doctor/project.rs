//! What lies on disk: configuration, scripts, identifiers, links, heads.

use std::path::{Path, PathBuf};

use super::check::{Check, Status, count};
use crate::check::{CheckOptions, CheckReport, Code, Facts, Finding, Severity, Survey};
use crate::config::{Config, ConfigError, ConfigWarning, ConfigWarningKind, ScriptSettings};
use crate::script::ScriptFiles;

const CONFIGURATION: &str = "configuration";
const VALUES: &str = "values";
const ENVIRONMENT: &str = "env.py";
const SCRIPTS: &str = "scripts";
const IDENTIFIERS: &str = "identifiers";
const LINKS: &str = "links";
const HEADS: &str = "heads";

/// More findings of a kind than this help nobody at once.
const MOST_FINDINGS: usize = 5;

/// Looks at the project. A configuration that does not lead to scripts ends the list.
pub fn project(config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    let settings = match config.script_settings() {
        Ok(settings) => settings,
        Err(error) => {
            checks.push(refused(&error));
            // A comment behind a value is often why.
            checks.extend(comments(config, &config.comments_in_values()));
            return checks;
        }
    };
    checks.push(found(config));
    checks.extend(values(config, &settings));
    checks.push(environment(config, &settings));
    let files = ScriptFiles::read(
        &settings.version_locations,
        settings.recursive_version_locations,
        &settings.prepend_sys_path,
    );
    let report = Survey::new(&files, CheckOptions::default(), None).report(Facts::new());
    checks.extend(Findings { config, report: &report, settings: &settings }.checks());
    checks
}

fn refused(error: &ConfigError) -> Check {
    let sentence = error.to_string();
    let first = sentence.lines().next().unwrap_or_default();
    Check::error(CONFIGURATION, first, error.help().map(str::to_owned))
}

/// The file that names the scripts.
fn found(config: &Config) -> Check {
    let (ini, toml) = (config.config_file_name(), config.toml_file_name());
    let from_ini =
        config.ini().is_ok_and(|ini| ini.has_option(config.section_name(), "script_location"));
    let sentence = if from_ini {
        let section = config.section_name();
        format!("`{}`, section [{section}]", shown(config, ini))
    } else if config.cwd().join(ini).exists() {
        format!("`{}` and [tool.alembic] in `{}`", shown(config, ini), shown(config, toml))
    } else {
        format!("[tool.alembic] in `{}`", shown(config, toml))
    };
    Check::ok(CONFIGURATION, sentence)
}

fn values(config: &Config, settings: &ScriptSettings) -> Vec<Check> {
    let warnings = config.warnings(settings);
    if warnings.is_empty() {
        return vec![Check::ok(VALUES, "no comment stands behind a value, all folders are there")];
    }
    comments(config, &warnings)
}

fn comments(config: &Config, warnings: &[ConfigWarning]) -> Vec<Check> {
    let file = shown(config, config.config_file_name());
    let check = |warning: &ConfigWarning| match &warning.kind {
        ConfigWarningKind::CommentInValue { key, .. } => {
            let line = config.option_line(key).map(|line| format!(" ({file}:{line})"));
            let fix = format!(
                "put the comment on a line of its own above `{key}`: ConfigParser knows none \
                 behind a value"
            );
            Check::warning(VALUES, format!("{}{}", warning.kind, line.unwrap_or_default()), fix)
        }
        ConfigWarningKind::VersionLocationMissing(folder) => {
            let fix = format!("`mkdir -p {}`, or correct {}", folder.display(), warning.place);
            Check::warning(VALUES, warning.kind.to_string(), fix)
        }
        _ => {
            let fix = format!("correct {}", warning.place);
            Check::warning(VALUES, warning.kind.to_string(), fix)
        }
    };
    warnings.iter().map(check).collect()
}

fn environment(config: &Config, settings: &ScriptSettings) -> Check {
    let file = settings.script_location.join("env.py");
    let name = shown(config, &file);
    if file.is_file() {
        return Check::ok(ENVIRONMENT, format!("`{name}`"));
    }
    let sentence = format!("`{name}` does not exist: no migration can run");
    Check::error(
        ENVIRONMENT,
        sentence,
        "take it back from git, or write one with `init`".to_owned(),
    )
}

/// Turns the findings of `heads --check` into lines.
struct Findings<'a> {
    config: &'a Config,
    settings: &'a ScriptSettings,
    report: &'a CheckReport,
}

impl Findings<'_> {
    fn checks(&self) -> Vec<Check> {
        let mut checks = self.of(SCRIPTS, &[Code::UnreadableScript], || self.scripts());
        let identifiers = [
            Code::DuplicateRevision,
            Code::IllegalCharacters,
            Code::LongIdentifier,
            Code::PlaceholderIdentifier,
        ];
        checks.extend(self.of(IDENTIFIERS, &identifiers, || {
            "all are unique, drawn by a machine or a scheme, and fit into 32 characters".to_owned()
        }));
        let links = [
            Code::SelfLoop,
            Code::DuplicateLabel,
            Code::FileNameAsParent,
            Code::MissingParent,
            Code::MissingDependency,
            Code::Cycle,
            Code::DependencyCycle,
            Code::DocstringMismatch,
        ];
        checks.extend(self.of(LINKS, &links, || {
            "every revision that a script names is there, and no ring".to_owned()
        }));
        checks.extend(self.of(HEADS, &[Code::MultipleHeads], || self.heads()));
        checks
    }

    fn scripts(&self) -> String {
        let folders = self.settings.version_locations.len();
        let number = count(self.report.scripts, "script");
        match self.settings.version_locations.as_slice() {
            [only] => format!("{number} in `{}`", shown(self.config, only)),
            _ => format!("{number} in {}", count(folders, "folder")),
        }
    }

    fn heads(&self) -> String {
        match self.report.heads.as_slice() {
            [] => "no head: there is no script".to_owned(),
            [head] => format!("one head, `{}`", head.revision),
            heads => count(heads.len(), "head"),
        }
    }

    /// The findings of some kinds as lines, or one line that all is well.
    fn of(&self, name: &'static str, codes: &[Code], well: impl Fn() -> String) -> Vec<Check> {
        let found: Vec<&Finding> =
            self.report.findings.iter().filter(|finding| codes.contains(&finding.code)).collect();
        if found.is_empty() {
            return vec![Check::ok(name, well())];
        }
        let mut checks: Vec<Check> =
            found.iter().take(MOST_FINDINGS).map(|finding| self.check(name, finding)).collect();
        if found.len() > MOST_FINDINGS {
            let status = found.iter().skip(MOST_FINDINGS).map(|f| self.status(f)).max();
            checks.push(Check {
                name,
                status: status.unwrap_or(Status::Warning),
                sentence: format!("{} more of these", found.len() - MOST_FINDINGS),
                fix: Some("`alembic-rs heads --check` lists all".to_owned()),
                ways: Vec::new(),
            });
        }
        checks
    }

    fn check(&self, name: &'static str, finding: &Finding) -> Check {
        let message = finding.message.lines().next().unwrap_or_default();
        let place = finding.places.first().filter(|_| finding.code != Code::MultipleHeads);
        let sentence = match place {
            Some(place) => {
                let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
                format!("{message} ({}{line})", shown(self.config, &place.path))
            }
            None => format!("{message}: {}", finding.revisions.join(", ")),
        };
        let fix = finding.help.first().map(ToString::to_string);
        Check { name, status: self.status(finding), sentence, fix, ways: Vec::new() }
    }

    fn status(&self, finding: &Finding) -> Status {
        // Heads that all have a label are branches on purpose: `upgrade heads`.
        let on_purpose = finding.code == Code::MultipleHeads
            && self.report.heads.iter().all(|head| !head.labels.is_empty());
        if on_purpose || finding.severity() == Severity::Warning {
            Status::Warning
        } else {
            Status::Error
        }
    }
}

/// A path as one would type it here.
fn shown(config: &Config, path: &Path) -> String {
    let real = fs_err::canonicalize(config.cwd()).unwrap_or_else(|_| config.cwd().to_owned());
    let here = [config.cwd().to_owned(), real];
    let short: Option<PathBuf> =
        here.iter().find_map(|folder| Some(path.strip_prefix(folder).ok()?.to_owned()));
    short.as_deref().unwrap_or(path).display().to_string()
}
