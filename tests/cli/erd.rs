//! `erd`: diagrams of the models, without Python.

use alembic_testing::TestContext;
use insta::assert_snapshot;

use crate::project::{fixture, letters};

fn shop() -> TestContext {
    fixture("petshop")
}

#[test]
fn a_part_in_mermaid() {
    assert_snapshot!(shop().run(["erd", "--focus", "species"]), @r#"
    exit: 0
    --- stdout
    erDiagram
        "species" ||..o{ "pets" : "species_id"
        "pets" {
            BIGINT id PK
            UUID owner_id FK
            INTEGER species_id FK
            VARCHAR(80) name
            pet_sex sex
            DATE born_on "null"
            NUMERIC(6_3) weight_kg "NUMERIC(6, 3), null"
            BOOLEAN neutered
            VARCHAR(15) microchip UK "null"
            TEXT[] temperament "null"
            BYTEA photo "null"
            TIMESTAMP_WITH_TIME_ZONE created_at "TIMESTAMP WITH TIME ZONE"
        }
        "species" {
            INTEGER id PK
            VARCHAR(60) name UK
            VARCHAR(120) latin_name "null"
            SMALLINT lifespan_years "null"
            BOOLEAN exotic
        }
    --- stderr
    "#);
}

#[test]
fn every_format_begins_as_its_readers_expect() {
    let beginnings = [
        ("mermaid", "erDiagram\n"),
        ("dot", "digraph schema {\n"),
        ("svg", "<svg xmlns=\"http://www.w3.org/2000/svg\""),
        ("dbml", "Enum \"manipulation_kind\" {\n"),
        ("json", "{\n  \"version\": 1,\n"),
    ];
    for (format, beginning) in beginnings {
        let output = shop().run(["erd", "--format", format]);
        assert_eq!((output.code(), output.stderr()), (Some(0), String::new()), "{format}");
        assert!(output.stdout().starts_with(beginning), "{format}: {}", output.stdout());
    }
}

#[test]
fn a_table_that_is_not_there() {
    assert_snapshot!(shop().run(["erd", "--focus", "specie"]), @"
    exit: 2
    --- stdout
    --- stderr
      × no table is called `specie`
      help: there is `species`
    ");
}

#[test]
fn a_schema_that_is_not_there() {
    assert_snapshot!(shop().run(["erd", "--schema", "sales"]), @"
    exit: 2
    --- stdout
    --- stderr
      × no table is in the schema `sales`
      help: there is `public`
    ");
}

#[test]
fn depth_is_counted_from_a_table() {
    assert_snapshot!(shop().run(["erd", "--depth", "2"]), @"
    exit: 2
    --- stdout
    --- stderr
    error: the following required arguments were not provided:
      --focus <TABLE>

    Usage: alembic-rs erd --focus <TABLE> --depth <N>

    For more information, try '--help'.
    ");
}

#[test]
fn no_models() {
    assert_snapshot!(letters("a").run(["erd"]), @"
    exit: 0
    --- stdout
    erDiagram
    --- stderr
    note: no table was found, migrations/env.py:1: env.py gives no `target_metadata` that can be read; `alembic-rs models --explain` says more
    ");
}
