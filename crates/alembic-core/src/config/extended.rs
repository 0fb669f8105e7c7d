//! A configuration with further version locations, for a child that is to see them while no file of the project
//! changes.
//!
//! The result is the text of an ini file that may lie anywhere: what the project's own file says, to the byte, but
//! for the version locations, which become absolute. `%(here)s` stays the project's folder through `here` in
//! `[DEFAULT]`, which also the `fileConfig` of Python's logging reads. A `pyproject.toml` is left alone: what an ini
//! file says comes first, and everything else is still read from there.
//!
//! Alembic before 1.16 knows `version_path_separator` alone, and splits `prepend_sys_path` whatever is set; so the
//! new locations are joined with a separator that both keys name, and `prepend_sys_path` is left as it is, unless a
//! path holds the separator.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{Config, ConfigError, ScriptSettings, paths::Separator};

const LOCATIONS: &str = "version_locations";
const SEPARATOR: &str = "path_separator";
const OLD_SEPARATOR: &str = "version_path_separator";
const SYS_PATH: &str = "prepend_sys_path";

/// What `logging.config.fileConfig` asks for: a project without an ini file may call it when there is one.
const LOGGING: &str = "\n[loggers]\nkeys = root\n\n[handlers]\nkeys = console\n\n[formatters]\nkeys = generic\n\n\
    [logger_root]\nlevel = WARNING\nhandlers = console\nqualname =\n\n\
    [handler_console]\nclass = StreamHandler\nargs = (sys.stderr,)\nlevel = NOTSET\nformatter = generic\n\n\
    [formatter_generic]\nformat = %(levelname)-5.5s [%(name)s] %(message)s\n";

/// A configuration to hand to Alembic. It has no `Debug`: its text may hold passwords.
pub struct ExtendedConfig {
    text: String,
    toml: Option<PathBuf>,
}

impl ExtendedConfig {
    /// The text of the ini file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The options that make Alembic read the ini file once it lies at `path`, in place of the `-c` that were given.
    pub fn arguments(&self, path: &Path) -> Vec<OsString> {
        let files = std::iter::once(path).chain(self.toml.as_deref());
        files.flat_map(|file| [OsString::from("-c"), file.into()]).collect()
    }
}

/// Why there can be no such configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtendError {
    /// The configuration itself is at fault.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A path cannot stand in an ini file.
    #[error("`{}` cannot be written into an ini file", .0.display())]
    Path(PathBuf),
}

impl Config {
    /// The configuration with `more` version locations behind its own, which are those of `settings`.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or a path cannot stand in an ini file.
    pub fn extended(
        &self,
        settings: &ScriptSettings,
        more: &[PathBuf],
    ) -> Result<ExtendedConfig, ExtendError> {
        let ini = self.ini()?;
        let locations = settings.version_locations.iter().chain(more);
        let locations = locations.map(|path| plain(path)).collect::<Result<Vec<_>, _>>()?;
        let mut plan = Plan { options: Vec::new(), replaced: vec![LOCATIONS, OLD_SEPARATOR] };
        let separator = self.choose_separator(&locations, settings, &mut plan)?;
        plan.set(LOCATIONS, &separator.join(&locations));
        plan.set(OLD_SEPARATOR, separator.name);
        let mut text = ini.with_options(self.section_name(), &plan.replaced, &plan.options);
        if !ini.sets_here() {
            match plain(&self.here()) {
                Ok(here) => text.extend(["\n[DEFAULT]\nhere = ", &escape(&here), "\n"]),
                Err(error) if text.to_lowercase().contains("%(here)") => return Err(error),
                Err(_) => {}
            }
        }
        if !self.cwd().join(self.config_file_name()).exists() {
            text.push_str(LOGGING);
        }
        // The default is found again; only another one has to be named.
        let toml = Some(self.toml_file_name()).filter(|path| *path != Path::new("pyproject.toml"));
        Ok(ExtendedConfig { text, toml: toml.map(|path| self.absolute(path)) })
    }

    /// The separator in use, where it is in none of the paths.
    fn choose_separator(
        &self,
        locations: &[String],
        settings: &ScriptSettings,
        plan: &mut Plan,
    ) -> Result<Joiner, ExtendError> {
        let ini = self.ini()?;
        let section = self.section_name();
        let value = |key| ini.get(section, key);
        if let Some(name) = value(SEPARATOR)? {
            if let Some(joiner) = Joiner::named(&name).filter(|joiner| joiner.fits(locations)) {
                return Ok(joiner);
            }
            // The new separator holds for this list too.
            if value(SYS_PATH)?.is_some_and(|value| !value.is_empty()) {
                let roots = settings.prepend_sys_path.iter();
                let roots = roots.map(|path| plain(path)).collect::<Result<Vec<_>, _>>()?;
                plan.replaced.push(SYS_PATH);
                plan.set(SYS_PATH, &Joiner::LINES.join(&roots));
            }
            plan.replaced.push(SEPARATOR);
            plan.set(SEPARATOR, Joiner::LINES.name);
            return Ok(Joiner::LINES);
        }
        let old = value(OLD_SEPARATOR)?.and_then(|name| Joiner::named(&name));
        let usual = old.or_else(|| Joiner::named("os")).filter(|joiner| joiner.fits(locations));
        Ok(usual.unwrap_or(Joiner::LINES))
    }
}

/// What changes in the main section.
struct Plan {
    options: Vec<(&'static str, String)>,
    replaced: Vec<&'static str>,
}

impl Plan {
    fn set(&mut self, key: &'static str, value: &str) {
        self.options.push((key, escape(value)));
    }
}

/// A separator with the name that Alembic has for it.
#[derive(Clone, Copy)]
struct Joiner {
    name: &'static str,
    character: char,
}

impl Joiner {
    const LINES: Self = Self { name: "newline", character: '\n' };

    fn named(name: &str) -> Option<Self> {
        let name = ["space", "newline", "os", ":", ";"].into_iter().find(|known| *known == name)?;
        match Separator::named(name) {
            Some(Separator::Character(character)) => Some(Self { name, character }),
            _ => None,
        }
    }

    fn fits(self, paths: &[String]) -> bool {
        paths.iter().all(|path| !path.contains(self.character))
    }

    fn join(self, paths: &[String]) -> String {
        paths.join(&self.character.to_string())
    }
}

fn plain(path: &Path) -> Result<String, ExtendError> {
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r', '\0']));
    text.map(str::to_owned).ok_or_else(|| ExtendError::Path(path.to_owned()))
}

/// As ConfigParser reads it back.
fn escape(value: &str) -> String {
    value.replace('%', "%%")
}
