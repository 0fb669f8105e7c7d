//! The lock around a run of migrations.

use std::time::Duration;

use alembic_runtime::{
    database::{ConnectParts, Database},
    lock::{LockError, LockRequest, MigrationLock, Pooler, Release},
};
use alembic_testing::{MariaDb, PgBouncer, Postgres};

use crate::support::{insert, mariadb, named, options, postgres, reading, rows, sqlite, table};

fn request(wait: Duration) -> LockRequest {
    LockRequest { table: table(), key: None, wait }
}

async fn take(parts: &ConnectParts, wait: Duration) -> Result<MigrationLock, LockError> {
    MigrationLock::acquire(parts, &options(), &request(wait)).await
}

/// One has it, the next learns who, and gets it afterwards; another table or key has a lock of its own.
async fn turns(parts: &ConnectParts, holder: &str) {
    let mut first = take(parts, Duration::ZERO).await.unwrap();
    assert!(first.is_held().await);
    assert_eq!(first.pooler(), Pooler::None);
    assert_eq!(rows(first.database(), &table()).await, None);
    let error = take(parts, Duration::from_millis(100)).await.unwrap_err();
    assert!(matches!(error, LockError::Held { .. }), "{error}");
    assert!(error.to_string().contains(holder), "{error}");
    assert_eq!(first.release().await, Release::Held);
    let second = take(parts, Duration::ZERO).await.unwrap();
    drop(second);
    let third = take(parts, Duration::from_secs(10)).await.unwrap();
    assert_eq!(third.release().await, Release::Held);
}

async fn other_keys(parts: &ConnectParts) {
    let first = take(parts, Duration::ZERO).await.unwrap();
    for other in [
        LockRequest { table: named(None, "other_version"), ..request(Duration::ZERO) },
        LockRequest { key: Some("deploy".to_owned()), ..request(Duration::ZERO) },
        LockRequest { key: Some("-42".to_owned()), ..request(Duration::ZERO) },
    ] {
        let lock = MigrationLock::acquire(parts, &options(), &other).await.unwrap();
        assert_eq!(lock.release().await, Release::Held);
    }
    assert_eq!(first.release().await, Release::Held);
}

/// Ten at once: never two of them inside.
async fn race(parts: &ConnectParts) {
    let inside = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let (parts, inside) = (parts.clone(), inside.clone());
            tokio::spawn(async move {
                use std::sync::atomic::Ordering::SeqCst;
                let lock = take(&parts, Duration::from_mins(1)).await.unwrap();
                assert_eq!(inside.fetch_add(1, SeqCst), 0);
                tokio::time::sleep(Duration::from_millis(5)).await;
                inside.fetch_sub(1, SeqCst);
                assert_eq!(lock.release().await, Release::Held);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn postgresql_lock() {
    let database = Postgres::shared().database();
    let parts = postgres(Postgres::shared(), database.name());
    turns(&parts, "(alembic-rs) from 127.0.0.1").await;
    other_keys(&parts).await;
    race(&parts).await;
}

#[tokio::test]
async fn mariadb_lock() {
    let parts = mariadb(MariaDb::shared(), &MariaDb::shared().database());
    turns(&parts, "is held by connection ").await;
    other_keys(&parts).await;
    race(&parts).await;
}

#[tokio::test]
async fn sqlite_lock() {
    let folder = tempfile::tempdir().unwrap();
    let parts = sqlite(&folder.path().join("app.db"));
    turns(&parts, &format!("is held by process {}", std::process::id())).await;
    race(&parts).await;
    let files: Vec<_> =
        fs_err::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["app.db"]);
}

#[tokio::test]
async fn a_restart_of_the_server_loses_the_lock() {
    let mut server = Postgres::start();
    let parts = postgres(&server, "postgres");
    let mut lock = take(&parts, Duration::ZERO).await.unwrap();
    server.restart();
    assert!(!lock.is_held().await);
    let other = take(&parts, Duration::ZERO).await.unwrap();
    assert_eq!(lock.release().await, Release::Lost);
    assert_eq!(other.release().await, Release::Held);
}

fn through(pooler: &PgBouncer, database: &str) -> ConnectParts {
    ConnectParts { port: Some(pooler.port()), ..postgres(Postgres::shared(), database) }
}

#[tokio::test]
async fn a_transaction_pooler_holds_no_lock() {
    let database = Postgres::shared().database();
    let pooler = PgBouncer::start(Postgres::shared(), "transaction");
    let parts = through(&pooler, database.name());
    for _ in 0..3 {
        let error = take(&parts, Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, LockError::TransactionPooler { .. }), "{error}");
    }
    // Everything else works through it.
    for _ in 0..3 {
        let mut session = Database::connect(&parts, &options()).await.unwrap();
        session.ensure(&table()).await.unwrap();
        session.purge_and_apply(&table(), &[insert("a")]).await.unwrap();
        let mut reader = Database::connect(&parts, &reading()).await.unwrap();
        assert_eq!(rows(&mut reader, &table()).await, Some(vec!["a".to_owned()]));
    }
    let locks = "select count(*) from pg_locks join pg_database on database = pg_database.oid \
        where locktype = 'advisory' and datname = current_database()";
    assert_eq!(database.sql(locks), "0");
}

#[tokio::test]
async fn a_session_pooler_holds_locks() {
    let pooler = PgBouncer::start(Postgres::shared(), "session");
    let parts = through(&pooler, "postgres");
    let lock = take(&parts, Duration::ZERO).await.unwrap();
    let error = take(&parts, Duration::ZERO).await.unwrap_err();
    assert!(matches!(error, LockError::Held { .. }), "{error}");
    assert_eq!(lock.release().await, Release::Held);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let lock = take(&parts, Duration::ZERO).await.unwrap();
    assert_eq!(lock.pooler(), Pooler::Session);
    assert_eq!(lock.release().await, Release::Held);
}
