//! A project with its database: what every command of the database side begins with.
//!
//! [`Project::open`] reads the configuration and `env.py`, and chooses the database; nobody connects for that. Then:
//!
//! * [`Project::target`]: which database, whether that is certain, and why;
//! * [`Project::connect`]: a connection for reading, looking or writing;
//! * [`Project::answer`]: an answer of the graph, with a report of its own for a row that the project does not have;
//! * [`Standing`]: where the database stands towards the project, for the document of `status`.
//!
//! **Never act on a guess**: reading may use a URL that is only likely, writing refuses it ([`Project::refuse_guess`]).

mod connect;
mod error;
mod lent;
mod lost;
mod service;
mod standing;
mod target;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use alembic_core::config::Config;
use alembic_core::script::{LoadFailure, ScriptDirectory, ScriptDirectoryError, ScriptPlaces};

pub use self::connect::{Connected, Purpose};
pub use self::error::ProjectError;
pub use self::lost::LostRevision;
pub use self::standing::{Seen, Standing};
pub use self::target::{TableDoubt, Target, TargetError};
#[cfg(feature = "postgres")]
use crate::database::Variables;
use crate::database::{ConnectOptions, ConnectParts};
use crate::database_url::DatabaseUrl;
use crate::database_url::discovery::{Discovery, Inputs, Proof, Source, discover};
use crate::dialect::Dialect;
use crate::dialect::sql::Transactions;
use crate::env_script::EnvScript;
use crate::python::{self, Inputs as PythonInputs};
use crate::tool_table::ToolTable;
use crate::version_table::VersionTable;

/// Looks up a variable of the environment.
pub type Lookup = Arc<dyn Fn(&str) -> Option<OsString> + Send + Sync>;

/// Dialect, host, port and name.
type Location = (Option<Dialect>, Option<String>, Option<u16>, Option<OsString>);

/// A database that `env.py` names, another one than the chosen.
pub(crate) struct Elsewhere<'a> {
    pub(crate) url: &'a DatabaseUrl,
    pub(crate) place: &'a str,
    /// Whether it is certain that migrations run there.
    pub(crate) is_proven: bool,
}

/// What the caller knows beside the configuration.
#[derive(Clone)]
pub struct ProjectOptions {
    /// `--url`: the database, instead of the one that `env.py` names.
    pub url: Option<String>,
    /// The values of `-x`, in order.
    pub x_arguments: Vec<String>,
    /// How long to wait for a server that does not accept connections yet; `None` does not wait.
    pub wait: Option<Duration>,
    /// What a PostgreSQL shows as the name of our connections, unless the URL or `PGAPPNAME` gives one.
    pub application_name: String,
    /// The environment.
    pub environment: Lookup,
}

/// Nothing but the environment of this process.
impl Default for ProjectOptions {
    fn default() -> Self {
        Self {
            url: None,
            x_arguments: Vec::new(),
            wait: None,
            application_name: ConnectOptions::default().application_name,
            environment: Arc::new(|name| std::env::var_os(name)),
        }
    }
}

/// A project and what is known of its database before anybody connects.
pub struct Project {
    config: Config,
    places: ScriptPlaces,
    table: VersionTable,
    discovery: Discovery,
    target: Result<Target, TargetError>,
    /// Variables that lend a child the user and password that the URL leaves open.
    lent: Vec<(OsString, OsString)>,
    tool_table: Option<ToolTable>,
    options: ProjectOptions,
}

impl Project {
    /// Reads `env.py` and chooses the database. That there is none is said when it is asked for.
    ///
    /// # Errors
    /// What is wrong with the configuration, a missing scripts folder included.
    pub fn open(config: Config, options: ProjectOptions) -> Result<Self, ScriptDirectoryError> {
        let places = ScriptPlaces::of(&config)?;
        let mut discovery = search(&config, &places, &options, false);
        if discovery.chosen.is_none() && discovery.obstacle().is_none() {
            let environment = |name: &str| (options.environment)(name)?.into_string().ok();
            discovery.extend(service::candidate(&environment));
        }
        let tool_table = ToolTable::of(&config);
        let (table, doubts) = target::version_table(discovery.script.as_ref(), tool_table.as_ref());
        let mut target = Target::of(&discovery);
        if let Ok(target) = &mut target {
            target.doubt(&doubts);
        }
        let lent = match &mut target {
            Ok(target) => lent::lend(&mut target.url, &*options.environment),
            Err(_) => Vec::new(),
        };
        Ok(Self { config, places, table, discovery, target, lent, tool_table, options })
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where the scripts lie.
    pub fn places(&self) -> &ScriptPlaces {
        &self.places
    }

    /// The version table, as `env.py` names it.
    pub fn version_table(&self) -> &VersionTable {
        &self.table
    }

    /// What is good to know before anything is done, a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.tool_table.as_ref().map(ToolTable::warnings).unwrap_or_default();
        if let Ok(target) = &self.target
            && target.url.uses_refused_alias()
        {
            let url = &target.url;
            warnings.push(format!("SQLAlchemy does not take `{url}`: write `postgresql://`"));
        }
        warnings
    }

    /// Every place where the URL was looked for, and what is there.
    pub fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    /// Whether `env.py` sets up logging by the configuration file.
    pub fn calls_file_config(&self) -> bool {
        self.discovery.script.as_ref().is_some_and(|script| script.calls_file_config)
    }

    /// The database that was chosen.
    ///
    /// # Errors
    /// When there is none.
    pub fn target(&self) -> Result<&Target, TargetError> {
        self.target.as_ref().map_err(Clone::clone)
    }

    /// The dialect of the database that was chosen.
    ///
    /// # Errors
    /// When there is no database, or it is one that alembic-rs does not talk to.
    pub fn dialect(&self) -> Result<Dialect, TargetError> {
        let target = self.target()?;
        target.url.dialect().ok_or_else(|| TargetError::unsupported(target))
    }

    /// The transactions that env.py wants in the scripts of `--sql`.
    ///
    /// # Errors
    /// As [`dialect`](Self::dialect).
    pub fn transactions(&self) -> Result<Transactions, TargetError> {
        let dialect = self.dialect()?;
        let offline = match &self.discovery.script {
            Some(EnvScript { offline: Some(mode), .. }) => Some(mode.clone()),
            // Few commands ask.
            Some(_) => {
                let again = search(&self.config, &self.places, &self.options, true);
                again.script.and_then(|script| script.offline)
            }
            None => None,
        };
        Ok(target::transactions(offline.as_ref(), dialect))
    }

    /// The parts of the chosen URL, for connecting.
    ///
    /// # Errors
    /// As [`dialect`](Self::dialect).
    pub fn parts(&self) -> Result<ConnectParts, TargetError> {
        let target = self.target()?;
        ConnectParts::of(&target.url).ok_or_else(|| TargetError::unsupported(target))
    }

    /// Refuses to change a database that is only likely the one.
    ///
    /// # Errors
    /// When there is no database, it is a guess, or SQLAlchemy does not take its URL.
    pub fn refuse_guess(&self) -> Result<(), TargetError> {
        let target = self.target()?;
        if target.url.uses_refused_alias() {
            return Err(TargetError::RefusedAlias { url: target.url.to_string() });
        }
        if target.proven { Ok(()) } else { Err(TargetError::guessed(target)) }
    }

    /// All scripts, read now and linked.
    ///
    /// # Errors
    /// Every script that could not be read, or what keeps the scripts from being a graph.
    pub fn scripts(&self) -> Result<ScriptDirectory, LoadFailure> {
        ScriptDirectory::link(self.places.read())
    }

    /// Finds the project's own Python; `named` is `--python`.
    pub fn python(&self, named: Option<OsString>) -> python::Discovery {
        python::discover(&PythonInputs {
            python: named,
            configured: self.tool_table.as_ref().and_then(ToolTable::named_python),
            folder: self.config.here(),
            cwd: self.config.cwd().to_owned(),
            lookup: &*self.options.environment,
        })
    }

    /// Variables that lend a child the user and password that the URL leaves open.
    pub(crate) fn lent(&self) -> &[(OsString, OsString)] {
        &self.lent
    }

    /// How long to wait for a server that does not accept connections yet.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.options.wait
    }

    /// The database that `env.py` names, where that is another one than the chosen.
    pub(crate) fn elsewhere(&self) -> Option<Elsewhere<'_>> {
        let chosen = self.discovery.chosen()?;
        if !matches!(chosen.source, Source::Command) {
            return None;
        }
        let mut named = self.discovery.candidates.iter();
        let other = named.find_map(|candidate| match candidate.source {
            Source::Script => Some(Elsewhere {
                url: candidate.url()?,
                place: &candidate.place,
                is_proven: candidate.proof == Proof::Proven,
            }),
            _ => None,
        })?;
        (self.location(other.url) != self.location(chosen.url()?)).then_some(other)
    }

    /// What tells one database from another. Names of this machine are one; what a URL of PostgreSQL leaves open, the
    /// environment says.
    fn location(&self, url: &DatabaseUrl) -> Location {
        let dialect = url.dialect();
        if dialect == Some(Dialect::Sqlite) {
            let name = url.database.as_deref();
            let file = name.map(|name| self.config.cwd().join(name).into_os_string());
            return (dialect, None, None, file);
        }
        let open = |name: &str| {
            let value = (self.options.environment)(name).filter(|value| !value.is_empty());
            value.filter(|_| dialect == Some(Dialect::PostgreSql))?.into_string().ok()
        };
        let asked = |name: &str| url.query_value(name).map(str::to_owned);
        let host = asked("host").or_else(|| url.host.clone()).or_else(|| open("PGHOST"));
        let is_here = |host: &String| matches!(&**host, "" | "localhost" | "127.0.0.1" | "::1");
        let port = asked("port").or_else(|| open("PGPORT")).and_then(|port| port.parse().ok());
        let usual = if dialect == Some(Dialect::PostgreSql) { 5432 } else { 3306 };
        let name = url.database.clone().or_else(|| open("PGDATABASE"));
        let name = name.or_else(|| url.username.clone());
        let port = url.port.or(port).unwrap_or(usual);
        (dialect, host.filter(|host| !is_here(host)), Some(port), name.map(Into::into))
    }

    /// A variable of the environment.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        (self.options.environment)(name)
    }

    /// The environment, for connecting.
    #[cfg(feature = "postgres")]
    pub(crate) fn variables(&self) -> Variables {
        let environment = Arc::clone(&self.options.environment);
        Variables::new(move |name| environment(name)?.into_string().ok())
    }
}

fn search(
    config: &Config,
    places: &ScriptPlaces,
    options: &ProjectOptions,
    offline: bool,
) -> Discovery {
    let script = Some(places.script_location().join("env.py")).filter(|script| script.is_file());
    let mut roots = places.roots().to_vec();
    if let Some(path) = (options.environment)("PYTHONPATH") {
        let folders = std::env::split_paths(&path);
        roots.extend(folders.filter(|root: &PathBuf| !root.as_os_str().is_empty()));
    }
    let here = config.here();
    let root = here.ancestors().find(|folder| folder.join(".git").exists());
    let environment = &options.environment;
    discover(&Inputs {
        config,
        script: script.as_deref(),
        roots: &roots,
        project_root: root,
        url: options.url.as_deref(),
        x_arguments: &options.x_arguments,
        environment: &|name| environment(name)?.into_string().ok(),
        offline,
    })
}
