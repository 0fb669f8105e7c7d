//! Alembic's configuration: an ini file in ConfigParser's dialect and `[tool.alembic]` of a `pyproject.toml`.
//!
//! The ini section (`[alembic]`, or what `-n` says) comes first, with `[DEFAULT]`, then the toml table. Nothing is
//! evaluated before it is asked for, as in Alembic: an error in an option that nobody reads is no error, and the toml
//! file is not opened as long as the ini file answers. Either file may be missing.
//!
//! What this module does not do: it reads no scripts, connects to nothing, and never runs Python. `package:folder`
//! locations are found by looking at files alone.
//!
//! No error, label or snippet shows the password of a URL.

mod discovery;
mod error;
pub mod ini;
pub mod interpolation;
mod lists;
mod lookup;
mod options;
mod package;
mod paths;
mod percent;
pub(crate) mod python_text;
mod read;
mod secret;
mod settings;
mod site_packages;
mod source_text;
mod toml;
mod warning;

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

pub(crate) use self::read::is_pipe;
use self::{
    error::ConfigErrorKind as Kind,
    ini::IniFile,
    options::{ConfigFiles, choose_files},
    toml::TomlFile,
};
pub use self::{
    error::{ConfigError, ConfigErrorKind, Outcome},
    options::{ConfigOptions, Environment},
    settings::{PostWriteHook, ScriptSettings},
    toml::OptionValue,
    warning::{ConfigWarning, ConfigWarningKind},
};

/// Alembic's `Config`: where the options come from, and their values.
///
/// It has no `Debug`: values may hold passwords.
pub struct Config {
    options: ConfigOptions,
    files: ConfigFiles,
    ini: OnceLock<IniFile>,
    toml: OnceLock<TomlFile>,
}

impl Config {
    /// Decides which files count. Nothing is read yet.
    ///
    /// # Errors
    ///
    /// When `-c` names two files of a kind.
    pub fn load(options: &ConfigOptions) -> Result<Self, ConfigError> {
        Ok(Self {
            files: choose_files(options)?,
            options: options.clone(),
            ini: OnceLock::new(),
            toml: OnceLock::new(),
        })
    }

    /// The ini file as given; it need not exist.
    pub fn config_file_name(&self) -> &Path {
        &self.files.ini
    }

    /// The toml file as given; it need not exist.
    pub fn toml_file_name(&self) -> &Path {
        &self.files.toml
    }

    /// The section of the ini file that counts.
    pub fn section_name(&self) -> &str {
        &self.options.section
    }

    /// The current directory that relative paths start from.
    pub fn cwd(&self) -> &Path {
        &self.options.cwd
    }

    /// The folder of the ini file (`%(here)s`): absolute, not resolved through links, also when the file is missing.
    pub fn here(&self) -> PathBuf {
        self.folder_of(&self.files.ini)
    }

    /// The ini file; an empty one when it cannot be opened, as ConfigParser has it.
    ///
    /// # Errors
    ///
    /// When it can be read and is not an ini file, or not UTF-8; when it is a pipe that nobody named.
    pub fn ini(&self) -> Result<&IniFile, ConfigError> {
        if let Some(ini) = self.ini.get() {
            return Ok(ini);
        }
        let name = python_text::path_text(&self.files.ini);
        let path = self.options.cwd.join(&self.files.ini);
        if !self.files.ini_is_named {
            refuse_pipe(&path, &name)?;
        }
        let bytes = read::read(&path).unwrap_or_default();
        let text = read::decode(&name, bytes)?;
        let ini = IniFile::parse(&name, &text, &slashes(&self.here()))?;
        Ok(self.ini.get_or_init(|| ini))
    }

    /// The toml table; an empty one when there is no such file.
    fn toml(&self) -> Result<&TomlFile, ConfigError> {
        if let Some(toml) = self.toml.get() {
            return Ok(toml);
        }
        let name = python_text::path_text(&self.files.toml);
        let path = self.options.cwd.join(&self.files.toml);
        if !self.files.toml_is_named {
            refuse_pipe(&path, &name)?;
        }
        let toml = if path.exists() {
            let bytes = read::read(&path).map_err(|cause| {
                ConfigError::from(Kind::TomlUnreadable { file: name.clone() }).caused_by(cause)
            })?;
            let text = read::decode(&name, bytes)?;
            TomlFile::parse(&name, &text, &slashes(&self.folder_of(&self.files.toml)))?
        } else {
            TomlFile::empty(&name)
        };
        Ok(self.toml.get_or_init(|| toml))
    }

    /// Does the toml file have a `[tool.alembic]` table, be it empty?
    ///
    /// # Errors
    ///
    /// When the file is there and is not toml.
    pub fn toml_declares_alembic(&self) -> Result<bool, ConfigError> {
        let bytes = read::read(&self.options.cwd.join(&self.files.toml)).unwrap_or_default();
        // Whatever it is: Alembic asks for the key alone.
        if toml::declares_alembic(&String::from_utf8_lossy(&bytes)) {
            return Ok(true);
        }
        self.toml()?;
        Ok(false)
    }

    /// Python's `Path.absolute()` from the current directory: `..` stays.
    pub fn absolute_path(&self, path: &Path) -> PathBuf {
        self.absolute(path)
    }

    fn folder_of(&self, file: &Path) -> PathBuf {
        let path = self.absolute(file);
        path.parent().map_or(path.clone(), Path::to_owned)
    }

    /// Python's `Path.absolute()`: `..` stays.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        python_text::pure_path(&self.options.cwd.join(path))
    }
}

/// A pipe that somebody names is read once, as `-c <(…)` asks for; one that merely
/// lies there may never be written to.
fn refuse_pipe(path: &Path, name: &str) -> Result<(), ConfigError> {
    if !is_pipe(path) {
        return Ok(());
    }
    let help = format!("to read the configuration from a pipe, name it: `-c {name}`");
    Err(ConfigError::from(Kind::NamedPipe { file: name.to_owned() }).helped(help))
}

/// Python's `repr` of a text.
pub fn python_repr(text: &str) -> String {
    python_text::repr(text)
}

/// Python's `Path.as_posix()`.
fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}
