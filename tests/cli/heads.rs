//! `heads`; `heads --check` has a test binary of its own.

use insta::assert_snapshot;

use crate::project::{TWO_HEADS, letters};

#[test]
fn verbose() {
    assert_snapshot!(letters(TWO_HEADS).run(["heads", "-v"]), @"
    exit: 0
    --- stdout
    Rev: c3c3c3c3c3c3 (head)
    Parent: b2b2b2b2b2b2
    Path: {P}/migrations/versions/002_c3c3c3c3c3c3.py

        rev c3c3c3c3c3c3
        
        Revision ID: c3c3c3c3c3c3
        Revises: b2b2b2b2b2b2
        Create Date: 2024-01-02 03:04:05.678901

    Rev: d4d4d4d4d4d4 (head)
    Parent: b2b2b2b2b2b2
    Path: {P}/migrations/versions/003_d4d4d4d4d4d4.py

        rev d4d4d4d4d4d4
        
        Revision ID: d4d4d4d4d4d4
        Revises: b2b2b2b2b2b2
        Create Date: 2024-01-02 03:04:05.678901

    --- stderr
    ");
}

#[test]
fn no_revisions() {
    assert_snapshot!(letters("").run(["heads"]), @"
    exit: 0
    --- stdout
    --- stderr
    ");
}
