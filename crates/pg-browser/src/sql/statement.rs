//! A statement and its values.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use bytes::Bytes;
use futures_core::stream::BoxStream;
use sqlx::{
    AssertSqlSafe, Executor as _, PgConnection, Postgres, SqlSafeStr as _, Statement as _,
    postgres::PgArguments, query::Query,
};

use crate::{Error, Result, connection::Mode, query::Described};

/// A statement and the values of its parameters, all of them text that the statement casts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Option<String>>,
    /// Whether the server should keep the statement's plan.
    is_kept: bool,
}

impl Sql {
    /// A statement that this crate wrote.
    pub(crate) fn fixed(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: Vec::new(), is_kept: true }
    }

    /// A statement with names in it, or someone's own.
    ///
    /// The protocol ends texts with a zero byte: what would stand behind one must not get lost.
    pub(crate) fn new(text: String, values: Vec<Option<String>>) -> Result<Self> {
        if text.contains('\0') {
            return Err(Error::InvalidRequest { reason: "it contains a zero byte".to_owned() });
        }
        Ok(Self { text, values, is_kept: false })
    }

    /// The same, prepared once and kept.
    pub(crate) fn kept(self) -> Self {
        Self { is_kept: true, ..self }
    }

    /// With the values of its parameters.
    pub(crate) fn with(self, values: impl IntoIterator<Item = String>) -> Self {
        Self { values: values.into_iter().map(Some).collect(), ..self }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn values(&self) -> &[Option<String>] {
        &self.values
    }

    pub(crate) fn begin(mode: Mode, limit: Option<Duration>, lock_limit: Option<Duration>) -> Self {
        let mut text = match mode {
            Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(),
            Mode::Write => "BEGIN READ WRITE".to_owned(),
            Mode::Loose => "SELECT 1".to_owned(),
        };
        let local = if mode == Mode::Loose { "" } else { "LOCAL " };
        if let Some(limit) = limit {
            let _ = write!(text, "; SET {local}statement_timeout = {}", limit.as_millis());
        }
        if let (Mode::Read | Mode::Write, Some(limit)) = (mode, lock_limit) {
            let _ = write!(text, "; SET LOCAL lock_timeout = {}", limit.as_millis());
        }
        if mode == Mode::Read {
            // Takes the snapshot: until then the transaction could still be made one that writes.
            text += "; SELECT 1";
        }
        Self { text, values: Vec::new(), is_kept: false }
    }

    pub(crate) fn commit() -> Self {
        Self::fixed("COMMIT")
    }

    pub(crate) fn rollback() -> Self {
        Self::fixed("ROLLBACK")
    }

    /// For the extended protocol, which takes one statement and no more.
    pub(crate) fn query(&self) -> Query<'_, Postgres, PgArguments> {
        let query = sqlx::query(AssertSqlSafe(self.text.as_str())).persistent(self.is_kept);
        self.values.iter().fold(query, |query, value| query.bind(value.as_deref()))
    }

    /// For the simple protocol, whose answers are text.
    pub(crate) fn simple(&self) -> sqlx::RawSql {
        sqlx::raw_sql(AssertSqlSafe(self.text.as_str()))
    }

    /// What the server says of the columns, without running anything.
    pub(crate) async fn described(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Described, sqlx::Error> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // The driver remembers what it once heard about a text, and tables change.
        let text = format!("{}\n-- {}", self.text, NUMBER.fetch_add(1, Ordering::Relaxed));
        let prepared = connection.prepare(AssertSqlSafe(text).into_sql_str()).await?;
        Ok(Described::of(prepared.columns()))
    }

    /// For `COPY … TO STDOUT`.
    pub(crate) async fn copy_out<'c>(
        &self,
        connection: &'c mut PgConnection,
    ) -> Result<BoxStream<'c, Result<Bytes, sqlx::Error>>, sqlx::Error> {
        connection.copy_out_raw(&self.text).await
    }
}
