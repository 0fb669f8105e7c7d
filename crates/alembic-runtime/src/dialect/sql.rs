//! The statements that Alembic runs on its version table, as SQLAlchemy writes them, and the scripts of `--sql`.

use std::fmt::Write as _;

use alembic_core::step::VersionChange;

use super::{Dialect, quoted};
use crate::version_table::VersionTable;

/// The statements on one version table, without the closing semicolon.
#[derive(Debug, Clone)]
pub struct VersionSql {
    dialect: Dialect,
    /// The table's name and schema as they are.
    name: String,
    schema: Option<String>,
    /// The table with its schema, quoted where need be.
    table: String,
    /// The name of the primary key's constraint, quoted where need be.
    primary_key: Option<String>,
}

impl VersionSql {
    /// The statements on `table` in `dialect`.
    pub fn new(dialect: Dialect, table: &VersionTable) -> Self {
        let primary_key =
            table.primary_key.then(|| quoted(dialect, &format!("{}_pkc", table.name)).into_owned());
        let (name, schema) = (table.name.clone(), table.schema.clone());
        Self { dialect, name, schema, table: qualified(dialect, table), primary_key }
    }

    /// `CREATE TABLE`, indented by tabs as SQLAlchemy sends it.
    pub fn create(&self) -> String {
        let mut sql = format!("CREATE TABLE {} (\n\tversion_num VARCHAR(32) NOT NULL", self.table);
        if let Some(constraint) = &self.primary_key {
            // The blank behind the comma is SQLAlchemy's.
            let _ = write!(sql, ", \n\tCONSTRAINT {constraint} PRIMARY KEY (version_num)");
        }
        sql.push_str("\n)");
        sql
    }

    /// The rows, in whichever order the database gives them.
    pub fn select(&self) -> String {
        format!("SELECT {table}.version_num FROM {table}", table = self.table)
    }

    /// A statement that fails when there is no such table, and gives no row.
    pub fn probe(&self) -> String {
        format!("SELECT 1 FROM {} WHERE 1 = 0", self.table)
    }

    /// How many characters the column holds, as one text; no number for text of any length, and no statement for
    /// SQLite, which holds nobody to what a column declares.
    pub fn width(&self) -> Option<String> {
        let table = self.literal(&self.table);
        match self.dialect {
            // The length of a text with a limit stands behind a header of four bytes.
            Dialect::PostgreSql => Some(format!(
                "SELECT CASE WHEN atttypmod > 4 THEN (atttypmod - 4)::text END FROM pg_catalog.pg_attribute \
                 WHERE attrelid = {table}::pg_catalog.regclass AND attname = 'version_num'"
            )),
            Dialect::MySql => {
                let schema = self.schema.as_deref().map(|schema| self.literal(schema));
                Some(format!(
                    "SELECT CAST(character_maximum_length AS CHAR) FROM information_schema.columns \
                     WHERE table_schema = {} AND table_name = {} AND column_name = 'version_num'",
                    schema.as_deref().unwrap_or("DATABASE()"),
                    self.literal(&self.name)
                ))
            }
            Dialect::Sqlite => None,
        }
    }

    /// Opens a transaction in which no other session changes the rows; those that only read go on.
    pub fn begin_alone(&self) -> String {
        match self.dialect {
            Dialect::PostgreSql => {
                format!("BEGIN; LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", self.table)
            }
            // Only there do the rows' locks keep out new ones, whatever the server's default is.
            Dialect::MySql => "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN".to_owned(),
            // Waits for another writer at once instead of failing in the middle.
            Dialect::Sqlite => "BEGIN IMMEDIATE".to_owned(),
        }
    }

    /// The rows, within [`begin_alone`](Self::begin_alone).
    pub fn select_alone(&self) -> String {
        let lock = if self.dialect == Dialect::MySql { " FOR UPDATE" } else { "" };
        self.select() + lock
    }

    /// Deletes every row: `stamp --purge`.
    pub fn purge(&self) -> String {
        format!("DELETE FROM {}", self.table)
    }

    /// A change with its values written out, for a script.
    pub fn change(&self, change: &VersionChange) -> String {
        match change {
            VersionChange::Insert { version } => {
                self.insert(&self.literal(version)) + &self.returning()
            }
            VersionChange::Update { from, to } => {
                self.update(&self.literal(to), &self.literal(from))
            }
            VersionChange::Delete { version } => self.delete(&self.literal(version)),
        }
    }

    /// A change with placeholders, and the values to bind in their order.
    pub fn bound<'a>(&self, change: &'a VersionChange) -> (String, Vec<&'a str>) {
        let [first, second] = match self.dialect {
            Dialect::PostgreSql => ["$1", "$2"],
            Dialect::MySql | Dialect::Sqlite => ["?", "?"],
        };
        match change {
            VersionChange::Insert { version } => (self.insert(first), vec![version]),
            VersionChange::Update { from, to } => (self.update(first, second), vec![to, from]),
            VersionChange::Delete { version } => (self.delete(first), vec![version]),
        }
    }

    fn insert(&self, version: &str) -> String {
        format!("INSERT INTO {} (version_num) VALUES ({version})", self.table)
    }

    fn update(&self, to: &str, from: &str) -> String {
        format!(
            "UPDATE {table} SET version_num={to} WHERE {table}.version_num = {from}",
            table = self.table
        )
    }

    fn delete(&self, version: &str) -> String {
        format!("DELETE FROM {table} WHERE {table}.version_num = {version}", table = self.table)
    }

    /// SQLAlchemy asks for a primary key's value where the database can give it.
    fn returning(&self) -> String {
        match self.dialect {
            _ if self.primary_key.is_none() => String::new(),
            Dialect::PostgreSql => format!(" RETURNING {}.version_num", self.table),
            Dialect::Sqlite => " RETURNING version_num".to_owned(),
            Dialect::MySql => String::new(),
        }
    }

    /// A text of SQL. Alembic puts the identifier between quotes as it is; one with a quote in it stays one text here.
    fn literal(&self, value: &str) -> String {
        let mut text = value.replace('\'', "''");
        if self.dialect == Dialect::MySql {
            text = text.replace('\\', "\\\\");
        }
        format!("'{text}'")
    }
}

/// The table as it stands in a statement.
pub fn qualified(dialect: Dialect, table: &VersionTable) -> String {
    let name = quoted(dialect, &table.name);
    match &table.schema {
        Some(schema) => format!("{}.{name}", quoted(dialect, schema)),
        None => name.into_owned(),
    }
}

/// Where `BEGIN` and `COMMIT` stand in a script (`MigrationContext.begin_transaction`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transactions {
    /// Nowhere: DDL does not belong to a transaction.
    None,
    /// Around the whole script, an empty one as well.
    Whole,
    /// Around each step, and around nothing else.
    PerStep,
}

impl Transactions {
    /// As Alembic decides by `transactional_ddl` and `transaction_per_migration`.
    pub fn new(transactional_ddl: bool, per_migration: bool) -> Self {
        match (transactional_ddl, per_migration) {
            (false, _) => Self::None,
            (true, false) => Self::Whole,
            (true, true) => Self::PerStep,
        }
    }
}

/// What `--sql` prints: statements that end in `;` and an empty line.
///
/// ```
/// use alembic_runtime::dialect::sql::{SqlScript, Transactions};
///
/// let mut script = SqlScript::new(Transactions::Whole);
/// script.begin();
/// script.begin_step();
/// script.running("upgrade  -> 1c3f");
/// script.statement("SELECT 1");
/// script.commit_step();
/// script.commit();
/// assert_eq!(script.text(), "BEGIN;\n\n-- Running upgrade  -> 1c3f\n\nSELECT 1;\n\nCOMMIT;\n\n");
/// ```
#[derive(Debug, Clone)]
pub struct SqlScript {
    transactions: Transactions,
    text: String,
}

impl SqlScript {
    /// An empty script.
    pub fn new(transactions: Transactions) -> Self {
        Self { transactions, text: String::new() }
    }

    /// Opens the transaction around the whole script, where there is one.
    pub fn begin(&mut self) {
        self.line_if(Transactions::Whole, "BEGIN;");
    }

    /// Closes the transaction around the whole script.
    pub fn commit(&mut self) {
        self.line_if(Transactions::Whole, "COMMIT;");
    }

    /// Opens the transaction of a step, where each has its own.
    pub fn begin_step(&mut self) {
        self.line_if(Transactions::PerStep, "BEGIN;");
    }

    /// Closes the transaction of a step.
    pub fn commit_step(&mut self) {
        self.line_if(Transactions::PerStep, "COMMIT;");
    }

    /// The comment before a step; `step` is what the log would say behind `Running`, as in `upgrade a -> b`.
    pub fn running(&mut self, step: &str) {
        self.line(&format!("-- Running {step}"));
    }

    /// A statement; tabs become four blanks.
    pub fn statement(&mut self, sql: &str) {
        self.line(&format!("{};", sql.replace('\t', "    ").trim()));
    }

    /// What was written so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn line_if(&mut self, transactions: Transactions, text: &str) {
        if self.transactions == transactions {
            self.line(text);
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }
}
