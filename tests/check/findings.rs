//! The other things that a check finds, and exit codes.

use insta::assert_snapshot;

use crate::project::{Project, script};

#[test]
fn fine() {
    let project = Project::with_orders();
    assert_snapshot!(project.check(&[]).all(), @"
    ok: 1 head b7e4f1a9c2d8  migrations/versions/0018_add_orders.py
    --- exit code 0
    ");
    let project = Project::new();
    project.write("migrations/versions/README", "");
    assert_snapshot!(project.check(&[]).all(), @"
    ok: no revisions
    --- exit code 0
    ");
}

#[test]
fn one_identifier_twice() {
    let mut project = Project::with_orders();
    project.script("0019_add_refunds", "0019", Some("b7e4f1a9c2d8"));
    project.commit("bob", "refunds");
    project.script("0019_add_invoices", "0019", Some("b7e4f1a9c2d8"));
    assert_snapshot!(project.check(&[]).all(), @"
    error: Revision 0019 is present more than once
      migrations/versions/0019_add_invoices.py:12  bob  (untracked)
      migrations/versions/0019_add_refunds.py:12   bob  refunds  2026-11-03
    help: give the newer script another identifier: Alembic takes the last one and forgets the others
    --- exit code 1
    ");
}

#[test]
fn everything_in_one_run() {
    let project = Project::new();
    project.script("0001_first", "aa01", None);
    project.script("0002_file_name", "bb02", Some("0001_first"));
    project.script("0003_missing", "cc03", Some("aa0l"));
    project.script("0004_ring", "dd04", Some("ee05"));
    project.script("0005_ring", "ee05", Some("dd04"));
    project.script("0006_self", "ff06", Some("ff06"));
    project.script("0007_typed", "a1b2c3d4e5f6", Some("aa01"));
    project.script("0008_long", "add_invoices_and_refunds_for_2026", Some("aa01"));
    project.script("0009_characters", "a-b", Some("aa01"));
    project.write(
        "migrations/versions/0010_docstring.py",
        &script("aa10", Some("aa01")).replace("Revises: aa01", "Revises: bb02"),
    );
    project.write("migrations/versions/0011_broken.py", "revision = 'x'\ndown_revision = (\n");
    assert_snapshot!(project.check(&[]).all(), @r#"
    error: `(` was never closed (0011_broken.py, line 2)
      migrations/versions/0011_broken.py:2
    help: Python refuses this file too: `python -m py_compile` on it shows the same line

    error: Self-loop is detected in revisions (ff06)
      migrations/versions/0006_self.py:13
    help: a revision follows another one, or `None`, but not itself

    error: Character(s) '-' not allowed in revision identifier 'a-b'
      migrations/versions/0009_characters.py:12
    help: `@`, `-`, `+` and `:` have a meaning in revision identifiers: rename the revision, and the `down_revision` of what follows it

    error: `down_revision` of revision `bb02` is a file's name, `0001_first`
      migrations/versions/0002_file_name.py:13
    help: write the identifier that the file declares: `aa01`

    error: Revision aa0l referenced from revision cc03 is not present
      migrations/versions/0003_missing.py:13
    help: did you mean `aa01`?

    error: Cycle is detected in revisions (dd04, ee05)
      dd04  migrations/versions/0004_ring.py:13
      ee05  migrations/versions/0005_ring.py:13
    help: none of these revisions can come first: take the newest one out of the `down_revision` of an older one

    error: revision identifier `add_invoices_and_refunds_for_2026` has 33 characters, and alembic_version holds 32
      migrations/versions/0008_long.py:12
    help: PostgreSQL and MySQL refuse it when the migration runs: shorten it, and the `down_revision` of what follows it

    error: 7 heads, expected 1
      bb02                               migrations/versions/0002_file_name.py:12   alice  (untracked)
      cc03                               migrations/versions/0003_missing.py:12     alice  (untracked)
      ff06                               migrations/versions/0006_self.py:12        alice  (untracked)
      a1b2c3d4e5f6                       migrations/versions/0007_typed.py:12       alice  (untracked)
      add_invoices_and_refunds_for_2026  migrations/versions/0008_long.py:12        alice  (untracked)
      a-b                                migrations/versions/0009_characters.py:12  alice  (untracked)
      aa10                               migrations/versions/0010_docstring.py:12   alice  (untracked)
    help: keep all as they are: alembic-rs merge -m "merge heads" bb02 cc03 ff06 a1b2c3d4e5f6 add_invoices_and_refunds_for_2026 a-b aa10
    help: all on purpose:       alembic-rs heads --check --allow 7

    warning: revision identifier `a1b2c3d4e5f6` looks typed by hand
      migrations/versions/0007_typed.py:12
    help: sooner or later two branches choose the same: let `revision` draw identifiers (and leave one that a database already has)

    warning: docstring of revision `aa10` says `Revises: bb02`, and the code `down_revision = "aa01"`
      migrations/versions/0010_docstring.py:4
    help: the code counts: correct the docstring

    8 errors, 2 warnings
    --- exit code 4
    "#);
}

#[test]
fn exit_codes() {
    let project = Project::with_two_heads();
    assert_eq!(project.check(&[]).code, 1);
    assert_eq!(project.check(&["--allow", "2"]).code, 0);
    assert_eq!(project.check(&["--allow", "0"]).code, 2);
    assert_eq!(project.check(&["--verbose"]).code, 2);
    let run = |arguments: &[&str]| project.run(&mut project.command(arguments));
    assert_eq!(run(&["heads", "--allow", "2"]).code, 2);
    assert_eq!(run(&["heads", "--format", "sarif"]).code, 2);
    assert_eq!(run(&["heads", "--format", "text"]).code, 0);
    assert_eq!(run(&["-c", "nothing.ini", "heads", "--check"]).code, 3);
    let quiet = run(&["--quiet", "heads", "--check"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (1, ""));
    project.write("migrations/versions/x.py", "revision = (\n");
    assert_eq!(project.check(&["--allow", "2"]).code, 4);
    assert_eq!(run(&["heads", "--format", "json"]).code, 4);
}

#[test]
fn heads_per_label() {
    let project = Project::with_two_heads();
    let label = |name: &str, label: &str| {
        let id = if name == "0019_add_refunds" { "c41d77e0a1b2" } else { "9f31c02ad6e8" };
        let text = script(id, Some("b7e4f1a9c2d8"));
        let labelled = format!("branch_labels = {label}");
        let text = text.replace("branch_labels = None", &labelled);
        project.write(&format!("migrations/versions/{name}.py"), &text);
    };
    label("0019_add_refunds", "('refunds',)");
    label("0019_add_invoices", "'invoices'");
    assert_snapshot!(project.check(&[]).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03  (modified)
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04  (modified)
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    help: both on purpose:       alembic-rs heads --check --per-label
    "#);
    assert_snapshot!(project.check(&["--per-label"]).stdout, @"ok: 2 heads, at most 1 per branch label");
    project.script("0020_more_refunds", "aa20", Some("b7e4f1a9c2d8"));
    project.script("0020_other_refunds", "bb20", Some("b7e4f1a9c2d8"));
    assert_snapshot!(project.check(&["--per-label"]).stdout, @r#"
    error: 2 heads without a branch label, expected 1
      aa20         migrations/versions/0020_more_refunds.py:12   alice  (untracked)
      bb20         migrations/versions/0020_other_refunds.py:12  alice  (untracked)
      both follow  b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase bb20 --onto aa20
    help: keep both as they are: alembic-rs merge -m "merge heads" aa20 bb20
    "#);
}

#[test]
fn the_ways_out_lead_to_the_same_project() {
    let project = Project::with_two_heads();
    project.remove("alembic.ini");
    project.write("my db.ini", "[orders]\nscript_location = migrations\n");
    let arguments = ["-c", "my db.ini", "-n", "orders", "heads", "--check"];
    let answer = project.run(&mut project.command(&arguments));
    assert_snapshot!(answer.stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs -c 'my db.ini' -n orders rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs -c 'my db.ini' -n orders merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
}

#[test]
fn many_warnings_are_one_block() {
    let project = Project::new();
    let mut parent = None;
    for number in 0..8 {
        let id = format!("r{number:03}");
        let text = script(&id, parent.as_deref()).replace("Revision ID: r", "Revision ID: q");
        project.write(&format!("migrations/versions/{number}.py"), &text);
        parent = Some(id);
    }
    assert_snapshot!(project.check(&[]).all(), @"
    warning: 8 docstrings contradict the code
      r000  migrations/versions/0.py:3
      r001  migrations/versions/1.py:3
      r002  migrations/versions/2.py:3
      r003  migrations/versions/3.py:3
      r004  migrations/versions/4.py:3
      and 3 more: `--format json` has them all
    help: the code counts: correct the docstring

    ok: 1 head r007  migrations/versions/7.py
    --- exit code 0
    ");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with_orders();
    let folder = project.root().join("migrations/versions");
    let permit = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&folder, permissions).expect("the folder is ours");
    };
    permit(0o000);
    // Root reads everything.
    let readable = fs_err::read_dir(&folder).is_ok();
    let answer = project.check(&[]);
    permit(0o755);
    assert!(readable || answer.code == 3, "{}", answer.all());
}
