//! Reading and writing the rows of the version table, as Alembic's `MigrationContext` and `HeadMaintainer` do.

use alembic_core::step::VersionChange;

use crate::{
    database::{Cell, Database, DatabaseError, Failure},
    dialect::sql::VersionSql,
    version_table::VersionTable,
};

/// How often a transaction begins anew that the server ended because two waited for each other. Whoever ended it goes
/// on, so that few are enough for several that write at once.
const DEADLOCKS: usize = 3;

/// Whether the rows are deleted before others are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// What is there counts.
    No,
    /// `stamp --purge`: all of them are.
    First,
}

impl Database {
    /// The rows of the version table, in the database's own order; `None` when there is no such table.
    ///
    /// # Errors
    ///
    /// When the table cannot be read or is none of Alembic's.
    pub async fn heads(
        &mut self,
        table: &VersionTable,
    ) -> Result<Option<Vec<String>>, DatabaseError> {
        match self.read(&self.version_sql(table).select()).await {
            Ok(cells) => self.versions(table, cells).map(Some),
            Err(Failure::NoSuchTable) => Ok(None),
            Err(failure) => Err(self.error(failure, "read", table)),
        }
    }

    /// Whether there is a table of that name.
    ///
    /// # Errors
    ///
    /// When it cannot be looked at.
    pub async fn exists(&mut self, table: &VersionTable) -> Result<bool, DatabaseError> {
        match self.read(&self.version_sql(table).probe()).await {
            Ok(_) => Ok(true),
            Err(Failure::NoSuchTable) => Ok(false),
            Err(failure) => Err(self.error(failure, "read", table)),
        }
    }

    /// How many characters the version table's column holds; `None` for text of any length.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be asked, or there is no such table.
    pub async fn version_width(
        &mut self,
        table: &VersionTable,
    ) -> Result<Option<usize>, DatabaseError> {
        let Some(sql) = self.version_sql(table).width() else { return Ok(None) };
        let cells = self.read(&sql).await.map_err(|failure| self.error(failure, "read", table))?;
        Ok(cells.into_iter().find_map(|cell| match cell {
            Cell::Text(width) => width.parse().ok(),
            Cell::Number(_) | Cell::Null | Cell::Other(_) => None,
        }))
    }

    /// Creates the version table unless it is there; whether it was created. `ensure_version`, and the first step of
    /// `stamp` and `upgrade`.
    ///
    /// # Errors
    ///
    /// When it cannot be created.
    pub async fn ensure(&mut self, table: &VersionTable) -> Result<bool, DatabaseError> {
        self.may_write()?;
        if self.exists(table).await? {
            return Ok(false);
        }
        match self.run(&self.version_sql(table).create()).await {
            Ok(_) => Ok(true),
            // Another session was faster, which PostgreSQL says in three ways: by table, by type, by the catalogue's index.
            Err(_) if matches!(self.exists(table).await, Ok(true)) => Ok(false),
            Err(failure) => Err(self.error(failure, "create", table)),
        }
    }

    /// Carries out changes of rows, all of them or none.
    ///
    /// # Errors
    ///
    /// When an update or delete meets another number of rows than one, in Alembic's words, or the table cannot be
    /// written. Nothing is changed then.
    pub async fn apply(
        &mut self,
        table: &VersionTable,
        changes: &[VersionChange],
    ) -> Result<(), DatabaseError> {
        self.change(table, Purge::No, |_| Some(changes.to_vec())).await
    }

    /// Deletes every row and carries out changes, all of it or nothing: `stamp --purge`.
    ///
    /// # Errors
    ///
    /// As [`apply`](Database::apply).
    pub async fn purge_and_apply(
        &mut self,
        table: &VersionTable,
        changes: &[VersionChange],
    ) -> Result<(), DatabaseError> {
        self.change(table, Purge::First, |_| Some(changes.to_vec())).await
    }

    /// Reads the rows while no other session can change them, asks `decide` for the changes, and carries them out in the
    /// same transaction: of two sessions that stamp at once, one stamps what the other has left. `None` leaves everything
    /// as it is, also the rows that were to be purged. Where a server lets both wait for each other and ends one, as
    /// MySQL on an empty table, that one reads and asks again.
    ///
    /// # Errors
    ///
    /// As [`apply`](Database::apply), or when the rows cannot be read.
    pub async fn change(
        &mut self,
        table: &VersionTable,
        purge: Purge,
        mut decide: impl FnMut(&[String]) -> Option<Vec<VersionChange>>,
    ) -> Result<(), DatabaseError> {
        for _ in 0..DEADLOCKS {
            match self.change_once(table, purge, &mut decide).await {
                Err(DatabaseError::Deadlock { .. }) => {}
                ended => return ended,
            }
        }
        self.change_once(table, purge, &mut decide).await
    }

    async fn change_once(
        &mut self,
        table: &VersionTable,
        purge: Purge,
        decide: &mut impl FnMut(&[String]) -> Option<Vec<VersionChange>>,
    ) -> Result<(), DatabaseError> {
        self.begin(table).await?;
        let rows = match purge {
            Purge::First => self.purge(table).await,
            Purge::No => self.locked_rows(table).await,
        };
        let written = match rows.map(|rows| decide(&rows)) {
            Ok(Some(changes)) => self.write(table, &changes).await.map(|()| true),
            Ok(None) => Ok(false),
            Err(error) => Err(error),
        };
        let end = if matches!(written, Ok(true)) { "COMMIT" } else { "ROLLBACK" };
        let ended = self.run(end).await;
        written?;
        ended.map(drop).map_err(|failure| self.error(failure, "write", table))
    }

    /// Opens a transaction in which nobody else writes to the table.
    async fn begin(&mut self, table: &VersionTable) -> Result<(), DatabaseError> {
        self.may_write()?;
        let Err(failure) = self.run(&self.version_sql(table).begin_alone()).await else {
            return Ok(());
        };
        let may_not = matches!(failure, Failure::NoRights(_) | Failure::ReadOnly(_));
        let error = self.error(failure, "write", table);
        // The transaction is open where the lock alone was refused; what the failure was says more than one of this.
        let _ = self.run("ROLLBACK").await;
        // Who may not lock may hardly write, and is told so if there is something to write.
        if may_not && self.run("BEGIN").await.is_ok() { Ok(()) } else { Err(error) }
    }

    async fn locked_rows(&mut self, table: &VersionTable) -> Result<Vec<String>, DatabaseError> {
        match self.select(&self.version_sql(table).select_alone()).await {
            Ok(cells) => self.versions(table, cells),
            Err(failure) => Err(self.error(failure, "read", table)),
        }
    }

    /// Deletes every row; none is left.
    async fn purge(&mut self, table: &VersionTable) -> Result<Vec<String>, DatabaseError> {
        let purged = self.run(&self.version_sql(table).purge()).await;
        purged.map(|_| Vec::new()).map_err(|failure| self.error(failure, "write", table))
    }

    async fn write(
        &mut self,
        table: &VersionTable,
        changes: &[VersionChange],
    ) -> Result<(), DatabaseError> {
        let sql = self.version_sql(table);
        for change in changes {
            let (statement, values) = sql.bound(change);
            let found = self.execute(statement, &values).await;
            let found = found.map_err(|failure| self.error(failure, "write", table))?;
            expect_one_row(table, change, found)?;
        }
        Ok(())
    }

    fn version_sql(&self, table: &VersionTable) -> VersionSql {
        VersionSql::new(self.dialect(), table)
    }

    fn versions(
        &self,
        table: &VersionTable,
        cells: Vec<Cell>,
    ) -> Result<Vec<String>, DatabaseError> {
        let version = |cell| match cell {
            Cell::Text(version) => Some(Ok(version)),
            // Alembic passes over it too.
            Cell::Null => None,
            Cell::Number(value) => Some(Err(DatabaseError::NotText {
                value,
                table: table.to_string(),
                url: self.masked_url().to_owned(),
            })),
            Cell::Other(name) => {
                let reason = Failure::WrongShape(format!("version_num is of type {name}"));
                Some(Err(self.error(reason, "read", table)))
            }
        };
        cells.into_iter().filter_map(version).collect()
    }
}

/// Alembic's own check, and its sentence.
fn expect_one_row(
    table: &VersionTable,
    change: &VersionChange,
    found: u64,
) -> Result<(), DatabaseError> {
    let doing = match change {
        VersionChange::Insert { .. } => return Ok(()),
        _ if found == 1 => return Ok(()),
        VersionChange::Update { from, to } => format!("updating '{from}' to '{to}'"),
        VersionChange::Delete { version } => format!("deleting '{version}'"),
    };
    Err(DatabaseError::RowCount { doing, table: table.name.clone(), found })
}
