//! Every command of the database side over PostgreSQL, in the pet shop.

use alembic_testing::{Postgres, PostgresDatabase};

use crate::shop::Shop;

const FIRST: &str = "05d9058b4714";
const HEAD: &str = "873addc1221e";

fn rows(database: &PostgresDatabase<'_>) -> String {
    database.sql("SELECT version_num FROM alembic_version ORDER BY 1")
}

fn has_table(database: &PostgresDatabase<'_>, name: &str) -> bool {
    database.sql(&format!("SELECT to_regclass('{name}') IS NOT NULL")) == "t"
}

#[test]
fn up_and_down_again() {
    let database = Postgres::shared().database();
    let shop = Shop::petshop(database.url());
    assert!(shop.ok("status").stdout().contains("unstamped, 17 migrations pending"));
    assert!(!has_table(&database, "alembic_version"));

    let output = shop.ok("upgrade head");
    assert_eq!(output.stderr().matches("Running upgrade").count(), 17, "{output}");
    assert_eq!(rows(&database), HEAD);
    assert_eq!(shop.ok("current").stdout(), format!("{HEAD} (head)\n"));
    assert_eq!(shop.ok("current").stdout(), shop.alembic("current"));
    assert_eq!(shop.ok("current -v").stdout(), shop.alembic("current -v"));
    shop.ok("current --check-heads");
    let status = shop.ok("status --exit-code").stdout();
    assert!(status.contains("state     up to date\n"), "{status}");
    assert!(status.contains("PostgreSQL "), "{status}");

    let plan = shop.ok("plan -1").stdout();
    assert!(plan.starts_with("downgrade -1: 1 step\n"), "{plan}");
    shop.ok("downgrade -1");
    assert_eq!(rows(&database), "8b2c90c0a942");
    shop.refused("status --exit-code", 1, &[]);
    shop.ok("downgrade base");
    assert_eq!(rows(&database), "");
    assert!(!has_table(&database, "owners"));
    assert_eq!(shop.ok("current").stdout(), "");
}

#[test]
fn stamps_and_the_table() {
    let database = Postgres::shared().database();
    let shop = Shop::petshop(database.url());
    shop.ok("ensure_version");
    assert!(has_table(&database, "alembic_version"));
    shop.ok("stamp head");
    assert_eq!(rows(&database), HEAD);
    shop.ok(&format!("stamp {FIRST}"));
    assert_eq!(rows(&database), FIRST);
    database.sql("UPDATE alembic_version SET version_num = 'nobody_knows'");
    shop.refused("current --url", 2, &[]);
    shop.ok("stamp --purge head");
    assert_eq!(rows(&database), HEAD);
    shop.ok("stamp base");
    assert_eq!(rows(&database), "");
    assert_eq!(shop.ok("stamp head --sql").stdout(), shop.alembic("stamp head --sql"));
}

#[test]
fn the_sql_of_an_upgrade_is_the_childs() {
    let database = Postgres::shared().database();
    let shop = Shop::petshop(database.url());
    let line = "upgrade --sql 05d9058b4714:424b97099315";
    assert_eq!(shop.ok(line).stdout(), shop.alembic(line));
    assert!(!has_table(&database, "alembic_version"));
}

#[test]
fn a_backup_is_there_before_anything_runs() {
    let database = Postgres::shared().database();
    let shop = Shop::petshop(database.url());
    shop.ok(&format!("upgrade {FIRST}"));
    let output = shop.ok("upgrade --backup dumps --lock head");
    assert!(output.stderr().contains("the database is dumped to {P}/dumps/"), "{output}");
    let mut files = fs_err::read_dir(shop.project().path("dumps")).unwrap();
    let file = files.next().unwrap().unwrap();
    assert!(files.next().is_none());
    assert!(file.file_name().to_string_lossy().contains(FIRST), "{file:?}");
    let listed = std::process::Command::new("pg_restore").arg("--list").arg(file.path()).output();
    let listed = String::from_utf8(listed.unwrap().stdout).unwrap();
    assert!(listed.contains("TABLE DATA public owners"), "{listed}");
    assert!(!listed.contains("pets"), "{listed}");
}

#[test]
fn limits_reach_the_childs_session() {
    let database = Postgres::shared().database();
    let shop = Shop::petshop(database.url());
    let version = shop.project().path("migrations/versions/2027_01_01_aaaaaaaaaaaa_slow.py");
    let script = "\"\"\"slow\"\"\"\nfrom alembic import op\nrevision = 'aaaaaaaaaaaa'\n\
                  down_revision = '873addc1221e'\nbranch_labels = depends_on = None\n\
                  def upgrade():\n    op.execute('SELECT pg_sleep(30)')\n";
    fs_err::write(version, script).unwrap();
    shop.ok(&format!("stamp {HEAD}"));
    let output = shop.refused("upgrade --statement-timeout 100ms head", 1, &[]);
    assert!(output.stderr().contains("canceling statement due to statement timeout"), "{output}");
    assert_eq!(rows(&database), HEAD);
}
