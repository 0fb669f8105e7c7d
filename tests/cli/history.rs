//! `history` as Alembic lists it; drawings and documents have modules of their own.

use insta::assert_snapshot;

use crate::project::letters;

#[test]
fn verbose() {
    assert_snapshot!(letters("a[left] <- b, a <- c{b}").run(["history", "-v"]), @"
    exit: 0
    --- stdout
    Rev: c (head)
    Parent: a
    Also depends on: b
    Branch names: left
    Path: {P}/migrations/versions/002_c.py

        rev c
        
        Revision ID: c
        Revises: a
        Create Date: 2024-01-02 03:04:05.678901

    Rev: b (head)
    Parent: a
    Branch names: left
    Path: {P}/migrations/versions/001_b.py

        rev b
        
        Revision ID: b
        Revises: a
        Create Date: 2024-01-02 03:04:05.678901

    Rev: a (branchpoint)
    Parent: <base>
    Branches into: b, c
    Branch names: left
    Path: {P}/migrations/versions/000_a.py

        rev a
        
        Revision ID: a
        Revises: 
        Create Date: 2024-01-02 03:04:05.678901

    --- stderr
    ");
}

/// The identifiers that a range lists, or the refusal.
fn listed(range: &[&str]) -> String {
    let context = letters("r0aa <- r1aa[line] <- r2aa <- r3aa <- r4aa, x0aa[side] <- x1aa");
    let output = context.run([&["history"], range].concat());
    let id = |line: &str| match line.split_once(" -> ") {
        Some((_, rest)) => rest.split([' ', ',']).next().unwrap_or_default().to_owned(),
        None => line.to_owned(),
    };
    let lines: Vec<String> = output.stdout().lines().map(id).collect();
    format!("{} {}", output.code().unwrap_or(-1), lines.join(" "))
}

#[test]
fn ranges() {
    let ranges: &[&[&str]] = &[
        &["-r", "r1aa:r3aa"],
        &["-rr1:r3"],
        &["-r", ":r1aa"],
        &["-r", "r3aa:"],
        &["-r", "base:side@head"],
        &["-r", "line@base:"],
        &["-r", "r1aa:+2"],
        &["-r", ":r4aa-3"],
        &["-r", "line@r1aa:"],
        &["-r-1:"],
        &["--rev-range=-2:line@head"],
        &["--rev", " r0aa : r1aa "],
        &["-r", "r3aa:r1aa"],
        &["-r", "r1aa"],
        &["-r", "a:b:c"],
        &["-r", ":-2"],
        &["-r", "x0aa:r4aa"],
    ];
    let answers: Vec<String> =
        ranges.iter().map(|range| format!("{} => {}", range.join(" "), listed(range))).collect();
    assert_snapshot!(answers.join("\n"), @"
    -r r1aa:r3aa => 0 r3aa r2aa r1aa
    -rr1:r3 => 0 r3aa r2aa r1aa
    -r :r1aa => 0 r1aa r0aa
    -r r3aa: => 0 r4aa r3aa
    -r base:side@head => 0 x1aa x0aa
    -r line@base: => 0 r4aa r3aa r2aa r1aa r0aa
    -r r1aa:+2 => 0 r3aa r2aa r1aa
    -r :r4aa-3 => 0 r1aa r0aa
    -r line@r1aa: => 0 r4aa r3aa r2aa r1aa
    -r-1: => 0 r4aa r3aa x1aa x0aa
    --rev-range=-2:line@head => 255 FAILED: Requested range -2:line@head does not refer to ancestor/descendant revisions along the same branch
    --rev  r0aa : r1aa  => 255 FAILED: Can't locate revision identified by ' r1aa'
    -r r3aa:r1aa => 255 FAILED: Requested range r3aa:r1aa does not refer to ancestor/descendant revisions along the same branch
    -r r1aa => 255 FAILED: History range requires [start]:[end], [start]:, or :[end]
    -r a:b:c => 255 FAILED: History range 'a:b:c' has more than one colon
    -r :-2 => 255 FAILED: Relative revision -2 didn't produce 2 migrations
    -r x0aa:r4aa => 255 FAILED: Requested range x0aa:r4aa does not refer to ancestor/descendant revisions along the same branch
    ");
}

#[test]
fn no_revisions() {
    assert_snapshot!(letters("").run(["history"]), @"
    exit: 0
    --- stdout
    --- stderr
    ");
}
