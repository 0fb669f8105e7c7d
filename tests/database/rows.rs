//! The version table's life, on every database.

use alembic_runtime::{
    database::{ConnectParts, Database, DatabaseError, Purge},
    version_table::VersionTable,
};
use alembic_testing::{MariaDb, Postgres};

use crate::support::{
    connect, delete, insert, mariadb, named, options, postgres, reading, rows, sqlite, table,
    update,
};

/// Made, filled, changed, purged; one transaction each.
async fn life(database: &mut Database, table: &VersionTable) {
    assert!(!database.exists(table).await.unwrap());
    assert_eq!(rows(database, table).await, None);
    assert!(database.ensure(table).await.unwrap());
    assert!(!database.ensure(table).await.unwrap());
    assert!(database.exists(table).await.unwrap());
    assert_eq!(rows(database, table).await, Some(vec![]));
    database.apply(table, &[insert("a"), insert("b")]).await.unwrap();
    database.apply(table, &[update("a", "c"), delete("b"), insert("it's")]).await.unwrap();
    assert_eq!(rows(database, table).await, Some(vec!["c".to_owned(), "it's".to_owned()]));
    missing_rows(database, table).await;
    let error = database.apply(table, &[delete("it's"), insert("c")]).await.unwrap_err();
    assert!(matches!(error, DatabaseError::RowExists { .. }), "{error}");
    assert_eq!(rows(database, table).await, Some(vec!["c".to_owned(), "it's".to_owned()]));
    database.purge_and_apply(table, &[insert("x")]).await.unwrap();
    assert_eq!(rows(database, table).await, Some(vec!["x".to_owned()]));
    database.change(table, Purge::First, |rows| rows.first().map(|_| vec![])).await.unwrap();
    assert_eq!(rows(database, table).await, Some(vec!["x".to_owned()]));
}

/// Alembic's sentence, and a transaction that leaves nothing behind.
async fn missing_rows(database: &mut Database, table: &VersionTable) {
    let before = rows(database, table).await;
    let error = database.apply(table, &[insert("new"), update("gone", "d")]).await.unwrap_err();
    let expected = format!(
        "Online migration expected to match one row when updating 'gone' to 'd' in '{}'; 0 found",
        table.name
    );
    assert_eq!(error.to_string(), expected);
    let error = database.apply(table, &[delete("c"), delete("gone")]).await.unwrap_err();
    assert!(error.to_string().contains("when deleting 'gone' in "), "{error}");
    assert_eq!(rows(database, table).await, before);
}

/// Two equal rows, where no primary key forbids it.
async fn doubled_rows(database: &mut Database) {
    let table = VersionTable { primary_key: false, ..named(None, "no key") };
    database.ensure(&table).await.unwrap();
    database.apply(&table, &[insert("a"), insert("a")]).await.unwrap();
    let error = database.apply(&table, &[update("a", "b")]).await.unwrap_err();
    let expected =
        "Online migration expected to match one row when updating 'a' to 'b' in 'no key'; 2 found";
    assert_eq!(error.to_string(), expected);
    assert_eq!(rows(database, &table).await, Some(vec!["a".to_owned(), "a".to_owned()]));
}

/// How often sessions stamp at once.
const ROUNDS: usize = 5;

/// As `stamp` on a line of revisions: one row, whatever was there.
async fn stamp(parts: ConnectParts, table: VersionTable, to: &str) -> Result<(), DatabaseError> {
    let mut session = connect(&parts).await;
    session.ensure(&table).await.unwrap();
    let decide = |rows: &[String]| {
        assert!(rows.len() < 2, "{rows:?}");
        Some(rows.first().map_or(vec![insert(to)], |row| vec![update(row, to)]))
    };
    session.change(&table, Purge::No, decide).await
}

/// Sessions that stamp at once leave one row, on a table that is not there and on an empty one.
async fn stamped_at_once(parts: &ConnectParts) {
    let mut session = connect(parts).await;
    for round in 0..ROUNDS {
        let table = named(None, &format!("at_once_{round}"));
        for _ in 0..2 {
            let stamps =
                ["a", "b", "c"].map(|to| tokio::spawn(stamp(parts.clone(), table.clone(), to)));
            for stamp in stamps {
                // MySQL finds two that wait for each other, and ends one, which begins anew.
                stamp.await.unwrap().unwrap();
            }
            let left = rows(&mut session, &table).await.unwrap();
            assert_eq!(left.len(), 1, "round {round}: {left:?}");
            session.apply(&table, &[delete(&left[0])]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn postgresql() {
    let database = Postgres::shared().database();
    let mut session = connect(&postgres(Postgres::shared(), database.name())).await;
    life(&mut session, &table()).await;
    let definition = "select string_agg(column_name || ' ' || data_type || ' ' || character_maximum_length || ' ' \
        || is_nullable, ',') from information_schema.columns where table_name = 'alembic_version'";
    assert_eq!(database.sql(definition), "version_num character varying 32 NO");
    let constraint = "select conname from pg_constraint where conrelid = 'alembic_version'::regclass and contype = 'p'";
    assert_eq!(database.sql(constraint), "alembic_version_pkc");
    assert_eq!(session.version_width(&table()).await.unwrap(), Some(32));
    database.sql("alter table alembic_version alter version_num type text");
    assert_eq!(session.version_width(&table()).await.unwrap(), None);
    database.sql("create schema \"My Schema\"");
    life(&mut session, &named(Some("My Schema"), "user")).await;
    life(&mut session, &named(None, "Odd\"Name")).await;
    doubled_rows(&mut session).await;
    stamped_at_once(&postgres(Postgres::shared(), database.name())).await;
    session.close().await.unwrap();
}

#[tokio::test]
async fn mariadb_rows() {
    let server = MariaDb::shared();
    let parts = mariadb(server, &server.database());
    let mut session = connect(&parts).await;
    life(&mut session, &table()).await;
    assert_eq!(session.version_width(&table()).await.unwrap(), Some(32));
    life(&mut session, &named(Some(&server.database()), "order")).await;
    life(&mut session, &named(None, "Odd`Name")).await;
    doubled_rows(&mut session).await;
    stamped_at_once(&parts).await;
    session.close().await.unwrap();
}

#[tokio::test]
async fn sqlite_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut session = connect(&sqlite(&folder.path().join("app.db"))).await;
    life(&mut session, &table()).await;
    life(&mut session, &named(Some("main"), "Odd\"Name")).await;
    doubled_rows(&mut session).await;
    stamped_at_once(&sqlite(&folder.path().join("app.db"))).await;
    session.close().await.unwrap();
}

#[tokio::test]
async fn a_reading_session_reads_and_never_writes() {
    let database = Postgres::shared().database();
    let parts = postgres(Postgres::shared(), database.name());
    let mut session = Database::connect(&parts, &reading()).await.unwrap();
    assert_eq!(session.heads(&table()).await.unwrap(), None);
    // The failed statement left no transaction behind.
    assert_eq!(session.heads(&table()).await.unwrap(), None);
    database.sql("create table alembic_version (version_num varchar(32)); insert into alembic_version values ('a')");
    assert_eq!(rows(&mut session, &table()).await, Some(vec!["a".to_owned()]));
    let error = session.ensure(&named(None, "other")).await.unwrap_err();
    assert!(matches!(error, DatabaseError::ReadOnly { .. }), "{error}");
    let error = session.apply(&table(), &[insert("b")]).await.unwrap_err();
    assert!(matches!(error, DatabaseError::ReadOnly { .. }), "{error}");
}

/// Alembic writes nothing where nothing changes.
#[tokio::test]
async fn nothing_to_write_needs_no_right_to_write() {
    let database = Postgres::shared().database();
    database.sql(
        "create table alembic_version (version_num varchar(32)); insert into alembic_version values ('a');
         create role looker login; grant select on alembic_version to looker",
    );
    let looker = ConnectParts {
        username: Some("looker".to_owned()),
        ..postgres(Postgres::shared(), database.name())
    };
    let mut session = connect(&looker).await;
    session.apply(&table(), &[]).await.unwrap();
    let error = session.apply(&table(), &[insert("b")]).await.unwrap_err();
    assert!(matches!(error, DatabaseError::NoRights { doing: "write", .. }), "{error}");
    drop(session);
    database.sql("drop owned by looker; drop role looker");
}

#[tokio::test]
async fn the_server_keeps_a_reading_session_from_writing() {
    let database = Postgres::shared().database();
    database.sql(
        "create table log (at int);
         create function noisy() returns varchar language plpgsql as
             $$ begin insert into log values (1); return 'a'; end $$;
         create view alembic_version as select noisy() as version_num",
    );
    let parts = postgres(Postgres::shared(), database.name());
    let mut session = Database::connect(&parts, &reading()).await.unwrap();
    let error = session.heads(&table()).await.unwrap_err();
    assert!(matches!(error, DatabaseError::ReadOnly { .. }), "{error}");
}

#[tokio::test]
async fn many_sessions_make_one_table() {
    let database = Postgres::shared().database();
    let parts = postgres(Postgres::shared(), database.name());
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let parts = parts.clone();
            tokio::spawn(async move {
                let mut session = Database::connect(&parts, &options()).await.unwrap();
                session.ensure(&table()).await.unwrap()
            })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap());
    }
    assert_eq!(made, 1);
}
