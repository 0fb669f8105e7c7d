//! Ways out of read-only mode, all of them shut.

use pg_browser::{
    Browser, CountKind, CountRequest, Edit, EditSet, ExportFormat, ExportRequest, ExportSource,
    Filter, PageRequest, QueryRequest, TableName,
};

use crate::support::on_each;

const ESCAPES: [&str; 34] = [
    "COMMIT; DELETE FROM t",
    "COMMIT",
    "ROLLBACK; DELETE FROM t",
    "SELECT 1; DELETE FROM t",
    "DELETE FROM t",
    "WITH d AS (DELETE FROM t RETURNING 1) SELECT * FROM d",
    "SET transaction_read_only = off",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT set_config('transaction_read_only', 'off', true), empty_t()",
    "SELECT empty_t()",
    "SELECT * FROM t WHERE empty_t() IS NULL",
    "SELECT empty_by_execute('SET transaction_read_only = off')",
    "SELECT empty_by_execute('DELETE FROM t')",
    "SELECT empty_by_execute('COMMIT')",
    "DO $$ BEGIN DELETE FROM t; END $$",
    "CALL empty_p()",
    "SELECT nextval('s')",
    "SELECT setval('s', 99)",
    "COPY t TO PROGRAM 'touch FILE'",
    "COPY (SELECT 1) TO 'FILE'",
    "SELECT lo_create(4711)",
    "SELECT lo_export(1, 'FILE')",
    "SELECT lo_from_bytea(4711, 'x')",
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_catalog.\"pg_try_advisory_lock\"(1)",
    "SELECT 1 INTO made",
    "SELECT * FROM t FOR UPDATE",
    "EXPLAIN ANALYZE DELETE FROM t",
    "EXPLAIN (ANALYZE) DELETE FROM t",
    "EXPLAIN (VERBOSE, \"analyze\") DELETE FROM t",
    "CREATE TABLE made (a int)",
    "PREPARE p AS DELETE FROM t",
    "SELECT query_to_xml('SELECT lo_create(4711)', true, true, '')",
    "LISTEN x",
];

const SETUP: &str = "
CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2); CREATE SEQUENCE s;
CREATE FUNCTION empty_t() RETURNS int LANGUAGE sql AS 'DELETE FROM t RETURNING 1';
CREATE FUNCTION empty_by_execute(x text) RETURNS int LANGUAGE plpgsql AS 'BEGIN EXECUTE x; DELETE FROM t; RETURN 1; END';
CREATE FUNCTION lock_me() RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_lock(1); RETURN 1; END';
CREATE PROCEDURE empty_p() LANGUAGE sql AS 'DELETE FROM t'";

#[test]
fn nothing_gets_out() {
    on_each(async |db| {
        db.sql(SETUP);
        let read_only = Browser::connect(db.options().read_only(true)).await.unwrap();
        let file = std::env::temp_dir().join(format!("pg-browser-escape-{}", db.database.name()));
        for escape in ESCAPES {
            let escape = escape.replace("FILE", &file.display().to_string());
            for (browser, request) in [
                (&db.browser, QueryRequest::read_only(&escape)),
                (&read_only, QueryRequest::new(&escape)),
            ] {
                let outcome = browser.query(&request).await;
                let let_in = outcome.as_ref().is_ok_and(|outcome| outcome.failure.is_none());
                // Setting the switch to what it is cannot be told from a read; it must not help.
                assert!(!let_in, "{escape}: {outcome:?}");
                let state = "SELECT (SELECT count(*) FROM t), (SELECT last_value FROM s), to_regclass('made'), \
                             (SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')";
                assert_eq!(db.sql(state), "2|1||0|0", "{escape}");
                assert!(!file.exists(), "{escape}");
            }
        }
        // A function of one's own can take the lock; the session does not keep it.
        let outcome = db.browser.query(&QueryRequest::read_only("SELECT lock_me()")).await.unwrap();
        assert!(outcome.failure.is_none());
        assert_eq!(db.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
        read_only.close().await;
    });
}

#[test]
fn browsing_writes_nothing_in_any_mode() {
    on_each(async |db| {
        db.sql(SETUP);
        let request = PageRequest::new(TableName::new("public", "t"));
        for condition in [
            "empty_t() = 1",
            "set_config('transaction_read_only', 'off', false) = 'off' AND empty_t() = 1",
            "nextval('s') > 0",
        ] {
            let outcome = db.browser.page(&request.clone().filter(Filter::raw(condition))).await;
            assert!(outcome.is_err(), "{condition}");
            assert_eq!(
                db.sql("SELECT (SELECT count(*) FROM t), (SELECT last_value FROM s)"),
                "2|1"
            );
        }
        for condition in [
            "pg_advisory_lock(101) IS NULL",
            "id IN (SELECT 1 WHERE pg_terminate_backend(1))",
            "query_to_xml('SELECT pg_advisory_lock(1)', true, true, '') IS NULL",
            "pg_switch_wal() IS NULL",
        ] {
            let filter = Filter::raw(condition);
            let rows = request.clone().filter(filter.clone());
            let error = db.browser.page(&rows).await.unwrap_err();
            assert_eq!(error.code(), "not_read_only", "{condition}");
            let count = CountRequest::new(request.table.clone(), CountKind::Exact);
            let count = CountRequest { filters: vec![filter], ..count };
            let error = db.browser.count(&count).await.unwrap_err();
            assert_eq!(error.code(), "not_read_only", "{condition}");
            for source in [
                ExportSource::Table { rows: rows.clone() },
                ExportSource::Page { rows: rows.clone() },
            ] {
                let format = ExportFormat::Csv { header: true };
                let export = ExportRequest { source, format, timeout_ms: None };
                let error = db.browser.export(&export).await.unwrap_err();
                assert_eq!(error.code(), "not_read_only", "{condition}");
            }
        }
        // A function of one's own can take the lock; the session does not keep it.
        let rows = request.filter(Filter::raw("lock_me() = 1"));
        db.browser.page(&rows).await.unwrap();
        assert_eq!(db.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
    });
}

#[test]
fn reading_is_let_in_and_editing_is_not() {
    on_each(async |db| {
        db.sql(SETUP);
        let browser = Browser::connect(db.options().read_only(true)).await.unwrap();
        for sql in [
            "SELECT * FROM t",
            "TABLE t;",
            "VALUES (1), (2)",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "SHOW server_version",
            "EXPLAIN SELECT * FROM t",
            "EXPLAIN (FORMAT JSON) DELETE FROM t",
            "(SELECT 1) UNION (SELECT 2)",
            "SELECT 'a;b' -- ;",
        ] {
            let outcome = browser.query(&QueryRequest::new(sql)).await.unwrap();
            assert!(outcome.failure.is_none(), "{sql}: {outcome:?}");
            assert!(
                !outcome.results[0].rows.is_empty() && !outcome.results[0].columns.is_empty(),
                "{sql}"
            );
        }
        let edits =
            EditSet::new([Edit::insert(TableName::new("public", "t"), [("id", "3".into())])]);
        assert_eq!(browser.apply(&edits).await.unwrap_err().code(), "read_only_connection");
        assert_eq!(browser.terminate(1).await.unwrap_err().code(), "read_only_connection");
        assert!(browser.server().await.unwrap().is_superuser);
        browser.close().await;
    });
}
