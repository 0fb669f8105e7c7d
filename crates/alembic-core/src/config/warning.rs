//! What Alembic passes over in silence and is a mistake most of the time. Nothing here changes an answer.

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use super::{Config, ScriptSettings, lookup::has_comment, python_text::path_text, secret};

/// A likely mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Error, Diagnostic)]
#[error("{kind}")]
#[diagnostic(severity(Warning))]
pub struct ConfigWarning {
    /// What it is.
    pub kind: ConfigWarningKind,
    /// The file and the key that lead there.
    #[help]
    pub place: String,
}

/// The kinds of likely mistakes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfigWarningKind {
    /// The scripts folder is a file: there are no revisions in it.
    #[error("script location `{}` is a file, not a folder", .0.display())]
    ScriptLocationIsFile(PathBuf),
    /// A configured version location is missing (or a link that leads nowhere): it is skipped.
    #[error("version location `{}` does not exist", .0.display())]
    VersionLocationMissing(PathBuf),
    /// A version location is a file: it is skipped.
    #[error("version location `{}` is a file, not a folder", .0.display())]
    VersionLocationIsFile(PathBuf),
    /// A comment behind a value is part of the value.
    #[error("the value of `{key}` goes on with what looks like a comment: `{value}`")]
    CommentInValue {
        /// The key.
        key: String,
        /// Its value.
        value: String,
    },
}

impl Config {
    /// Likely mistakes that Alembic says nothing about.
    pub fn warnings(&self, settings: &ScriptSettings) -> Vec<ConfigWarning> {
        let mut found = self.comments_in_values();
        let mut warn = |kind, key: &str| {
            let place = format!("`{key}` in `{}`", self.origin(key));
            found.push(ConfigWarning { kind, place });
        };
        if settings.script_location.is_file() {
            let path = settings.script_location.clone();
            warn(ConfigWarningKind::ScriptLocationIsFile(path), "script_location");
            if !settings.has_version_locations {
                return found;
            }
        }
        for path in &settings.version_locations {
            let kind = if path.is_file() {
                ConfigWarningKind::VersionLocationIsFile(path.clone())
            } else if settings.has_version_locations && !path.exists() {
                ConfigWarningKind::VersionLocationMissing(path.clone())
            } else {
                continue;
            };
            warn(kind, "version_locations");
        }
        found
    }

    /// The values of the ini file's section that go on with what looks like a comment: also where the configuration
    /// leads nowhere.
    pub fn comments_in_values(&self) -> Vec<ConfigWarning> {
        let Ok(ini) = self.ini() else {
            return Vec::new();
        };
        let section = self.section_name();
        let file = path_text(self.config_file_name());
        ini.options(section)
            .into_iter()
            .filter(|key| *key != "here")
            .filter_map(|key| Some((key, ini.raw(section, key)?)))
            .filter(|(_, value)| has_comment(value))
            .map(|(key, value)| ConfigWarning {
                kind: ConfigWarningKind::CommentInValue {
                    key: key.to_owned(),
                    value: secret::hide_value(key, value),
                },
                place: format!("`{key}` in `{file}`: put the comment on a line of its own"),
            })
            .collect()
    }
}
