//! `--against REF`: what a merge would give.

use insta::assert_snapshot;

use crate::project::{Project, script};

const FOLDER: &str = "migrations/versions";

/// `main` has gone on with bob's refunds while `feature`, which is checked out,
/// has alice's invoices.
fn stale_base() -> Project {
    let mut project = Project::with_orders();
    project.git(&["branch", "feature"]);
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.commit("bob", "refunds");
    project.git(&["checkout", "--quiet", "feature"]);
    project.script("0019_add_invoices", "9f31c02ad6e8", Some("b7e4f1a9c2d8"));
    project.commit("alice", "invoice");
    project
}

#[test]
fn a_stale_base() {
    let project = stale_base();
    assert_snapshot!(project.check(&[]).all(), @"
    ok: 1 head 9f31c02ad6e8  migrations/versions/0019_add_invoices.py
    --- exit code 0
    ");
    assert_snapshot!(project.check(&["--against", "main"]).all(), @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03  (on main)
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: first:                 git merge main  # brings c41d77e0a1b2
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    --- exit code 1
    "#);
}

#[test]
fn the_head_that_only_this_branch_has_moves() {
    let mut project = stale_base();
    // Committed later there: still, what is here moves.
    project.git(&["checkout", "--quiet", "main"]);
    project.script("0020_more", "dd20", Some("c41d77e0a1b2"));
    project.commit("carol", "more020");
    project.git(&["checkout", "--quiet", "feature"]);
    assert_snapshot!(project.check(&["--against", "main"]).stdout, @r#"
    error: 2 heads, expected 1
      dd20          migrations/versions/0020_more.py:12          carol  more020  2026-11-05  (on main)
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: first:                 git merge main  # brings dd20
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto dd20
    help: keep both as they are: alembic-rs merge -m "merge heads" dd20 9f31c02ad6e8
    "#);
}

#[test]
fn merged_already() {
    let project = stale_base();
    project.git(&["merge", "--quiet", "--message", "merging", "main"]);
    assert_snapshot!(project.check(&["--against", "main"]).stdout, @r#"
    error: 2 heads, expected 1
      c41d77e0a1b2  migrations/versions/0019_add_refunds.py:12   bob    refunds  2026-11-03
      9f31c02ad6e8  migrations/versions/0019_add_invoices.py:12  alice  invoice  2026-11-04
      both follow   b7e4f1a9c2d8  0018_add_orders.py
    help: keep history linear:   alembic-rs rebase 9f31c02ad6e8 --onto c41d77e0a1b2
    help: keep both as they are: alembic-rs merge -m "merge heads" c41d77e0a1b2 9f31c02ad6e8
    "#);
    project.script("0020_merge", "ee20", Some("9f31c02ad6e8"));
    let merge = script("ee20", None)
        .replace("down_revision = None", "down_revision = ('9f31c02ad6e8', 'c41d77e0a1b2')")
        .replace("Revises: \n", "Revises: 9f31c02ad6e8, c41d77e0a1b2\n");
    project.write(&format!("{FOLDER}/0020_merge.py"), &merge);
    assert_snapshot!(project.check(&["--against", "main"]).all(), @"
    ok: 1 head ee20  migrations/versions/0020_merge.py  (together with main)
    --- exit code 0
    ");
}

#[test]
fn a_script_deleted_here_does_not_come_back() {
    let project = Project::with_two_heads();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.remove(&format!("{FOLDER}/0019_add_refunds.py"));
    assert_snapshot!(project.check(&["--against", "main"]).all(), @"
    ok: 1 head 9f31c02ad6e8  migrations/versions/0019_add_invoices.py  (together with main)
    --- exit code 0
    ");
}

#[test]
fn a_script_deleted_there_goes_unless_it_was_changed_here() {
    let mut project = Project::with_two_heads();
    project.git(&["branch", "feature"]);
    project.remove(&format!("{FOLDER}/0019_add_refunds.py"));
    project.commit("bob", "deleted");
    project.git(&["checkout", "--quiet", "feature"]);
    assert_eq!(project.check(&["--against", "main"]).code, 0);
    project.script("0019_add_refunds", "c41d77e0a1b2", None);
    assert_eq!(project.check(&["--against", "main"]).code, 1);
}

#[test]
fn renamed_here_there_and_on_both_sides() {
    let mut project = Project::with_two_heads();
    project.remove(&format!("{FOLDER}/0019_add_invoices.py"));
    project.commit("bob", "onehead");
    let rename = |project: &mut Project, branch: &str, name: &str| {
        project.git(&["checkout", "--quiet", "-b", branch, "main"]);
        let old = format!("{FOLDER}/0019_add_refunds.py");
        project.git(&["mv", &old, &format!("{FOLDER}/{name}.py")]);
        project.commit("carol", "renamed");
    };
    rename(&mut project, "there", "0020_refunds");
    rename(&mut project, "here", "0021_refunds");
    assert_eq!(project.check(&["--against", "main"]).code, 0, "renamed here");
    assert_eq!(project.check(&["--against", "there"]).code, 0, "renamed on both sides");
    project.git(&["checkout", "--quiet", "main"]);
    let answer = project.check(&["--against", "there"]);
    assert_snapshot!(answer.all(), @"
    ok: 1 head c41d77e0a1b2  migrations/versions/0020_refunds.py  (together with there)
    --- exit code 0
    ");
}

#[test]
fn what_was_changed_there_counts_unless_it_was_changed_here() {
    let mut project = Project::with_two_heads();
    project.git(&["branch", "feature"]);
    project.script("0019_add_invoices", "9f31c02ad6e8", Some("c41d77e0a1b2"));
    project.commit("bob", "rebased");
    project.git(&["checkout", "--quiet", "feature"]);
    assert_eq!(project.check(&[]).code, 1);
    assert_eq!(project.check(&["--against", "main"]).code, 0, "main made it one line");
    // Other line ends are no change.
    let text = script("9f31c02ad6e8", Some("b7e4f1a9c2d8")).replace('\n', "\r\n");
    project.write(&format!("{FOLDER}/0019_add_invoices.py"), &text);
    assert_eq!(project.check(&["--against", "main"]).code, 0);
    project.script("0019_add_invoices", "9f31c02ad6e8", None);
    assert_eq!(project.check(&["--against", "main"]).code, 1);
}

#[test]
fn one_path_on_both_sides_is_one_script() {
    let mut project = Project::with_orders();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.commit("alice", "picked0");
    project.git(&["checkout", "--quiet", "main"]);
    project.script("0019_add_refunds", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.commit("bob", "refunds");
    assert_eq!(project.check(&["--against", "feature"]).code, 0);
    // Under another name it is the same identifier twice.
    project.git(&["checkout", "--quiet", "-b", "third", "main~1"]);
    project.script("0019_refunds_again", "c41d77e0a1b2", Some("b7e4f1a9c2d8"));
    project.commit("carol", "again00");
    assert_snapshot!(project.check(&["--against", "main"]).all(), @"
    error: Revision c41d77e0a1b2 is present more than once
      migrations/versions/0019_refunds_again.py:12  carol  again00  2026-11-05
      migrations/versions/0019_add_refunds.py:12    bob    refunds  2026-11-04  (on main)
    help: give the newer script another identifier: Alembic takes the last one and forgets the others
    --- exit code 1
    ");
}

#[test]
fn only_version_folders_count() {
    let mut project = Project::with_orders();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.write("migrations/versions/old/x.py", &script("0ld", None));
    project.write("migrations/other/x.py", &script("0ther", None));
    project.write("migrations/versions/__init__.py", "");
    project.write("migrations/versions/notes.txt", "notes");
    project.commit("alice", "folders");
    project.git(&["checkout", "--quiet", "main"]);
    assert_eq!(project.check(&["--against", "feature"]).code, 0);
    project.write(
        "alembic.ini",
        "[alembic]\nscript_location = %(here)s/migrations\nrecursive_version_locations = true\n",
    );
    let answer = project.check(&["--against", "feature"]);
    assert!(answer.stdout.contains("versions/old/x.py"), "{}", answer.stdout);
}

#[test]
fn an_unreadable_script_there() {
    let mut project = Project::with_orders();
    project.git(&["checkout", "--quiet", "-b", "feature"]);
    project.write("migrations/versions/0019.py", "revision = 'x'\ndown_revision = (\n");
    project.commit("alice", "broken0");
    project.git(&["checkout", "--quiet", "main"]);
    assert_snapshot!(project.check(&["--against", "feature"]).all(), @"
    error: `(` was never closed (0019.py, line 2)
      migrations/versions/0019.py:2
    help: Python refuses this file too: `python -m py_compile` on it shows the same line
    --- exit code 4
    ");
}

#[test]
fn no_such_reference() {
    let project = Project::with_orders();
    assert_snapshot!(project.check(&["--against", "nope"]).all(), @"
    --- stderr
      × git knows no commit `nope`
      help: `git branch --all` and `git tag` list what there is
    --- exit code 3
    ");
    assert_snapshot!(project.check(&["--against=--help"]).all(), @"
    --- stderr
      × git knows no commit `--help`
      help: `git branch --all` and `git tag` list what there is
    --- exit code 3
    ");
    project.git(&["remote", "add", "origin", "https://example.org/x.git"]);
    assert_snapshot!(project.check(&["--against", "origin/main"]).all(), @"
    --- stderr
      × git knows no commit `origin/main`
      help: get it first: `git fetch origin main:refs/remotes/origin/main` (GitHub Actions: `fetch-depth: 0` for actions/checkout)
    --- exit code 3
    ");
    assert_snapshot!(project.check(&["--against", "develop"]).all(), @"
    --- stderr
      × git knows no commit `develop`
      help: is it a branch of the remote? then `--against origin/develop`; `git branch --all` lists what there is
    --- exit code 3
    ");
    let answer = project.check(&["--against", "nope", "--format=json"]);
    assert_eq!((answer.code, answer.stdout.as_str()), (3, ""));
}

#[test]
fn no_repository_for_it() {
    let project = Project::without_git();
    project.script("a", "aa10", None);
    assert_snapshot!(project.check(&["--against", "main"]).all(), @"
    --- stderr
      × `{P}/migrations/versions` is in no git work tree
      help: the answer lies in git's objects: run it in a clone
    --- exit code 3
    ");
    let mut command = project.command(&["heads", "--check", "--against", "main"]);
    assert_snapshot!(project.run(command.env("PATH", "/nonexistent")).all(), @"
    --- stderr
      × cannot run `git`: No such file or directory (os error 2)
      help: install git, or add it to PATH
    --- exit code 3
    ");
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let mut project = stale_base();
    let clone = project.beside("shallow");
    let url = format!("file://{}", project.root().display());
    project.git(&[
        "clone",
        "--quiet",
        "--depth=1",
        "--no-single-branch",
        &url,
        &clone.to_string_lossy(),
    ]);
    let mut command = project.command(&["heads", "--check", "--against", "origin/main"]);
    assert_snapshot!(project.run(command.current_dir(&clone)).all(), @"
    --- stderr
      × this shallow clone does not reach back to where `origin/main` parted from HEAD
      help: get the rest of the history: `git fetch --unshallow` (GitHub Actions: `fetch-depth: 0` for actions/checkout; GitLab: `GIT_DEPTH: 0`)
    --- exit code 3
    ");
    assert!(project.try_git_in(&clone, &["fetch", "--quiet", "--unshallow"]).status.success());
    let mut command = project.command(&["heads", "--check", "--against", "origin/main"]);
    assert_eq!(project.run(command.current_dir(&clone)).code, 1);
    project.commit("bob", "nothing");
}

#[test]
fn histories_that_have_nothing_in_common() {
    let mut project = Project::with_orders();
    project.git(&["checkout", "--quiet", "--orphan", "island"]);
    project.git(&["rm", "--quiet", "-rf", "--cached", "."]);
    project.remove(&format!("{FOLDER}/0018_add_orders.py"));
    project.script("0001", "aaaa01", None);
    project.commit("bob", "island0");
    assert_snapshot!(project.check(&["--against", "main"]).stdout, @r#"
    error: 2 heads, expected 1
      b7e4f1a9c2d8  migrations/versions/0018_add_orders.py:12  alice  orders0  2026-11-02  (on main)
      aaaa01        migrations/versions/0001.py:12             bob    island0  2026-11-03
    help: first:                 git merge main  # brings b7e4f1a9c2d8
    help: keep both as they are: alembic-rs merge -m "merge heads" b7e4f1a9c2d8 aaaa01
    help: both on purpose:       alembic-rs heads --check --allow 2
    "#);
}

#[test]
fn before_the_first_commit() {
    let project = stale_base();
    let fresh = project.beside("fresh");
    let url = format!("file://{}", project.root().display());
    project.git(&["init", "--quiet", &fresh.to_string_lossy()]);
    let fetched = project.try_git_in(&fresh, &["fetch", "--quiet", &url, "main:refs/heads/theirs"]);
    assert!(fetched.status.success(), "{fetched:?}");
    fs_err::create_dir_all(fresh.join(FOLDER)).expect("folders");
    let ini = fs_err::read(project.root().join("alembic.ini")).expect("the ini file");
    fs_err::write(fresh.join("alembic.ini"), ini).expect("a file");
    let mut command = project.command(&["heads", "--check", "--against", "theirs"]);
    let answer = project.run(command.current_dir(&fresh));
    assert_snapshot!(answer.all(), @"
    ok: 1 head c41d77e0a1b2  migrations/versions/0019_add_refunds.py  (together with theirs)
    --- exit code 0
    ");
}

#[test]
fn scripts_in_a_submodule() {
    let library = stale_base();
    let project = Project::new();
    let url = library.root().to_string_lossy().into_owned();
    project.git(&["submodule", "--quiet", "add", "--branch", "feature", &url, "library"]);
    project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/library/migrations\n");
    let answer = project.check(&["--against", "origin/main"]);
    assert_eq!(answer.code, 1, "{}", answer.all());
    assert!(answer.stdout.contains("library/migrations/versions/0019_add_refunds.py:12"));
    assert!(answer.stdout.contains("(on origin/main)"));
}

#[test]
fn a_version_folder_that_is_only_there() {
    let mut project = Project::with_orders();
    project.git(&["branch", "feature"]);
    project.git(&["checkout", "--quiet", "--orphan", "empty"]);
    project.git(&["rm", "--quiet", "-rf", "."]);
    project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\n");
    project.write("migrations/env.py", "");
    project.commit("bob", "nothing");
    assert_snapshot!(project.check(&["--against", "feature"]).all(), @"
    ok: 1 head b7e4f1a9c2d8  migrations/versions/0018_add_orders.py  (together with feature)
    --- exit code 0
    ");
}
