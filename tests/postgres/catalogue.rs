//! The catalogue.

use pg_browser::{Identity, TableKind, TableName, TypeKind};

use crate::support::on_each;

const SETUP: &str = "
CREATE SCHEMA shop; COMMENT ON SCHEMA shop IS 'all of it';
CREATE TYPE shop.mood AS ENUM ('sad', 'glad');
CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0);
CREATE TYPE shop.pair AS (a int, b text);
CREATE TABLE shop.owners (id int PRIMARY KEY, name text COLLATE \"C\" NOT NULL UNIQUE);
CREATE TABLE shop.pets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner int REFERENCES shop.owners ON DELETE CASCADE,
    mood shop.mood DEFAULT 'sad', moods shop.mood[], age shop.positive, pair shop.pair, span int4range,
    price numeric(10,2) CHECK (price > 0), twice numeric GENERATED ALWAYS AS (price * 2) STORED);
COMMENT ON TABLE shop.pets IS 'pets'; COMMENT ON COLUMN shop.pets.price IS 'in euro';
CREATE INDEX pets_lower ON shop.pets (abs(price)) WHERE price > 1;
CREATE VIEW shop.seen AS SELECT * FROM shop.pets;
CREATE MATERIALIZED VIEW shop.stored AS SELECT * FROM shop.owners;
CREATE TABLE shop.logs (at date, n int, PRIMARY KEY (at, n)) PARTITION BY RANGE (at);
CREATE TABLE shop.logs_1 PARTITION OF shop.logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE shop.far (a text) SERVER files OPTIONS (filename '/dev/null');
INSERT INTO shop.logs SELECT '2024-01-01', g FROM generate_series(1, 50) g; ANALYZE";

#[test]
fn everything_is_listed() {
    on_each(async |db| {
        db.sql(SETUP);
        let catalogue = db.browser.catalogue().await.unwrap();
        let shop = catalogue.schemas.iter().find(|schema| schema.name == "shop").unwrap();
        assert_eq!(shop.comment.as_deref(), Some("all of it"));
        let kinds: Vec<(&str, TableKind)> =
            shop.tables.iter().map(|table| (table.name.name.as_str(), table.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("far", TableKind::ForeignTable),
                ("logs", TableKind::PartitionedTable),
                ("logs_1", TableKind::Table),
                ("owners", TableKind::Table),
                ("pets", TableKind::Table),
                ("seen", TableKind::View),
                ("stored", TableKind::MaterializedView),
            ]
        );
        let table = |name: &str| catalogue.table(&TableName::new("shop", name)).unwrap();
        assert_eq!(table("logs").row_estimate, Some(50));
        assert_eq!(table("logs_1").partition_of, Some(TableName::new("shop", "logs")));
        assert_eq!(table("pets").foreign_keys[0].on_delete, "CASCADE");
        assert_eq!(table("pets").columns[7].type_name, "numeric(10,2)");
        assert!(table("pets").columns[0].is_key && !table("pets").columns[1].is_key);
        assert!(catalogue.server.version_number >= 150_000);
    });
}

#[test]
fn an_open_table_is_known_to_its_last_check() {
    on_each(async |db| {
        db.sql(SETUP);
        let table =
            async |name: &str| db.browser.table(&TableName::new("shop", name)).await.unwrap();
        let pets = table("pets").await;
        let column = |name: &str| pets.column(name).unwrap();
        assert_eq!(column("id").identity, Some(Identity::Always));
        assert_eq!(column("price").comment.as_deref(), Some("in euro"));
        assert_eq!(column("mood").default.as_deref(), Some("'sad'::shop.mood"));
        assert_eq!(
            column("mood").type_kind,
            TypeKind::Enum { values: vec!["sad".into(), "glad".into()] }
        );
        assert!(
            matches!(&column("moods").type_kind, TypeKind::Array { values, .. } if values.len() == 2)
        );
        assert!(
            matches!(&column("age").type_kind, TypeKind::Domain { checks, .. } if checks.len() == 1)
        );
        assert!(
            matches!(&column("pair").type_kind, TypeKind::Composite { fields } if fields[1].type_name == "text")
        );
        assert!(
            matches!(&column("span").type_kind, TypeKind::Range { subtype } if subtype == "integer")
        );
        assert!(column("twice").generated.as_ref().is_some_and(|generated| generated.is_stored));
        assert_eq!(pets.foreign_keys[0].referenced_table, TableName::new("shop", "owners"));
        assert!(pets.checks.iter().any(|check| check.definition.contains("price")));
        let index = pets.indexes.iter().find(|index| index.name == "pets_lower").unwrap();
        assert!(index.is_partial && index.columns == [None]);
        assert!(pets.privileges.select && pets.privileges.delete);
        let owners = table("owners").await;
        assert_eq!(owners.referenced_by[0].table, TableName::new("shop", "pets"));
        assert_eq!(owners.unique_keys[0].columns, ["name"]);
        assert_eq!(owners.column("name").unwrap().collation.as_deref(), Some("pg_catalog.\"C\""));
        let logs = table("logs").await;
        assert_eq!(logs.partitioning.unwrap().key, "RANGE (at)");
        assert!(table("seen").await.definition.unwrap().contains("SELECT"));
        for name in ["far", "logs", "seen", "stored", "pets"] {
            db.first(&format!("shop.{name}")).await;
        }
    });
}

#[test]
fn a_lock_of_a_migration_holds_nobody_up() {
    on_each(async |db| {
        db.sql("CREATE TABLE t (id int PRIMARY KEY)");
        let script =
            pg_browser::QueryRequest::new("BEGIN; ALTER TABLE t ADD v int; SELECT pg_sleep(3)");
        let browser = db.browser.clone();
        let holder = tokio::spawn(async move { browser.query(&script).await });
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        let start = std::time::Instant::now();
        db.browser.catalogue().await.unwrap();
        db.browser.table_statistics().await.unwrap();
        assert!(start.elapsed().as_secs() < 2);
        let options = db.options().lock_timeout(std::time::Duration::from_millis(100));
        let impatient = pg_browser::Browser::connect(options).await.unwrap();
        let table = impatient.table(&TableName::new("public", "t")).await;
        assert_eq!(table.unwrap_err().code(), "locked");
        impatient.close().await;
        holder.abort();
    });
}
