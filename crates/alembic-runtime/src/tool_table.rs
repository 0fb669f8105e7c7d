//! `[tool.alembic-rs]` of pyproject.toml: what the project tells this program alone.

use std::path::{Path, PathBuf};

use alembic_core::config::Config;

use crate::python::NamedPython;

/// A larger file is not read.
const MAX_SIZE: u64 = 1 << 20;

/// The table's options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolTable {
    /// The file that it stands in.
    pub file: PathBuf,
    /// `url_env`: the variable that holds the database's URL.
    pub url_env: Option<String>,
    /// `env_file`: a file of variables, as it is written.
    pub env_file: Option<String>,
    /// `python`: the interpreter that runs the migrations, as it is written.
    pub python: Option<String>,
}

impl ToolTable {
    /// The table of a project: in the pyproject.toml that was asked for, else in the one beside the ini file. `None` where
    /// there is none, or it cannot be read; what is wrong with a file is reported by those who need it.
    pub fn of(config: &Config) -> Option<Self> {
        let beside_toml = config.cwd().join(config.toml_file_name());
        let beside_ini = config.here().join("pyproject.toml");
        let file = [beside_toml, beside_ini].into_iter().find(|path| path.is_file())?;
        if fs_err::metadata(&file).ok()?.len() > MAX_SIZE {
            return None;
        }
        let document: toml::Table = fs_err::read_to_string(&file).ok()?.parse().ok()?;
        let table = document.get("tool")?.get("alembic-rs")?;
        let option = |name: &str| table.get(name).and_then(toml::Value::as_str).map(str::to_owned);
        Some(Self {
            url_env: option("url_env"),
            env_file: option("env_file"),
            python: option("python"),
            file,
        })
    }

    /// The folder that relative paths start at.
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    /// The interpreter, for [`crate::python::discover`].
    pub fn named_python(&self) -> Option<NamedPython> {
        let value = self.python.as_ref().filter(|value| !value.is_empty())?;
        Some(NamedPython { value: value.into(), file: self.file.clone() })
    }
}
