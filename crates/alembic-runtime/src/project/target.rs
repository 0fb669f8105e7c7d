//! Which database, whether that is certain, and why there is none.

use std::sync::Arc;

use miette::Diagnostic;

use crate::database_url::discovery::{Candidate, Discovery, Outcome};
use crate::database_url::{DatabaseUrl, UrlError};
use crate::dialect::Dialect;
use crate::dialect::sql::Transactions;
use crate::env_script::{Doubt, EnvScript, Mode, Setting};
use crate::tool_table::ToolTable;
use crate::version_table::VersionTable;

/// The database that was chosen.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it is.
    pub url: DatabaseUrl,
    /// Where the URL stands, for people.
    pub source: String,
    /// Whether it is certain that migrations run on this database.
    pub proven: bool,
    /// Why it is, or is not.
    pub why: String,
    /// What of the version table cannot be known, which is enough not to be certain.
    pub table_doubt: Option<TableDoubt>,
}

/// What of the version table only a running `env.py` knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDoubt {
    /// Options of `context.configure`: `version_table`, `version_table_schema`.
    pub options: Vec<&'static str>,
    /// The line, and what it does.
    pub reason: String,
    /// Whether all else is certain.
    pub is_only_doubt: bool,
}

impl Target {
    pub(super) fn of(discovery: &Discovery) -> Result<Self, TargetError> {
        if let Some(candidate) = discovery.obstacle() {
            return Err(TargetError::obstacle(candidate));
        }
        let chosen = discovery.chosen().zip(discovery.url());
        let (candidate, url) = chosen.ok_or_else(|| TargetError::no_url(discovery))?;
        Ok(Self {
            url: url.clone(),
            source: candidate.place.clone(),
            proven: discovery.is_proven(),
            why: candidate.why.clone(),
            table_doubt: None,
        })
    }

    /// What cannot be known of the version table makes the database a guess as well.
    pub(super) fn doubt(&mut self, doubts: &[(&'static str, &Doubt)]) {
        let Some((_, first)) = doubts.first() else { return };
        let reason = first.to_string();
        let options = doubts.iter().map(|(option, _)| *option).collect();
        if self.proven {
            self.why.clone_from(&reason);
        }
        self.table_doubt = Some(TableDoubt { options, reason, is_only_doubt: self.proven });
        self.proven = false;
    }
}

/// Why there is no database to talk to.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum TargetError {
    /// Nobody names a database.
    #[error("no database URL is known{reason}")]
    #[diagnostic(help(
        "name one with `--url` or ALEMBIC_RS_URL; `alembic-rs status --explain-url` lists where it was looked for"
    ))]
    NoUrl {
        /// What of `env.py` cannot be read, behind a colon; may be empty.
        reason: String,
    },
    /// `env.py` works on several databases.
    #[error("{reason}")]
    #[diagnostic(help("name the database that is meant with `--url` or ALEMBIC_RS_URL"))]
    Several {
        /// The line, and what it does.
        reason: String,
    },
    /// The URL that was chosen is none.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Malformed(Arc<UrlError>),
    /// A dialect that alembic-rs has no driver for.
    #[error("`{url}`: alembic-rs does not talk to `{backend}` databases")]
    #[diagnostic(help(
        "history, heads, show and the other commands without a database work; for this one use the project's own Alembic"
    ))]
    Unsupported {
        /// The masked URL.
        url: String,
        /// Its dialect.
        backend: String,
    },
    /// `postgres://`, which most tools take, and SQLAlchemy no longer; its sentence.
    #[error("Can't load plugin: sqlalchemy.dialects:postgres")]
    #[diagnostic(help(
        "SQLAlchemy since 1.4 does not take `{url}`, so that Alembic cannot migrate there: write `postgresql://`"
    ))]
    RefusedAlias {
        /// The masked URL.
        url: String,
    },
    /// A URL that is only likely.
    #[error("`{url}` ({from}) is only a guess: {why}")]
    #[diagnostic(help(
        "say which database is meant: `--url {url}`{}, or ALEMBIC_RS_URL",
        if *has_password { ", with its password" } else { "" }
    ))]
    Guessed {
        /// The masked URL.
        url: String,
        /// Where it stands.
        from: String,
        /// Why it is not certain.
        why: String,
        /// Whether a password is masked in the URL.
        has_password: bool,
    },
    /// The database is certain, and its version table is not.
    #[error("the version table of `{url}` is not certain: {reason}")]
    #[diagnostic(help(
        "name it in pyproject.toml, `[tool.alembic-rs]`: {} (an empty schema is the connection's own), \
         or write it as a text in env.py; `upgrade` runs the project's own Alembic, which knows it",
        settings(options)
    ))]
    TableInDoubt {
        /// The masked URL.
        url: String,
        /// What is not known of it.
        options: Vec<&'static str>,
        /// The line, and what it does.
        reason: String,
    },
}

/// The lines of `[tool.alembic-rs]` that settle `options`.
fn settings(options: &[&'static str]) -> String {
    let lines: Vec<String> = options.iter().map(|option| format!("`{option} = \"…\"`")).collect();
    lines.join(" and ")
}

impl TargetError {
    /// What keeps the search from going on.
    fn obstacle(candidate: &Candidate) -> Self {
        match &candidate.outcome {
            Outcome::Malformed(error) => Self::Malformed(Arc::new(error.clone())),
            Outcome::Several(doubt) | Outcome::Unknown(doubt) => {
                Self::Several { reason: doubt.to_string() }
            }
            _ => Self::NoUrl { reason: String::new() },
        }
    }

    /// Nothing was found; what env.py says and cannot be read is the likely place.
    fn no_url(discovery: &Discovery) -> Self {
        let unread = discovery.candidates.iter().find_map(|candidate| match &candidate.outcome {
            Outcome::Unknown(doubt) => Some(doubt),
            _ => None,
        });
        let reason = unread.map(|doubt| format!(": {doubt}"));
        Self::NoUrl { reason: reason.unwrap_or_default() }
    }

    pub(super) fn unsupported(target: &Target) -> Self {
        let backend = target.url.backend_name().to_owned();
        Self::Unsupported { url: target.url.to_string(), backend }
    }

    pub(super) fn guessed(target: &Target) -> Self {
        let url = target.url.to_string();
        if let Some(TableDoubt { options, reason, is_only_doubt: true }) = &target.table_doubt {
            return Self::TableInDoubt { url, options: options.clone(), reason: reason.clone() };
        }
        let (from, why) = (target.source.clone(), target.why.clone());
        let has_password = url.contains(":***");
        Self::Guessed { url, from, why, has_password }
    }
}

/// The transactions of a script in `dialect`; what env.py says and cannot be read counts as not said.
pub(super) fn transactions(offline: Option<&Mode>, dialect: Dialect) -> Transactions {
    let settings = offline.map(|mode| &mode.settings);
    let transactional_ddl = match settings.map(|settings| &settings.transactional_ddl) {
        Some(Setting::Known(Some(value))) => *value,
        _ => dialect.has_transactional_ddl(),
    };
    let per_migration =
        settings.is_some_and(|settings| settings.transaction_per_migration == Setting::Known(true));
    Transactions::new(transactional_ddl, per_migration)
}

/// The version table as env.py names it, and what of it cannot be read. `[tool.alembic-rs]` settles what cannot be read,
/// and nothing else: migrations use what env.py says.
pub(super) fn version_table<'a>(
    script: Option<&'a EnvScript>,
    settled: Option<&ToolTable>,
) -> (VersionTable, Vec<(&'static str, &'a Doubt)>) {
    let mut table = VersionTable::default();
    let Some(script) = script else { return (table, Vec::new()) };
    let settings = &script.online.settings;
    let mut doubts = Vec::new();
    let named = |option: fn(&ToolTable) -> &Option<String>| settled.and_then(|t| option(t).clone());
    match (&settings.version_table, named(|table| &table.version_table)) {
        (Setting::Known(name), _) => table.name.clone_from(name),
        (Setting::Unknown(_), Some(name)) => table.name = name,
        (Setting::Unknown(unknown), None) => doubts.push(("version_table", unknown)),
        (Setting::Default, _) => {}
    }
    match (&settings.version_table_schema, named(|table| &table.version_table_schema)) {
        (Setting::Known(schema), _) => table.schema.clone_from(schema),
        (Setting::Unknown(_), Some(schema)) => {
            table.schema = Some(schema).filter(|schema| !schema.is_empty());
        }
        (Setting::Unknown(unknown), None) => doubts.push(("version_table_schema", unknown)),
        (Setting::Default, _) => {}
    }
    if let Setting::Known(primary_key) = settings.version_table_pk {
        table.primary_key = primary_key;
    }
    (table, doubts)
}
