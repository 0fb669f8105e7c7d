//! What the command line and the process say about where the configuration is.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use super::error::{ConfigError, ConfigErrorKind};

const INI_NAME: &str = "alembic.ini";
const TOML_NAME: &str = "pyproject.toml";

/// Where to look for the configuration. Nothing else is taken from the process.
#[derive(Clone, Debug)]
pub struct ConfigOptions {
    /// The values of `-c`, in order: at most one ini file and one file called `pyproject.toml`.
    pub config_files: Vec<PathBuf>,
    /// The section of the ini file (`-n`); `alembic` unless told otherwise.
    pub section: String,
    /// The current directory: absolute, every relative path starts here.
    pub cwd: PathBuf,
    /// The variables that count.
    pub environment: Environment,
}

impl ConfigOptions {
    /// The defaults, for the given current directory.
    pub fn new(cwd: impl Into<PathBuf>) -> Self {
        Self {
            config_files: Vec::new(),
            section: "alembic".to_owned(),
            cwd: cwd.into(),
            environment: Environment::default(),
        }
    }
}

/// The environment variables that the configuration depends on.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `ALEMBIC_CONFIG`: the default of the kind of file that it names; empty counts as unset.
    pub alembic_config: Option<OsString>,
    /// `PYTHONPATH`: where packages are looked for after `prepend_sys_path`.
    pub python_path: Option<OsString>,
    /// `VIRTUAL_ENV`: whose site-packages are searched.
    pub virtual_env: Option<OsString>,
    /// `CONDA_PREFIX`: likewise, when there is no virtual environment.
    pub conda_prefix: Option<OsString>,
}

impl Environment {
    /// Takes the variables from a lookup such as `std::env::var_os`.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let filled = |name| lookup(name).filter(|value| !value.is_empty());
        Self {
            alembic_config: filled("ALEMBIC_CONFIG"),
            python_path: filled("PYTHONPATH"),
            virtual_env: filled("VIRTUAL_ENV"),
            conda_prefix: filled("CONDA_PREFIX"),
        }
    }
}

/// The two files of a configuration, as given; either may be missing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ConfigFiles {
    pub(super) ini: PathBuf,
    pub(super) toml: PathBuf,
    /// Whether somebody named the ini file, with `-c` or in the environment.
    pub(super) ini_is_named: bool,
    /// The same of the toml file.
    pub(super) toml_is_named: bool,
}

/// Alembic's `CommandLine._inis_from_config`.
pub(super) fn choose_files(options: &ConfigOptions) -> Result<ConfigFiles, ConfigError> {
    let mut ini = None;
    let mut toml = None;
    for name in &options.config_files {
        if is_toml_name(name.as_os_str()) {
            if toml.replace(name.clone()).is_some() {
                return Err(ConfigError::from(ConfigErrorKind::TwoTomlFiles).helped(help()));
            }
        } else if ini.replace(name.clone()).is_some() {
            return Err(ConfigError::from(ConfigErrorKind::TwoIniFiles).helped(help()));
        }
    }
    let given = |path: &PathBuf| !path.as_os_str().is_empty();
    let (mut ini, mut toml) = (ini.filter(given), toml.filter(given));
    let variable = options.environment.alembic_config.as_ref();
    if let Some(path) = variable.filter(|path| !path.is_empty()) {
        let file = if is_toml_name(path) { &mut toml } else { &mut ini };
        file.get_or_insert_with(|| path.into());
    }
    Ok(ConfigFiles {
        ini_is_named: ini.is_some(),
        toml_is_named: toml.is_some(),
        ini: ini.unwrap_or_else(|| INI_NAME.into()),
        toml: toml.unwrap_or_else(|| TOML_NAME.into()),
    })
}

fn help() -> String {
    format!("`-c` may be given once for an ini file and once for a file called `{TOML_NAME}`")
}

/// Python's `os.path.basename(name) == "pyproject.toml"`: a trailing slash makes another name.
fn is_toml_name(name: &OsStr) -> bool {
    let ends_in_separator = name
        .as_encoded_bytes()
        .last()
        .is_some_and(|byte| std::path::is_separator(char::from(*byte)));
    !ends_in_separator && Path::new(name).file_name() == Some(OsStr::new(TOML_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(files: &[&str], variable: Option<&str>) -> Result<(String, String), String> {
        let mut options = ConfigOptions::new("/p");
        options.config_files = files.iter().map(PathBuf::from).collect();
        options.environment.alembic_config = variable.map(OsString::from);
        choose_files(&options)
            .map(|files| {
                (files.ini.to_str().unwrap().to_owned(), files.toml.to_str().unwrap().to_owned())
            })
            .map_err(|error| error.to_string())
    }

    #[expect(clippy::unnecessary_wraps, reason = "compared with a result")]
    fn chosen(ini: &str, toml: &str) -> Result<(String, String), String> {
        Ok((ini.to_owned(), toml.to_owned()))
    }

    #[test]
    fn defaults_give_way_to_the_variable_and_that_to_the_option() {
        assert_eq!(choose(&[], None), chosen("alembic.ini", "pyproject.toml"));
        assert_eq!(choose(&[], Some("")), chosen("alembic.ini", "pyproject.toml"));
        assert_eq!(choose(&[], Some("x.ini")), chosen("x.ini", "pyproject.toml"));
        assert_eq!(choose(&["y.ini"], Some("x.ini")), chosen("y.ini", "pyproject.toml"));
        assert_eq!(
            choose(&["y.ini"], Some("a/pyproject.toml")),
            chosen("y.ini", "a/pyproject.toml")
        );
        assert_eq!(
            choose(&["b/pyproject.toml", "y.toml"], None),
            chosen("y.toml", "b/pyproject.toml")
        );
        assert_eq!(choose(&[""], Some("x.ini")), chosen("x.ini", "pyproject.toml"));
        assert_eq!(choose(&["pyproject.toml/"], None), chosen("pyproject.toml/", "pyproject.toml"));
    }

    #[test]
    fn two_of_a_kind_are_refused() {
        assert_eq!(
            choose(&["a.ini", "b.ini"], None),
            Err("only one ini file may be indicated".to_owned())
        );
        assert_eq!(
            choose(&["pyproject.toml", "a/pyproject.toml"], None),
            Err("pyproject.toml indicated more than once".to_owned())
        );
    }
}
