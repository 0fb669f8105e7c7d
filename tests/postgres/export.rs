//! Exports.

use pg_browser::{
    Direction, ExportFormat, ExportRequest, ExportSource, Filter, OrderBy, PageRequest, TableName,
};

use crate::support::{Db, on_each};

async fn export(db: &Db, source: ExportSource, format: ExportFormat) -> String {
    let request = ExportRequest { source, format, timeout_ms: None };
    db.browser.export(&request).await.unwrap().text().await.unwrap()
}

const SETUP: &str = "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text, j json, b boolean, n numeric, twice numeric GENERATED ALWAYS AS (n * 2) STORED); \
    INSERT INTO t (v, j, b, n) VALUES (NULL, E'{\"a\":\\n1}', true, 12345678901234567890.10), ('', 'null', NULL, NULL), \
    (E'a,\"b\"\\nc\\\\d', '[]', false, 0), ('\\.', NULL, NULL, 'NaN')";

#[test]
fn a_page_and_a_table_are_written_alike() {
    on_each(async |db| {
        db.sql(SETUP);
        let rows = PageRequest::new(TableName::new("public", "t"))
            .order_by(OrderBy::new("id", Direction::Ascending));
        let into = TableName::new("public", "copy");
        for format in [
            ExportFormat::Csv { header: true },
            ExportFormat::Csv { header: false },
            ExportFormat::JsonLines,
            ExportFormat::SqlInsert { into: into.clone() },
        ] {
            let table =
                export(db, ExportSource::Table { rows: rows.clone() }, format.clone()).await;
            let page = export(db, ExportSource::Page { rows: rows.clone() }, format.clone()).await;
            assert_eq!(table, page);
            let query = ExportSource::Query { sql: "SELECT * FROM t ORDER BY id -- all".into() };
            let query = export(db, query, format.clone()).await;
            match format {
                ExportFormat::JsonLines => {
                    assert_eq!(table, query);
                    assert_eq!(table.lines().count(), 4);
                    for line in table.lines() {
                        serde_json::from_str::<serde_json::Value>(line).unwrap();
                    }
                    assert!(table.contains("12345678901234567890.10"));
                }
                ExportFormat::Csv { .. } => assert_eq!(table, query),
                ExportFormat::SqlInsert { .. } => {
                    db.sql("DROP TABLE IF EXISTS copy; CREATE TABLE copy (LIKE t INCLUDING ALL)");
                    db.sql(&table);
                    let differs = "SELECT count(*) FROM (SELECT concat(t) FROM t EXCEPT SELECT concat(copy) FROM copy) x";
                    assert_eq!(db.sql(differs), "0");
                }
            }
        }
    });
}

#[test]
fn filters_and_order_hold_and_refusals_come_first() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT g, 'it''s ' || g FROM generate_series(1, 100) g");
        let rows = PageRequest::new(TableName::new("public", "t"))
            .filter(Filter::StartsWith {
                column: "v".into(),
                text: "it's 1".into(),
                ignore_case: false,
            })
            .order_by(OrderBy::new("id", Direction::Descending));
        let rows = PageRequest { columns: vec!["v".into()], ..rows };
        let text =
            export(db, ExportSource::Table { rows }, ExportFormat::Csv { header: false }).await;
        assert!(text.starts_with("it's 100\nit's 19\n") && text.lines().count() == 12, "{text}");
        let refused = async |source| {
            let request =
                ExportRequest { source, format: ExportFormat::JsonLines, timeout_ms: None };
            db.browser.export(&request).await.unwrap_err().code()
        };
        let bad = PageRequest::new(TableName::new("public", "t")).filter(Filter::equal("id", "x"));
        assert_eq!(refused(ExportSource::Table { rows: bad }).await, "invalid_value");
        for sql in [
            "DELETE FROM t",
            "SELECT 1; DELETE FROM t",
            "WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x",
        ] {
            let code = refused(ExportSource::Query { sql: sql.into() }).await;
            assert!(["not_read_only", "server"].contains(&code), "{sql}: {code}");
        }
        assert_eq!(
            refused(ExportSource::Query {
                sql: "SELECT 1) TO STDOUT; DROP TABLE t; COPY (SELECT 1".into()
            })
            .await,
            "not_read_only"
        );
        // That is so in any mode, and said to be the export's.
        let bad = ExportSource::Query { sql: "bad".into() };
        let bad = ExportRequest { source: bad, format: ExportFormat::JsonLines, timeout_ms: None };
        let error = db.browser.export(&bad).await.unwrap_err();
        assert!(error.to_string().starts_with("an export only reads"), "{error}");
        assert!(!error.help().contains("read-only mode"), "{}", error.help());
        assert_eq!(db.sql("SELECT count(*) FROM t"), "100");
    });
}

#[test]
fn columns_that_are_called_alike_have_keys_of_their_own() {
    on_each(async |db| {
        for (sql, line) in [
            ("SELECT 1 AS a, 2 AS a, 3 AS \"A\"", "{\"a\":1,\"a_2\":2,\"A\":3}\n"),
            ("SELECT 1, 'x'", "{\"?column?\":1,\"?column?_2\":\"x\"}\n"),
            ("SELECT", "{}\n"),
        ] {
            let source = ExportSource::Query { sql: sql.into() };
            assert_eq!(export(db, source, ExportFormat::JsonLines).await, line, "{sql}");
        }
    });
}

#[test]
fn an_export_that_nobody_reads_ends() {
    on_each(async |db| {
        for _ in 0..10 {
            let source = ExportSource::Query {
                sql: "SELECT repeat('x', 1000), generate_series(1, 100000000)".into(),
            };
            let request = ExportRequest {
                source,
                format: ExportFormat::Csv { header: false },
                timeout_ms: None,
            };
            let mut export = db.browser.export(&request).await.unwrap();
            assert!(export.next().await.unwrap().unwrap().len() >= 60_000);
        }
        let start = std::time::Instant::now();
        let busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active' AND datname = current_database()";
        while db.sql(busy) != "0" {
            assert!(start.elapsed().as_secs() < 3);
        }
    });
}

#[test]
fn an_error_on_the_way_is_the_last_item() {
    on_each(async |db| {
        let source = ExportSource::Query {
            sql: "SELECT 1 / (90000 - g) FROM generate_series(1, 100000) g".into(),
        };
        let request =
            ExportRequest { source, format: ExportFormat::Csv { header: false }, timeout_ms: None };
        let error = db.browser.export(&request).await.unwrap().text().await.unwrap_err();
        assert_eq!(error.server().unwrap().sqlstate, "22012");
        // One that comes before there is much to read is no stream at all.
        let source =
            ExportSource::Query { sql: "SELECT 1 / (9 - g) FROM generate_series(1, 100) g".into() };
        let request =
            ExportRequest { source, format: ExportFormat::Csv { header: true }, timeout_ms: None };
        let error = db.browser.export(&request).await.unwrap_err();
        assert_eq!(error.server().unwrap().sqlstate, "22012");
    });
}
