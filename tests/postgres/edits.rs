//! Edits: what is guarded, what comes back, what is taken back.

use std::time::Duration;

use pg_browser::{
    Conflict, ConflictReason, Edit, EditOutcome, EditSet, Error, PageRequest, RowId, TableName,
    Value,
};

use crate::support::{Db, on_each};

fn table() -> TableName {
    TableName::new("public", "t")
}

async fn ids(db: &Db) -> Vec<RowId> {
    let page = db.browser.page(&PageRequest::new(table())).await.unwrap();
    page.rows.into_iter().map(|row| row.id.unwrap()).collect()
}

/// Another table of the same name, which a page notices within half a second.
async fn remade(db: &Db, sql: &str) {
    db.sql("DROP TABLE IF EXISTS t");
    db.sql(sql);
    tokio::time::sleep(Duration::from_millis(550)).await;
}

async fn conflicts(db: &Db, edits: Vec<Edit>) -> Vec<Conflict> {
    match db.browser.apply(&EditSet::new(edits)).await.unwrap() {
        EditOutcome::Conflict { conflicts } => conflicts,
        applied @ EditOutcome::Applied { .. } => panic!("{applied:?}"),
    }
}

const SHAPES: [&str; 3] = [
    "CREATE TABLE t (id int PRIMARY KEY, v text)",
    "CREATE TABLE t (id int, v text)",
    "CREATE TABLE t (id int, v text) PARTITION BY LIST (id); CREATE TABLE t_rest PARTITION OF t DEFAULT",
];

#[test]
fn nobody_loses_an_update() {
    let theirs = ["UPDATE t SET v = 'theirs' WHERE id = 1", "DELETE FROM t WHERE id = 1"];
    on_each(async |db| {
        for shape in SHAPES {
            for their in theirs {
                remade(db, &format!("{shape}; INSERT INTO t VALUES (1, 'a'), (2, 'b')")).await;
                let before = ids(db).await;
                db.sql(their);
                for ours in [
                    Edit::update(table(), before[0].clone(), [("v", "ours".into())]),
                    Edit::delete(table(), before[0].clone()),
                ] {
                    // The second edit could be done, and must not be.
                    let other = Edit::update(table(), before[1].clone(), [("v", "other".into())]);
                    let found = conflicts(db, vec![other, ours.clone()]).await;
                    assert_eq!((found.len(), found[0].edit), (1, 1));
                    assert_eq!(found[0].ours, ours);
                    let moved = shape != SHAPES[0] || their.starts_with("DELETE");
                    assert_eq!(found[0].reason == ConflictReason::Gone, moved, "{shape} {their}");
                    if !moved {
                        let their_row = found[0].theirs.as_ref().unwrap();
                        assert_eq!(their_row.cells.as_ref().unwrap()[1].text(), Some("theirs"));
                        assert_ne!(their_row.id.as_ref().unwrap().version, before[0].version);
                    }
                    assert_eq!(db.sql("SELECT v FROM t WHERE id = 2"), "b");
                }
            }
        }
    });
}

#[test]
fn who_waits_for_another_writer_sees_what_he_wrote() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
        let row = ids(db).await.remove(0);
        let script = "BEGIN; UPDATE t SET v = 'theirs' WHERE id = 1; SELECT pg_sleep(0.4); COMMIT";
        let them = pg_browser::QueryRequest::new(script);
        let browser = db.browser.clone();
        let them = tokio::spawn(async move { browser.query(&them).await });
        tokio::time::sleep(Duration::from_millis(150)).await;
        let found = conflicts(db, vec![Edit::update(table(), row, [("v", "ours".into())])]).await;
        assert_eq!(found[0].reason, ConflictReason::Changed);
        assert!(them.await.unwrap().unwrap().failure.is_none());
        assert_eq!(db.sql("SELECT v FROM t"), "theirs");
    });
}

#[test]
fn a_set_is_done_and_taken_back() {
    on_each(async |db| {
        for shape in SHAPES {
            remade(db, &format!("{shape}; INSERT INTO t VALUES (1, 'a'), (2, NULL), (3, '')"))
                .await;
            let rows = ids(db).await;
            let (after, undo) = db
                .apply(EditSet::new([
                    Edit::update(
                        table(),
                        rows[0].clone(),
                        [("v", Value::Null), ("id", "10".into())],
                    ),
                    Edit::delete(table(), rows[1].clone()),
                    Edit::insert(table(), [("id", "4".into())]),
                ]))
                .await;
            assert_eq!(after.len(), 3);
            assert!(after[1].cells.is_none());
            assert_eq!(db.sql("SELECT id, v FROM t ORDER BY 1"), "3|\n4|\n10|");
            let (_, redo) = db.apply(undo).await;
            assert_eq!(db.sql("SELECT id, v, v IS NULL FROM t ORDER BY 1"), "1|a|f\n2||t\n3||f");
            db.apply(redo).await;
            assert_eq!(db.sql("SELECT id, v FROM t ORDER BY 1"), "3|\n4|\n10|");
        }
    });
}

#[test]
fn generated_and_numbered_columns_are_handled() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
                n int GENERATED BY DEFAULT AS IDENTITY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED)");
        let (rows, undo) =
            db.apply(EditSet::new([Edit::insert(table(), [("a", "21".into())])])).await;
        let cells: Vec<Option<&str>> =
            rows[0].cells.as_ref().unwrap().iter().map(pg_browser::Cell::text).collect();
        assert_eq!(cells, [Some("1"), Some("1"), Some("21"), Some("42")]);
        db.apply(undo).await;
        let (rows, _) = db
            .apply(EditSet::new([Edit::insert(
                table(),
                [("id", "77".into()), ("n", Value::Default)],
            )]))
            .await;
        let id = rows[0].id.clone().unwrap();
        assert_eq!(id.key, ["77"]);
        let (_, undo) = db.apply(EditSet::new([Edit::delete(table(), id.clone())])).await;
        db.apply(undo).await;
        assert_eq!(db.sql("SELECT id FROM t"), "77");
        let id = ids(db).await.remove(0);
        let edits = EditSet::new([Edit::update(table(), id, [("twice", "1".into())])]);
        assert_eq!(db.browser.apply(&edits).await.unwrap_err().code(), "not_editable");
    });
}

#[test]
fn refusals_name_constraint_column_and_detail_and_do_nothing() {
    on_each(async |db| {
        db.sql("CREATE TABLE other (id int PRIMARY KEY); \
                CREATE TABLE t (id int PRIMARY KEY, v varchar(3) NOT NULL, n numeric(4,2) CHECK (n > 0), o int REFERENCES other); \
                INSERT INTO t VALUES (1, 'a', 1, NULL)");
        let row = ids(db).await.remove(0);
        let refused = async |column: &str, value: Value| {
            let edits = EditSet::new([
                Edit::insert(table(), [("id", "5".into()), ("v", "x".into())]),
                Edit::update(table(), row.clone(), [(column, value)]),
            ]);
            let error = db.browser.apply(&edits).await.unwrap_err();
            assert_eq!(db.sql("SELECT id, v, n, o FROM t"), "1|a|1.00|");
            assert_eq!(error.server().unwrap().edit, Some(1), "{error:?}");
            error
        };
        let error = refused("id", "5".into()).await;
        let server = error.server().unwrap();
        assert_eq!(
            (error.code(), server.constraint.as_deref()),
            ("constraint_violated", Some("t_pkey"))
        );
        assert_eq!(server.detail.as_deref(), Some("Key (id)=(5) already exists."));
        let error = refused("v", Value::Null).await;
        assert_eq!(error.server().unwrap().column.as_deref(), Some("v"));
        let error = refused("n", "-1".into()).await;
        assert_eq!(error.server().unwrap().constraint.as_deref(), Some("t_n_check"));
        assert_eq!(
            refused("o", "9".into()).await.server().unwrap().constraint.as_deref(),
            Some("t_o_fkey")
        );
        for (column, value) in [("v", "abcd"), ("n", "1000"), ("o", "x"), ("id", "99999999999")] {
            let error = refused(column, value.into()).await;
            assert!(
                matches!(&error, Error::InvalidValue { column: named, .. } if named == column),
                "{error:?}"
            );
        }
    });
}

#[test]
fn a_set_that_contradicts_itself_is_refused() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1); CREATE VIEW w AS SELECT v FROM t");
        let row = ids(db).await.remove(0);
        let code = async |edits: Vec<Edit>| {
            db.browser.apply(&EditSet::new(edits)).await.unwrap_err().code()
        };
        let delete = Edit::delete(table(), row.clone());
        assert_eq!(code(vec![delete.clone(), delete]).await, "invalid_request");
        assert_eq!(code(vec![Edit::update(table(), row.clone(), [])]).await, "invalid_request");
        let twice = [("v", "1".into()), ("v", "2".into())];
        assert_eq!(code(vec![Edit::update(table(), row.clone(), twice)]).await, "invalid_request");
        assert_eq!(
            code(vec![Edit::update(table(), row.clone(), [("x", "1".into())])]).await,
            "unknown_column"
        );
        let short = RowId { key: vec![], version: Some("1".into()) };
        assert_eq!(code(vec![Edit::delete(table(), short)]).await, "invalid_request");
        assert_eq!(
            code(vec![Edit::delete(TableName::new("public", "w"), row)]).await,
            "not_editable"
        );
        let none = Edit::insert(TableName::new("no", "table"), []);
        assert_eq!(code(vec![none]).await, "unknown_table");
    });
}

#[test]
fn a_trigger_that_swallows_a_row_is_noticed() {
    on_each(async |db| {
        db.sql(
            "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); \
                CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; \
                CREATE TRIGGER no BEFORE INSERT OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION no()",
        );
        let row = ids(db).await.remove(0);
        for edit in
            [Edit::delete(table(), row.clone()), Edit::insert(table(), [("id", "2".into())])]
        {
            let error = db.browser.apply(&EditSet::new([edit])).await.unwrap_err();
            assert_eq!(error.code(), "not_editable");
        }
    });
}
