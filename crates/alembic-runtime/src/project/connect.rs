//! Connections to the project's database.

use super::{Project, ProjectError};
use crate::database::{ConnectOptions, Database, DatabaseError, wait_for};
use crate::version_table::VersionTable;

/// What the connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// One of Alembic's reading commands: what Alembic would create is created.
    Reading,
    /// Nothing is ever created or changed.
    Looking,
    /// Rows are changed: a database that is only a guess is refused.
    Writing,
}

/// A connection to the project's database.
pub struct Connected<'a> {
    /// The connection.
    pub database: Database,
    table: &'a VersionTable,
}

impl Project {
    /// Opens a connection, after waiting for the server if that is asked for.
    ///
    /// # Errors
    /// When there is no database that serves the purpose, or it does not let us in.
    pub async fn connect(&self, purpose: Purpose) -> Result<Connected<'_>, ProjectError> {
        if purpose == Purpose::Writing {
            self.refuse_guess()?;
        }
        let parts = self.parts()?;
        let options =
            ConnectOptions { read_only: purpose == Purpose::Looking, ..self.connect_options() };
        let database = match self.options.wait {
            Some(limit) => wait_for(&parts, &options, limit).await?,
            None => Database::connect(&parts, &options).await?,
        };
        Ok(Connected { database, table: &self.table })
    }

    /// As [`connect`](Self::connect), for looking; `None` for a SQLite file that is not there.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn look(&self) -> Result<Option<Connected<'_>>, ProjectError> {
        match self.connect(Purpose::Looking).await {
            Ok(connected) => Ok(Some(connected)),
            Err(ProjectError::Database(DatabaseError::NoSuchFile { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The rows of the version table, read without leaving a trace; none where there is no table, or no SQLite file yet.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn rows_as_they_are(&self) -> Result<Vec<String>, ProjectError> {
        match self.look().await? {
            Some(mut connected) => Ok(connected.rows().await?.unwrap_or_default()),
            None => Ok(Vec::new()),
        }
    }

    /// The rows as `current` reads them, which creates no table, but SQLite's file. A database that is only a guess is left
    /// as it is.
    ///
    /// # Errors
    /// When there is no database, or it cannot be asked.
    pub async fn rows(&self) -> Result<Vec<String>, ProjectError> {
        if !self.target()?.proven {
            return self.rows_as_they_are().await;
        }
        Ok(self.connect(Purpose::Reading).await?.rows().await?.unwrap_or_default())
    }

    /// As [`rows`](Self::rows), after creating the table where there is none, as those other commands of Alembic do that
    /// change nothing else. A database that is only a guess is left as it is.
    ///
    /// # Errors
    /// When there is no database, or the table can neither be read nor created.
    pub async fn rows_or_new_table(&self) -> Result<Vec<String>, ProjectError> {
        if !self.target()?.proven {
            return self.rows_as_they_are().await;
        }
        let mut connected = self.connect(Purpose::Reading).await?;
        let rows = connected.rows().await?.unwrap_or_default();
        if rows.is_empty() {
            connected.ensure().await?;
        }
        Ok(rows)
    }

    /// How we connect, apart from where.
    pub fn connect_options(&self) -> ConnectOptions {
        ConnectOptions {
            #[cfg(feature = "postgres")]
            variables: self.variables(),
            application_name: self.options.application_name.clone(),
            ..ConnectOptions::default()
        }
    }
}

impl Connected<'_> {
    /// The rows of the version table; `None` when there is no table.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn rows(&mut self) -> Result<Option<Vec<String>>, DatabaseError> {
        self.database.heads(self.table).await
    }

    /// How many characters the version table's column holds; `None` for text of any length.
    ///
    /// # Errors
    /// When the catalogue cannot be asked, or there is no version table.
    pub async fn version_width(&mut self) -> Result<Option<usize>, DatabaseError> {
        self.database.version_width(self.table).await
    }

    /// Creates the version table unless it is there; whether it was created.
    ///
    /// # Errors
    /// When that is not allowed.
    pub async fn ensure(&mut self) -> Result<bool, DatabaseError> {
        self.database.ensure(self.table).await
    }
}
