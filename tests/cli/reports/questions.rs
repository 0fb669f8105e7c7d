//! Questions that the graph cannot answer.

use insta::assert_snapshot;

use super::report;
use crate::project::{SHOP, TWO_HEADS, letters};

#[test]
fn no_such_revision() {
    assert_snapshot!(report(&letters(SHOP), &["show", "3f60ab"]), @"
    × Can't locate revision identified by '3f60ab'
    help: did you mean `3f60aa1290cd`?
    ");
    assert_snapshot!(report(&letters(SHOP), &["show", "heds"]), @"
    × Can't locate revision identified by 'heds'
    help: did you mean `heads`?
    ");
    assert_snapshot!(report(&letters(SHOP), &["show", "zzzzzzzz"]), @"
    × Can't locate revision identified by 'zzzzzzzz'
    help: `alembic-rs history` lists what there is
    ");
    assert_snapshot!(report(&letters(""), &["show", "a"]), @"
    × Can't locate revision identified by 'a'
    help: there are no revisions yet
    ");
}

#[test]
fn no_such_branch() {
    assert_snapshot!(report(&letters(SHOP), &["show", "nope@head"]), @"
    × Can't locate revision identified by 'nope'
    help: `alembic-rs history` lists what there is
    ");
}

#[test]
fn not_on_the_branch() {
    assert_snapshot!(report(&letters(SHOP), &["show", "users@52de"]), @"
    × Can't locate revision identified by '52de'
    help: `52de0c9a77b1` exists, but not on that branch
    ");
}

#[test]
fn past_the_base() {
    assert_snapshot!(report(&letters("a1a1 <- b2b2"), &["show", "-5"]), @"
    × Can't locate revision identified by '-5'
    help: it leads to the base or past it, where there is no revision
    ");
}

#[test]
fn a_fork_on_the_way() {
    assert_snapshot!(report(&letters(SHOP), &["show", "-2"]), @"
    × Ambiguous walk
    help: the way forks into `71cc03e95a10`, `88aa40d1f3b9`: name one of them, or LABEL@+N
    ");
}

#[test]
fn ranges() {
    let context = letters(TWO_HEADS);
    assert_snapshot!(report(&context, &["history", "-r", "a1a1"]), @"
    × History range requires [start]:[end], [start]:, or :[end]
    help: such as `-r ae10:head`, `-r :ae10`, `--rev-range=-3:`
    ");
    assert_snapshot!(report(&context, &["history", "-r", "a:b:c"]), @"
    × History range 'a:b:c' has more than one colon
    help: such as `-r ae10:head`, `-r :ae10`, `--rev-range=-3:`
    ");
    assert_snapshot!(report(&context, &["history", "-r", ":-2"]), @"
    × Relative revision -2 didn't produce 2 migrations
    help: the line has fewer revisions that way, or none; numbers count up to an upgrade or the end of a range, down to a downgrade, and from a symbol both ways: `head-2`, `ae10+3`
    ");
    assert_snapshot!(report(&context, &["history", "-r", "c3c3:d4d4"]), @"
    × Requested range c3c3:d4d4 does not refer to ancestor/descendant revisions along the same branch
    help: the start must be an ancestor of the end: exchange them, or use LABEL@ to stay on one branch
    ");
    assert_snapshot!(report(&context, &["history", "-r", "a1a1:+2"]), @"
    × Ambiguous walk
    help: the way forks into `c3c3c3c3c3c3`, `d4d4d4d4d4d4`: name one of them, or LABEL@+N
    ");
    assert_snapshot!(report(&letters("a1a1, b2b2{a1a1}"), &["history", "-r", "a1a1:b2b2"]), @"
    × Requested range cannot be put in order: no target lies among its revisions
    help: the end depends on the start but does not follow it: use `base:` as the start
    ");
}
