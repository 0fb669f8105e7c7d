//! The commands of the database side, over SQLite: what they print, which code they end with, what they leave alone.
//!
//! Whatever Alembic has is held to its recorded answers; here stands what is ours.

use alembic_testing::TestContext;
use insta::assert_snapshot;

use crate::project::letters;

/// A line of three, in a project whose env.py names a SQLite file.
fn shop() -> TestContext {
    let context = letters("a <- b <- c");
    context.project().write(
        "migrations/env.py",
        "from alembic import context\nfrom sqlalchemy import create_engine\n\
         with create_engine('sqlite:///shop.db').connect() as connection:\n    \
         context.configure(connection=connection)\n    \
         with context.begin_transaction():\n        context.run_migrations()\n",
    );
    context
}

fn out(context: &TestContext, args: &[&str]) -> (Option<i32>, String) {
    let output = context.run(args);
    (output.code(), output.stdout())
}

#[test]
fn nothing_is_created_by_looking() {
    let context = shop();
    for args in [&["status"][..], &["plan"], &["doctor"], &["upgrade", "--dry-run", "head"]] {
        context.run(args);
        assert!(!context.project().path("shop.db").exists(), "{args:?}");
    }
}

/// A slash too few makes a host of the file's name, which is no database in memory.
#[test]
fn a_sqlite_url_with_a_host_is_refused() {
    let context = shop();
    for args in [["stamp", "head"], ["current", "-v"], ["upgrade", "head"]] {
        let output = context.invocation(args).env("ALEMBIC_RS_URL", "sqlite://shop.db").run();
        assert_eq!(output.code(), Some(255), "{output}");
        assert!(
            output.stdout().contains("FAILED: Invalid SQLite URL: sqlite://shop.db"),
            "{output}"
        );
        assert!(output.stderr().contains("write `sqlite:///shop.db`"), "{output}");
    }
    assert!(!context.project().path("shop.db").exists());
}

/// As SQLAlchemy since 1.4, which cannot load it: Alembic would never migrate there.
#[test]
fn postgres_is_no_dialect() {
    let context = shop();
    let run = |args: &[&str]| {
        context.invocation(args).env("ALEMBIC_RS_URL", "postgres://ann@127.0.0.1:1/shop").run()
    };
    for args in [["stamp", "head"].as_slice(), &["ensure_version"]] {
        let output = run(args);
        assert_eq!(output.code(), Some(255), "{output}");
        let sentence = "FAILED: Can't load plugin: sqlalchemy.dialects:postgres";
        assert!(output.stdout().contains(sentence), "{output}");
    }
    let output = run(&["status"]);
    assert_eq!(output.code(), Some(5), "{output}");
    assert!(output.stderr().contains("write `postgresql://`"), "{output}");
    let output = run(&["doctor"]);
    assert!(output.stdout().contains("error    driver"), "{output}");
}

#[test]
fn the_states_of_a_database() {
    let context = shop();
    let state = |context: &TestContext| {
        let (code, text) = out(context, &["status", "--exit-code"]);
        let line = text.lines().find(|line| line.starts_with("state")).map(str::to_owned);
        (code, line.unwrap_or_default())
    };
    assert_eq!(
        state(&context),
        (Some(5), "state     no database: the SQLite file does not exist yet".to_owned())
    );
    assert_eq!(context.run(["stamp", "b"]).code(), Some(0));
    assert_eq!(state(&context), (Some(1), "state     behind, 1 migration pending".to_owned()));
    assert_eq!(context.run(["stamp", "head"]).code(), Some(0));
    assert_eq!(state(&context), (Some(0), "state     up to date".to_owned()));
    assert_eq!(context.run(["stamp", "base"]).code(), Some(0));
    assert_eq!(state(&context), (Some(1), "state     unstamped, 3 migrations pending".to_owned()));
}

#[test]
fn a_revision_that_is_not_in_the_project() {
    let context = shop();
    assert_eq!(context.run(["stamp", "c"]).code(), Some(0));
    let scripts = context.project().path("migrations/versions");
    let newest = fs_err::read_dir(&scripts)
        .expect("the version folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| {
            path.to_string_lossy().contains('c')
                && fs_err::read_to_string(path)
                    .is_ok_and(|text| text.contains("down_revision = 'b'"))
        })
        .expect("the script of c");
    fs_err::remove_file(newest).expect("the script goes");
    assert_eq!(out(&context, &["status", "--exit-code"]).0, Some(6));
    let output = context.run(["plan"]);
    assert_eq!((output.code(), output.stdout()), (Some(6), String::new()), "{output}");
    assert!(output.stderr().contains("Can't locate revision identified by 'c'"), "{output}");
    assert_eq!(context.run(["upgrade", "head"]).code(), Some(255));
}

#[test]
fn plans_up_and_down() {
    let context = shop();
    assert_eq!(context.run(["stamp", "b"]).code(), Some(0));
    assert_snapshot!(out(&context, &["plan"]).1.replace('\\', "/").lines().filter(|line| !line.contains("versions/")).collect::<Vec<_>>().join("\n"), @"
    upgrade heads: 1 step
      1. upgrade c  rev c
         alembic_version: b -> c
    ");
    assert_snapshot!(out(&context, &["plan", "base"]).1.lines().filter(|line| !line.contains("versions/")).collect::<Vec<_>>().join("\n"), @"
    downgrade base: 2 steps
      1. downgrade b  rev b
         alembic_version: b -> a
      2. downgrade a  rev a
         alembic_version: - a
    ");
    assert_eq!(out(&context, &["plan", "b"]).1, "nothing to do: b is where the database is\n");
    let (code, json) = out(&context, &["plan", "--json"]);
    assert_eq!(code, Some(0));
    assert!(json.starts_with("{\n  \"schema\": 1,\n  \"direction\": \"up\""), "{json}");
}

#[test]
fn a_password_is_never_shown() {
    let context = shop();
    let url = "postgresql://ann:s3cret@127.0.0.1:1/shop?password=s3cret";
    for args in [
        &["status", "--url", url][..],
        &["status", "--json", "--url", url],
        &["status", "--explain-url", "--url", url],
        &["plan", "--url", url],
        &["doctor", "--url", url],
        &["current", "-v", "--url", url],
        &["stamp", "head", "--url", url],
    ] {
        let output = context.run(args);
        assert!(!format!("{output}").contains("s3cret"), "{args:?}: {output}");
    }
}

/// Nobody knows what another program has put into the version table.
#[test]
fn a_row_does_not_move_the_cursor() {
    let context = shop();
    let row = "x\u{1b}[2J\rup\nto date\u{9b}";
    context
        .project()
        .write("migrations/versions/x.py", format!("revision = {row:?}\ndown_revision = None\n"));
    let script = context.project().read("migrations/versions/x.py");
    let script = script.replace("\\u{1b}", "\\x1b").replace("\\u{9b}", "\\x9b");
    context.project().write("migrations/versions/x.py", script);
    assert_eq!(context.run(["stamp", "heads"]).code(), Some(0));
    let shown = "x\\u{1b}[2J\\rup\\nto date\\u{9b}";
    let plan = out(&context, &["plan", "base"]);
    assert!(plan.1.contains(&format!("alembic_version: - {shown}")), "{plan:?}");
    fs_err::remove_file(context.project().path("migrations/versions/x.py")).expect("it goes");
    for command in ["status", "plan", "doctor"] {
        let output = context.run([command]);
        let text = output.stdout() + &output.stderr();
        assert!(text.contains("x\\u{1b}[2J\\rup"), "{command}: {output}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{command}: {output}");
    }
}

#[test]
fn a_server_that_is_not_there() {
    let context = shop();
    let output = context.run(["status", "--url", "postgresql://ann@127.0.0.1:1/shop"]);
    assert_eq!((output.code(), output.stdout()), (Some(5), String::new()), "{output}");
    assert!(output.stderr().contains("help:"), "{output}");
}
