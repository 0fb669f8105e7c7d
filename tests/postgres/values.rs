//! Every type there and back.

use pg_browser::{Edit, EditSet, Filter, PageRequest, TableName, Value};

use crate::support::{on, on_each};

const SETUP: &str = "
CREATE TYPE mood AS ENUM ('sad', 'so so', 'it''s \"fine\"');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS numeric CHECK (VALUE > 0);
CREATE DOMAIN short AS varchar(3);
CREATE EXTENSION hstore; CREATE EXTENSION citext SCHEMA public;";

/// Types, and values in the text of their output functions.
const VALUES: &[(&str, &[&str])] = &[
    ("boolean", &["t", "f"]),
    ("smallint", &["-32768", "32767"]),
    ("bigint", &["-9223372036854775808", "9223372036854775807"]),
    (
        "numeric",
        &["0.1000", "123456789012345678901234567890.123456789", "NaN", "Infinity", "-Infinity"],
    ),
    ("numeric(10,2)", &["12345678.90"]),
    ("real", &["1.1", "NaN", "-Infinity", "1e-40", "-0"]),
    ("double precision", &["0.1", "1e+300", "Infinity", "NaN", "5e-324", "-0"]),
    ("money", &["$1,234.50", "-$0.01"]),
    ("text", &["", " ", "NULL", "a'b\"c\\d", "ä\nb\tc\r", "🦀", "\\x00", "{}"]),
    ("varchar(5)", &["", "abc  "]),
    ("character(5)", &["ab   ", "     "]),
    ("\"char\"", &["a", ""]),
    ("name", &["x"]),
    ("bytea", &["\\x", "\\x00ff0a", "\\xdeadbeef"]),
    ("date", &["2024-02-29", "infinity", "-infinity", "0044-03-15 BC", "5874897-12-31"]),
    ("time", &["24:00:00", "12:34:56.789012"]),
    ("timetz", &["12:00:00+02", "00:00:00-15:59"]),
    ("timestamp", &["2024-01-01 00:00:00.000001", "infinity", "4713-01-01 00:00:00 BC"]),
    ("timestamptz", &["2024-01-01 00:00:00+00", "-infinity", "294276-12-31 23:59:59.999999+00"]),
    ("interval", &["1 year 2 mons -3 days +04:05:06.7", "00:00:00", "-1 days"]),
    ("uuid", &["00000000-0000-0000-0000-000000000000"]),
    ("json", &["{\"b\": 1,  \"a\":1.10, \"a\": 2}", "null", "\"\""]),
    ("jsonb", &["{\"a\": 1.10, \"b\": [null, \"\\\"\"]}", "null"]),
    ("int[]", &["{}", "{1,NULL,3}", "{{1,2},{3,4}}", "[0:1]={1,2}"]),
    ("text[]", &["{\"\",NULL,\"NULL\",\"a,b\",\"c\\\"d\",\"e\\\\f\"}"]),
    ("mood", &["sad", "it's \"fine\""]),
    ("mood[]", &["{sad,\"so so\"}"]),
    ("pair", &["(1,\"a,b\")", "(,)", "(,\"\")"]),
    ("positive", &["0.50"]),
    ("short", &["abc"]),
    ("int4range", &["empty", "[1,5)", "(,)"]),
    ("tstzrange", &["[\"2024-01-01 00:00:00+00\",infinity]"]),
    ("nummultirange", &["{[1.5,2.5),(3,4]}", "{}"]),
    ("point", &["(1.5,-2)"]),
    ("lseg", &["[(0,0),(1,1)]"]),
    ("line", &["{1,-1,0}"]),
    ("box", &["(1,1),(0,0)"]),
    ("path", &["((0,0),(1,1))", "[(0,0),(1,1)]"]),
    ("polygon", &["((0,0),(1,1),(1,0))"]),
    ("circle", &["<(0,0),1.5>"]),
    ("inet", &["192.168.1.1", "10.0.0.0/8", "::1"]),
    ("cidr", &["10.0.0.0/8", "192.168.1.1/32"]),
    ("macaddr", &["08:00:2b:01:02:03"]),
    ("macaddr8", &["08:00:2b:01:02:03:04:05"]),
    ("bit(3)", &["101"]),
    ("bit varying", &["", "10101"]),
    ("tsvector", &["'a':1A 'b c':2"]),
    ("tsquery", &["'a' & !'b'"]),
    ("oid", &["4294967295"]),
    ("regclass", &["pg_class"]),
    ("pg_lsn", &["16/B374D848"]),
    ("hstore", &["\"a\"=>NULL, \"b\"=>\"c d\""]),
    ("citext", &["AbC"]),
];

#[test]
fn every_value_comes_back_as_it_went() {
    on_each(async |db| {
        db.sql(SETUP);
        for (number, (type_name, values)) in VALUES.iter().enumerate() {
            let name = format!("t{number}");
            db.sql(&format!("CREATE TABLE {name} (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v {type_name})"));
            let table = TableName::new("public", &name);
            for value in *values {
                let insert = Edit::insert(table.clone(), [("v", (*value).into())]);
                let (rows, undo) = db.apply(EditSet::new([insert])).await;
                let written = rows[0].cells.as_ref().unwrap()[1].text().unwrap();
                assert_eq!(written, *value, "{type_name}");
                let stored = db.sql(&format!("SELECT v FROM {name}"));
                if !value.contains('\r') {
                    assert_eq!(stored, value.trim_end(), "{type_name}");
                }
                let page = db.first(&format!("public.{name}")).await;
                assert_eq!(page.rows[0].cells[1].text(), Some(*value), "{type_name}");
                let id = page.rows[0].id.clone().unwrap();
                // Once more, as a change to NULL and back.
                let update = Edit::update(table.clone(), id.clone(), [("v", Value::Null)]);
                let (_, back) = db.apply(EditSet::new([update])).await;
                let (rows, _) = db.apply(back).await;
                assert_eq!(rows[0].cells.as_ref().unwrap()[1].text(), Some(*value), "{type_name}");
                let equal = PageRequest::new(table.clone()).filter(Filter::equal("v", *value));
                let found = db.browser.page(&equal).await;
                assert_eq!(found.unwrap().rows.len(), 1, "{type_name} = {value}");
                assert!(matches!(&undo.edits[0], Edit::Delete { .. }));
                db.sql(&format!("TRUNCATE {name}"));
            }
        }
    });
}

/// On the packaged 16, which has the extension.
#[test]
fn vectors_come_back_as_they_went() {
    on(alembic_testing::Postgres::shared_with_vector(), async |db| {
        db.sql("CREATE EXTENSION vector; CREATE TABLE t (id int PRIMARY KEY, v vector(3))");
        let table = TableName::new("public", "t");
        let vector = "[1,-0.5,3e-05]";
        let insert = Edit::insert(table.clone(), [("id", "1".into()), ("v", vector.into())]);
        let (rows, _) = db.apply(EditSet::new([insert])).await;
        assert_eq!(rows[0].cells.as_ref().unwrap()[1].text(), Some(vector));
        assert_eq!(db.sql("SELECT v FROM t"), vector);
        let page = db.browser.page(&PageRequest::new(table.clone())).await.unwrap();
        assert_eq!(page.columns[1].type_name, "vector(3)");
        let id = page.rows[0].id.clone().unwrap();
        let update = Edit::update(table.clone(), id, [("v", "[0,0,0]".into())]);
        let (_, undo) = db.apply(EditSet::new([update])).await;
        let (rows, _) = db.apply(undo).await;
        assert_eq!(rows[0].cells.as_ref().unwrap()[1].text(), Some(vector));
        let found = PageRequest::new(table).filter(Filter::equal("v", vector));
        assert_eq!(db.browser.page(&found).await.unwrap().rows.len(), 1);
    });
}

/// On 15 alone: the packaged 18 is built without libxml.
#[test]
fn xml_comes_back_as_it_went() {
    on(alembic_testing::Postgres::shared(), async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v xml)");
        let xml = "<?xml version=\"1.1\"?><a b=\"c\">&lt;</a>";
        let insert =
            Edit::insert(TableName::new("public", "t"), [("id", "1".into()), ("v", xml.into())]);
        let (rows, _) = db.apply(EditSet::new([insert])).await;
        assert_eq!(
            rows[0].cells.as_ref().unwrap()[1].text(),
            Some(db.sql("SELECT v FROM t").as_str())
        );
        let found = PageRequest::new(TableName::new("public", "t")).filter(Filter::equal("v", xml));
        assert_eq!(db.browser.page(&found).await.unwrap().rows.len(), 1);
    });
}

#[test]
fn null_default_and_the_empty_text_are_three_things() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, v text DEFAULT 'given')");
        let table = TableName::new("public", "t");
        let row = |id: &'static str, value| {
            Edit::insert(table.clone(), [("id", id.into()), ("v", value)])
        };
        db.apply(EditSet::new([
            row("1", Value::Null),
            row("2", Value::Default),
            row("3", "".into()),
        ]))
        .await;
        let page = db.first("public.t").await;
        let texts: Vec<Option<&str>> = page.rows.iter().map(|row| row.cells[1].text()).collect();
        assert_eq!(texts, [None, Some("given"), Some("")]);
    });
}

#[test]
fn long_values_are_cut_and_read_in_full_when_asked() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY, a text, b bytea, c text, d jsonb)");
        db.sql("INSERT INTO t VALUES (1, repeat('ä', 100000), decode(repeat('ab', 100000), 'hex'), repeat('x', 65536), \
                to_jsonb(repeat('y', 200000)))");
        let page = db.first("public.t").await;
        let cells = &page.rows[0].cells;
        assert!(cells[1].is_cut() && cells[2].is_cut() && !cells[3].is_cut() && cells[4].is_cut());
        assert!(cells.iter().all(|cell| cell.text().unwrap().len() <= 65_536));
        let id = page.rows[0].id.clone().unwrap();
        for (column, length) in [("a", 200_000), ("b", 200_002), ("d", 200_002)] {
            let request = pg_browser::CellRequest {
                table: TableName::new("public", "t"),
                row: id.clone(),
                column: column.into(),
            };
            assert_eq!(db.browser.cell(&request).await.unwrap().unwrap().len(), length);
        }
        let limited =
            PageRequest { cell_limit: 10, ..PageRequest::new(TableName::new("public", "t")) };
        let page = db.browser.page(&limited).await.unwrap();
        assert_eq!(page.rows[0].cells[2].text(), Some("\\xabababab"));
    });
}
