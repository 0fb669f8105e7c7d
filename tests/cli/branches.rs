//! `branches`.

use insta::assert_snapshot;

use crate::project::{TWO_HEADS, letters};

#[test]
fn verbose() {
    assert_snapshot!(letters(TWO_HEADS).run(["branches", "-v"]), @"
    exit: 0
    --- stdout
    Rev: b2b2b2b2b2b2 (branchpoint)
    Parent: a1a1a1a1a1a1
    Branches into: c3c3c3c3c3c3, d4d4d4d4d4d4
    Path: {P}/migrations/versions/001_b2b2b2b2b2b2.py

        rev b2b2b2b2b2b2
        
        Revision ID: b2b2b2b2b2b2
        Revises: a1a1a1a1a1a1
        Create Date: 2024-01-02 03:04:05.678901

                 -> c3c3c3c3c3c3 (head), rev c3c3c3c3c3c3
                 -> d4d4d4d4d4d4 (head), rev d4d4d4d4d4d4

    --- stderr
    ");
}
