//! What the server is doing.

use std::time::Duration;

use pg_browser::{QueryRequest, SlowStatements, TableName};

use crate::support::on_each;

#[test]
fn sessions_blockers_and_locks_are_shown_and_can_be_stopped() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        let run = |sql: &'static str| {
            let browser = db.browser.clone();
            tokio::spawn(async move { browser.query(&QueryRequest::new(sql)).await.unwrap() })
        };
        let holder = run("BEGIN; LOCK TABLE t; SELECT pg_sleep(60)");
        tokio::time::sleep(Duration::from_millis(200)).await;
        let waiter = run("DELETE FROM t");
        tokio::time::sleep(Duration::from_millis(200)).await;
        let sessions = db.browser.sessions().await.unwrap();
        let waiting = sessions.iter().find(|s| s.query.as_deref() == Some("DELETE FROM t")).unwrap();
        assert_eq!(waiting.wait_event_type.as_deref(), Some("Lock"));
        let blocker = waiting.blocked_by[0];
        let locks = db.browser.locks().await.unwrap();
        let table = TableName::new("public", "t");
        assert!(locks.iter().any(|lock| lock.pid == blocker && lock.is_granted && lock.table == table));
        assert!(locks.iter().any(|lock| lock.pid == waiting.pid && !lock.is_granted));
        assert!(db.browser.cancel(waiting.pid).await.unwrap());
        assert_eq!(waiter.await.unwrap().failure.unwrap().error.code, "cancelled");
        assert!(db.browser.terminate(blocker).await.unwrap());
        assert_eq!(holder.await.unwrap().failure.unwrap().error.code, "connection_lost");
        assert!(!db.browser.cancel(2_000_000_000).await.unwrap());
        assert_eq!(db.sql("SELECT count(*) FROM t"), "1");
    });
}

#[test]
fn statistics_are_there() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100); ANALYZE t");
        let tables = db.browser.table_statistics().await.unwrap();
        assert_eq!(tables.len(), 1);
        assert!(tables[0].last_analyze.is_some() && tables[0].size_bytes > 0);
        assert_eq!(db.browser.index_statistics().await.unwrap()[0].index, "t_pkey");
        let slow = db.browser.slow_statements(10).await.unwrap();
        assert!(matches!(&slow, SlowStatements::Unavailable { help, .. } if help.contains("shared_preload_libraries")));
        db.sql("CREATE SCHEMA \"o dd\"; CREATE EXTENSION pg_stat_statements SCHEMA \"o dd\"");
        let slow = db.browser.slow_statements(10).await.unwrap();
        assert!(matches!(slow, SlowStatements::Unavailable { .. }), "{slow:?}");
    });
}

#[test]
fn slow_statements_are_known_where_the_extension_is_loaded() {
    let server = alembic_testing::Postgres::start_with(&["shared_preload_libraries=pg_stat_statements"]);
    server.sql("postgres", "CREATE EXTENSION pg_stat_statements; SELECT pg_sleep(0.05)");
    let url = format!("postgresql://postgres@127.0.0.1:{}/postgres", server.port());
    let options = pg_browser::ConnectOptions::from_url(&url).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let browser = pg_browser::Browser::connect(options).await.unwrap();
        let SlowStatements::Known { statements } = browser.slow_statements(5).await.unwrap() else { panic!() };
        assert!(statements.iter().any(|statement| statement.query.contains("pg_sleep($1)")), "{statements:?}");
    });
}
