//! `heads`, `branches`, `history`, `show`: Alembic's listings.

use insta::assert_snapshot;

use crate::in_fixture;

#[test]
fn heads() {
    assert_snapshot!(in_fixture("two-heads", &["heads"]), @r#"
    exit: 0
    --- stdout
    c159327f75c0 (head)
    d116c67f8d51 (head)
    --- stderr
    "#);
    assert_snapshot!(in_fixture("effective-head", &["heads"]), @r#"
    exit: 0
    --- stdout
    b6fd1c05cb07 (effective head)
    z261a8e6920b (head)
    --- stderr
    "#);
    assert_snapshot!(in_fixture("effective-head", &["heads", "--resolve-dependencies"]), @r#"
    exit: 0
    --- stdout
    z261a8e6920b (head)
    --- stderr
    "#);
}

#[test]
fn heads_as_json() {
    assert_snapshot!(in_fixture("single", &["heads", "--format", "json"]), @r#"
    exit: 0
    --- stdout
    {
      "version": 1,
      "heads": [
        {
          "revision": "a44d840f7898",
          "path": "migrations/versions/a44d840f7898_only_one.py",
          "repository_path": "migrations/versions/a44d840f7898_only_one.py",
          "line": 11,
          "labels": [],
          "down_revision": [],
          "depends_on": [],
          "message": "only one",
          "effective": false,
          "on_ref": null,
          "only_on_ref": false,
          "git": null
        }
      ]
    }
    --- stderr
    "#);
}

#[test]
fn branches() {
    assert_snapshot!(in_fixture("branch-and-merge", &["branches"]), @r#"
    exit: 0
    --- stdout
    ab7bee544fb2 (branchpoint)
                 -> b1676c34853a
                 -> d0f90d0940e6

    --- stderr
    "#);
    assert_snapshot!(in_fixture("linear", &["branches"]), @r#"
    exit: 0
    --- stdout
    --- stderr
    "#);
}

#[test]
fn history() {
    assert_snapshot!(in_fixture("mixed", &["history"]), @r#"
    exit: 0
    --- stdout
    71cc03e95a10, 88aa40d1f3b9 -> e4c1b9d7a250 (users, billing) (head) (mergepoint), merge users, billing
    3f60aa1290cd -> 71cc03e95a10 (users), widen email
    52de0c9a77b1 (3f60aa1290cd) -> 88aa40d1f3b9 (billing), link accounts
    1b2c3d4e5f60 -> 52de0c9a77b1 (billing), create billing
    1b2c3d4e5f60 -> 3f60aa1290cd (users), add locale
    <base> -> 1b2c3d4e5f60 (branchpoint), init
    --- stderr
    "#);
    assert_snapshot!(in_fixture("mixed", &["history", "--reverse"]), @r#"
    exit: 0
    --- stdout
    <base> -> 1b2c3d4e5f60 (branchpoint), init
    1b2c3d4e5f60 -> 3f60aa1290cd (users), add locale
    1b2c3d4e5f60 -> 52de0c9a77b1 (billing), create billing
    52de0c9a77b1 (3f60aa1290cd) -> 88aa40d1f3b9 (billing), link accounts
    3f60aa1290cd -> 71cc03e95a10 (users), widen email
    71cc03e95a10, 88aa40d1f3b9 -> e4c1b9d7a250 (users, billing) (head) (mergepoint), merge users, billing
    --- stderr
    "#);
}

#[test]
fn history_of_a_range() {
    assert_snapshot!(in_fixture("linear", &["history", "--rev-range=-2:"]), @r#"
    exit: 0
    --- stdout
    dcb7f2fa9eb0 -> e49928355585 (head), add pet birthday
    cf2d4bef8edb -> dcb7f2fa9eb0, widen owner e-mail
    ba729c947b63 -> cf2d4bef8edb, index pets by owner
    --- stderr
    "#);
    assert_snapshot!(in_fixture("linear", &["history", "-r", ":head-3"]), @r#"
    exit: 0
    --- stdout
    a99e8fe0ca18 -> ba729c947b63, create pets
    <base> -> a99e8fe0ca18, create owners
    --- stderr
    "#);
}

#[test]
fn show() {
    assert_snapshot!(in_fixture("mixed", &["show", "88aa"]), @r#"
    exit: 0
    --- stdout
    Rev: 88aa40d1f3b9
    Parent: 52de0c9a77b1
    Also depends on: 3f60aa1290cd
    Branch names: billing
    Path: {P}/migrations/versions/88aa40d1f3b9_link_accounts.py

        link accounts
        
        Revision ID: 88aa40d1f3b9
        Revises: 52de0c9a77b1
        Create Date: 2026-01-13 10:38:00

    --- stderr
    "#);
}

#[test]
fn quiet_says_nothing() {
    assert_snapshot!(in_fixture("mixed", &["-q", "history"]), @r#"
    exit: 0
    --- stdout
    --- stderr
    "#);
    assert_eq!(in_fixture("mixed", &["-q", "show", "nope"]).stdout(), "");
}

#[test]
fn abbreviations_and_joined_letters_are_understood() {
    let spelt = in_fixture("linear", &["history", "--rev-range", "base:head", "--verbose"]);
    let short = in_fixture("linear", &["history", "-vrbase:head"]);
    let cut = in_fixture("linear", &["history", "--rev", "base:head", "--verb"]);
    assert_eq!(spelt.code(), Some(0));
    assert_eq!(short.stdout(), spelt.stdout());
    assert_eq!(cut.stdout(), spelt.stdout());
}
