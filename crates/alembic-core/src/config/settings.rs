//! What a script directory needs of the configuration, read in the order in which Alembic reads it, so that of
//! several errors the same one is met first (`ScriptDirectory.from_config`).

use std::path::{Path, PathBuf};

use super::{
    Config, ConfigError, OptionValue, discovery,
    error::ConfigErrorKind as Kind,
    package::{self, SearchPath},
    python_text::path_text,
    secret,
    site_packages::Installed,
};

const LOCATION: &str = "script_location";

/// What a script directory needs to know.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScriptSettings {
    /// The scripts folder: absolute, not resolved; it exists (and might be a file).
    pub script_location: PathBuf,
    /// Where revision files are, in order: absolute, not resolved, `..` kept; they need not exist.
    pub version_locations: Vec<PathBuf>,
    /// Were the locations configured, rather than the default `versions` in the scripts folder?
    pub has_version_locations: bool,
    /// Are subfolders read as well?
    pub recursive_version_locations: bool,
    /// Do compiled scripts count?
    pub sourceless: bool,
    /// The longest slug of a new file's name, in characters.
    pub truncate_slug_length: i64,
    /// The folders that come first on Python's search path; absolute.
    pub prepend_sys_path: Vec<PathBuf>,
    /// What is run after a new file was written.
    pub hooks: Vec<PostWriteHook>,
}

/// A post write hook, with its options in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostWriteHook {
    /// Its name in `hooks`.
    pub name: String,
    /// `type`, `options`, `cwd` and what the type needs.
    pub options: Vec<(String, String)>,
}

impl PostWriteHook {
    /// The value of an option.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

impl Config {
    /// Everything at once, evaluated in Alembic's order.
    ///
    /// # Errors
    ///
    /// The first failure that Alembic would meet.
    pub fn script_settings(&self) -> Result<ScriptSettings, ConfigError> {
        let location = self.script_location_value()?;
        let truncate_slug_length = self.truncate_slug_length()?;
        let prepend_sys_path = self.prepend_sys_path()?;
        let recursive_version_locations = self.recursive_version_locations()?;
        let search = self.search_path(prepend_sys_path.clone());
        let path = self.coerce(LOCATION, &self.location_text(location)?, &search)?;
        self.get_alembic_option("file_template")?;
        let sourceless = self.sourceless()?;
        self.get_alembic_option("output_encoding")?;
        let locations = self.version_locations_list()?;
        self.get_alembic_option("timezone")?;
        let hooks = self.post_write_hooks()?;
        let locations = self.version_location_items(locations)?;
        let script_location = self.existing(&path)?;
        Ok(ScriptSettings {
            has_version_locations: !locations.is_empty(),
            version_locations: self.locations(&locations, &script_location, &search)?,
            script_location,
            recursive_version_locations,
            sourceless,
            truncate_slug_length,
            prepend_sys_path,
            hooks,
        })
    }

    /// The scripts folder: absolute, not resolved through links.
    ///
    /// # Errors
    ///
    /// When the key is missing, the package is not found, or the path does not exist.
    pub fn script_location(&self) -> Result<PathBuf, ConfigError> {
        let location = self.location_text(self.script_location_value()?)?;
        let search = self.search_path(self.prepend_sys_path()?);
        let path = self.coerce(LOCATION, &location, &search)?;
        self.existing(&path)
    }

    /// The folders of revision files, in order: absolute, not resolved, `..` kept. They need not exist.
    ///
    /// # Errors
    ///
    /// When the list cannot be read or a package is not found.
    pub fn version_locations(&self, script_location: &Path) -> Result<Vec<PathBuf>, ConfigError> {
        let search = self.search_path(self.prepend_sys_path()?);
        let locations = self.version_location_items(self.version_locations_list()?)?;
        self.locations(&locations, script_location, &search)
    }

    fn script_location_value(&self) -> Result<OptionValue, ConfigError> {
        self.get_alembic_option(LOCATION)?.ok_or_else(|| discovery::no_script_location(self))
    }

    fn location_text(&self, value: OptionValue) -> Result<String, ConfigError> {
        match value {
            OptionValue::Text(text) => Ok(text),
            other => {
                let kind = other.python_type();
                let message = format!("expected str, bytes or os.PathLike object, not {kind}");
                Err(self.toml()?.wrong_type(LOCATION, message, "a string"))
            }
        }
    }

    fn locations(
        &self,
        items: &[String],
        script_location: &Path,
        search: &SearchPath,
    ) -> Result<Vec<PathBuf>, ConfigError> {
        if items.is_empty() {
            return Ok(vec![self.absolute(&script_location.join("versions"))]);
        }
        items
            .iter()
            .map(|item| {
                let path = self.coerce("version_locations", item, search)?;
                Ok(self.absolute(&path))
            })
            .collect()
    }

    fn coerce(
        &self,
        key: &str,
        location: &str,
        search: &SearchPath,
    ) -> Result<PathBuf, ConfigError> {
        package::coerce(location, search).map_err(|kind| {
            let help = discovery::package_help(self, key, &kind);
            self.mark_option(kind.into(), key, "named here").helped(help)
        })
    }

    /// The path made absolute, if there is anything.
    fn existing(&self, path: &Path) -> Result<PathBuf, ConfigError> {
        if path.as_os_str().as_encoded_bytes().contains(&0) {
            let key = LOCATION.to_owned();
            let error = ConfigError::from(Kind::NulInPath { key });
            return Err(self
                .mark_option(error, LOCATION, "this value holds a NUL character")
                .helped("a path cannot hold NUL: save the file as plain UTF-8 text".to_owned()));
        }
        let absolute = self.absolute(path);
        if absolute.exists() {
            return Ok(absolute);
        }
        let kind = Kind::PathDoesNotExist { path: secret::hide_value(LOCATION, &path_text(path)) };
        Err(self
            .mark_option(kind.into(), LOCATION, "nothing is there")
            .helped(discovery::missing_path_help(self, path)))
    }

    fn search_path(&self, mut first: Vec<PathBuf>) -> SearchPath {
        let variable = self.options.environment.python_path.as_ref();
        if let Some(entries) = variable.filter(|entries| !entries.is_empty()) {
            first.extend(std::env::split_paths(entries).map(|entry| self.absolute(&entry)));
        }
        let environment = self.options.environment.clone();
        let folder = self.here();
        SearchPath { first, installed: Box::new(move || Installed::read(&environment, &folder)) }
    }
}
