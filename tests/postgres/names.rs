//! Names that break what is not quoted.

use pg_browser::{
    Comparison, Direction, Edit, EditSet, ExportFormat, ExportRequest, ExportSource, Filter, OrderBy, PageRequest,
    TableName,
};

use crate::support::on_each;

const NAMES: [&str; 11] = [
    "we\"ird",
    "a'b",
    "x;drop table y",
    "with space",
    "Привет 🦀",
    "select",
    "MixedCase",
    "back\\slash",
    "$1",
    "a.b",
    "sixty_three_bytes_long_name_sixty_three_bytes_long_name_63bytes",
];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[test]
fn every_name_can_be_browsed_edited_and_exported() {
    on_each(async |db| {
        for name in NAMES {
            let quoted = quoted(name);
            db.sql(&format!("CREATE SCHEMA {quoted}"));
            db.sql(&format!("CREATE TABLE {quoted}.{quoted} ({quoted} text PRIMARY KEY, other int)"));
            db.sql(&format!("INSERT INTO {quoted}.{quoted} VALUES ('b', 1), ('a', 2)"));
            let table = TableName::new(name, name);
            assert!(db.browser.catalogue().await.unwrap().table(&table).is_some(), "{name}");
            assert_eq!(db.browser.table(&table).await.unwrap().columns[0].name, name);
            let request = PageRequest::new(table.clone())
                .filter(Filter::compare(name, Comparison::GreaterOrEqual, "a"))
                .filter(Filter::StartsWith { column: name.into(), text: "b".into(), ignore_case: false })
                .filter(Filter::raw(format!("{quoted} IS NOT NULL")))
                .order_by(OrderBy::new(name, Direction::Descending));
            let page = db.browser.page(&request).await.unwrap();
            assert_eq!(page.rows.len(), 1, "{name}");
            let id = page.rows[0].id.clone().unwrap();
            let edits = EditSet::new([Edit::update(table.clone(), id, [(name, name.into())])]);
            let preview = db.browser.preview(&edits).await.unwrap();
            let (rows, _) = db.apply(edits).await;
            assert_eq!(rows[0].id.as_ref().unwrap().key, [name]);
            assert!(preview.statements[0].sql.starts_with("UPDATE \""), "{preview:?}");
            for format in [
                ExportFormat::Csv { header: true },
                ExportFormat::JsonLines,
                ExportFormat::SqlInsert { into: table.clone() },
            ] {
                let source = ExportSource::Table { rows: PageRequest::new(table.clone()) };
                let export = ExportRequest { source, format: format.clone(), timeout_ms: None };
                let text = db.browser.export(&export).await.unwrap().text().await.unwrap();
                if let ExportFormat::SqlInsert { .. } = format {
                    db.sql(&format!("TRUNCATE {quoted}.{quoted}"));
                    db.sql(&text);
                    assert_eq!(db.sql(&format!("SELECT count(*) FROM {quoted}.{quoted}")), "2");
                } else {
                    let lines = text.lines().count();
                    assert!(lines >= 2, "{text}");
                }
            }
        }
    });
}

#[test]
fn a_preview_does_what_it_says() {
    on_each(async |db| {
        db.sql("CREATE TABLE \"a'b\" (\"$1\" int PRIMARY KEY, \"we\"\"ird\" text, n numeric(6,2))");
        db.sql("INSERT INTO \"a'b\" VALUES (1, 'x', 1)");
        let table = TableName::new("public", "a'b");
        let page = db.browser.page(&PageRequest::new(table.clone())).await.unwrap();
        let id = page.rows[0].id.clone().unwrap();
        let edits = EditSet::new([
            Edit::update(table.clone(), id, [("we\"ird", r"o'\$1 -- ;".into()), ("n", "2.50".into())]),
            Edit::insert(table, [("$1", "2".into()), ("we\"ird", pg_browser::Value::Default)]),
        ]);
        for statement in db.browser.preview(&edits).await.unwrap().statements {
            db.sql(&statement.sql);
        }
        assert_eq!(db.sql("TABLE \"a'b\" ORDER BY 1"), "1|o'\\$1 -- ;|2.50\n2||");
    });
}
