//! What goes wrong between a project and its database: one cause, a way out, the documented code, the database as it was.

use std::time::{Duration, Instant};

use alembic_testing::{Postgres, Project, Venv};

use crate::shop::{ENV, Shop};

/// Commands of ours, which end with the codes of the table.
const OURS: [&str; 3] = ["status", "plan", "upgrade head --dry-run"];

/// Every command of ours is refused with `code` and says each of `words`; those of Alembic end with 255.
fn refused(shop: &Shop, code: i32, words: &[&str]) {
    for line in OURS {
        shop.refused(line, code, &[words, &["help:"]].concat());
    }
    let output = shop.refused("current", 255, words);
    assert!(output.stdout().starts_with("FAILED: "), "{output}");
    shop.refused("stamp head", 255, words);
}

fn letters(url: impl Into<String>) -> Shop {
    Shop::letters("a <- b", url)
}

#[test]
fn servers_that_do_not_let_us_in() {
    let postgres = Postgres::shared();
    let port = postgres.port();
    refused(&letters("postgresql://ann@127.0.0.1:1/shop"), 5, &["127.0.0.1"]);
    refused(&letters("postgresql://ann@no.such.host.invalid/shop"), 5, &["no.such.host.invalid"]);
    let url = format!("postgresql://postgres@127.0.0.1:{port}/nowhere");
    refused(&letters(url), 5, &["nowhere"]);
    postgres.user_with_password("guarded_ann", "s3cret");
    let url = format!("postgresql://guarded_ann:wr0ng@127.0.0.1:{port}/postgres");
    let shop = letters(url);
    refused(&shop, 5, &["guarded_ann"]);
    let output = shop.run(["status"]);
    assert!(!output.to_string().contains("wr0ng"), "{output}");
}

#[test]
fn no_rights_on_the_version_table() {
    let postgres = Postgres::shared();
    let database = postgres.database();
    database.sql("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)");
    database.sql("INSERT INTO alembic_version VALUES ('a')");
    database.sql("CREATE ROLE stranger LOGIN");
    let url = database.url().replace("postgres@", "stranger@");
    refused(&letters(url), 5, &["alembic_version"]);
    database.sql("GRANT SELECT ON alembic_version TO stranger");
    let shop = letters(database.url().replace("postgres@", "stranger@"));
    assert_eq!(shop.ok("current").stdout(), "a\n");
    shop.refused("stamp head", 255, &["alembic_version", "help:"]);
    assert_eq!(database.sql("SELECT version_num FROM alembic_version"), "a");
    drop(database);
    postgres.sql("postgres", "DROP ROLE stranger");
}

#[test]
fn a_table_of_another_shape() {
    let database = Postgres::shared().database();
    database.sql("CREATE TABLE alembic_version (number int)");
    refused(&letters(database.url()), 5, &["alembic_version"]);
    database.sql("DROP TABLE alembic_version; CREATE TABLE alembic_version (version_num int)");
    database.sql("INSERT INTO alembic_version VALUES (7)");
    refused(&letters(database.url()), 5, &["alembic_version"]);
    assert_eq!(database.sql("SELECT version_num FROM alembic_version"), "7");
}

#[test]
fn rows_that_nobody_knows() {
    let long = "x".repeat(60);
    for row in ["unknown1", long.as_str()] {
        let database = Postgres::shared().database();
        let shop = letters(database.url());
        database.sql("CREATE TABLE alembic_version (version_num varchar(100) NOT NULL)");
        database.sql(&format!("INSERT INTO alembic_version VALUES ('{row}')"));
        let sentence = format!("Can't locate revision identified by '{row}'");
        shop.refused("status --exit-code", 6, &[]);
        shop.refused("current", 255, &[&sentence, "ask who migrated this database last"]);
        shop.refused("show current", 255, &[&sentence]);
        shop.refused("history -r current:", 255, &[&sentence]);
        shop.refused("plan", 6, &[&sentence, "help:"]);
        shop.refused("upgrade head --dry-run", 6, &[&sentence]);
        shop.refused("upgrade head", 255, &[&sentence]);
        shop.refused("upgrade head --lock", 6, &[&sentence]);
        shop.refused("stamp head", 255, &[&sentence]);
        assert_eq!(database.sql("SELECT version_num FROM alembic_version"), row);
    }
}

#[test]
fn two_rows_where_one_is_expected() {
    let database = Postgres::shared().database();
    let shop = letters(database.url());
    database.sql("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)");
    database.sql("INSERT INTO alembic_version VALUES ('a'), ('a')");
    shop.refused("stamp b", 255, &["alembic_version", "2"]);
    assert_eq!(database.sql("SELECT count(*) FROM alembic_version"), "2");
}

#[test]
fn urls_that_name_no_database_of_ours() {
    refused(&letters("oracle+oracledb://ann:s3cret@db/shop"), 5, &["does not talk to `oracle`"]);
    let shop = letters("oracle+oracledb://ann:s3cret@db/shop");
    assert_eq!(shop.ok("history").stdout().lines().count(), 2);
    let output = shop.run(["status"]);
    assert!(!output.to_string().contains("s3cret"), "{output}");
    refused(&letters("this is no URL"), 5, &[]);
    refused(&letters("postgresql://ann@db:port/shop"), 5, &[]);
}

/// What Alembic would end in a traceback over is reported before Python starts.
#[test]
fn a_url_that_is_none_starts_no_python() {
    let shop = letters("postgresql://ann:s3cret@db:port/shop");
    let status = shop.run(["status"]);
    for line in ["upgrade head", "downgrade base"] {
        let output = shop.refused(line, 255, &["help:"]);
        assert_eq!(output.stderr(), status.stderr(), "{line}");
        assert!(output.stdout().starts_with("FAILED: "), "{output}");
        assert!(!output.to_string().contains("s3cret"), "{output}");
    }
}

#[test]
fn interpreters_that_are_none() {
    let shop = letters("sqlite:///shop.db");
    shop.project().write("no-python", "a text");
    for python in ["no-python", "nowhere/python", "/bin/sh", "migrations"] {
        shop.refused(&format!("upgrade head --python {python}"), 3, &[python, "help:"]);
    }
    let bare = |args: &[&str]| {
        let run = shop.invocation(args).without_env("VIRTUAL_ENV");
        run.env("PATH", shop.project().root()).run()
    };
    let output = bare(&["upgrade", "head"]);
    assert_eq!(output.code(), Some(255), "{output}");
    assert!(output.stderr().contains("help:"), "{output}");
    // An environment without Alembic: the reason is named.
    let site = shop.project().path("empty/lib/python3.11/site-packages");
    fs_err::create_dir_all(site).unwrap();
    fs_err::create_dir_all(shop.project().path("empty/bin")).unwrap();
    let base = fs_err::canonicalize("/usr/bin/python3").unwrap();
    std::os::unix::fs::symlink(&base, shop.project().path("empty/bin/python")).unwrap();
    shop.project().write("empty/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n");
    shop.refused("upgrade head --python empty", 3, &["it has no Alembic"]);
    // `doctor` looks at the same one, and its way out is an option that it has.
    let doctor = shop.refused("doctor --python empty", 1, &[]).stdout();
    assert!(doctor.contains("it has no Alembic") && doctor.contains("--python PATH"), "{doctor}");
    let python = Venv::find().python();
    let doctor = shop.run(["doctor".as_ref(), "--python".as_ref(), python.as_os_str()]).stdout();
    assert!(doctor.contains("--python") && doctor.contains("Alembic 1."), "{doctor}");
    assert!(!shop.project().path("shop.db").exists());
}

/// An environment with Alembic and SQLAlchemy, and without the driver that env.py asks for.
#[test]
fn an_interpreter_without_the_driver() {
    let driver_of = |url: &str| {
        let shop = letters(url);
        for (name, version) in [("alembic", "1.20.1"), ("sqlalchemy", "2.1.0"), ("psycopg2", "2.9")]
        {
            let site = "bare/lib/python3.11/site-packages";
            shop.project().write(format!("{site}/{name}/__init__.py"), "");
            let metadata = format!("Name: {name}\nVersion: {version}\n");
            shop.project().write(format!("{site}/{name}-{version}.dist-info/METADATA"), metadata);
        }
        fs_err::create_dir_all(shop.project().path("bare/bin")).unwrap();
        let base = fs_err::canonicalize("/usr/bin/python3").unwrap();
        std::os::unix::fs::symlink(&base, shop.project().path("bare/bin/python")).unwrap();
        shop.project().write("bare/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.2\n");
        let environment = shop.project().path("bare");
        let output = shop.invocation(["doctor", "--json"]).env("VIRTUAL_ENV", environment).run();
        let checks: serde_json::Value = serde_json::from_slice(output.raw_stdout()).unwrap();
        let driver = checks.as_array().unwrap().iter().find(|check| check["name"] == "driver");
        let driver = driver.unwrap_or_else(|| panic!("{output}"));
        (driver["status"].as_str().unwrap().to_owned(), driver["fix"].to_string())
    };
    for (url, distribution) in [
        ("postgresql+psycopg://shop@127.0.0.1:1/shop", "psycopg"),
        ("postgresql://shop@127.0.0.1:1/shop", "psycopg"),
        ("mysql+pymysql://shop@127.0.0.1:1/shop", "PyMySQL"),
    ] {
        let (status, fix) = driver_of(url);
        assert_eq!(status, "error", "{url}");
        assert!(fix.ends_with(&format!("bin/python -m pip install {distribution}`\"")), "{fix}");
    }
    for url in [
        "postgresql+psycopg2://shop@127.0.0.1:1/shop",
        "postgresql+unheard://shop@127.0.0.1:1/shop",
        "sqlite:///shop.db",
    ] {
        assert_eq!(driver_of(url), ("ok".to_owned(), "null".to_owned()), "{url}");
    }
}

#[test]
fn the_interpreter_that_pyproject_names() {
    let shop = letters("sqlite:///shop.db");
    shop.project().write("pyproject.toml", "[tool.alembic-rs]\npython = 'elsewhere/python'\n");
    shop.refused("upgrade head", 255, &["elsewhere/python", "pyproject.toml"]);
    let output = shop.run(["doctor"]);
    assert!(output.stdout().contains("elsewhere/python"), "{output}");
    assert!(!shop.project().path("shop.db").exists());
}

#[test]
fn an_env_py_that_raises_or_hangs() {
    let raising = ENV.to_owned() + "raise RuntimeError('no luck')\n";
    let project = Project::from_letters("a")
        .with_file("migrations/env.py", "raise RuntimeError('no luck')\n".to_owned() + ENV);
    let shop = Shop::new(project, "sqlite:///shop.db");
    let output = shop.run(["upgrade", "head"]);
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stderr().contains("RuntimeError: no luck"), "{output}");
    assert!(!shop.project().path("shop.db").exists());
    // Behind the migrations: they are done, and the child's code is passed on.
    let shop = Shop::new(
        Project::from_letters("a").with_file("migrations/env.py", raising),
        "sqlite:///shop.db",
    );
    assert_eq!(shop.run(["upgrade", "head"]).code(), Some(1));
    assert_eq!(shop.ok("current").stdout(), "a (head)\n");

    let hanging = "open('up', 'w')\nimport time\ntime.sleep(60)\n".to_owned() + ENV;
    let project = Project::from_letters("a").with_file("migrations/env.py", hanging);
    let shop = Shop::new(project, "sqlite:///shop.db");
    let child = shop.command_line("upgrade head").spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !shop.project().path("up").exists() {
        assert!(Instant::now() < deadline, "env.py does not run");
        std::thread::sleep(Duration::from_millis(10));
    }
    // What Ctrl-C does.
    std::process::Command::new("kill")
        .args(["-s", "INT", &child.id().to_string()])
        .status()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(matches!(output.status.code(), Some(1 | 130)), "{:?}", output.status);
    assert!(begun_nothing(&shop));
}

fn begun_nothing(shop: &Shop) -> bool {
    !shop.project().path("shop.db").exists()
}
