//! A project and its database: what every command of the database side begins with.

mod error;
mod explain;

use std::mem::ManuallyDrop;
use std::time::Duration;

use alembic_core::config::Config;
use alembic_core::lost::{self, Known};
use alembic_core::revision::RevisionError;
use alembic_core::script::{ScriptDirectory, ScriptPlaces};
use alembic_runtime::database::{ConnectOptions, ConnectParts, Database, DatabaseError, wait_for};
use alembic_runtime::database_url::DatabaseUrl;
use alembic_runtime::database_url::discovery::{Discovery, Inputs, discover};
use alembic_runtime::dialect::Dialect;
use alembic_runtime::env_script::{Doubt, EnvScript, Setting};
use alembic_runtime::version_table::VersionTable;
use clap::Args;
use tokio::runtime::Runtime;

use crate::argparse::NEW_OPTIONS;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::Failure;
use crate::output::log::AlembicLog;

pub(crate) use error::SessionError;

/// Which database.
#[derive(Debug, Default, Args)]
pub(crate) struct DatabaseArgs {
    /// The database, instead of the one that env.py names [default: ALEMBIC_RS_URL]
    #[arg(long, value_name = "URL", help_heading = NEW_OPTIONS)]
    pub(crate) url: Option<String>,
    /// Wait until the database accepts connections, at most so long
    #[arg(long, value_name = "TIME", value_parser = crate::cli::duration, help_heading = NEW_OPTIONS)]
    pub(crate) wait: Option<Duration>,
}

impl DatabaseArgs {
    /// Whether an option is used that Alembic does not have.
    pub(crate) fn is_new(&self) -> bool {
        self.url.is_some() || self.wait.is_some()
    }
}

/// What a command is going to do with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One of Alembic's reading commands: what Alembic would create is created.
    Reading,
    /// One of our own: nothing is ever created or changed.
    Looking,
    /// Rows are changed.
    Writing,
}

/// The database that was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) url: DatabaseUrl,
    /// Where the URL stands, for people.
    pub(crate) source: String,
    /// Whether it is certain that migrations run on this database.
    pub(crate) proven: bool,
    /// Why it is, or is not.
    pub(crate) why: String,
}

/// A project and what is known of its database before anybody connects.
pub(crate) struct Session {
    pub(crate) config: Config,
    pub(crate) places: ScriptPlaces,
    pub(crate) table: VersionTable,
    /// Alembic's log lines.
    pub(crate) log: AlembicLog,
    wait: Option<Duration>,
    discovery: Discovery,
    target: Result<Target, SessionError>,
    pub(crate) runtime: Runtime,
}

impl Session {
    /// Reads the configuration and `env.py`, and chooses the database. That there
    /// is none is said when it is asked for.
    pub(crate) fn open(context: &mut Context, args: &DatabaseArgs) -> Result<Self, Failure> {
        if args.is_new() {
            context.exit_codes = ExitCodes::Own;
        }
        let config = context.config()?;
        let places = ScriptPlaces::of(&config)?;
        let Found { discovery, mut target } = find(context, &config, args);
        let script = discovery.script.as_ref();
        let (table, doubt) = version_table(script);
        if let (Ok(target), Some(doubt)) = (&mut target, doubt) {
            target.proven = false;
            target.why = error::place_and_reason(doubt);
        }
        let log = AlembicLog::of(&config, script.is_some_and(|script| script.calls_file_config));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::from(SessionError::no_runtime(error)))?;
        Ok(Self { config, places, table, log, discovery, wait: args.wait, target, runtime })
    }

    /// The database that was chosen.
    pub(crate) fn target(&self) -> Result<&Target, SessionError> {
        self.target.as_ref().map_err(Clone::clone)
    }

    /// Every place where the URL was looked for, and what is there.
    pub(crate) fn explain_url(&self) -> String {
        explain::candidates(&self.discovery)
    }

    /// The dialect of the database that was chosen.
    pub(crate) fn dialect(&self) -> Result<Dialect, SessionError> {
        let target = self.target()?;
        target.url.dialect().ok_or_else(|| SessionError::unsupported(target))
    }

    /// Says on standard error where the URL came from.
    pub(crate) fn explain_source(target: &Target) {
        let guess = if target.proven { "" } else { ", a guess: " };
        let why = if target.proven { "" } else { target.why.as_str() };
        crate::diagnostics::note(&format!("database URL from {}{guess}{why}", target.source));
    }

    /// The rows of the version table, read without leaving a trace; none where
    /// there is no table, or no SQLite file yet.
    pub(crate) fn rows_as_they_are(&self) -> Result<Vec<String>, Failure> {
        match self.connect_or_no_file(Purpose::Looking)? {
            Some(mut connected) => Ok(connected.rows()?.unwrap_or_default()),
            None => Ok(Vec::new()),
        }
    }

    /// As [`connect`](Self::connect); `None` for a SQLite file that is not there.
    pub(crate) fn connect_or_no_file(
        &self,
        purpose: Purpose,
    ) -> Result<Option<Connected<'_>>, Failure> {
        match self.try_connect(purpose)? {
            Ok(connected) => Ok(Some(connected)),
            Err(DatabaseError::NoSuchFile { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// An answer of the graph, with a report of its own when the database is at a
    /// revision that the project does not have.
    pub(crate) fn knowing_rows<T>(
        &self,
        scripts: &ScriptDirectory,
        rows: &[String],
        answer: Result<T, RevisionError>,
    ) -> Result<Result<T, RevisionError>, Failure> {
        let unknown = scripts.map().unknown_rows(rows);
        match answer {
            Err(_) if !unknown.is_empty() => Err(self.lost(scripts, rows, &unknown)),
            answer => Ok(answer),
        }
    }

    /// The report for rows that the project does not have: where git has them, and
    /// how to get back in step.
    fn lost(&self, scripts: &ScriptDirectory, rows: &[String], unknown: &[&str]) -> Failure {
        let Ok(settings) = self.config.script_settings() else {
            return SessionError::lost(unknown[0], None).into();
        };
        let lost = lost::search(&settings, &Known::of(scripts), unknown);
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let Some(revision) = lost.revisions.first() else {
            return SessionError::lost(unknown[0], None).into();
        };
        let ways = lost::advice(revision, &lost, &rows, Some(scripts));
        let ways: Vec<String> = ways
            .into_iter()
            .map(|way| match way.command {
                Some(command) => format!("{}: `{command}`", way.words),
                None => way.words,
            })
            .collect();
        SessionError::lost(&revision.id, Some(ways.join("\n"))).into()
    }

    /// All scripts, linked.
    pub(crate) fn scripts(&self) -> Result<ManuallyDrop<ScriptDirectory>, Failure> {
        Context::link(&self.places)
    }

    /// Opens a connection, after waiting for the server if that is asked for.
    pub(crate) fn connect(&self, purpose: Purpose) -> Result<Connected<'_>, Failure> {
        Ok(self.try_connect(purpose)??)
    }

    /// Refuses to change a database that is only likely the one.
    pub(crate) fn refuse_guess(&self) -> Result<(), SessionError> {
        let target = self.target()?;
        if target.proven { Ok(()) } else { Err(SessionError::guessed(target)) }
    }

    /// The parts of the chosen URL, for connecting.
    pub(crate) fn parts(&self) -> Result<ConnectParts, SessionError> {
        let target = self.target()?;
        ConnectParts::of(&target.url).ok_or_else(|| SessionError::unsupported(target))
    }

    /// As [`connect`](Self::connect), with what the database says apart.
    fn try_connect(
        &self,
        purpose: Purpose,
    ) -> Result<Result<Connected<'_>, DatabaseError>, Failure> {
        if purpose == Purpose::Writing {
            self.refuse_guess()?;
        }
        let target = self.target()?;
        if !target.proven {
            Self::explain_source(target);
        }
        let parts = self.parts()?;
        let options =
            ConnectOptions { read_only: purpose == Purpose::Looking, ..ConnectOptions::default() };
        let connecting = async {
            match self.wait {
                Some(limit) => wait_for(&parts, &options, limit).await,
                None => Database::connect(&parts, &options).await,
            }
        };
        let connected = self.runtime.block_on(connecting);
        Ok(connected.map(|database| Connected { session: self, database }))
    }
}

/// A session with a connection.
pub(crate) struct Connected<'a> {
    session: &'a Session,
    pub(crate) database: Database,
}

impl Connected<'_> {
    /// The rows of the version table; `None` when there is no table.
    pub(crate) fn rows(&mut self) -> Result<Option<Vec<String>>, Failure> {
        let Self { session, database } = self;
        Ok(session.runtime.block_on(database.heads(&session.table))?)
    }

    /// The rows, after creating the table where there is none, as those commands of
    /// Alembic do that change nothing else.
    pub(crate) fn rows_or_new_table(&mut self) -> Result<Vec<String>, Failure> {
        let rows = self.rows()?.unwrap_or_default();
        if rows.is_empty() {
            self.ensure()?;
        }
        Ok(rows)
    }

    /// Creates the version table unless it is there.
    pub(crate) fn ensure(&mut self) -> Result<bool, Failure> {
        let Self { session, database } = self;
        Ok(session.runtime.block_on(database.ensure(&session.table))?)
    }

    /// The server's name and version.
    pub(crate) fn server(&mut self) -> String {
        let Self { session, database } = self;
        session.runtime.block_on(database.server())
    }

    /// Runs something of the connection to its end.
    pub(crate) fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Database, &VersionTable) -> T,
    ) -> T {
        let Self { session, database } = self;
        session.runtime.block_on(work(database, &session.table))
    }
}

/// What was found out about the project's database without asking it.
struct Found {
    discovery: Discovery,
    target: Result<Target, SessionError>,
}

fn find(context: &Context, config: &Config, args: &DatabaseArgs) -> Found {
    let settings = config.script_settings().ok();
    let script = settings.as_ref().map(|settings| settings.script_location.join("env.py"));
    let script = script.filter(|script| script.is_file());
    let mut roots = settings.map(|settings| settings.prepend_sys_path).unwrap_or_default();
    if let Some(path) = std::env::var_os("PYTHONPATH") {
        roots.extend(std::env::split_paths(&path).filter(|root| !root.as_os_str().is_empty()));
    }
    let here = config.here();
    let root = here.ancestors().find(|folder| folder.join(".git").exists());
    let discovery = discover(&Inputs {
        config,
        script: script.as_deref(),
        roots: &roots,
        project_root: root,
        url: args.url.as_deref(),
        x_arguments: &context.global.x,
        environment: &|name| std::env::var(name).ok(),
    });
    let target = Target::of(&discovery);
    Found { discovery, target }
}

impl Target {
    fn of(discovery: &Discovery) -> Result<Self, SessionError> {
        if let Some(candidate) = discovery.obstacle() {
            return Err(SessionError::obstacle(candidate));
        }
        let chosen = discovery.chosen().zip(discovery.url());
        let (candidate, url) = chosen.ok_or_else(|| SessionError::no_url(discovery))?;
        Ok(Self {
            url: url.clone(),
            source: candidate.place.clone(),
            proven: discovery.is_proven(),
            why: candidate.why.clone(),
        })
    }
}

/// The version table as env.py names it, and what of it cannot be read.
fn version_table(script: Option<&EnvScript>) -> (VersionTable, Option<&Doubt>) {
    let mut table = VersionTable::default();
    let Some(script) = script else { return (table, None) };
    let settings = &script.online.settings;
    let mut doubt = None;
    match &settings.version_table {
        Setting::Known(name) => table.name.clone_from(name),
        Setting::Unknown(unknown) => doubt = Some(unknown),
        Setting::Default => {}
    }
    match &settings.version_table_schema {
        Setting::Known(schema) => table.schema.clone_from(schema),
        Setting::Unknown(unknown) => doubt = doubt.or(Some(unknown)),
        Setting::Default => {}
    }
    if let Setting::Known(primary_key) = settings.version_table_pk {
        table.primary_key = primary_key;
    }
    (table, doubt)
}
