//! Bad input: typed errors with what to do.

use pg_browser::{
    Browser, CellRequest, Comparison, Direction, Error, Filter, OrderBy, PageRequest, Position, RowId, TableName,
};

use crate::support::on_each;

#[test]
fn bad_requests_have_codes_and_ways_out() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, j json, d date); INSERT INTO t VALUES (1, '{}', now()), (2, '[]', now())");
        let t = || PageRequest::new(TableName::new("public", "t"));
        let code = async |request: PageRequest| {
            let error = db.browser.page(&request).await.unwrap_err();
            assert!(!error.help().is_empty() && !error.report().message.is_empty());
            error.code()
        };
        assert_eq!(code(PageRequest::new(TableName::new("public", "nope"))).await, "unknown_table");
        assert_eq!(code(PageRequest::new(TableName::new("nope", "t"))).await, "unknown_table");
        assert_eq!(code(PageRequest::new(TableName::new("public", "t\0"))).await, "server");
        assert_eq!(code(PageRequest { columns: vec!["x".into()], ..t() }).await, "unknown_column");
        assert_eq!(code(t().filter(Filter::equal("x", "1"))).await, "unknown_column");
        assert_eq!(code(t().order_by(OrderBy::new("x", Direction::Ascending))).await, "unknown_column");
        assert_eq!(code(t().order_by(OrderBy::new("j", Direction::Ascending))).await, "unsupported");
        assert_eq!(code(t().filter(Filter::compare("j", Comparison::Less, "1"))).await, "unsupported");
        assert_eq!(code(t().limit(0)).await, "invalid_request");
        assert_eq!(code(t().limit(10_001)).await, "invalid_request");
        for value in ["x", "", "1.5", "99999999999", "1; DROP TABLE t"] {
            let error = db.browser.page(&t().filter(Filter::equal("id", value))).await.unwrap_err();
            assert!(matches!(&error, Error::InvalidValue { column, .. } if column == "id"), "{value}: {error:?}");
        }
        let second = t().filter(Filter::equal("id", "1")).filter(Filter::equal("d", "2024-02-30"));
        let error = db.browser.page(&second).await.unwrap_err();
        assert!(matches!(error, Error::InvalidValue { column, .. } if column == "d"));
        for condition in ["", "id = 1; DROP TABLE t", "id = 1) OR (true", "id ==", "nope = 1", "id", "id = 1 ORDER BY id", "$1"] {
            assert_eq!(code(t().filter(Filter::raw(condition))).await, "invalid_condition", "{condition}");
        }
        assert_eq!(db.sql("SELECT count(*) FROM t"), "2");
    });
}

#[test]
fn cursors_fit_their_order_alone() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT g, g FROM generate_series(1, 9) g; CREATE TABLE u AS TABLE t");
        let request = PageRequest::new(TableName::new("public", "t")).limit(2);
        let cursor = db.browser.page(&request).await.unwrap().next.unwrap();
        let at = Position::After(cursor.clone());
        for other in [
            request.clone().order_by(OrderBy::new("v", Direction::Ascending)).at(at.clone()),
            request.clone().order_by(OrderBy::new("id", Direction::Descending)).at(at.clone()),
            PageRequest { table: TableName::new("public", "u"), ..request.clone().at(at.clone()) },
            request.clone().at(Position::After(pg_browser::Cursor::from_text("{}"))),
            request.clone().at(Position::Before(pg_browser::Cursor::from_text("x"))),
        ] {
            assert_eq!(db.browser.page(&other).await.unwrap_err().code(), "invalid_cursor");
        }
        // One that was tampered with is bound like any value.
        let forged = cursor.as_text().replace("\"2\"", "\"2); DROP TABLE t\"");
        let forged = request.clone().at(Position::After(pg_browser::Cursor::from_text(forged)));
        assert!(db.browser.page(&forged).await.is_err());
        assert_eq!(db.sql("SELECT count(*) FROM t"), "9");
    });
}

#[test]
fn missing_privileges_are_named() {
    on_each(async |db| {
        let user = format!("u_{}_{}", db.database.name(), db.server.port());
        db.sql(&format!("CREATE ROLE {user} LOGIN; CREATE SCHEMA hidden; CREATE TABLE hidden.t (id int); \
            CREATE TABLE closed (id int PRIMARY KEY); INSERT INTO closed VALUES (1); \
            CREATE TABLE half (id int PRIMARY KEY, secret text, open text); INSERT INTO half VALUES (1, 's', 'o'); \
            GRANT SELECT (id, open), UPDATE (open) ON half TO {user}; \
            CREATE TABLE readable (id int PRIMARY KEY); INSERT INTO readable VALUES (1); GRANT SELECT ON readable TO {user}"));
        let browser = Browser::connect(db.options().user(&user)).await.unwrap();
        let catalogue = browser.catalogue().await.unwrap();
        assert!(catalogue.table(&TableName::new("hidden", "t")).is_none());
        assert!(!catalogue.table(&TableName::new("public", "closed")).unwrap().is_readable);
        let page = async |name: &str| browser.page(&PageRequest::new(TableName::new("public", name))).await;
        assert_eq!(page("closed").await.unwrap_err().code(), "permission_denied");
        let half = page("half").await.unwrap();
        let names: Vec<&str> = half.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "open"]);
        let readable = page("readable").await.unwrap();
        let edit = pg_browser::Edit::delete(TableName::new("public", "readable"), readable.rows[0].id.clone().unwrap());
        let error = browser.apply(&pg_browser::EditSet::new([edit])).await.unwrap_err();
        assert_eq!(error.code(), "permission_denied");
        assert!(!browser.table(&TableName::new("public", "readable")).await.unwrap().privileges.delete);
        browser.close().await;
        db.sql(&format!("DROP OWNED BY {user}; DROP ROLE {user}"));
    });
}

#[test]
fn a_row_that_is_gone_is_said_to_be() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY)");
        let row = RowId { key: vec!["1".into()], version: None };
        let request = CellRequest { table: TableName::new("public", "t"), row, column: "id".into() };
        assert_eq!(db.browser.cell(&request).await.unwrap_err().code(), "row_gone");
    });
}
