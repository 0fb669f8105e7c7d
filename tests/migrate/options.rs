//! No option is ever left out silently: what cannot be done is refused, and `--dry-run` runs nothing.

use std::{
    net::TcpListener,
    process::Child,
    thread,
    time::{Duration, Instant},
};

use alembic_testing::{Postgres, Project};

use crate::shop::Shop;

/// An `env.py` that leaves a trace when it runs, and of which nobody can tell the database without running it.
const SECRETIVE: &str = "\
open('ran', 'w')
from alembic import context
from sqlalchemy import create_engine
import vault
with create_engine(vault.secret()).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
";

const VAULT: &str = "def secret():\n    import base64\n    return base64.b64decode(b'c3FsaXRlOi8vL3ZhdWx0LmRi').decode()\n";

/// A project whose database cannot be known; `DATABASE_URL` is only a guess.
fn secretive(url: &str) -> Shop {
    let project = Project::from_letters("a <- b").with_file("migrations/env.py", SECRETIVE);
    Shop::new(project.with_file("vault.py", VAULT), url)
}

fn ran(shop: &Shop) -> bool {
    shop.project().path("ran").exists()
}

#[test]
fn a_dry_run_runs_nothing_whatever_is_known() {
    let shop = secretive("sqlite:///guess.db");
    let output = shop.ok("upgrade head --dry-run");
    assert!(output.stdout().starts_with("upgrade head: 2 steps\n"), "{output}");
    assert!(output.stderr().contains("a guess"), "{output}");
    shop.ok("upgrade head --dry-run --backup dumps --lock");
    assert!(!ran(&shop) && !shop.project().path("guess.db").exists());
    assert!(!shop.project().path("dumps").exists());
    let nobody = secretive("");
    nobody.refused("upgrade head --dry-run", 5, &["no database URL is known"]);
    let oracle = secretive("oracle+oracledb://ann@db/shop");
    oracle.refused("upgrade head --dry-run", 5, &["does not talk to `oracle`"]);
    assert!(!ran(&nobody) && !ran(&oracle));
}

/// With a database that is certain these create what Alembic creates.
#[test]
fn a_guess_is_only_read() {
    let database = Postgres::shared().database();
    let url = database.url();
    let shops = [secretive(&url), secretive("sqlite:///guess.db")];
    for line in [
        "history -i",
        "history -r current:",
        "history --graph -i",
        "show current",
        "edit current",
        "current",
    ] {
        for shop in &shops {
            let output = shop.run(line.split_whitespace());
            assert!(output.stderr().contains("a guess"), "{line}: {output}");
        }
        assert!(!shops[1].project().path("guess.db").exists(), "{line}");
        assert_eq!(database.sql("SELECT to_regclass('alembic_version') IS NULL"), "t", "{line}");
    }
    shops[0].ok(&format!("history -i --url {url}"));
    assert_eq!(database.sql("SELECT to_regclass('alembic_version') IS NULL"), "f");
}

#[test]
fn a_plain_upgrade_needs_no_proof() {
    let shop = secretive("sqlite:///guess.db");
    shop.ok("upgrade head");
    assert!(ran(&shop) && shop.project().path("vault.db").exists());
    assert!(!shop.project().path("guess.db").exists());
}

#[test]
fn guards_refuse_a_guess() {
    let shop = secretive("postgresql://ann@127.0.0.1:1/shop");
    for option in ["--backup dumps", "--lock", "--lock --backup dumps"] {
        shop.refused(&format!("upgrade head {option}"), 2, &["is only a guess", "--url"]);
    }
    let nobody = secretive("");
    for option in ["--backup dumps", "--lock", "--wait 1s"] {
        nobody.refused(&format!("upgrade head {option}"), 5, &["no database URL is known"]);
    }
    assert!(!ran(&shop) && !ran(&nobody) && !shop.project().path("dumps").exists());
}

#[test]
fn waiting_also_where_the_database_is_a_guess() {
    let shop = secretive("postgresql://ann@127.0.0.1:1/shop");
    let begun = Instant::now();
    shop.refused("upgrade head --wait 1s", 5, &["a guess", "127.0.0.1:1"]);
    assert!(begun.elapsed() > Duration::from_millis(500) && !ran(&shop));
}

#[test]
fn sql_takes_no_option_of_a_run() {
    let shop = Shop::letters("a <- b", "sqlite:///shop.db");
    for option in [
        "--lock",
        "--backup dumps",
        "--dry-run",
        "--wait 1s",
        "--statement-timeout 1s",
        "--lock-wait-timeout 1s",
    ] {
        shop.refused(&format!("upgrade head --sql {option}"), 2, &["cannot be used with"]);
    }
    shop.refused("stamp head --sql --wait 1s", 2, &["cannot be used with"]);
    shop.refused("upgrade head --lock-timeout 1s", 2, &["--lock"]);
    assert!(!shop.project().path("shop.db").exists());
}

#[test]
fn limits_are_never_lost_silently() {
    let shop = secretive("");
    let said = shop.ok("upgrade head --statement-timeout 1s").stderr();
    assert!(said.contains("not known whether the database is a PostgreSQL"), "{said}");
    let shop = Shop::letters("a", "sqlite:///shop.db");
    let said = shop.ok("upgrade head --lock-wait-timeout 1s").stderr();
    assert!(said.contains("the timeouts are PostgreSQL's"), "{said}");
}

#[test]
fn guards_of_another_database_are_refused() {
    let database = Postgres::shared().database();
    let shop = Shop::letters("a <- b", "sqlite:///shop.db");
    let url = database.url();
    for option in ["--lock", "--backup dumps"] {
        let line = format!("upgrade head {option} --url {url}");
        shop.refused(&line, 5, &["is not the database that env.py migrates", "sqlite:///shop.db"]);
    }
    // Nor can the plan be of one database and the migrations of another.
    let line = format!("upgrade head --url {url}");
    let output = shop.refused(&line, 5, &["is not the database that env.py migrates"]);
    assert!(!output.stderr().contains("running"), "{output}");
    assert!(!shop.project().path("shop.db").exists());
    // The same database by other names.
    let here = Shop::letters("a <- b", url.replace("127.0.0.1", "localhost"));
    here.ok(&format!("upgrade head --lock --url {url}"));
}

/// Where env.py's own answer is only likely, the look at the rows finds it out.
#[test]
fn a_database_that_is_not_the_one_of_env_py() {
    let database = Postgres::shared().database();
    let shop = secretive("");
    let line = format!("upgrade head --url {}", database.url());
    shop.refused(&line, 5, &["env.py migrated another database"]);
}

#[test]
fn a_dump_that_fails_runs_nothing() {
    let database = Postgres::shared().database();
    let shop = Shop::letters("a", database.url());
    shop.project().write("dumps", "a file, no folder");
    let output = shop.refused("upgrade head --backup dumps", 3, &["dumps"]);
    assert!(!output.stderr().contains("running"), "{output}");
}

/// No `--url` can settle it, and the table of pyproject.toml does.
#[test]
fn a_version_table_that_is_not_certain() {
    let env = SECRETIVE.replace("vault.secret()).connect", "'sqlite:///shop.db').connect").replace(
        "connection=connection",
        "connection=connection, version_table=vault.secret(), version_table_schema=vault.secret()",
    );
    let project = Project::from_letters("a <- b").with_file("migrations/env.py", env);
    let shop = Shop::new(project.with_file("vault.py", VAULT), "");
    for line in ["stamp a --url sqlite:///shop.db", "upgrade head --lock"] {
        let output = shop.refused(line, 2, &["[tool.alembic-rs]", "`version_table = \"…\"`"]);
        let said = output.stderr();
        assert!(said.contains("vault.py:3") && !said.contains("password"), "{said}");
    }
    assert!(shop.run(["doctor"]).stdout().contains("[tool.alembic-rs]: version_table, "));
    shop.refused("current", 0, &["the version table is a guess"]);
    shop.project().write(
        "pyproject.toml",
        "[tool.alembic-rs]\nversion_table = \"shop_version\"\nversion_table_schema = \"\"\n",
    );
    shop.ok("stamp a");
    assert!(shop.ok("status").stdout().contains("shop_version: a"));
    // A slip would pass for what was never written.
    shop.project().write("pyproject.toml", "[tool.alembic-rs]\nversion_tabel = \"shop_version\"\n");
    shop.refused("stamp a", 255, &["no option `version_tabel`: did you mean `version_table`?"]);
}

#[test]
fn a_lock_that_is_held() {
    let database = Postgres::shared().database();
    let shop = Shop::petshop(database.url());
    let holder = "SELECT pg_advisory_lock(4711), pg_sleep(3)";
    thread::scope(|scope| {
        scope.spawn(|| database.sql(holder));
        let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711";
        let deadline = Instant::now() + Duration::from_secs(3);
        while database.sql(held) == "0" && Instant::now() < deadline {}
        let line = "upgrade head --lock=4711 --lock-timeout 300ms";
        shop.refused(line, 8, &["is held by", "waited 0.3 s", "--lock-timeout"]);
    });
    shop.ok("upgrade 05d9058b4714 --lock=4711");
}

#[test]
fn waiting_for_a_server_that_comes_later() {
    let mut postgres = Postgres::start();
    let database = postgres.database();
    let shop = Shop::petshop(database.url());
    std::mem::forget(database);
    postgres.stop();
    shop.refused("upgrade head", 255, &["127.0.0.1"]);
    let child: Child = shop.command_line("upgrade 05d9058b4714 --wait 30s --lock").spawn().unwrap();
    thread::sleep(Duration::from_millis(400));
    postgres.restart();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_server_that_says_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let shop =
        Shop::letters("a", format!("postgresql://ann@127.0.0.1:{port}/shop?connect_timeout=2"));
    let begun = Instant::now();
    shop.refused("status", 5, &["help:"]);
    assert!(begun.elapsed() < Duration::from_secs(8));
}
