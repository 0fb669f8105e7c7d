//! Scripts that cannot be used.

use alembic_testing::Project;
use insta::assert_snapshot;

use super::{report, script};
use crate::project::in_project;

#[test]
fn a_value_that_hangs_on_one() {
    let context = script(
        "import time\n\nstamp = str(time.time())\nrevision = \"r\" + stamp\ndown_revision = None\n",
    );
    assert_snapshot!(report(&context, &["heads"]), @r#"
     × cannot tell `revision` without running the script: `time` is only known when the program runs
      ╭─[{P}/migrations/versions/x.py:4:12]
    1 │ import time
      ·        ──┬─
      ·          ╰── this is only known when the script runs
    2 │ 
    3 │ stamp = str(time.time())
    4 │ revision = "r" + stamp
      ·            ─────┬─────
      ·                 ╰── needs it
    5 │ down_revision = None
      ╰────
     help: write `revision` as a literal: alembic-rs never runs a script to read it
    "#);
}

#[test]
fn a_value_of_the_wrong_type() {
    let context = script("revision = 'a'\ndown_revision = 12\n");
    assert_snapshot!(report(&context, &["heads"]), @"
     × `down_revision` is int where a revision identifier belongs
      ╭─[{P}/migrations/versions/x.py:2:17]
    1 │ revision = 'a'
    2 │ down_revision = 12
      ·                 ─┬
      ·                  ╰── expected a string or a tuple of strings
      ╰────
     help: write `down_revision` as a string, or as a tuple of strings
    ");
}

#[test]
fn no_python() {
    let context = script("revision = 'a'\ndown_revision = = None\n");
    assert_snapshot!(report(&context, &["heads"]), @"
     × invalid syntax (x.py, line 2)
      ╭─[{P}/migrations/versions/x.py:2:17]
    1 │ revision = 'a'
    2 │ down_revision = = None
      ·                 ┬
      ·                 ╰── here
      ╰────
     help: Python refuses this file too: `python -m py_compile` on it shows the same line
    ");
}

#[test]
fn no_identifier() {
    let context = script("down_revision = None\n");
    assert_snapshot!(report(&context, &["heads"]), @r#"
     × Could not determine revision id from filename x.py. Be sure the 'revision' variable is declared inside the script (please see 'Upgrading from Alembic 0.1 to 0.2' in the documentation).
      ╭─[{P}/migrations/versions/x.py:1:1]
    1 │ down_revision = None
      · ▲
      · ╰── in this script
      ╰────
     help: declare `revision = "…"`, or move the file out of the versions folder
    "#);
}

#[test]
fn no_parent_declared() {
    let context = script("revision = 'a'\n");
    assert_snapshot!(report(&context, &["heads"]), @r#"
     × module 'x_py' has no attribute 'down_revision'
      ╭─[{P}/migrations/versions/x.py:1:1]
    1 │ revision = 'a'
      · ▲
      · ╰── in this script
      ╰────
     help: declare `down_revision = "…"`, or `None` for a first revision
    "#);
}

#[test]
fn an_illegal_identifier() {
    let context = script("revision = 'a-b+c'\ndown_revision = None\n");
    assert_snapshot!(report(&context, &["heads"]), @"
     × Character(s) '+, -' not allowed in revision identifier 'a-b+c'
      ╭─[{P}/migrations/versions/x.py:1:1]
    1 │ revision = 'a-b+c'
      · ─────────┬────────
      ·          ╰── declared here
    2 │ down_revision = None
      ╰────
     help: `@`, `-`, `+` and `:` have a meaning in revision identifiers: rename the revision, and the scripts that follow it
    ");
}

#[test]
fn several_at_once() {
    let context = in_project(
        Project::new()
            .with_file("migrations/versions/a.py", "revision = 'a'\ndown_revision = (\n")
            .with_file("migrations/versions/b.py", "revision = 'b'\n")
            .with_file("migrations/versions/c.py", "revision = 'c'\ndown_revision = None\n")
            .with_file("migrations/versions/d.py", "revision = input()\ndown_revision = 'c'\n"),
    );
    assert_snapshot!(report(&context, &["heads"]), @r#"
      × `(` was never closed (a.py, line 2)
       ╭─[{P}/migrations/versions/a.py:2:17]
     1 │ revision = 'a'
     2 │ down_revision = (
       ·                 ┬
       ·                 ╰── here
       ╰────
      help: Python refuses this file too: `python -m py_compile` on it shows the same line

    Error: 
      × module 'b_py' has no attribute 'down_revision'
       ╭─[{P}/migrations/versions/b.py:1:1]
     1 │ revision = 'b'
       · ▲
       · ╰── in this script
       ╰────
      help: declare `down_revision = "…"`, or `None` for a first revision

    Error: 
      × cannot tell `revision` without running the script: `input()` is only known when the program runs
       ╭─[{P}/migrations/versions/d.py:1:12]
     1 │ revision = input()
       ·            ───┬───
       ·               ╰── this is only known when the script runs
     2 │ down_revision = 'c'
       ╰────
      help: write `revision` as a literal: alembic-rs never runs a script to read it
    "#);
}
