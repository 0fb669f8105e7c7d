//! A throw-away project folder, and what the configuration says in it.

use std::path::Path;

use alembic_core::config::{Config, ConfigError, ConfigOptions, ScriptSettings};
use miette::NarratableReportHandler;

pub(crate) struct Project {
    folder: tempfile::TempDir,
    pub(crate) options: ConfigOptions,
}

impl Project {
    /// Files by path and text; a path that ends in `/` is a folder.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = ConfigOptions::new(folder.path());
        let project = Self { folder, options };
        for (path, text) in files {
            project.write(path, text.as_bytes());
        }
        project
    }

    /// A project with an ini file and a scripts folder `migrations`.
    pub(crate) fn with_ini(text: &str) -> Self {
        Self::new(&[("alembic.ini", text), ("migrations/versions/", "")])
    }

    /// A project with a `pyproject.toml` and a scripts folder `migrations`.
    pub(crate) fn with_toml(text: &str) -> Self {
        Self::new(&[("pyproject.toml", text), ("migrations/versions/", "")])
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let target = self.root().join(path);
        if path.ends_with('/') {
            fs_err::create_dir_all(target).unwrap();
            return;
        }
        fs_err::create_dir_all(target.parent().unwrap()).unwrap();
        fs_err::write(target, bytes).unwrap();
    }

    pub(crate) fn cwd(mut self, folder: &str) -> Self {
        self.options.cwd = self.root().join(folder);
        self
    }

    pub(crate) fn files(mut self, files: &[&str]) -> Self {
        self.options.config_files = files.iter().map(Into::into).collect();
        self
    }

    pub(crate) fn section(mut self, name: &str) -> Self {
        name.clone_into(&mut self.options.section);
        self
    }

    pub(crate) fn config(&self) -> Config {
        Config::load(&self.options).unwrap()
    }

    pub(crate) fn settings(&self) -> Result<ScriptSettings, ConfigError> {
        Config::load(&self.options)?.script_settings()
    }

    /// The script location below the project's folder, or the sentence of the error.
    pub(crate) fn location(&self) -> Result<String, String> {
        self.settings()
            .map(|settings| self.relative(&settings.script_location))
            .map_err(|error| self.hide_root(&error.to_string()))
    }

    /// The version locations below the project's folder, or the sentence of the error.
    pub(crate) fn versions(&self) -> Result<Vec<String>, String> {
        self.settings()
            .map(|settings| {
                let paths = settings.version_locations.iter();
                paths.map(|path| self.relative(path)).collect()
            })
            .map_err(|error| self.hide_root(&error.to_string()))
    }

    /// The report of the error as a reader without colours sees it.
    pub(crate) fn report(&self) -> String {
        self.render(&self.settings().unwrap_err())
    }

    pub(crate) fn render(&self, diagnostic: &dyn miette::Diagnostic) -> String {
        let mut out = String::new();
        NarratableReportHandler::new().render_report(&mut out, diagnostic).unwrap();
        self.hide_root(&out)
    }

    fn relative(&self, path: &Path) -> String {
        let relative = path.strip_prefix(self.root()).unwrap_or(path);
        relative.to_str().unwrap().to_owned()
    }

    fn hide_root(&self, text: &str) -> String {
        text.replace(self.root().to_str().unwrap(), "{P}").replace('\u{feff}', "<BOM>")
    }
}
