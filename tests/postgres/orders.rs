//! Any filter and any order over any table is what plain SQL says.

use alembic_testing::Postgres;
use pg_browser::{Comparison, Direction, Filter, Nulls, OrderBy, PageRequest, TableName};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use crate::support::{Db, backward, column, forward, on};

const COLUMNS: [&str; 6] = ["i", "t", "n", "f", "e", "b"];

const SETUP: &str = "
CREATE TYPE mood AS ENUM ('sad', 'glad', 'mad');
CREATE TABLE source AS
SELECT row_number() OVER () AS id,
       CASE WHEN g % 7 = 0 THEN NULL ELSE g * 7919 % 13 END AS i,
       CASE WHEN g % 5 = 0 THEN NULL ELSE chr(97 + g * 31 % 5) || repeat('x', g % 2) END AS t,
       CASE WHEN g % 11 = 0 THEN 'NaN' ELSE (g * 17 % 9)::numeric / 4 END AS n,
       CASE WHEN g % 6 = 0 THEN NULL WHEN g % 9 = 0 THEN 'Infinity' ELSE (g % 8)::float8 / 3 END AS f,
       CASE WHEN g % 4 = 0 THEN NULL ELSE (ARRAY['sad', 'glad', 'mad'])[1 + g % 3]::mood END AS e,
       CASE WHEN g % 3 = 0 THEN NULL ELSE g % 2 = 0 END AS b
  FROM generate_series(1, 120) g;
CREATE TABLE keyed AS TABLE source; ALTER TABLE keyed ADD PRIMARY KEY (id);
CREATE TABLE indexed AS TABLE source; ALTER TABLE indexed ADD PRIMARY KEY (id);
CREATE INDEX ON indexed (i); CREATE INDEX ON indexed (t DESC NULLS LAST); CREATE INDEX ON indexed (n, id);
CREATE INDEX ON indexed (f DESC, id DESC); CREATE INDEX ON indexed (b NULLS FIRST); CREATE INDEX ON indexed (e) WHERE i > 3;
CREATE TABLE keyless AS TABLE source; CREATE INDEX ON keyless (i);
CREATE VIEW viewed AS TABLE source;
CREATE VIEW twins AS SELECT i, t, n, f, e, b, 0 AS id FROM source UNION ALL SELECT i, t, n, f, e, b, 0 FROM source;
CREATE MATERIALIZED VIEW stored AS TABLE source;
CREATE TABLE divided (LIKE source) PARTITION BY LIST (b);
CREATE TABLE divided_t PARTITION OF divided FOR VALUES IN (true);
CREATE TABLE divided_rest PARTITION OF divided DEFAULT;
INSERT INTO divided TABLE source;
CREATE TABLE parent (LIKE source INCLUDING ALL); ALTER TABLE parent ADD PRIMARY KEY (id);
CREATE TABLE child () INHERITS (parent); INSERT INTO child TABLE source; INSERT INTO parent TABLE source;
ANALYZE";

const TABLES: [&str; 8] =
    ["keyed", "indexed", "keyless", "viewed", "twins", "stored", "divided", "parent"];

#[derive(Debug, Clone)]
struct Question {
    table: usize,
    filters: Vec<(usize, usize, usize)>,
    order: Vec<(usize, bool, Option<bool>)>,
    limit: u32,
}

fn question() -> impl Strategy<Value = Question> {
    (
        0..TABLES.len(),
        proptest::collection::vec((0..6_usize, 0..9_usize, 0..4_usize), 0..3),
        proptest::collection::vec((0..6_usize, any::<bool>(), any::<Option<bool>>()), 0..3),
        prop_oneof![Just(1_u32), Just(7), Just(40), Just(500)],
    )
        .prop_map(|(table, filters, order, limit)| Question { table, filters, order, limit })
}

/// A filter and what it is in SQL.
fn filter(column: usize, kind: usize, value: usize) -> (Filter, String) {
    let name = COLUMNS[column];
    let value = [
        ["3", "7", "0", "12"],
        ["ax", "c", "b", ""],
        ["0.5", "NaN", "1", "2.00"],
        ["0", "Infinity", "1.5", "-1"],
        ["sad", "mad", "glad", "sad"],
        ["t", "f", "true", "false"],
    ][column][value];
    let compare = |operator, symbol: &str| {
        (Filter::compare(name, operator, value), format!("{name} {symbol} '{value}'"))
    };
    match kind {
        0 => compare(Comparison::Equal, "="),
        1 => compare(Comparison::NotEqual, "<>"),
        2 => compare(Comparison::Less, "<"),
        3 => compare(Comparison::LessOrEqual, "<="),
        4 => compare(Comparison::Greater, ">"),
        5 => compare(Comparison::GreaterOrEqual, ">="),
        6 => (Filter::IsNull { column: name.into() }, format!("{name} IS NULL")),
        7 => {
            let values = vec![value.to_owned(), value.to_owned()];
            (Filter::In { column: name.into(), values }, format!("{name} IN ('{value}')"))
        }
        _ => (Filter::raw(format!("{name} IS NOT NULL -- all")), format!("{name} IS NOT NULL")),
    }
}

async fn ask(db: &Db, question: &Question) {
    let table = TABLES[question.table];
    let mut request = PageRequest::new(TableName::new("public", table)).limit(question.limit);
    let mut conditions = vec!["true".to_owned()];
    for (column, kind, value) in &question.filters {
        let (filter, condition) = filter(*column, *kind, *value);
        request = request.filter(filter);
        conditions.push(condition);
    }
    let mut order = Vec::new();
    for (column, is_descending, nulls) in &question.order {
        let direction = if *is_descending { Direction::Descending } else { Direction::Ascending };
        let nulls = nulls.map(|first| if first { Nulls::First } else { Nulls::Last });
        request = request.order_by(OrderBy { column: COLUMNS[*column].into(), direction, nulls });
        let words = match nulls {
            Some(Nulls::First) => " NULLS FIRST",
            Some(Nulls::Last) => " NULLS LAST",
            None => "",
        };
        let way = if *is_descending { "DESC" } else { "ASC" };
        order.push(format!("{}::text, {} {way}{words}", "''", COLUMNS[*column]));
    }
    let forward = forward(&db.browser, &request).await;
    let backward = backward(&db.browser, &request).await;
    let cells = |rows: &[pg_browser::Row]| rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&forward), cells(&backward), "{question:?}");

    // The same question in plain SQL: the same rows, and the sorted columns in the same order.
    let list = |columns: &[&str]| {
        columns.iter().map(|name| format!("coalesce(concat({name}), '~') || CASE WHEN {name} IS NULL THEN '~' ELSE '' END")).collect::<Vec<_>>().join(" || '|' || ")
    };
    let sorted: Vec<&str> = question.order.iter().map(|(column, ..)| COLUMNS[*column]).collect();
    let shown = if sorted.is_empty() { "''".to_owned() } else { list(&sorted) };
    let clause = if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
    let clause = clause.replace("''::text, ", "");
    let condition = conditions.join(" AND ");
    let expected = db.sql(&format!("SELECT {shown} FROM {table} WHERE {condition}{clause}"));
    let place = |name: &str| forward_columns(table).iter().position(|column| *column == name).unwrap();
    let text = |row: &pg_browser::Row, name: &str| {
        row.cells[place(name)].text().map_or_else(|| "~".to_owned(), str::to_owned)
    };
    let got: Vec<String> = forward
        .iter()
        .map(|row| sorted.iter().map(|name| text(row, name)).collect::<Vec<_>>().join("|"))
        .collect();
    assert_eq!(got.join("\n"), expected, "{question:?}");
    let all = db.sql(&format!("SELECT {} FROM {table} WHERE {condition} ORDER BY 1", list(&COLUMNS)));
    let mut rows: Vec<String> = forward
        .iter()
        .map(|row| COLUMNS.iter().map(|name| text(row, name)).collect::<Vec<_>>().join("|"))
        .collect();
    rows.sort();
    assert_eq!(rows.join("\n"), all, "{question:?}");
}

fn forward_columns(table: &str) -> [&'static str; 7] {
    if table == "twins" { ["i", "t", "n", "f", "e", "b", "id"] } else { ["id", "i", "t", "n", "f", "e", "b"] }
}

fn questions(server: &'static Postgres) {
    on(server, async |db| {
        db.sql(SETUP);
        let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() });
        for _ in 0..150 {
            let question = question().new_tree(&mut runner).unwrap().current();
            ask(db, &question).await;
        }
    });
}

#[test]
fn any_question_is_answered_as_in_plain_sql_by_15() {
    questions(Postgres::shared());
}

#[test]
fn any_question_is_answered_as_in_plain_sql_by_18() {
    questions(Postgres::shared_18());
}

#[test]
fn keys_of_every_type_that_can_be_sorted_lead_through_all_rows() {
    let types = [
        ("int", "g"),
        ("bigint", "g * 10000000000"),
        ("numeric", "g / 3.0"),
        ("float8", "g / 3.0"),
        ("text", "md5(g::text)"),
        ("varchar(40)", "md5(g::text)"),
        ("char(8)", "'k' || g"),
        ("bytea", "decode(md5(g::text), 'hex')"),
        ("uuid", "md5(g::text)::uuid"),
        ("date", "date '2024-01-01' + g"),
        ("timestamptz", "timestamptz '2024-01-01' + g * interval '1.000001 s'"),
        ("timestamp", "timestamp '0001-01-01 BC' + g * interval '1 month'"),
        ("time", "time '00:00' + g * interval '1 s'"),
        ("timetz", "timetz '00:00+01' + g * interval '1 s'"),
        ("interval", "g * interval '1 day 1 s'"),
        ("inet", "inet '10.0.0.0' + g"),
        ("macaddr", "('08:00:2b:01:02:' || lpad(to_hex(g), 2, '0'))::macaddr"),
        ("bit(8)", "g::bit(8)"),
        ("varbit", "g::bit(8)::varbit"),
        ("jsonb", "to_jsonb(g)"),
        ("int[]", "ARRAY[g % 3, g]"),
        ("int4range", "int4range(g, g + 2)"),
        ("money", "g::numeric::money"),
        ("oid", "g::oid"),
        ("pg_lsn", "('0/' || to_hex(g))::pg_lsn"),
        ("tsvector", "to_tsvector('simple', 'w' || g)"),
        ("citext", "('K' || g)::citext"),
        ("name", "('n' || g)::name"),
        ("\"char\"", "chr(g)::\"char\""),
    ];
    for server in [Postgres::shared(), Postgres::shared_18()] {
        on(server, async |db| {
            db.sql("CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext");
            for (number, (type_name, value)) in types.iter().enumerate() {
                let type_name = type_name.replace("citext", "ext.citext");
                let value = value.replace("citext", "ext.citext");
                let name = format!("k{number}");
                db.sql(&format!("CREATE TABLE {name} (k {type_name} PRIMARY KEY); \
                                 INSERT INTO {name} SELECT {value} FROM generate_series(1, 100) g"));
                for direction in [Direction::Ascending, Direction::Descending] {
                    let request = PageRequest::new(TableName::new("public", &name))
                        .limit(9)
                        .order_by(OrderBy::new("k", direction));
                    let rows = column(&forward(&db.browser, &request).await, 0);
                    assert_eq!(rows.len(), 100, "{type_name}");
                    assert_eq!(rows, column(&backward(&db.browser, &request).await, 0), "{type_name}");
                }
            }
        });
    }
}
