//! Reports: the sentence, file, line, caret, and the way out.

use insta::assert_snapshot;

use crate::{FORKED, context, in_fixture, with_script};
use alembic_testing::Project;

#[test]
fn a_name_that_is_nowhere() {
    assert_snapshot!(in_fixture("mixed", &["show", "88aa40d1f3b8"]), @r#"
    exit: 255
    --- stdout
    FAILED: Can't locate revision identified by '88aa40d1f3b8'
    --- stderr
      × Can't locate revision identified by '88aa40d1f3b8'
      help: did you mean `88aa40d1f3b9`?
    "#);
}

#[test]
fn a_prefix_of_several() {
    let project = Project::from_letters("abcd1 <- abcd2");
    assert_snapshot!(context(project).run(["show", "abcd"]), @r#"
    exit: 255
    --- stdout
    FAILED: Can't locate revision identified by 'abcd'
    --- stderr
      × Can't locate revision identified by 'abcd'
      help: several begin so: `abcd1`, `abcd2`
    "#);
}

#[test]
fn several_heads() {
    assert_snapshot!(in_fixture("two-heads", &["show", "head"]), @r#"
    exit: 255
    --- stdout
    FAILED: Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads
    --- stderr
      × Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads
      help: the heads are `c159327f75c0`, `d116c67f8d51`; `heads` stands for all of them
    "#);
}

#[test]
fn ranges() {
    assert_snapshot!(in_fixture("linear", &["history", "-r", "head"]), @r#"
    exit: 255
    --- stdout
    FAILED: History range requires [start]:[end], [start]:, or :[end]
    --- stderr
      × History range requires [start]:[end], [start]:, or :[end]
      help: such as `-r ae10:head`, `-r :ae10`, `--rev-range=-3:`
    "#);
    assert_snapshot!(context(Project::from_letters(FORKED)).run(["history", "-r", "c:b"]), @r#"
    exit: 255
    --- stdout
    FAILED: Requested range c:b does not refer to ancestor/descendant revisions along the same branch
    --- stderr
      × Requested range c:b does not refer to ancestor/descendant revisions along the same branch
      help: the start must be an ancestor of the end: exchange them, or use LABEL@ to stay on one branch
    "#);
}

#[test]
fn a_value_that_only_a_run_knows() {
    let script = "import os\nrevision = os.environ['R']\ndown_revision = None\n";
    assert_snapshot!(with_script("x.py", script, &["heads"]), @r#"
    exit: 255
    --- stdout
    FAILED: cannot tell `revision` without running the script: `os.environ` is only known when the program runs
    --- stderr
      × cannot tell `revision` without running the script: `os.environ` is only known when the program runs
       ╭─[{P}/migrations/versions/x.py:2:12]
     1 │ import os
     2 │ revision = os.environ['R']
       ·            ─────┬────
       ·                 ╰── this is only known when the script runs
     3 │ down_revision = None
       ╰────
      help: write `revision` as a literal: alembic-rs never runs a script to read it
    "#);
}

#[test]
fn a_script_that_is_no_python() {
    assert_snapshot!(with_script("x.py", "revision = 'x\n", &["heads"]), @r#"
    exit: 255
    --- stdout
    FAILED: unterminated string literal (detected at line 1) (x.py, line 1)
    --- stderr
      × unterminated string literal (detected at line 1) (x.py, line 1)
       ╭─[{P}/migrations/versions/x.py:1:12]
     1 │ revision = 'x
       ·            ┬
       ·            ╰── here
       ╰────
      help: Python refuses this file too: `python -m py_compile` on it shows the same line
    "#);
}

#[test]
fn a_parent_that_is_not_there() {
    assert_snapshot!(in_fixture("missing-parent", &["history"]), @r#"
    exit: 255
    --- stdout
    FAILED: Revision feedfacefeed referenced from revision b8f4cfd6556b is not present
    --- stderr
    warning: Revision feedfacefeed referenced from feedfacefeed -> b8f4cfd6556b (head), step b is not present
      × Revision feedfacefeed referenced from revision b8f4cfd6556b is not present
        ╭─[{P}/migrations/versions/b8f4cfd6556b_step_b.py:14:1]
     13 │ revision: str = 'b8f4cfd6556b'
     14 │ down_revision: Sequence[str] | str | None = 'feedfacefeed'
        · ─────────────────────────────┬────────────────────────────
        ·                              ╰── no script declares `feedfacefeed`
     15 │ branch_labels: Sequence[str] | str | None = None
        ╰────
      help: get the script that declares it (is it on another git branch?), or point the line at the revision that should come before
    "#);
    assert_snapshot!(in_fixture("file-name-parent", &["history"]), @r#"
    exit: 255
    --- stdout
    FAILED: Revision 0001_init referenced from revision bf824bc82215 is not present
    --- stderr
    warning: Revision 0001_init referenced from 0001_init -> bf824bc82215 (head), step b is not present
      × Revision 0001_init referenced from revision bf824bc82215 is not present
        ╭─[{P}/migrations/versions/bf824bc82215_step_b.py:14:1]
     13 │ revision: str = 'bf824bc82215'
     14 │ down_revision: Sequence[str] | str | None = '0001_init'
        · ───────────────────────────┬───────────────────────────
        ·                            ╰── no script declares `0001_init`
     15 │ branch_labels: Sequence[str] | str | None = None
        ╰────
      help: `0001_init` is the name of a file; its revision identifier is `a2f867d6cf90`
    "#);
}

#[test]
fn a_label_used_twice() {
    assert_snapshot!(in_fixture("duplicate-label", &["history"]), @r#"
    exit: 255
    --- stdout
    FAILED: Branch name 'shared' in revision cf326f5b0ee5 already used by revision b3559151e256
    --- stderr
      × Branch name 'shared' in revision cf326f5b0ee5 already used by revision b3559151e256
        ╭─[{P}/migrations/versions/cf326f5b0ee5_step_c.py:13:1]
     12 │ down_revision = 'adb1847de878'
     13 │ branch_labels = ('shared',)
        · ─────────────┬─────────────
        ·              ╰── declared a second time
     14 │ depends_on = None
        ╰────
      help: a label belongs to one revision: rename one of the two

    Advice: 
      ☞ `shared` is taken by `b3559151e256`
        ╭─[{P}/migrations/versions/b3559151e256_step_b.py:15:1]
     14 │ down_revision: Sequence[str] | str | None = 'adb1847de878'
     15 │ branch_labels: Sequence[str] | str | None = ('shared',)
        · ───────────────────────────────────────────────────────
     16 │ depends_on: Sequence[str] | str | None = None
        ╰────
    "#);
}

#[test]
fn a_cycle() {
    assert_snapshot!(in_fixture("cycle", &["history"]), @"
    exit: 255
    --- stdout
    FAILED: Cycle is detected in revisions (ac688a4c164b, bacffe7c1da7, c00385310811)
    --- stderr
      × Cycle is detected in revisions (ac688a4c164b, bacffe7c1da7, c00385310811)
        ╭─[{P}/migrations/versions/ac688a4c164b_step_a.py:12:1]
     11 │ revision = 'ac688a4c164b'
     12 │ down_revision = 'c00385310811'
        · ───────────────┬──────────────
        ·                ╰── `ac688a4c164b` follows `c00385310811`
     13 │ branch_labels = None
        ╰────
      help: none of the 3 revisions of the ring can come first: take the newest one out of the `down_revision` of an older one

    Advice: 
      ☞ `c00385310811` follows `bacffe7c1da7`
        ╭─[{P}/migrations/versions/c00385310811_step_c.py:12:1]
     11 │ revision = 'c00385310811'
     12 │ down_revision = 'bacffe7c1da7'
        · ──────────────────────────────
     13 │ branch_labels = None
        ╰────

    Advice: 
      ☞ `bacffe7c1da7` follows `ac688a4c164b`
        ╭─[{P}/migrations/versions/bacffe7c1da7_step_b.py:14:1]
     13 │ revision: str = 'bacffe7c1da7'
     14 │ down_revision: Sequence[str] | str | None = 'ac688a4c164b'
        · ──────────────────────────────────────────────────────────
     15 │ branch_labels: Sequence[str] | str | None = None
        ╰────
    ");
}

#[test]
fn our_own_options_have_our_own_codes() {
    let code = |fixture: &str, arguments: &[&str]| in_fixture(fixture, arguments).code();
    assert_eq!(code("cycle", &["history"]), Some(255));
    assert_eq!(code("cycle", &["history", "--graph"]), Some(4));
    assert_eq!(code("linear", &["history", "-r", "nope:"]), Some(255));
    assert_eq!(code("linear", &["history", "--format", "json", "-r", "nope:"]), Some(2));
    assert_eq!(code("no-script-location", &["history", "--graph"]), Some(3));
    assert_eq!(code("two-heads", &["heads", "--check"]), Some(1));
    assert_eq!(code("two-heads", &["--raiseerr", "show", "head"]), Some(1));
}

#[test]
fn an_error_leaves_documents_empty() {
    let output = in_fixture("cycle", &["history", "--format", "json"]);
    assert_eq!(output.stdout(), "");
    assert!(output.stderr().contains("Cycle is detected"), "{output}");
}
