//! Tables that were opened lately, so that a page needs not ask for its table's columns again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Row as _, ValueRef as _};

use super::{Table, read};
use crate::{Error, Result, TableName, connection::Session, sql::Sql};

const FINGERPRINT: &str = include_str!("queries/fingerprint.sql");

/// How long a table counts as unchanged without asking.
const FRESH: Duration = Duration::from_millis(500);
/// How many tables are remembered.
const CAPACITY: usize = 256;

/// Tables by name.
#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<HashMap<TableName, Entry>>);

#[derive(Debug, Clone)]
struct Entry {
    table: Arc<Table>,
    fingerprint: String,
    checked: Instant,
}

impl Cache {
    /// The table, as it was at most [`FRESH`] ago.
    pub(crate) async fn table(
        &self,
        session: &mut Session,
        name: &TableName,
    ) -> Result<Arc<Table>> {
        if let Some(entry) = self.entries().get(name)
            && entry.checked.elapsed() < FRESH
        {
            return Ok(Arc::clone(&entry.table));
        }
        self.checked(session, name).await
    }

    /// The table as it is now, for what must not be done to another one.
    pub(crate) async fn checked(
        &self,
        session: &mut Session,
        name: &TableName,
    ) -> Result<Arc<Table>> {
        let known = self.entries().get(name).cloned();
        let fingerprint = fingerprint(session, name).await?;
        let table = match known {
            Some(entry) if entry.fingerprint == fingerprint => entry.table,
            _ => Arc::new(read::table(session, name).await?),
        };
        let entry = Entry { table: Arc::clone(&table), fingerprint, checked: Instant::now() };
        let mut entries = self.entries();
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        entries.insert(name.clone(), entry);
        Ok(table)
    }

    /// Forgets a table; `false` when it was not remembered.
    pub(crate) fn forget(&self, name: &TableName) -> bool {
        self.entries().remove(name).is_some()
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<TableName, Entry>> {
        // A map of whole entries is whole whoever panicked while holding it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn fingerprint(session: &mut Session, name: &TableName) -> Result<String> {
    let sql = Sql::fixed(FINGERPRINT).with([name.schema.clone(), name.name.clone()]);
    let rows = session.rows(&sql).await?;
    let row = rows.first().ok_or_else(|| Error::UnknownTable { table: name.clone() })?;
    let value = row.try_get_raw(0)?;
    if value.is_null() {
        return Ok(String::new());
    }
    let text = value.as_str().map_err(|error| Error::Protocol { reason: error.to_string() })?;
    Ok(text.to_owned())
}
