//! SQL that people write.

use pg_browser::{Cell, ExplainFormat, ExplainRequest, QueryOutcome, QueryRequest, TableName};

use crate::support::{Db, on_each};

async fn run(db: &Db, sql: &str) -> QueryOutcome {
    db.browser.query(&QueryRequest::new(sql)).await.unwrap()
}

#[test]
fn a_script_runs_statement_by_statement() {
    on_each(async |db| {
        let outcome = run(
            db,
            "CREATE TABLE t (id int PRIMARY KEY, v numeric); -- one; two\n\
             INSERT INTO t SELECT g, g / 4.0 FROM generate_series(1, 10) g RETURNING id;\n\
             SELECT id AS \"i d\", v, 1 + 1 FROM t ORDER BY id; UPDATE t SET v = 0 WHERE id > 7; SELECT * FROM t WHERE false;\
             DO $$ BEGIN RAISE NOTICE 'hello %', 7; RAISE WARNING 'careful'; END $$; TABLE t LIMIT 1",
        )
        .await;
        assert!(outcome.failure.is_none(), "{outcome:?}");
        let results = &outcome.results;
        assert_eq!(results.len(), 7);
        assert_eq!((results[1].affected_rows, results[1].rows.len()), (Some(10), 10));
        assert_eq!(results[2].columns[0].name, "i d");
        let origin = results[2].columns[0].origin.as_ref().unwrap();
        assert_eq!((&origin.table, origin.column.as_str()), (&TableName::new("public", "t"), "id"));
        assert_eq!(results[2].columns[1].type_name, "numeric");
        assert!(results[2].columns[2].origin.is_none());
        assert_eq!(results[2].rows[0][1], Cell::Text("0.25000000000000000000".into()));
        assert_eq!(results[3].affected_rows, Some(3));
        assert_eq!((results[4].columns.len(), results[4].rows.len()), (2, 0));
        let notices: Vec<(&str, &str)> =
            results[5].notices.iter().map(|n| (n.severity.as_str(), n.message.as_str())).collect();
        assert_eq!(notices, [("NOTICE", "hello 7"), ("WARNING", "careful")]);
    });
}

#[test]
fn rows_beyond_the_limit_are_left_out_and_said_to_be() {
    on_each(async |db| {
        let request = QueryRequest { row_limit: 3, ..QueryRequest::new("SELECT generate_series(1, 100000000)") };
        let outcome = db.browser.query(&request).await.unwrap();
        assert_eq!((outcome.results[0].rows.len(), outcome.results[0].is_truncated), (3, true));
        let request = QueryRequest { cell_limit: 4, ..QueryRequest::read_only("SELECT 'abcdef', NULL, ''") };
        let outcome = db.browser.query(&request).await.unwrap();
        let cells = [Cell::Cut("abcd".into()), Cell::Null, Cell::Text(String::new())];
        assert_eq!(outcome.results[0].rows[0], cells);
    });
}

#[test]
fn a_failure_says_where_and_what_was_done_stays() {
    on_each(async |db| {
        let sql = "CREATE TABLE t (id int); SELECT 'ä', nope FROM t; DROP TABLE t";
        let outcome = run(db, sql).await;
        let failure = outcome.failure.unwrap();
        assert_eq!(outcome.results.len(), 1);
        let position = failure.error.server.as_ref().unwrap().position.unwrap();
        let from: String = sql.chars().skip(position - 1).take(4).collect();
        assert_eq!(from, "nope");
        assert_eq!(db.sql("SELECT count(*) FROM t"), "0");
        let outcome = run(db, "BEGIN; INSERT INTO t VALUES (1); SELECT 1/0").await;
        assert!(outcome.rolled_back && outcome.failure.is_some());
        let outcome = run(db, "BEGIN; INSERT INTO t VALUES (1); SELECT * FROM t").await;
        assert!(outcome.rolled_back && outcome.failure.is_none());
        assert_eq!(outcome.results[2].rows.len(), 1);
        let outcome = run(db, "BEGIN; INSERT INTO t VALUES (1); COMMIT; SELECT * FROM t").await;
        assert!(!outcome.rolled_back);
        assert_eq!(db.sql("SELECT count(*) FROM t"), "1");
        run(db, "SET search_path = nowhere; SET ROLE NONE; SET statement_timeout = 1").await;
        assert!(run(db, "SELECT pg_sleep(0.01), count(*) FROM t").await.failure.is_none());
        let incomplete = db.browser.query(&QueryRequest::new("SELECT 'x")).await.unwrap_err();
        assert_eq!(incomplete.code(), "incomplete_sql");
        assert!(run(db, "COPY t TO STDOUT").await.failure.is_some());
    });
}

#[test]
fn plans_are_shown_and_what_was_measured_is_rolled_back() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY)");
        let explain = |sql: &str, analyze, format| ExplainRequest { sql: sql.into(), analyze, format, timeout_ms: None };
        let text = explain("SELECT * FROM t;", false, ExplainFormat::Text);
        assert!(db.browser.explain(&text).await.unwrap().plan.contains("Scan on t"));
        let json = explain("INSERT INTO t VALUES (1)", true, ExplainFormat::Json);
        let plan = db.browser.explain(&json).await.unwrap().plan;
        assert!(serde_json::from_str::<serde_json::Value>(&plan).unwrap()[0]["Execution Time"].is_number());
        assert_eq!(db.sql("SELECT count(*) FROM t"), "0");
        let two = explain("SELECT 1; COMMIT", true, ExplainFormat::Text);
        assert_eq!(db.browser.explain(&two).await.unwrap_err().code(), "invalid_request");
        let sneaky = explain("ANALYZE DELETE FROM t", false, ExplainFormat::Text);
        assert!(db.browser.explain(&sneaky).await.is_err());
    });
}
