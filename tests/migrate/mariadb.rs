//! MariaDB, which stands for MySQL.

use alembic_testing::{MariaDb, Revision};

use crate::shop::Shop;

fn shop() -> (Shop, String) {
    let server = MariaDb::shared();
    let database = server.database();
    let body = |name: &str| {
        format!(
            "def upgrade():\n    op.execute('CREATE TABLE {name} (id int)')\n\n\n\
             def downgrade():\n    op.execute('DROP TABLE {name}')\n"
        )
    };
    let revisions =
        [Revision::new("a1").body(body("one")), Revision::new("b2").down(["a1"]).body(body("two"))];
    let url = format!("mysql+pymysql://tester:tester@127.0.0.1:{}/{database}", server.port());
    (Shop::revisions(&revisions, url), database)
}

#[test]
fn current_stamp_upgrade_and_downgrade() {
    let server = MariaDb::shared();
    let (shop, database) = shop();
    let rows = || server.sql(&database, "SELECT version_num FROM alembic_version ORDER BY 1");
    let tables = || server.sql(&database, "SHOW TABLES");
    assert_eq!(shop.ok("current").stdout(), "");
    assert!(shop.ok("status").stdout().contains("MariaDB "));
    shop.ok("upgrade head --lock");
    assert_eq!((rows(), tables()), ("b2".to_owned(), "alembic_version\none\ntwo".to_owned()));
    assert_eq!(shop.ok("current").stdout(), shop.alembic("current"));
    shop.ok("stamp a1");
    assert_eq!(rows(), "a1");
    assert_eq!(shop.ok("current -v").stdout(), shop.alembic("current -v"));
    shop.ok("stamp b2");
    shop.ok("downgrade base");
    assert_eq!((rows(), tables()), (String::new(), "alembic_version".to_owned()));
    assert_eq!(shop.ok("stamp head --sql").stdout(), shop.alembic("stamp head --sql"));
}

#[test]
fn what_is_postgresqls_alone_is_said() {
    let (shop, _) = shop();
    shop.refused("upgrade head --backup dumps", 3, &["dumps PostgreSQL databases alone", "mysql"]);
    assert_eq!(shop.ok("current").stdout(), "");
    let said = shop.ok("upgrade head --statement-timeout 5s").stderr();
    assert!(said.contains("the timeouts are PostgreSQL's"), "{said}");
}
