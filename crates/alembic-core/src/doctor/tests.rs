//! Projects that are well, and others.

use std::path::Path;

use fs_err as fs;
use tempfile::TempDir;

use super::{Check, Status, project};
use crate::config::{Config, ConfigOptions};

fn folder(ini: &str, scripts: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("migrations/versions")).unwrap();
    fs::write(folder.path().join("migrations/env.py"), "").unwrap();
    fs::write(folder.path().join("alembic.ini"), ini).unwrap();
    for (id, down) in scripts {
        let text = format!("revision = '{id}'\ndown_revision = {down}\n");
        fs::write(folder.path().join(format!("migrations/versions/{id}.py")), text).unwrap();
    }
    folder
}

fn checks(folder: &Path) -> Vec<Check> {
    project(&Config::load(&ConfigOptions::new(folder)).unwrap())
}

fn shown(folder: &Path) -> String {
    let line = |check: &Check| {
        let fix = check.fix.as_ref().map(|fix| format!("\n    fix: {fix}")).unwrap_or_default();
        format!("{} {}: {}{fix}", check.status.as_str(), check.name, check.sentence)
    };
    checks(folder).iter().map(line).collect::<Vec<_>>().join("\n")
}

const PLAIN: &str = "[alembic]\nscript_location = migrations\n";

#[test]
fn all_is_well() {
    let folder = folder(PLAIN, &[("3f60aa1290cd", "None"), ("88aa40d1f3b9", "'3f60aa1290cd'")]);
    insta::assert_snapshot!(shown(folder.path()), @"
    ok configuration: `alembic.ini`, section [alembic]
    ok values: no comment stands behind a value, all folders are there
    ok env.py: `migrations/env.py`
    ok scripts: 2 scripts in `migrations/versions`
    ok identifiers: all are unique, drawn by a machine or a scheme, and fit into 32 characters
    ok links: every revision that a script names is there, and no ring
    ok heads: one head, `88aa40d1f3b9`
    ");
}

#[test]
fn a_comment_behind_a_value() {
    let ini = "[alembic]\nscript_location = migrations\n\nfile_template = %%(rev)s # ours\n";
    let folder = folder(ini, &[]);
    insta::assert_snapshot!(shown(folder.path()).lines().skip(1).take(2).collect::<Vec<_>>().join("\n"), @"
    warning values: the value of `file_template` goes on with what looks like a comment: `%%(rev)s # ours` (alembic.ini:4)
        fix: put the comment on a line of its own above `file_template`: ConfigParser knows none behind a value
    ");
}

#[test]
fn no_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let checks = checks(folder.path());
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].name, checks[0].status), ("configuration", Status::Error));
    assert!(checks[0].fix.is_some());
}

#[test]
fn a_comment_that_leads_nowhere_is_shown_too() {
    let folder = folder("[alembic]\nscript_location = migrations # here\n", &[]);
    let checks = checks(folder.path());
    assert_eq!(checks[0].status, Status::Error);
    assert_eq!((checks[1].name, checks[1].status), ("values", Status::Warning));
    assert!(checks[1].sentence.contains("alembic.ini:2"), "{}", checks[1].sentence);
}

#[test]
fn what_is_wrong_with_scripts() {
    let long = "a_long_name_for_a_widened_column_";
    let folder = folder(
        PLAIN,
        &[
            ("3f60aa1290cd", "None"),
            ("a1b2c3d4e5f6", "'3f60aa1290cd'"),
            (long, "'3f60aa1290cd'"),
            ("88aa-40d1f3b9", "'gone'"),
        ],
    );
    fs::remove_file(folder.path().join("migrations/env.py")).unwrap();
    fs::write(folder.path().join("migrations/versions/bad.py"), "revision = (\n").unwrap();
    insta::assert_snapshot!(shown(folder.path()), @r#"
    ok configuration: `alembic.ini`, section [alembic]
    ok values: no comment stands behind a value, all folders are there
    error env.py: `migrations/env.py` does not exist: no migration can run
        fix: take it back from git, or write one with `init`
    error scripts: `(` was never closed (bad.py, line 1) (migrations/versions/bad.py:1)
        fix: Python refuses this file too: `python -m py_compile` on it shows the same line
    error identifiers: Character(s) '-' not allowed in revision identifier '88aa-40d1f3b9' (migrations/versions/88aa-40d1f3b9.py:1)
        fix: `@`, `-`, `+` and `:` have a meaning in revision identifiers: rename the revision, and the `down_revision` of what follows it
    error identifiers: revision identifier `a_long_name_for_a_widened_column_` has 33 characters, and alembic_version holds 32 (migrations/versions/a_long_name_for_a_widened_column_.py:1)
        fix: PostgreSQL and MySQL refuse it when the migration runs: shorten it, and the `down_revision` of what follows it
    warning identifiers: revision identifier `a1b2c3d4e5f6` looks typed by hand (migrations/versions/a1b2c3d4e5f6.py:1)
        fix: sooner or later two branches choose the same: let `revision` draw identifiers (and leave one that a database already has)
    error links: Revision gone referenced from revision 88aa-40d1f3b9 is not present (migrations/versions/88aa-40d1f3b9.py:2)
        fix: its script is not here: if another git branch has it, `--against REF` takes that branch into account
    error heads: 3 heads, expected 1: 88aa-40d1f3b9, a1b2c3d4e5f6, a_long_name_for_a_widened_column_
        fix: keep all as they are: alembic-rs merge -m "merge heads" 88aa-40d1f3b9 a1b2c3d4e5f6 a_long_name_for_a_widened_column_
    "#);
}

#[test]
fn labelled_heads_are_on_purpose() {
    let folder = folder(PLAIN, &[]);
    for id in ["aa", "bb"] {
        let text = format!("revision = '{id}'\ndown_revision = None\nbranch_labels = 'l{id}'\n");
        fs::write(folder.path().join(format!("migrations/versions/{id}.py")), text).unwrap();
    }
    let checks = checks(folder.path());
    let heads = checks.last().unwrap();
    assert_eq!((heads.name, heads.status), ("heads", Status::Warning));
}

#[test]
fn many_findings_are_counted() {
    let ids: Vec<String> = (0..8).map(|n| format!("{}{n}", "y".repeat(40))).collect();
    let scripts: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "None")).collect();
    let folder = folder(PLAIN, &scripts);
    let checks = checks(folder.path());
    let found: Vec<_> = checks.iter().filter(|check| check.name == "identifiers").collect();
    assert_eq!(found.len(), 6);
    assert_eq!(found[5].sentence, "3 more of these");
    assert_eq!(found[5].status, Status::Error);
}

#[test]
fn machines_read_it() {
    let check = Check::warning("driver", "x", "y".to_owned());
    let json = serde_json::to_string(&check).unwrap();
    assert_eq!(json, r#"{"name":"driver","status":"warning","sentence":"x","fix":"y"}"#);
}

#[test]
fn database_and_python() {
    let status = |check: Check| check.status;
    assert_eq!(status(Check::url_source("sqlite:///x", "`--url`", true)), Status::Ok);
    assert_eq!(status(Check::url_source("sqlite:///x", "`.env`", false)), Status::Warning);
    assert_eq!(status(Check::driver("oracle", None, false)), Status::Warning);
    let missing = Check::driver_missing("mysql", "/usr/bin/python3", "MySQLdb", "mysqlclient");
    assert_eq!(missing.sentence, "`/usr/bin/python3` has no `MySQLdb`, which `mysql` asks for");
    assert_eq!(missing.fix.as_deref(), Some("`/usr/bin/python3 -m pip install mysqlclient`"));
    assert_eq!(status(missing), Status::Error);
    assert_eq!(status(Check::version_table("alembic_version", None)), Status::Warning);
    assert_eq!(status(Check::version_table("alembic_version", Some(&[]))), Status::Ok);
    assert_eq!(status(Check::version_width("alembic_version", Some(32), "abc")), Status::Ok);
    assert_eq!(status(Check::version_width("alembic_version", Some(10), "abc")), Status::Warning);
    let long = "x".repeat(40);
    assert_eq!(status(Check::version_width("alembic_version", Some(32), &long)), Status::Error);
    assert_eq!(status(Check::version_width("alembic_version", None, &long)), Status::Ok);
    assert_eq!(status(Check::alembic_missing(Path::new("/usr/bin/python3"))), Status::Error);
    assert_eq!(status(Check::interpreter_missing(&[])), Status::Error);
}
