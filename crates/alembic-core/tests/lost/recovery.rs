//! Scripts out of git beside the project, and nothing changed by it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use alembic_core::lost::{Origin, Recovery, RecoveryError, recovery};
use alembic_testing::Venv;
use fs_err as fs;

use crate::support::{Clone, known_in, script};

fn recover(clone: &Clone, ids: &[&str], origin: Origin<'_>) -> Result<Recovery, RecoveryError> {
    recovery(&clone.config(), &known_in(&clone.top), &clone.lost(ids), origin)
}

fn recovered(clone: &Clone, ids: &[&str]) -> Recovery {
    recover(clone, ids, Origin::Best).unwrap_or_else(|error| panic!("{error}"))
}

fn ids(recovery: &Recovery) -> Vec<&str> {
    recovery.scripts().iter().map(|script| script.script.revision.as_str()).collect()
}

/// Runs real Alembic as a child would be run.
fn alembic(folder: &Path, launcher: &Path, command: &[&str]) -> String {
    alembic_of(&Venv::find(), folder, launcher, command)
}

fn alembic_of(venv: &Venv, folder: &Path, launcher: &Path, command: &[&str]) -> String {
    let output = Command::new(venv.python())
        .current_dir(folder)
        .arg(launcher)
        .args(command)
        .envs(Recovery::environment())
        .output()
        .expect("alembic");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn three(folder: &OsStr) -> Clone {
    let clone = Clone::in_folder(folder);
    clone.script("a.py", "aaa", "");
    clone.commit("a");
    clone.git(["switch", "--quiet", "--create", "topic"]);
    clone.script("b.py", "bbb", "aaa");
    clone.script("c.py", "ccc", "bbb");
    clone.commit("b and c");
    clone.git(["switch", "--quiet", "main"]);
    clone.script("x.py", "xxx", "aaa");
    clone.commit("x");
    clone
}

#[test]
fn nothing_of_the_repository_changes() {
    let clone = three(OsStr::new("project"));
    clone.script("uncommitted.py", "uuu", "xxx");
    clone.write("migrations/versions/a.py", &(script("aaa", "") + "# changed\n"));
    clone.script("staged.py", "sss", "uuu");
    clone.git(["add", "migrations/versions/staged.py"]);
    let before = clone.state();
    let recovery = recovered(&clone, &["ccc"]);
    let folder = recovery.launcher().parent().expect("a folder").to_owned();
    alembic(&clone.top, recovery.launcher(), &["history"]);
    assert_eq!(clone.state(), before);
    assert!(!folder.starts_with(&clone.top));
    recovery.close().expect("removed");
    assert!(!folder.exists());
    assert_eq!(clone.state(), before);
}

#[test]
fn real_alembic_sees_both() {
    let clone = three(OsStr::new("my project"));
    let recovery = recovered(&clone, &["ccc"]);
    assert_eq!(ids(&recovery), ["ccc", "bbb"]);
    assert_eq!(recovery.targets(), ["aaa"]);
    assert_eq!(recovery.directory().map().heads().len(), 2);
    for venv in Venv::matrix() {
        let history = alembic_of(&venv, &clone.top, recovery.launcher(), &["history"]);
        for step in ["aaa -> xxx", "bbb -> ccc", "aaa -> bbb", "<base> -> aaa"] {
            assert!(history.contains(step), "{history}");
        }
    }
}

#[test]
fn from_a_branch() {
    let clone = three(OsStr::new("project"));
    clone.git(["switch", "--quiet", "--create", "copy", "topic"]);
    clone.write("migrations/versions/c.py", &(script("ccc", "bbb") + "# of copy\n"));
    let commit = clone.commit("another c");
    clone.git(["switch", "--quiet", "main"]);
    let recovery =
        recover(&clone, &["ccc"], Origin::Reference("copy")).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(recovery.scripts()[0].script.commit, commit);
    let text = fs::read_to_string(&recovery.scripts()[0].file).expect("a file");
    assert!(text.ends_with("# of copy\n"));
    let error = recover(&clone, &["ccc"], Origin::Best).err().expect("two scripts");
    assert_eq!(
        error.to_string(),
        "different scripts declare revision `ccc`: those of `copy` and `topic`"
    );
    let error = recover(&clone, &["ccc"], Origin::Reference("main")).err().expect("not there");
    assert_eq!(error.to_string(), "`main` has no script of revision `ccc`");
    let error = recover(&clone, &["ccc"], Origin::Reference("none")).err().expect("no such");
    assert!(matches!(error, RecoveryError::Git(_)), "{error}");
}

#[test]
fn several_lost_ones_with_files_of_one_name() {
    let clone = three(OsStr::new("project"));
    clone.git(["switch", "--quiet", "--create", "other"]);
    clone.script("c.py", "ddd", "xxx");
    clone.commit("another c.py");
    clone.git(["switch", "--quiet", "main"]);
    let recovery = recovered(&clone, &["ccc", "ddd", "bbb"]);
    assert_eq!(ids(&recovery), ["ccc", "bbb", "ddd"]);
    assert_eq!(recovery.targets(), ["aaa", "xxx"]);
    assert_eq!(recovery.locations().len(), 2);
    let history = alembic(&clone.top, recovery.launcher(), &["history"]);
    assert!(history.contains("xxx -> ddd") && history.contains("bbb -> ccc"), "{history}");
}

#[test]
fn down_to_a_base_of_its_own() {
    let clone = three(OsStr::new("project"));
    clone.git(["switch", "--quiet", "--create", "other"]);
    clone.script("r.py", "rrr", "");
    clone.commit("a second root");
    clone.git(["switch", "--quiet", "main"]);
    let recovery = recovered(&clone, &["rrr"]);
    assert!(recovery.targets().is_empty());
}

#[test]
fn what_is_nowhere_or_has_a_gap() {
    let clone = three(OsStr::new("project"));
    let error = recover(&clone, &["zzz"], Origin::Best).err().expect("nowhere");
    assert_eq!(error.to_string(), "git has no script of revision `zzz`");
    clone.git(["switch", "--quiet", "--create", "gap"]);
    clone.script("g.py", "ggg", "never");
    clone.commit("g");
    clone.git(["switch", "--quiet", "main"]);
    let error = recover(&clone, &["ggg"], Origin::Best).err().expect("a gap");
    assert!(matches!(error, RecoveryError::Gap { gap, .. } if gap == "never"));
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_scripts() {
    use std::os::unix::fs::PermissionsExt as _;
    let clone = three(OsStr::new("project"));
    let recovery = recovered(&clone, &["ccc"]);
    let folder = recovery.launcher().parent().expect("a folder");
    assert_eq!(fs::metadata(folder).expect("there").permissions().mode() & 0o777, 0o700);
}

/// SQLite and a real env.py.
fn with_database(clone: &Clone) {
    clone.write(
        "alembic.ini",
        "[alembic]\nscript_location = %(here)s/migrations\n\
         [loggers]\nkeys = root\n[handlers]\nkeys =\n[formatters]\nkeys =\n[logger_root]\nhandlers =\n",
    );
    clone.write(
        "migrations/env.py",
        "from logging.config import fileConfig\nfrom pathlib import Path\n\
         from alembic import context\nfrom sqlalchemy import create_engine\n\
         fileConfig(context.config.config_file_name)\n\
         beside = Path(context.config.config_file_name).resolve().parent.parent\n\
         engine = create_engine(f'sqlite:///{beside}/my.db')\n\
         with engine.connect() as connection:\n    context.configure(connection=connection)\n    \
         with context.begin_transaction():\n        context.run_migrations()\n",
    );
}

/// With the database at `ccc` the child goes back through the recovered scripts, and
/// the other line of the project stays where it is.
#[test]
fn a_downgrade_by_real_alembic() {
    let clone = three(OsStr::new("project"));
    with_database(&clone);
    let recovery = recovered(&clone, &["ccc"]);
    assert_eq!(recovery.downgrades(), ["bbb@aaa"]);
    let run = |command: &[&str]| alembic(&clone.top, recovery.launcher(), command);
    run(&["upgrade", "ccc"]);
    run(&["downgrade", "bbb@aaa"]);
    assert_eq!(run(&["current"]).trim(), "aaa (branchpoint)");
    run(&["upgrade", "heads"]);
    run(&["downgrade", "bbb@aaa"]);
    assert_eq!(run(&["current"]).trim(), "xxx (head)");
}

/// A lost merge point over a lost line, a line of the project and a root of its own.
#[test]
fn a_downgrade_through_a_merge_by_real_alembic() {
    let clone = three(OsStr::new("project"));
    with_database(&clone);
    clone.git(["switch", "--quiet", "--create", "wide"]);
    clone.script("r.py", "rrr", "");
    clone.script("b.py", "bbb", "aaa");
    clone.script("e.py", "eee", "xxx");
    clone.write(
        "migrations/versions/m.py",
        &script("mmm", "").replace("None\nbranch", "('bbb', 'eee', 'rrr')\nbranch"),
    );
    clone.commit("a merge");
    clone.git(["switch", "--quiet", "main"]);
    with_database(&clone);
    let recovery = recovered(&clone, &["mmm"]);
    let run = |command: &[&str]| alembic(&clone.top, recovery.launcher(), command);
    run(&["upgrade", "heads"]);
    assert_eq!(run(&["current"]).trim(), "mmm (head) (mergepoint)");
    for target in recovery.downgrades() {
        run(&["downgrade", &target]);
    }
    assert_eq!(run(&["current"]).trim(), "xxx");
}
