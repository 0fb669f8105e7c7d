//! `doctor --recover`: back from revisions that the project does not have, by the scripts that git has.

use std::{path::Path, process::Command};

use alembic_testing::{Postgres, PostgresDatabase, Revision, Terminal};

use crate::shop::Shop;

fn git(folder: &Path, line: &str) -> String {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "user.name=Ann",
        "-c",
        "user.email=ann@example.org",
        "-c",
        "commit.gpgsign=false",
    ]);
    let output = git.args(line.split(' ')).current_dir(folder).env("HOME", "/nowhere").output();
    let output = output.unwrap();
    assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn revision(id: &str, parent: &str) -> Revision {
    let body = format!(
        "def upgrade():\n    op.execute('CREATE TABLE {id} (x int)')\n\n\n\
         def downgrade():\n    op.execute('DROP TABLE {id}')\n"
    );
    Revision::new(id).down(Some(parent).filter(|parent| !parent.is_empty())).body(body)
}

/// A database that the branch `feature` has taken two revisions further than `main`, which has gone another way meanwhile.
fn shop(database: &PostgresDatabase<'_>) -> Shop {
    let url = database.url().replace("postgresql:", "postgresql+psycopg2:");
    let shop = Shop::revisions(&[revision("base1", "")], url);
    let root = shop.project().root().to_owned();
    shop.project().write(".gitignore", "__pycache__\n");
    git(&root, "init -q -b main");
    git(&root, "add -A");
    git(&root, "commit -q -m base");
    git(&root, "checkout -q -b feature");
    shop.project().add(&revision("lost1", "base1"));
    shop.project().add(&revision("lost2", "lost1"));
    git(&root, "add -A");
    git(&root, "commit -q -m feature");
    shop.ok("upgrade head");
    git(&root, "checkout -q main");
    shop.project().add(&revision("other", "base1"));
    git(&root, "add -A");
    git(&root, "commit -q -m other");
    assert_eq!(rows(database), "lost2");
    for line in ["current", "show current", "history -r current:", "upgrade head"] {
        shop.refused(line, 255, &["identified by 'lost2'", "feature", "doctor --recover lost2"]);
    }
    shop
}

fn rows(database: &PostgresDatabase<'_>) -> String {
    database.sql("SELECT version_num FROM alembic_version ORDER BY 1")
}

fn tables(database: &PostgresDatabase<'_>) -> String {
    database.sql(
        "SELECT string_agg(tablename, ' ' ORDER BY 1) FROM pg_tables WHERE schemaname = 'public'",
    )
}

/// Nothing of the work tree is changed, and no temporary folder is left.
fn untouched(shop: &Shop) {
    let root = shop.project().root();
    assert_eq!(git(root, "status --porcelain"), "");
    assert_eq!(git(root, "branch --show-current"), "main\n");
    let left = fs_err::read_dir(root.join(".git/temporary")).unwrap().count();
    assert_eq!(left, 0);
}

fn recover(shop: &Shop, args: &[&str]) -> alembic_testing::Invocation {
    // Where no commit sees it.
    let folder = shop.project().path(".git/temporary");
    fs_err::create_dir_all(&folder).unwrap();
    shop.invocation([&["doctor", "--recover"], args].concat()).env("TMPDIR", folder)
}

#[test]
fn by_a_lost_revision_or_a_branch() {
    for wanted in ["lost2", "feature"] {
        let database = Postgres::shared().database();
        let shop = shop(&database);
        let output = recover(&shop, &[wanted, "--yes"]).run();
        assert_eq!(output.code(), Some(0), "{output}");
        assert!(output.stdout().contains("from git  lost1"), "{output}");
        assert!(output.stdout().contains("downgrade lost1@base1: 2 steps"), "{output}");
        assert_eq!(
            (rows(&database).as_str(), tables(&database).as_str()),
            ("base1", "alembic_version base1")
        );
        untouched(&shop);
        shop.ok("upgrade head");
        assert_eq!(rows(&database), "other");
    }
}

#[test]
fn doctor_lists_every_way_back() {
    let database = Postgres::shared().database();
    let shop = shop(&database);
    let text = shop.refused("doctor", 1, &[]).stdout();
    for command in [
        "git switch feature",
        "git merge feature",
        "alembic-rs doctor --recover lost2",
        "alembic-rs stamp --purge base1",
    ] {
        assert!(text.contains(&format!(": {command}\n")), "{command}: {text}");
    }
    let json = shop.refused("doctor --json", 1, &[]).stdout();
    let checks: serde_json::Value = serde_json::from_str(&json).unwrap();
    let lost = checks.as_array().unwrap().iter().find(|check| check["ways"].is_array()).unwrap();
    let kinds = lost["ways"].as_array().unwrap().iter().map(|way| way["kind"].as_str().unwrap());
    assert_eq!(kinds.collect::<Vec<_>>(), ["switch", "merge", "recover", "stamp"]);
    assert_eq!(lost["fix"], "branch `feature` has it: check it out: git switch feature");
}

#[test]
fn nobody_said_yes() {
    let database = Postgres::shared().database();
    let shop = shop(&database);
    let output = recover(&shop, &["lost2"]).run();
    assert_eq!(output.code(), Some(2), "{output}");
    assert!(output.stderr().contains("add `--yes`"), "{output}");
    assert!(output.stdout().contains("downgrade lost1@base1"), "{output}");
    let no = recover(&shop, &["lost2"]).terminal(Terminal::new(80).typing("n\n")).run();
    assert_eq!(no.code(), Some(1), "{no}");
    assert_eq!(rows(&database), "lost2");
    untouched(&shop);
    let yes = recover(&shop, &["lost2"]).terminal(Terminal::new(80).typing("y\n")).run();
    assert_eq!(yes.code(), Some(0), "{yes}");
    assert_eq!(rows(&database), "base1");
    untouched(&shop);
}

#[test]
fn a_downgrade_that_fails_leaves_nothing_behind() {
    let database = Postgres::shared().database();
    let shop = shop(&database);
    database.sql("DROP TABLE lost1");
    let output = recover(&shop, &["lost2", "--yes"]).run();
    assert_eq!(output.code(), Some(7), "{output}");
    assert!(output.stderr().contains("the downgrade ended with code 1"), "{output}");
    untouched(&shop);
}

/// A helper that only the branch has: it is said before anything runs, and again when the script has failed.
#[test]
fn a_script_that_imports_what_only_its_branch_has() {
    let database = Postgres::shared().database();
    let shop = shop(&database);
    let root = shop.project().root().to_owned();
    git(&root, "checkout -q feature");
    shop.project().write("shop_helpers.py", "def drop():\n    pass\n");
    let body = "from shop_helpers import drop\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    drop()\n";
    shop.project().add(&Revision::new("lost3").down(Some("lost2")).body(body));
    git(&root, "add -A");
    git(&root, "commit -q -m helper");
    git(&root, "checkout -q main");
    database.sql("UPDATE alembic_version SET version_num = 'lost3'");
    let output = recover(&shop, &["feature", "--yes"]).run();
    assert_eq!(output.code(), Some(7), "{output}");
    let sentence = "the script of `lost3` imports `shop_helpers`, which is not in this work tree";
    assert_eq!(output.stderr().matches(sentence).count(), 2, "{output}");
    untouched(&shop);
}

#[test]
fn what_cannot_be_recovered() {
    let database = Postgres::shared().database();
    let shop = shop(&database);
    let output = recover(&shop, &["main", "--yes"]).run();
    assert_eq!(output.code(), Some(6), "{output}");
    assert!(output.stderr().contains("`main` has no script of revision `lost2`"), "{output}");
    let output = recover(&shop, &["nowhere", "--yes"]).run();
    assert_eq!(output.code(), Some(6), "{output}");
    assert_eq!(rows(&database), "lost2");
    database.sql("UPDATE alembic_version SET version_num = 'base1'");
    let output = recover(&shop, &["lost2", "--yes"]).run();
    assert_eq!(output.code(), Some(2), "{output}");
    assert!(output.stderr().contains("nothing is to be recovered"), "{output}");
    untouched(&shop);
}

#[test]
fn a_signal_at_the_question_leaves_nothing_behind() {
    let database = Postgres::shared().database();
    let shop = shop(&database);
    let folder = shop.project().path(".git/temporary");
    let told = recover(&shop, &["lost2"]).terminal(Terminal::new(80));
    let watched = folder.clone();
    let killer = std::thread::spawn(move || {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while fs_err::read_dir(&watched).unwrap().count() == 0 {
            assert!(std::time::Instant::now() < deadline, "no temporary folder");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        // The question stands behind the plan, which needs no time.
        std::thread::sleep(std::time::Duration::from_millis(500));
        let found = processes_with(&watched);
        assert_eq!(found.len(), 1);
        Command::new("kill").args(["-s", "TERM", &found[0]]).status().unwrap();
    });
    let output = told.run();
    killer.join().unwrap();
    assert_eq!(output.code(), Some(143), "{output}");
    assert_eq!(rows(&database), "lost2");
    untouched(&shop);
}

/// The processes that were given this temporary folder.
fn processes_with(folder: &Path) -> Vec<String> {
    let variable = format!("TMPDIR={}", folder.display());
    let processes = fs_err::read_dir("/proc").unwrap().filter_map(|entry| {
        let entry = entry.ok()?;
        let environment = fs_err::read(entry.path().join("environ")).ok()?;
        let has = String::from_utf8_lossy(&environment).split('\0').any(|word| word == variable);
        has.then(|| entry.file_name().to_string_lossy().into_owned())
    });
    processes.collect()
}
