//! Options that hold lists: `version_locations`, `prepend_sys_path`, the post write hooks.

use std::path::PathBuf;

use super::{
    Config, ConfigError, OptionValue, PostWriteHook,
    error::ConfigErrorKind as Kind,
    lookup::comment_help,
    paths::{Separator, split_names},
    secret,
};

const PATHS: &str = "a list of strings";

impl Config {
    /// Alembic's `get_version_locations_list`: the items as written, `None` when there are none.
    pub(super) fn version_locations_list(&self) -> Result<Option<Vec<String>>, ConfigError> {
        const KEY: &str = "version_locations";
        let keys = ["path_separator", "version_path_separator"];
        let items = match self.ini_list(KEY, &keys, Separator::Legacy)? {
            Some(items) => items,
            None => self.toml_list(KEY, |kind| format!("'{kind}' object is not iterable"))?,
        };
        Ok(Some(items).filter(|items| !items.is_empty()))
    }

    /// The folders that come first on Python's search path; absolute.
    ///
    /// # Errors
    ///
    /// When `path_separator` is unknown, or a value cannot be read.
    pub fn prepend_sys_path(&self) -> Result<Vec<PathBuf>, ConfigError> {
        const KEY: &str = "prepend_sys_path";
        let items = match self.ini_list(KEY, &["path_separator"], Separator::LegacyWithColons)? {
            Some(items) => items,
            None => self.toml_list(KEY, |_| "can only assign an iterable".to_owned())?,
        };
        Ok(items
            .iter()
            .map(|item| self.absolute(item.as_ref()))
            .collect())
    }

    /// Alembic's `get_hooks_list`: `[post_write_hooks]` of the ini file, else of toml.
    ///
    /// # Errors
    ///
    /// When an option of the section cannot be interpolated, or a toml hook has no name.
    pub fn post_write_hooks(&self) -> Result<Vec<PostWriteHook>, ConfigError> {
        const KEY: &str = "post_write_hooks";
        let Some(options) = self.section_options(KEY)? else {
            return self.toml_hooks(KEY);
        };
        let names = options
            .iter()
            .find(|(key, _)| key == "hooks")
            .map_or("", |(_, names)| names);
        Ok(split_names(names, false)
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| PostWriteHook {
                options: own_options(&options, &name),
                name,
            })
            .collect())
    }

    fn toml_hooks(&self, key: &str) -> Result<Vec<PostWriteHook>, ConfigError> {
        let toml = self.toml()?;
        let tables = match toml.get(key)? {
            None => return Ok(Vec::new()),
            Some(OptionValue::Tables(tables)) => tables,
            Some(OptionValue::Integer(_)) => {
                return Err(toml.wrong_type(key, "'int' object is not iterable".to_owned(), HOOKS));
            }
            Some(OptionValue::Boolean(_)) => {
                return Err(toml.wrong_type(
                    key,
                    "'bool' object is not iterable".to_owned(),
                    HOOKS,
                ));
            }
            Some(other) if !other.is_true() => return Ok(Vec::new()),
            Some(_) => {
                let message = "dictionary update sequence element #0 has length 1; 2 is required";
                return Err(toml.wrong_type(key, message.to_owned(), HOOKS));
            }
        };
        let hook = |mut options: Vec<(String, String)>| {
            let at = options.iter().position(|(key, _)| key == "name");
            let Some(at) = at else {
                let error = ConfigError::from(Kind::TomlHookWithoutName);
                return Err(toml.mark_key(error, key, "one of these has no `name`"));
            };
            let (_, name) = options.remove(at);
            Ok(PostWriteHook { name, options })
        };
        tables.into_iter().map(hook).collect()
    }

    /// The items of a list in the ini file; `None` when it is not set or empty.
    fn ini_list(
        &self,
        key: &str,
        separators: &[&str],
        legacy: Separator,
    ) -> Result<Option<Vec<String>>, ConfigError> {
        let value = self.ini()?.get(self.section_name(), key)?;
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let separator = self.separator(separators)?.unwrap_or(legacy);
        Ok(Some(separator.split(&value)))
    }

    /// The first of the keys that is set; `None` when none is.
    fn separator(&self, keys: &[&str]) -> Result<Option<Separator>, ConfigError> {
        for key in keys {
            let Some(value) = self.get_main_option(key)? else {
                continue;
            };
            if let Some(separator) = Separator::named(&value) {
                return Ok(Some(separator));
            }
            let help = comment_help(&value);
            let kind = Kind::BadSeparator {
                key: (*key).to_owned(),
                value: secret::hide_value(key, &value),
            };
            return Err(self
                .mark_option(kind.into(), key, "not one of the known separators")
                .helped(help));
        }
        Ok(None)
    }

    /// The items of a list in toml; empty when it is not set.
    fn toml_list(
        &self,
        key: &str,
        not_iterable: impl Fn(&str) -> String,
    ) -> Result<Vec<String>, ConfigError> {
        let toml = self.toml()?;
        let Some(value) = toml.get(key)? else {
            return Ok(Vec::new());
        };
        match value {
            OptionValue::List(items) => Ok(items),
            // Alembic goes through whatever it gets: a string by its characters, a table by its keys.
            OptionValue::Text(text) => Ok(text.chars().map(String::from).collect()),
            OptionValue::Table(table) => Ok(table.into_iter().map(|(key, _)| key).collect()),
            OptionValue::Tables(_) => {
                let message = "expected str, bytes or os.PathLike object, not dict".to_owned();
                Err(toml.wrong_type(key, message, PATHS))
            }
            other if !other.is_true() => Ok(Vec::new()),
            other => Err(toml.wrong_type(key, not_iterable(other.python_type()), PATHS)),
        }
    }
}

const HOOKS: &str = "a list of tables: `[[tool.alembic.post_write_hooks]]`";

/// The options `name.x` as `x`.
fn own_options(options: &[(String, String)], name: &str) -> Vec<(String, String)> {
    options
        .iter()
        .filter_map(|(key, value)| {
            let own = key.strip_prefix(name)?.strip_prefix('.')?;
            Some((own.to_owned(), value.clone()))
        })
        .collect()
}
