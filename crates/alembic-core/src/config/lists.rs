//! Options that hold lists: `version_locations`, `prepend_sys_path`, the post write hooks.

use std::path::PathBuf;

use super::{
    Config, ConfigError, OptionValue, PostWriteHook,
    error::ConfigErrorKind as Kind,
    lookup::comment_help,
    paths::{Separator, split_names},
    secret,
};

const VERSION_LOCATIONS: &str = "version_locations";
const PATHS: &str = "a list of strings";
const HOOKS: &str = "a list of tables: `[[tool.alembic.post_write_hooks]]`";

/// A list as it was found, before anyone goes through it.
pub(super) enum FoundList {
    /// Split out of an ini file.
    Items(Vec<String>),
    /// Whatever toml has.
    Toml(OptionValue),
}

impl Config {
    /// Alembic's `get_version_locations_list`.
    pub(super) fn version_locations_list(&self) -> Result<Option<FoundList>, ConfigError> {
        let keys = ["path_separator", "version_path_separator"];
        self.find_list(VERSION_LOCATIONS, &keys, Separator::Legacy)
    }

    /// The version locations as written; empty when the default holds.
    pub(super) fn version_location_items(
        &self,
        found: Option<FoundList>,
    ) -> Result<Vec<String>, ConfigError> {
        let message = |kind: &str| format!("'{kind}' object is not iterable");
        let no_path = "expected str, bytes or os.PathLike object, not dict".to_owned();
        match found {
            Some(FoundList::Toml(OptionValue::Tables(tables))) if !tables.is_empty() => {
                Err(self.toml()?.wrong_type(VERSION_LOCATIONS, no_path, PATHS))
            }
            found => self.items(VERSION_LOCATIONS, found, message),
        }
    }

    /// The folders that come first on Python's search path; absolute.
    ///
    /// # Errors
    ///
    /// When `path_separator` is unknown, or a value cannot be read.
    pub fn prepend_sys_path(&self) -> Result<Vec<PathBuf>, ConfigError> {
        const KEY: &str = "prepend_sys_path";
        let found = self.find_list(KEY, &["path_separator"], Separator::LegacyWithColons)?;
        let items = self.items(KEY, found, |_| "can only assign an iterable".to_owned())?;
        Ok(items.iter().map(|item| self.absolute(item.as_ref())).collect())
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
        let names = options.iter().find(|(key, _)| key == "hooks").map_or("", |(_, names)| names);
        Ok(split_names(names, false)
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| PostWriteHook { options: own_options(&options, &name), name })
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
                return Err(toml.wrong_value(key, message.to_owned(), HOOKS));
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

    /// A list of the ini file, when it is set and not empty; else of toml.
    fn find_list(
        &self,
        key: &str,
        separators: &[&str],
        legacy: Separator,
    ) -> Result<Option<FoundList>, ConfigError> {
        let value = self.ini()?.get(self.section_name(), key)?;
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(self.toml()?.get(key)?.map(FoundList::Toml));
        };
        let separator = self.separator(separators)?.unwrap_or(legacy);
        Ok(Some(FoundList::Items(separator.split(&value))))
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

    /// The items of a list; none when it is not set.
    fn items(
        &self,
        key: &str,
        found: Option<FoundList>,
        not_iterable: impl Fn(&str) -> String,
    ) -> Result<Vec<String>, ConfigError> {
        let value = match found {
            None => return Ok(Vec::new()),
            Some(FoundList::Items(items)) => return Ok(items),
            Some(FoundList::Toml(value)) => value,
        };
        match value {
            OptionValue::List(items) => Ok(items),
            // Alembic goes through whatever it gets: a string by its characters, a table by its keys.
            OptionValue::Text(text) => Ok(text.chars().map(String::from).collect()),
            OptionValue::Table(table) => Ok(table.into_iter().map(|(key, _)| key).collect()),
            // Python's search path passes over what is no string.
            OptionValue::Tables(_) => Ok(Vec::new()),
            other if !other.is_true() => Ok(Vec::new()),
            other => {
                let message = not_iterable(other.python_type());
                Err(self.toml()?.wrong_type(key, message, PATHS))
            }
        }
    }
}

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
