//! A small project in a temporary folder, and what is found in it.

use std::path::PathBuf;

use alembic_core::config::{Config, ConfigOptions};
use alembic_runtime::{
    database_url::discovery::{self, Discovery},
    env_script::{self, EnvScript, Mode, UrlAnswer},
};

/// The end that Alembic's own templates have, around a `connectable`.
pub(crate) const ONLINE: &str = "
def run_migrations_offline():
    context.configure(url=config.get_main_option('sqlalchemy.url'), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()

def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix='sqlalchemy.', poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=None)
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
";

/// What stands at the top of Alembic's own templates.
pub(crate) const HEAD: &str = "from logging.config import fileConfig
from sqlalchemy import create_engine, engine_from_config, pool
from alembic import context
import os
config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
";

pub(crate) struct Project {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
    x_arguments: Vec<String>,
    url: Option<String>,
}

impl Project {
    /// A project whose env.py is Alembic's own with a few lines in the middle.
    pub(crate) fn with_lines(lines: &str) -> Self {
        Self::with_script(&format!("{HEAD}{lines}{ONLINE}"))
    }

    /// A project whose env.py makes its engine from an expression.
    pub(crate) fn with_url(lines: &str, expression: &str) -> Self {
        let run = format!(
            "{HEAD}{lines}
with create_engine({expression}).connect() as connection:
    context.configure(connection=connection)
"
        );
        Self::with_script(&run)
    }

    pub(crate) fn with_script(script: &str) -> Self {
        let project = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            environment: Vec::new(),
            x_arguments: Vec::new(),
            url: None,
        };
        project
            .file("alembic.ini", "[alembic]\nscript_location = migrations\nprepend_sys_path = .\nsqlalchemy.url = driver://user:pass@localhost/dbname\n")
            .file("migrations/env.py", script)
    }

    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.root().join(name);
        fs_err::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs_err::write(path, text).expect("the file is written");
        self
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn x(mut self, argument: &str) -> Self {
        self.x_arguments.push(argument.to_owned());
        self
    }

    pub(crate) fn flag(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder exists")
    }

    fn config(&self) -> Config {
        Config::load(&ConfigOptions::new(self.root())).expect("the options are fine")
    }

    fn variable(&self, name: &str) -> Option<String> {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    pub(crate) fn read(&self) -> EnvScript {
        let config = self.config();
        env_script::read(&env_script::Inputs {
            config: &config,
            script: &self.root().join("migrations/env.py"),
            roots: &config.prepend_sys_path().expect("the option is fine"),
            x_arguments: &self.x_arguments,
            environment: &|name| self.variable(name),
            offline: true,
        })
    }

    pub(crate) fn discover(&self) -> Discovery {
        let config = self.config();
        discovery::discover(&discovery::Inputs {
            config: &config,
            script: Some(&self.root().join("migrations/env.py")),
            roots: &config.prepend_sys_path().expect("the option is fine"),
            project_root: None,
            url: self.url.as_deref(),
            x_arguments: &self.x_arguments,
            environment: &|name| self.variable(name),
            offline: true,
        })
    }

    /// What counts for `--sql`.
    pub(crate) fn offline(&self) -> Mode {
        self.read().offline.expect("it was asked for")
    }

    /// The URL for a command that connects, or why it is not known.
    pub(crate) fn online(&self) -> Result<String, String> {
        answer(&self.read().online.url)
    }

    /// The way to the URL.
    pub(crate) fn way(&self) -> String {
        self.read().online.url.way().expect("the URL is known")
    }
}

pub(crate) fn answer(url: &UrlAnswer) -> Result<String, String> {
    match url {
        UrlAnswer::Known { url, .. } => Ok(url.expose().to_owned()),
        UrlAnswer::Unknown(doubt) => Err(doubt.to_string()),
        UrlAnswer::Several(doubt) => Err(format!("several: {doubt}")),
    }
}
