//! Pages while others write, tables without keys, counts.

use std::collections::BTreeSet;

use pg_browser::{
    CountKind, CountRequest, Direction, OrderBy, PageRequest, Position, Precision, RowKey,
    TableName,
};

use crate::support::{backward, column, forward, on_each};

#[test]
fn no_row_that_stays_is_seen_twice_or_missed_while_others_come_and_go() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v int); CREATE INDEX ON t (v); \
                INSERT INTO t SELECT g * 10, CASE WHEN g % 4 > 0 THEN g * 7 % 20 END FROM generate_series(1, 300) g; ANALYZE t");
        for order in [None, Some(Direction::Ascending), Some(Direction::Descending)] {
            let mut request = PageRequest::new(TableName::new("public", "t")).limit(13);
            request.order =
                order.map(|direction| OrderBy::new("v", direction)).into_iter().collect();
            let mut seen = Vec::new();
            let mut round = 0;
            loop {
                let page = db.browser.page(&request).await.unwrap();
                seen.extend(column(&page.rows, 0).into_iter().flatten());
                round += 1;
                // Strangers with odd keys: they come everywhere and half of them goes again.
                db.sql(&format!(
                    "INSERT INTO t SELECT g * 10 + {}, g % 20 FROM generate_series(1, 300, 9) g \
                                 ON CONFLICT DO NOTHING; DELETE FROM t WHERE id % 10 = {}",
                    round % 9 + 1,
                    round * 5 % 9 + 1
                ));
                match page.next {
                    Some(next) if round < 200 => request.position = Position::After(next),
                    _ => break,
                }
            }
            let stayed: Vec<&String> = seen.iter().filter(|id| id.ends_with('0')).collect();
            assert_eq!(stayed.len(), 300);
            assert_eq!(stayed.iter().collect::<BTreeSet<_>>().len(), 300);
            db.sql("DELETE FROM t WHERE id % 10 > 0");
        }
    });
}

#[test]
fn tables_without_a_key_are_paged_by_place() {
    on_each(async |db| {
        db.sql(
            "CREATE TABLE t (v int, filler text); \
                INSERT INTO t SELECT g, repeat('x', 900) FROM generate_series(1, 5000) g; \
                DELETE FROM t WHERE v BETWEEN 100 AND 4000",
        );
        let request = PageRequest::new(TableName::new("public", "t")).limit(77);
        let rows = column(&forward(&db.browser, &request).await, 0);
        let expected: Vec<Option<String>> =
            (1..=5000).filter(|v| !(100..=4000).contains(v)).map(|v| Some(v.to_string())).collect();
        assert_eq!(rows, expected);
        assert_eq!(column(&backward(&db.browser, &request).await, 0), expected);
        assert_eq!(db.first("public.t").await.row_key, RowKey::Ctid);
        db.sql("TRUNCATE t");
        let empty = db.first("public.t").await;
        assert!(empty.rows.is_empty() && empty.next.is_none() && empty.previous.is_none());
    });
}

#[test]
fn what_tells_rows_apart_is_known() {
    on_each(async |db| {
        db.sql(
            "CREATE TABLE composite (b text, a int, PRIMARY KEY (a, b)); \
                CREATE TABLE uniquely (a int NOT NULL UNIQUE, b int UNIQUE); \
                CREATE TABLE nullable (a int UNIQUE); \
                CREATE TABLE late (a int NOT NULL UNIQUE DEFERRABLE); \
                CREATE TABLE divided (a int) PARTITION BY RANGE (a); \
                CREATE VIEW viewed AS TABLE composite; \
                CREATE MATERIALIZED VIEW stored AS TABLE composite;",
        );
        let key = async |name: &str| {
            db.browser.table(&TableName::new("public", name)).await.unwrap().row_key
        };
        let columns = |names: &[&str]| RowKey::Columns {
            columns: names.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(key("composite").await, columns(&["a", "b"]));
        assert_eq!(key("uniquely").await, columns(&["a"]));
        assert_eq!(key("nullable").await, RowKey::Ctid);
        assert_eq!(key("late").await, RowKey::Ctid);
        assert_eq!(key("divided").await, RowKey::PartitionCtid);
        assert_eq!(key("viewed").await, RowKey::AllColumns);
        assert_eq!(key("stored").await, RowKey::Ctid);
        db.sql("INSERT INTO composite SELECT g % 3, g FROM generate_series(1, 50) g");
        let mut request = PageRequest::new(TableName::new("public", "viewed")).limit(7);
        request.key = vec!["a".into(), "b".into()];
        let rows = forward(&db.browser, &request).await;
        assert_eq!(rows.len(), 50);
        assert!(rows[0].id.as_ref().is_some_and(|id| id.version.is_none()));
    });
}

#[test]
fn counts_say_what_they_are() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 1000); ANALYZE t");
        let count = async |kind| {
            let count = db
                .browser
                .count(&CountRequest::new(TableName::new("public", "t"), kind))
                .await
                .unwrap();
            (count.rows, count.precision)
        };
        assert_eq!(count(CountKind::Estimate).await, (1000, Precision::Estimated));
        assert_eq!(count(CountKind::Exact).await, (1000, Precision::Exact));
        assert_eq!(count(CountKind::Capped { cap: 999 }).await, (999, Precision::AtLeast));
        assert_eq!(count(CountKind::Capped { cap: 1000 }).await, (1000, Precision::Exact));
        let filtered = CountRequest {
            filters: vec![pg_browser::Filter::raw("id <= 10")],
            ..CountRequest::new(TableName::new("public", "t"), CountKind::Exact)
        };
        assert_eq!(db.browser.count(&filtered).await.unwrap().rows, 10);
        let slow = CountRequest {
            filters: vec![pg_browser::Filter::raw("pg_sleep(0.01) IS NOT NULL")],
            timeout_ms: Some(100),
            ..filtered
        };
        assert_eq!(db.browser.count(&slow).await.unwrap_err().code(), "timeout");
    });
}

#[test]
fn a_changed_table_is_noticed_in_the_next_page() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, old int); INSERT INTO t VALUES (1, 2)");
        assert_eq!(db.first("public.t").await.columns[1].name, "old");
        db.sql("ALTER TABLE t RENAME old TO new");
        assert_eq!(db.first("public.t").await.columns[1].name, "new");
        db.sql("ALTER TABLE t ADD more text DEFAULT 'x'");
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        assert_eq!(db.first("public.t").await.columns.len(), 3);
        db.sql("DROP TABLE t; CREATE TABLE t (other text)");
        assert_eq!(db.first("public.t").await.columns[0].name, "other");
    });
}
