//! `show`.

use insta::assert_snapshot;

use crate::project::{SHOP, TWO_HEADS, letters};

#[test]
fn a_branch_point() {
    assert_snapshot!(letters(SHOP).run(["show", "1b2c3d4e5f60"]), @"
    exit: 0
    --- stdout
    Rev: 1b2c3d4e5f60 (branchpoint)
    Parent: <base>
    Branches into: 3f60aa1290cd, 52de0c9a77b1
    Path: {P}/migrations/versions/000_1b2c3d4e5f60.py

        rev 1b2c3d4e5f60
        
        Revision ID: 1b2c3d4e5f60
        Revises: 
        Create Date: 2024-01-02 03:04:05.678901

    --- stderr
    ");
}

#[test]
fn every_way_to_name_one() {
    let context = letters(SHOP);
    let shown = |name: &str| {
        let output = context.run(["show", name]);
        let rev = |line: &str| line.strip_prefix("Rev: ").map(|rest| rest[..12].to_owned());
        let ids: Vec<String> = output.stdout().lines().filter_map(rev).collect();
        format!("{name} => {} {}", output.code().unwrap(), ids.join(" "))
    };
    let names =
        ["head", "heads", "base", "3f6", "users", "users@head", "billing@head", "-1", "users@-1"];
    assert_snapshot!(names.map(shown).join("\n"), @"
    head => 0 e4c1b9d7a250
    heads => 0 e4c1b9d7a250
    base => 0 
    3f6 => 0 3f60aa1290cd
    users => 0 3f60aa1290cd
    users@head => 0 e4c1b9d7a250
    billing@head => 0 e4c1b9d7a250
    -1 => 255 
    users@-1 => 255
    ");
}

#[test]
fn several_heads() {
    assert_snapshot!(letters(TWO_HEADS).run(["show", "heads"]), @"
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
