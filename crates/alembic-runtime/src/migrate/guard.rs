//! What keeps a run from doing harm: the lock, the dump, the look at what became of the rows.

use std::time::SystemTime;

use super::{Cancel, Event, Lock, MigrateError, Migrated, Migration, OtherDatabase, Run, plan};
use crate::database_url::DatabaseUrl;
use crate::dialect::Dialect;
use crate::lock::{LockRequest, MigrationLock, Release};
use crate::project::{Elsewhere, Project, Purpose};
use crate::python::RunOptions;
use crate::python::backup::{Backup, BackupError, Connection, backup};

/// Whether what is to protect the database can do so: nothing is ever left out silently.
pub(super) fn check(
    project: &Project,
    migration: &Migration,
    events: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<(), MigrateError> {
    let is_guarded = migration.backup.is_some() || migration.lock.is_some();
    if is_guarded {
        project.refuse_guess()?;
        let dialect = project.dialect()?;
        if migration.backup.is_some() && dialect != Dialect::PostgreSql {
            return Err(BackupError::OtherDatabase { dialect: dialect.name() }.into());
        }
    }
    let Some(Elsewhere { url, place, is_proven }) = project.elsewhere() else { return Ok(()) };
    let target = project.target()?;
    let elsewhere = MigrateError::Elsewhere {
        url: target.url.to_string(),
        from: target.source.clone(),
        other: url.to_string(),
        other_from: place.to_owned(),
    };
    if is_guarded || is_proven {
        return Err(elsewhere);
    }
    events(Event::Warning(elsewhere.to_string()));
    Ok(())
}

impl Run<'_> {
    /// The whole run under a lock that keeps out every other run that takes it. Whoever had it before may have done the
    /// work: the rows are read again, and nothing runs when nothing is left.
    pub(super) async fn under_lock<C: Future<Output = ()>>(
        self,
        options: RunOptions,
        mut cancel: Cancel<'_, C>,
    ) -> Result<Migrated, MigrateError> {
        // Waits for the server, if that is asked for, before the clock of the lock begins to run.
        drop(self.project.connect(Purpose::Writing).await?);
        let mut lock = tokio::select! {
            lock = acquire(self.project, self.migration) => lock?,
            () = cancel.as_mut() => return Err(MigrateError::Cancelled),
        };
        let events = &mut *self.events;
        let run =
            Run { project: self.project, scripts: self.scripts, migration: self.migration, events };
        let outcome = run.holding(&mut lock, options, cancel).await;
        let ran = outcome.as_ref().map_or(true, |migrated| migrated.ended.is_some());
        if lock.release().await == Release::Lost && ran {
            (self.events)(Event::LockLost);
        }
        outcome
    }

    async fn holding<C: Future<Output = ()>>(
        self,
        lock: &mut MigrationLock,
        options: RunOptions,
        cancel: Cancel<'_, C>,
    ) -> Result<Migrated, MigrateError> {
        let rows = lock.database().heads(self.project.version_table()).await?.unwrap_or_default();
        check_expected(self.migration, &rows)?;
        if plan(self.project, self.scripts, self.migration, &rows)?.steps().is_empty() {
            (self.events)(Event::NothingToDo);
            return Ok(Migrated { ended: None, before: Some(rows), after: None });
        }
        self.planned(&rows, options, cancel).await
    }
}

async fn acquire(project: &Project, migration: &Migration) -> Result<MigrationLock, MigrateError> {
    let Lock { key, wait } = migration.lock.clone().expect("a lock is asked for");
    let request = LockRequest { table: project.version_table().clone(), key, wait };
    let parts = project.parts()?;
    Ok(MigrationLock::acquire(&parts, &project.connect_options(), &request).await?)
}

/// Refuses rows that nobody has agreed to.
pub(super) fn check_expected(migration: &Migration, rows: &[String]) -> Result<(), MigrateError> {
    match &migration.expected {
        Some(expected) if sorted(expected) != sorted(rows) => {
            Err(MigrateError::Stale { rows: rows.to_vec() })
        }
        _ => Ok(()),
    }
}

/// Dumps the database first, if that is asked for.
pub(super) async fn back_up(
    project: &Project,
    migration: &Migration,
    rows: &[String],
    cancel: impl Future<Output = ()>,
    events: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<(), MigrateError> {
    let Some(folder) = &migration.backup else { return Ok(()) };
    let connection = connection(&project.target()?.url);
    let wanted = Backup {
        folder,
        connection: &connection,
        heads: rows,
        time: SystemTime::now(),
        pg_dump: None,
    };
    let path = backup(&wanted, cancel).await?;
    events(Event::BackedUp(&path));
    Ok(())
}

fn connection(url: &DatabaseUrl) -> Connection {
    Connection {
        host: url.host.clone().or_else(|| url.query_value("host").map(str::to_owned)),
        port: url.port.map(|port| port.to_string()),
        user: url.username.clone(),
        password: url.password.as_ref().map(|password| password.expose().to_owned()),
        database: url.database.clone(),
        parameters: url
            .query
            .iter()
            .filter_map(|(name, values)| Some((name.clone(), values.last()?.clone())))
            .collect(),
    }
}

/// The rows after the run. A child that reports success while our rows stay where they were has migrated another
/// database.
pub(super) async fn check_moved(
    project: &Project,
    before: &[String],
) -> Result<Vec<String>, MigrateError> {
    let after = project.rows_as_they_are().await?;
    if sorted(&after) == sorted(before) {
        return Err(OtherDatabase::than(project.target()?).into());
    }
    Ok(after)
}

fn sorted(rows: &[String]) -> Vec<&str> {
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    rows.sort_unstable();
    rows
}
