//! Scripts that make no graph.

use alembic_testing::TestContext;
use insta::assert_snapshot;

use super::report;
use crate::project::letters;

#[test]
fn a_label_that_is_an_identifier() {
    assert_snapshot!(report(&letters("a1a1 <- b2b2[a1a1]"), &["history"]), @"
      × Branch name 'a1a1' in revision b2b2 already used by revision a1a1
        ╭─[{P}/migrations/versions/001_b2b2.py:15:1]
     14 │ down_revision = 'a1a1'
     15 │ branch_labels = ('a1a1',)
        · ────────────┬────────────
        ·             ╰── declared a second time
     16 │ depends_on = None
        ╰────
      help: a label and an identifier share one name space: choose a label other than `a1a1`

    Advice: 
      ☞ `a1a1` is the identifier of another script
        ╭─[{P}/migrations/versions/000_a1a1.py:13:1]
     12 │ # revision identifiers, used by Alembic.
     13 │ revision = 'a1a1'
        · ─────────────────
     14 │ down_revision = None
        ╰────
    ");
}

/// The last revision of a line, with another parent written into its script.
fn with_parent(parent: &str) -> TestContext {
    let context = letters("ae1027a6acf0[lib] <- 35bfe5a4ac1b <- 5d2b83a1c0f7");
    let file = "migrations/versions/002_5d2b83a1c0f7.py";
    let text = context.project().read(file);
    let line = format!("down_revision = '{parent}'");
    context.project().write(file, text.replace("down_revision = '35bfe5a4ac1b'", &line));
    context
}

#[test]
fn a_parent_that_is_misspelt() {
    assert_snapshot!(report(&with_parent("35bfe5a4ac1d"), &["history"]), @"
    warning: Revision 35bfe5a4ac1d referenced from 35bfe5a4ac1d -> 5d2b83a1c0f7 (head), rev 5d2b83a1c0f7 is not present
      × Revision 35bfe5a4ac1d referenced from revision 5d2b83a1c0f7 is not present
        ╭─[{P}/migrations/versions/002_5d2b83a1c0f7.py:14:1]
     13 │ revision = '5d2b83a1c0f7'
     14 │ down_revision = '35bfe5a4ac1d'
        · ───────────────┬──────────────
        ·                ╰── no script declares `35bfe5a4ac1d`
     15 │ branch_labels = None
        ╰────
      help: did you mean `35bfe5a4ac1b`?
    ");
}

#[test]
fn a_label_as_parent() {
    assert_snapshot!(report(&with_parent("lib"), &["history"]), @"
     × Revision lib referenced from revision 5d2b83a1c0f7 is not present
       ╭─[{P}/migrations/versions/002_5d2b83a1c0f7.py:14:1]
    13 │ revision = '5d2b83a1c0f7'
    14 │ down_revision = 'lib'
       · ──────────┬──────────
       ·           ╰── no script declares `lib`
    15 │ branch_labels = None
       ╰────
     help: `lib` is a label; `down_revision` takes identifiers alone
    ");
}

#[test]
fn a_dependency_that_is_not_there() {
    assert_snapshot!(report(&letters("a1a1 <- b2b2{a1a2}"), &["history"]), @"
     × Dependency a1a2 of revision b2b2 is not present
       ╭─[{P}/migrations/versions/001_b2b2.py:16:1]
    15 │ branch_labels = None
    16 │ depends_on = 'a1a2'
       · ─────────┬─────────
       ·          ╰── no script declares `a1a2`
    17 │ 
       ╰────
     help: did you mean `a1a1`?
    ");
}

#[test]
fn a_ring() {
    assert_snapshot!(report(&letters("a1a1 <- b2b2 <- c3c3 <- d4d4, d4d4 <- b2b2"), &["history"]), @"
      × Cycle is detected in revisions (a1a1, b2b2, c3c3, d4d4)
        ╭─[{P}/migrations/versions/001_b2b2.py:14:1]
     13 │ revision = 'b2b2'
     14 │ down_revision = ('a1a1', 'd4d4')
        · ────────────────┬───────────────
        ·                 ╰── `b2b2` follows `d4d4`
     15 │ branch_labels = None
        ╰────
      help: none of the 3 revisions of the ring can come first: take the newest one out of the `down_revision` of an older one

    Advice: 
      ☞ `d4d4` follows `c3c3`
        ╭─[{P}/migrations/versions/003_d4d4.py:14:1]
     13 │ revision = 'd4d4'
     14 │ down_revision = 'c3c3'
        · ──────────────────────
     15 │ branch_labels = None
        ╰────

    Advice: 
      ☞ `c3c3` follows `b2b2`
        ╭─[{P}/migrations/versions/002_c3c3.py:14:1]
     13 │ revision = 'c3c3'
     14 │ down_revision = 'b2b2'
        · ──────────────────────
     15 │ branch_labels = None
        ╰────
    ");
}

#[test]
fn a_ring_through_a_dependency() {
    assert_snapshot!(report(&letters("a1a1{c3c3} <- b2b2 <- c3c3"), &["history"]), @"
      × Dependency cycle is detected in revisions (a1a1, b2b2, c3c3)
        ╭─[{P}/migrations/versions/000_a1a1.py:16:1]
     15 │ branch_labels = None
     16 │ depends_on = 'c3c3'
        · ─────────┬─────────
        ·          ╰── `a1a1` depends on `c3c3`
     17 │ 
        ╰────
      help: none of the 3 revisions of the ring can come first: take the newest one out of the `depends_on` of an older one

    Advice: 
      ☞ `c3c3` follows `b2b2`
        ╭─[{P}/migrations/versions/002_c3c3.py:14:1]
     13 │ revision = 'c3c3'
     14 │ down_revision = 'b2b2'
        · ──────────────────────
     15 │ branch_labels = None
        ╰────

    Advice: 
      ☞ `b2b2` follows `a1a1`
        ╭─[{P}/migrations/versions/001_b2b2.py:14:1]
     13 │ revision = 'b2b2'
     14 │ down_revision = 'a1a1'
        · ──────────────────────
     15 │ branch_labels = None
        ╰────
    ");
}

#[test]
fn a_revision_that_follows_itself() {
    assert_snapshot!(report(&letters("a1a1 <- a1a1"), &["history"]), @"
     × Self-loop is detected in revisions (a1a1)
       ╭─[{P}/migrations/versions/000_a1a1.py:14:1]
    13 │ revision = 'a1a1'
    14 │ down_revision = 'a1a1'
       · ───────────┬──────────
       ·            ╰── declared here
    15 │ branch_labels = None
       ╰────
     help: a revision follows another one, or `None`, but not itself
    ");
}

#[test]
fn a_revision_that_depends_on_itself() {
    assert_snapshot!(report(&letters("a1a1 <- b2b2{b2b2}"), &["history"]), @"
     × Dependency self-loop is detected in revisions (b2b2)
       ╭─[{P}/migrations/versions/001_b2b2.py:16:1]
    15 │ branch_labels = None
    16 │ depends_on = 'b2b2'
       · ─────────┬─────────
       ·          ╰── declared here
    17 │ 
       ╰────
     help: a revision depends on another one, but not on itself
    ");
}

#[test]
fn a_ring_that_alembic_hangs_on() {
    // Its own check is content: a base leads to each of them, and a head away.
    let context = letters("b2b2 <- c3c3{d4d4} <- d4d4 <- a1a1{c3c3}");
    assert_snapshot!(report(&context, &["history"]), @"
      × Dependency cycle is detected in revisions (c3c3, d4d4)
        ╭─[{P}/migrations/versions/001_c3c3.py:16:1]
     15 │ branch_labels = None
     16 │ depends_on = 'd4d4'
        · ─────────┬─────────
        ·          ╰── `c3c3` depends on `d4d4`
     17 │ 
        ╰────
      help: none of the 2 revisions of the ring can come first: take the newest one out of the `depends_on` of an older one

    Advice: 
      ☞ `d4d4` follows `c3c3`
        ╭─[{P}/migrations/versions/002_d4d4.py:14:1]
     13 │ revision = 'd4d4'
     14 │ down_revision = 'c3c3'
        · ──────────────────────
     15 │ branch_labels = None
        ╰────
    ");
}

#[test]
fn a_label_of_two_scripts_with_one_identifier() {
    let context = letters("a1a1, b2b2[shop]");
    let text = context.project().read("migrations/versions/001_b2b2.py");
    context.project().write("migrations/versions/002_b2b2.py", text);
    assert_snapshot!(report(&context, &["history"]), @"
    warning: Revision b2b2 is present more than once
      × Branch name 'shop' in revision b2b2 already used by revision b2b2
        ╭─[{P}/migrations/versions/002_b2b2.py:15:1]
     14 │ down_revision = None
     15 │ branch_labels = ('shop',)
        · ────────────┬────────────
        ·             ╰── declared a second time
     16 │ depends_on = None
        ╰────
      help: two scripts are called `b2b2`: give the newer one another identifier

    Advice: 
      ☞ `shop` is taken by `b2b2`
        ╭─[{P}/migrations/versions/001_b2b2.py:15:1]
     14 │ down_revision = None
     15 │ branch_labels = ('shop',)
        · ─────────────────────────
     16 │ depends_on = None
        ╰────
    ");
}

#[test]
fn a_label_of_the_script_that_another_one_replaces() {
    let context = letters("a1a1[shop], b2b2[shop]");
    let text = context.project().read("migrations/versions/001_b2b2.py");
    let text = text.replace("branch_labels = ('shop',)", "branch_labels = None");
    context.project().write("migrations/versions/002_b2b2.py", text);
    let report = report(&context, &["history"]);
    assert!(report.contains("{P}/migrations/versions/001_b2b2.py:15:1"), "{report}");
}

#[test]
fn a_parent_that_only_the_replaced_script_misses() {
    let context = letters("a1a1 <- b2b2");
    let text = context.project().read("migrations/versions/001_b2b2.py");
    context.project().write("migrations/versions/002_b2b2.py", &text);
    let text = text.replace("down_revision = 'a1a1'", "down_revision = 'gone'");
    context.project().write("migrations/versions/001_b2b2.py", text);
    // Alembic warns of the identifier alone, and ends with a KeyError.
    assert_snapshot!(report(&context, &["heads"]), @"
    warning: Revision b2b2 is present more than once
      × Revision gone referenced from revision b2b2 is not present
        ╭─[{P}/migrations/versions/001_b2b2.py:14:1]
     13 │ revision = 'b2b2'
     14 │ down_revision = 'gone'
        · ───────────┬──────────
        ·            ╰── no script declares `gone`
     15 │ branch_labels = None
        ╰────
      help: get the script that declares it (is it on another git branch?), or point the line at the revision that should come before
    ");
}
