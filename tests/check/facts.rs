//! What git says about heads.

use insta::assert_snapshot;

use crate::project::{Project, script};

#[test]
fn two_committed_heads() {
    assert_snapshot!(Project::with_two_heads().check(&[]).all(), @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    --- exit code 1
    "#);
}

#[test]
fn a_staged_script() {
    let mut project = Project::with_orders();
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.commit("bob", "refunds");
    project.script("0019_add_invoices", "9f31c02ad6e8", Some("b7e4f1a9c2d8"));
    project.git(&["add", "--all"]);
    assert_snapshot!(project.check(&[]).all(), @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob  refunds  2026-11-03
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  bob  (staged)
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    --- exit code 1
    "#);
}

#[test]
fn untracked_and_ignored_scripts() {
    let mut project = Project::with_orders();
    project.write(".gitignore", "*_local.py\n");
    project.commit("bob", "ignored");
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.script("0019_local", "9f31c02ad6e8", Some("b7e4f1a9c2d8"));
    assert_snapshot!(project.check(&[]).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12  bob  (untracked)
      9f31c02ad6e8  migrations/versions/0019_local.py:12        bob  (ignored)
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
}

#[test]
fn a_modified_script() {
    let project = Project::with_two_heads();
    let text = script("c41d77e0a1b2", Some("b7e4f1a9c2d8")) + "# more\n";
    project.write("migrations/versions/0019_add_refunds.py", &text);
    assert_snapshot!(project.check(&[]).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03  (modified)
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
}

#[test]
fn a_renamed_script_keeps_its_author() {
    let mut project = Project::with_two_heads();
    let folder = "migrations/versions";
    project.git(&[
        "mv",
        &format!("{folder}/0019_add_refunds.py"),
        &format!("{folder}/0020_add_refunds.py"),
    ]);
    project.commit("alice", "renamed");
    assert_snapshot!(project.check(&[]).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0020_add_refunds.py:12   bob    refunds  2026-11-03
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
}

#[test]
fn a_script_staged_under_a_new_name() {
    let project = Project::with_two_heads();
    let folder = "migrations/versions";
    project.git(&[
        "mv",
        &format!("{folder}/0019_add_refunds.py"),
        &format!("{folder}/0020_add_refunds.py"),
    ]);
    assert_snapshot!(project.check(&[]).stdout, @r#"
    error: 2 heads, expected 1
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      c41d77e0a1b2  migrations/versions/0020_add_refunds.py:12   alice  (staged)
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase c41d77e0a1b2 --onto 9f31c02ad6e8
    help: keep both as they are: alembic-rs merge -m "merge heads" 9f31c02ad6e8 c41d77e0a1b2
    "#);
}

#[test]
fn a_repository_without_commits() {
    let project = Project::new();
    project.script("a", "aa10", None);
    project.script("b", "bb20", Some("aa10"));
    project.script("c", "cc30", Some("aa10"));
    project.git(&["add", "migrations/versions/b.py"]);
    assert_snapshot!(project.check(&[]).all(), @r#"
    error: 2 heads, expected 1
      bb20         migrations/versions/b.py:12  alice  (staged)
      cc30         migrations/versions/c.py:12  alice  (untracked)
      both follow  aa10  a.py
    help: keep history linear:   alembic-rs rebase cc30 --onto bb20
    help: keep both as they are: alembic-rs merge -m "merge heads" bb20 cc30
    --- exit code 1
    "#);
}

#[test]
fn no_repository() {
    let project = Project::without_git();
    project.script("a", "aa10", None);
    project.script("b", "bb20", Some("aa10"));
    project.script("c", "cc30", Some("aa10"));
    assert_snapshot!(project.check(&[]).all(), @r#"
    error: 2 heads, expected 1
      bb20         migrations/versions/b.py:12
      cc30         migrations/versions/c.py:12
      both follow  aa10  a.py
    help: keep history linear:   alembic-rs rebase cc30 --onto bb20
    help: keep both as they are: alembic-rs merge -m "merge heads" bb20 cc30
    --- exit code 1
    "#);
}

#[test]
fn no_git_on_the_machine() {
    let project = Project::with_two_heads();
    let mut command = project.command(&["heads", "--check"]);
    let answer = project.run(command.env("PATH", "/nonexistent"));
    assert_snapshot!(answer.all(), @r#"
    error: 2 heads, expected 1
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase c41d77e0a1b2 --onto 9f31c02ad6e8
    help: keep both as they are: alembic-rs merge -m "merge heads" 9f31c02ad6e8 c41d77e0a1b2
    --- exit code 1
    "#);
}

#[test]
fn in_the_middle_of_a_merge() {
    let mut project = Project::with_orders();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.script("0019_add_invoices", "9f31c02ad6e8", Some("b7e4f1a9c2d8"));
    project.write("README", "invoices\n");
    project.commit("alice", "invoice");
    project.git(&["checkout", "--quiet", "main"]);
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.write("README", "refunds\n");
    project.commit("bob", "refunds");
    assert!(!project.try_git(&["merge", "feature"]).status.success(), "README conflicts");
    assert_snapshot!(project.check(&[]).all(), @r#"
    error: 2 heads, expected 1
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-03
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase c41d77e0a1b2 --onto 9f31c02ad6e8
    help: keep both as they are: alembic-rs merge -m "merge heads" 9f31c02ad6e8 c41d77e0a1b2
    --- exit code 1
    "#);
}

#[test]
fn a_script_with_conflict_markers() {
    let mut project = Project::with_orders();
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.commit("bob", "refunds");
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("aaaa"));
    project.commit("alice", "changed");
    project.git(&["checkout", "--quiet", "main"]);
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("bbbb"));
    project.commit("bob", "another");
    assert!(!project.try_git(&["merge", "feature"]).status.success(), "the script conflicts");
    assert_snapshot!(project.check(&[]).all(), @"
    error: invalid syntax (0019_add_refunds.py, line 17)
      migrations/versions/0019_add_refunds.py:4
    help: git's conflict markers are still in it: finish the merge first
    --- exit code 4
    ");
}

#[test]
fn a_shallow_clone_knows_no_authors() {
    let project = Project::with_two_heads();
    let clone = project.beside("shallow");
    let url = format!("file://{}", project.root().display());
    let cloned =
        project.try_git(&["clone", "--quiet", "--depth=1", &url, &clone.to_string_lossy()]);
    assert!(cloned.status.success(), "{cloned:?}");
    let mut command = project.command(&["heads", "--check"]);
    assert_snapshot!(project.run(command.current_dir(&clone)).all(), @r#"
    error: 2 heads, expected 1
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase c41d77e0a1b2 --onto 9f31c02ad6e8
    help: keep both as they are: alembic-rs merge -m "merge heads" 9f31c02ad6e8 c41d77e0a1b2
    --- exit code 1
    "#);
}

#[test]
fn a_linked_work_tree_a_folder_below_and_a_hook() {
    let project = Project::with_two_heads();
    let tree = project.beside("linked tree");
    project.git(&["worktree", "add", "--quiet", "--detach", &tree.to_string_lossy()]);
    let mut command = project.command(&["heads", "--check"]);
    assert_snapshot!(project.run(command.current_dir(&tree)).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
    let mut command = project.command(&["-c", "../alembic.ini", "heads", "--check"]);
    // As git sets them for a hook.
    command.env("GIT_DIR", ".git").env("GIT_INDEX_FILE", ".git/index");
    assert_snapshot!(project.run(command.current_dir(project.root().join("migrations"))).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  versions/0019_add_refunds.py:12   bob    refunds  2026-11-03
      9f31c02ad6e8  versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs -c ../alembic.ini rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs -c ../alembic.ini merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
}

#[test]
fn scripts_outside_of_the_repository() {
    let mut project = Project::with_orders();
    let outside = project.beside("outside");
    fs_err::create_dir(&outside).expect("a folder");
    fs_err::write(outside.join("x.py"), script("cc30", Some("b7e4f1a9c2d8"))).expect("a file");
    project.script("y", "dd40", Some("b7e4f1a9c2d8"));
    project.write(
        "alembic.ini",
        "[alembic]\nscript_location = %(here)s/migrations\npath_separator = newline\n\
         version_locations = %(here)s/migrations/versions\n  %(here)s/../outside\n",
    );
    project.commit("bob", "outside");
    assert_snapshot!(project.check(&[]).stdout, @r#"
    error: 2 heads, expected 1
      cc30         ../outside/x.py:12
      dd40         migrations/versions/y.py:12       bob  outside  2026-11-03
      both follow  b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase dd40 --onto cc30
    help: keep both as they are: alembic-rs merge -m "merge heads" cc30 dd40
    "#);
}

#[cfg(unix)]
#[test]
fn names_that_would_write_to_the_terminal() {
    let mut project = Project::with_orders();
    project.script("0019 \u{1b}[31m\nred", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.script("0019 größe", "9f31c02ad6e8", Some("b7e4f1a9c2d8"));
    project.commit("bob\u{1b}[5m", "strange");
    assert_snapshot!(project.check(&[]).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019 \u{1b}[31m\nred.py:12  bob\u{1b}[5m  strange  2026-11-03
      9f31c02ad6e8  migrations/versions/0019 größe.py:12            bob\u{1b}[5m  strange  2026-11-03
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
    assert_snapshot!(project.check(&["--format=github"]).stdout, @r#"::error file=migrations/versions/0019 größe.py,line=12,title=alembic-rs%3A multiple-heads::2 heads, expected 1%0Ac41d77e0a1b2  migrations/versions/0019 \u{1b}[31m\nred.py:12%0A9f31c02ad6e8  migrations/versions/0019 größe.py:12%0Ahelp: keep history linear: alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2%0Ahelp: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8"#);
}

#[test]
fn nothing_is_touched() {
    let mut project = Project::with_two_heads();
    project.git(&["branch", "other"]);
    project.script("0020", "aa20", Some("9f31c02ad6e8"));
    project.git(&["add", "--all"]);
    project.script("0021", "aa21", Some("aa20"));
    let before = project.state();
    assert_eq!(project.check(&["--against", "other"]).code, 1);
    assert_eq!(project.check(&["--format=json"]).code, 1);
    assert_eq!(project.state(), before);
    project.commit("bob", "written");
}
