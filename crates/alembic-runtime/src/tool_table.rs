//! `[tool.alembic-rs]` of pyproject.toml: what the project tells this program alone.

use std::path::{Path, PathBuf};

use alembic_core::config::Config;
use alembic_core::{near_miss, read};

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
    /// `version_table`: its name, where env.py does not tell.
    pub version_table: Option<String>,
    /// `version_table_schema`: its schema, where env.py does not tell; empty for the connection's own.
    pub version_table_schema: Option<String>,
    /// Keys that mean nothing.
    unknown: Vec<String>,
}

/// The keys of the table.
const KEYS: [&str; 5] = ["url_env", "env_file", "python", "version_table", "version_table_schema"];

impl ToolTable {
    /// The table of a project: in the pyproject.toml that was asked for, else in the one beside the ini file. `None` where
    /// there is none, or it cannot be read; what is wrong with a file is reported by those who need it.
    pub fn of(config: &Config) -> Option<Self> {
        let beside_toml = config.cwd().join(config.toml_file_name());
        let beside_ini = config.here().join("pyproject.toml");
        let file = [beside_toml, beside_ini].into_iter().find(|path| path.is_file())?;
        let bytes = read::up_to(&file, MAX_SIZE + 1).ok()?;
        let text = String::from_utf8(bytes).ok().filter(|text| text.len() as u64 <= MAX_SIZE)?;
        if !may_have_table(&text) {
            return None;
        }
        let document: toml::Table = text.parse().ok()?;
        let table = document.get("tool")?.get("alembic-rs")?;
        let keys = table.as_table().into_iter().flat_map(toml::Table::keys);
        let option = |name: &str| table.get(name).and_then(toml::Value::as_str).map(str::to_owned);
        Some(Self {
            url_env: option("url_env"),
            env_file: option("env_file"),
            python: option("python"),
            version_table: option("version_table"),
            version_table_schema: option("version_table_schema"),
            unknown: keys.filter(|key| !KEYS.contains(&key.as_str())).cloned().collect(),
            file,
        })
    }

    /// A sentence for each key that means nothing: a slip would pass for what was never written.
    pub fn warnings(&self) -> Vec<String> {
        let warning = |key: &String| {
            let meant = near_miss::nearest(key, KEYS);
            let meant = meant.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            format!("{}: [tool.alembic-rs] has no option `{key}`{meant}", self.file.display())
        };
        self.unknown.iter().map(warning).collect()
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

/// Whether reading the whole file is worth it: hardly any project has the table, and every command looks for it.
///
/// Its name stands in a header or before an equals sign. `tool` itself may be an inline table, and a quoted key may have
/// escapes in it.
fn may_have_table(text: &str) -> bool {
    text.lines().any(|line| {
        let key = line.split('=').next().unwrap_or_default();
        key.contains("alembic-rs") || key.contains('\\') || key.trim() == "tool"
    })
}

#[cfg(test)]
mod tests {
    use super::may_have_table;

    #[test]
    fn every_way_to_write_the_table() {
        for text in [
            "[tool.alembic-rs]\nurl_env = 'X'\n",
            "[project]\nname = 'x'\n[ tool . \"alembic-rs\" ]\n",
            "[tool]\nalembic-rs = { url_env = 'X' }\n",
            "tool.alembic-rs.url_env = 'X'\n",
            "tool = { alembic-rs = { url_env = 'X' } }\n",
            "[tool.\"alembic\\u002drs\"]\n",
        ] {
            assert!(
                text.parse::<toml::Table>().unwrap()["tool"]["alembic-rs"].is_table(),
                "{text}"
            );
            assert!(may_have_table(text), "{text}");
        }
        assert!(!may_have_table("[project]\ndescription = 'Example project of alembic-rs'\n"));
    }
}
