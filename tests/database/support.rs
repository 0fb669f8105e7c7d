//! Ways to name the servers that the tests run.

use std::{path::Path, time::Duration};

use alembic_core::step::VersionChange;
use alembic_runtime::{
    database::{ConnectOptions, ConnectParts, Database, DatabaseError, Variables},
    dialect::Dialect,
    version_table::VersionTable,
};
use alembic_testing::{MariaDb, Postgres};

/// Parts for a database of a PostgreSQL, by TCP as `postgres`.
pub(crate) fn postgres(server: &Postgres, database: &str) -> ConnectParts {
    ConnectParts {
        username: Some("postgres".to_owned()),
        host: Some("127.0.0.1".to_owned()),
        port: Some(server.port()),
        database: Some(database.to_owned()),
        ..ConnectParts::new(Dialect::PostgreSql)
    }
}

/// Parts for a database of a MariaDB, by TCP as `tester`.
pub(crate) fn mariadb(server: &MariaDb, database: &str) -> ConnectParts {
    ConnectParts {
        username: Some("tester".to_owned()),
        password: Some("tester".to_owned()),
        host: Some("127.0.0.1".to_owned()),
        port: Some(server.port()),
        database: Some(database.to_owned()),
        ..ConnectParts::new(Dialect::MySql)
    }
}

/// Parts for a file of SQLite.
pub(crate) fn sqlite(path: &Path) -> ConnectParts {
    let database = path.to_str().expect("the path is plain").to_owned();
    ConnectParts { database: Some(database), ..ConnectParts::new(Dialect::Sqlite) }
}

/// Options without an environment.
pub(crate) fn options() -> ConnectOptions {
    with_variables(&[])
}

/// Options with an environment of these variables alone.
pub(crate) fn with_variables(variables: &[(&str, &str)]) -> ConnectOptions {
    let variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let lookup = move |name: &str| {
        variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    };
    ConnectOptions {
        timeout: Duration::from_secs(20),
        variables: Variables::new(lookup),
        ..ConnectOptions::default()
    }
}

/// Options of a command that writes nothing.
pub(crate) fn reading() -> ConnectOptions {
    ConnectOptions { read_only: true, ..options() }
}

/// A connection with [`options`].
pub(crate) async fn connect(parts: &ConnectParts) -> Database {
    Database::connect(parts, &options()).await.expect("the server is ours")
}

/// The error of an attempt to connect.
pub(crate) async fn refusal(parts: &ConnectParts, options: &ConnectOptions) -> DatabaseError {
    let outcome = Database::connect(parts, options).await;
    outcome.err().unwrap_or_else(|| panic!("{parts} let us in"))
}

/// `alembic_version`.
pub(crate) fn table() -> VersionTable {
    VersionTable::default()
}

/// A table by name and schema.
pub(crate) fn named(schema: Option<&str>, name: &str) -> VersionTable {
    let schema = schema.map(str::to_owned);
    VersionTable { name: name.to_owned(), schema, primary_key: true }
}

pub(crate) fn insert(version: &str) -> VersionChange {
    VersionChange::Insert { version: version.to_owned() }
}

pub(crate) fn delete(version: &str) -> VersionChange {
    VersionChange::Delete { version: version.to_owned() }
}

pub(crate) fn update(from: &str, to: &str) -> VersionChange {
    VersionChange::Update { from: from.to_owned(), to: to.to_owned() }
}

/// The rows in an order of our own.
pub(crate) async fn rows(database: &mut Database, table: &VersionTable) -> Option<Vec<String>> {
    let mut rows = database.heads(table).await.expect("the table can be read")?;
    rows.sort();
    Some(rows)
}
