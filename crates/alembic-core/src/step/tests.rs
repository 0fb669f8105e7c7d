//! Plans with letters, a test per shape. That random plans are those of real Alembic is the business of `tests/steps`.

use super::{OfflineStamp, Plan, PlanWarning, VersionChange};
use crate::revision::RevisionError;
use crate::revision::letters::map;

type Planned = Result<Plan, RevisionError>;

fn rows(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn upgrade(graph: &str, at: &str, target: &str) -> String {
    told(Plan::upgrade(&map(graph), &rows(at), target))
}

fn downgrade(graph: &str, at: &str, target: &str) -> String {
    told(Plan::downgrade(&map(graph), &rows(at), target))
}

fn stamp(graph: &str, at: &str, targets: &str) -> String {
    let targets: Vec<&str> = targets.split_whitespace().collect();
    told(Plan::stamp(&map(graph), &rows(at), &targets))
}

/// A line for each step: `upgrade a -> b: update: a=b`, rows added with `+`, removed with `-`; then the rows.
fn told(plan: Planned) -> String {
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => return format!("! {error}"),
    };
    let change = |change: &VersionChange| match change {
        VersionChange::Insert { version } => format!("+{version}"),
        VersionChange::Delete { version } => format!("-{version}"),
        VersionChange::Update { from, to } => format!("{from}={to}"),
    };
    let mut lines: Vec<String> = Vec::new();
    for step in plan.steps() {
        let changes: Vec<String> = step.changes().iter().map(change).collect();
        lines.push(format!("{step}: {}: {}", step.movement().as_str(), changes.join(" ")));
    }
    lines.push(format!("[{}]", plan.heads_after().join(" ")));
    lines.join("\n")
}

const LINE: &str = "a b<a c<b";
const FORK: &str = "a b<a[left] c<a[right] d<b e<c";
const MERGE: &str = "a b<a c<a d<b,c";
const DEPENDENCY: &str = "x1 x2<x1 y1 y2<y1!x1";

#[test]
fn up_a_line() {
    let all = "upgrade  -> a: create branch: +a\nupgrade a -> b: update: a=b\nupgrade b -> c: update: b=c\n[c]";
    assert_eq!(upgrade(LINE, "", "head"), all);
    assert_eq!(upgrade(LINE, "a", "+1"), "upgrade a -> b: update: a=b\n[b]");
    assert_eq!(upgrade(LINE, "c", "head"), "[c]");
    assert_eq!(upgrade(LINE, "c", "a"), "[c]");
    assert_eq!(upgrade(LINE, "b", "base"), "[b]");
}

#[test]
fn down_a_line() {
    let all = "downgrade c -> b: update: c=b\ndowngrade b -> a: update: b=a\ndowngrade a -> : delete branch: -a\n[]";
    assert_eq!(downgrade(LINE, "c", "base"), all);
    assert_eq!(downgrade(LINE, "c", "-1"), "downgrade c -> b: update: c=b\n[b]");
    assert_eq!(downgrade(LINE, "b", "b"), "[b]");
    assert_eq!(downgrade(LINE, "", "base"), "[]");
}

#[test]
fn alembics_sentences() {
    let upgrades = [
        ("a", "+9", "Relative revision +9 didn't produce 9 migrations"),
        ("a", "-1", "Relative revision -1 didn't produce 1 migrations"),
        ("a", "nope", "Can't locate revision identified by 'nope'"),
        ("gone", "head", "Can't locate revision identified by 'gone'"),
        ("a", "a:c", "Range revision not allowed"),
        ("a c", "head", "Requested revision c overlaps with other requested revisions a"),
    ];
    for (at, target, sentence) in upgrades {
        assert_eq!(upgrade(LINE, at, target), format!("! {sentence}"), "upgrade {target} at {at}");
    }
    let downgrades = [
        ("a", "c", "Destination c is not a valid downgrade target from current head(s)"),
        ("c", "-9", "Relative revision -9 didn't produce 9 migrations"),
        ("c", "+1", "Relative revision +1 didn't produce 1 migrations"),
        ("", "-1", "Relative revision -1 didn't produce 1 migrations"),
        ("c", "b-9", "Walked too far"),
        ("c", "base+0", "Walked too far"),
        ("c", "nope", "Can't locate revision identified by 'nope'"),
        ("gone", "base", "Can't locate revision identified by 'gone'"),
        ("c", "c:a", "Range revision not allowed"),
    ];
    for (at, target, sentence) in downgrades {
        assert_eq!(
            downgrade(LINE, at, target),
            format!("! {sentence}"),
            "downgrade {target} at {at}"
        );
    }
}

#[test]
fn a_fork_opens_a_branch() {
    assert_eq!(
        upgrade(FORK, "a", "heads"),
        "upgrade a -> c: update: a=c\nupgrade c -> e: update: c=e\n\
         upgrade a -> b: create branch: +b\nupgrade b -> d: update: b=d\n[d e]"
    );
    assert_eq!(upgrade(FORK, "a", "left@+1"), "upgrade a -> b: update: a=b\n[b]");
    assert_eq!(upgrade(FORK, "a", "+1"), "! Ambiguous walk");
    assert_eq!(upgrade(FORK, "b c", "+1"), "! Ambiguous upgrade from multiple current revisions");
    assert!(upgrade(FORK, "a", "head").contains("for given argument 'head'; please"));
    // The whole target is named, not the part that failed.
    assert!(upgrade(FORK, "a", "head-1").contains("for given argument 'head-1'; please"));
}

#[test]
fn a_branch_goes_back_alone() {
    assert_eq!(
        downgrade(FORK, "d e", "left@a"),
        "downgrade d -> b: update: d=b\ndowngrade b -> a: delete branch: -b\n[e]"
    );
    assert_eq!(downgrade(FORK, "d e", "right@-1"), "downgrade e -> c: update: e=c\n[c d]");
    assert_eq!(
        downgrade("a b<a c<a d e<d", "b c e", "e@a"),
        "! Not a valid downgrade target from current heads"
    );
}

#[test]
fn minus_one_at_several_rows_takes_the_first_and_warns() {
    let (map, at) = (map(FORK), rows("e d"));
    let plan = Plan::downgrade(&map, &at, "-1");
    assert_eq!(plan.as_ref().map(Plan::warnings), Ok(&[PlanWarning::AmbiguousDowngrade][..]));
    assert_eq!(told(plan), "downgrade e -> c: update: e=c\n[c d]");
    assert_eq!(PlanWarning::of_downgrade(&at, "left@-1"), None);
    assert_eq!(PlanWarning::of_downgrade(&rows("e e"), "-1"), None);
}

#[test]
fn a_merge_makes_one_row_of_several() {
    assert_eq!(upgrade(MERGE, "b c", "head"), "upgrade b, c -> d: merge: -b c=d\n[d]");
    assert_eq!(downgrade(MERGE, "d", "-1"), "! Ambiguous walk");
    assert_eq!(
        downgrade(MERGE, "d", "a"),
        "downgrade d -> b, c: unmerge: +b d=c\ndowngrade b -> a: delete branch: -b\n\
         downgrade c -> a: update: c=a\n[a]"
    );
}

#[test]
fn a_dependency_is_implied_by_what_depends_on_it() {
    assert_eq!(
        upgrade(DEPENDENCY, "", "y2"),
        "upgrade  -> x1: create branch: +x1\nupgrade  -> y1: create branch: +y1\n\
         upgrade y1 -> y2: merge: -y1 x1=y2\n[y2]"
    );
    assert_eq!(upgrade(DEPENDENCY, "y2", "x2"), "upgrade x1 -> x2: create branch: +x2\n[x2 y2]");
    assert_eq!(downgrade(DEPENDENCY, "x2 y2", "y1"), "downgrade y2 -> y1: unmerge: y2=y1\n[x2 y1]");
}

#[test]
fn a_stamp_moves_the_rows_of_its_line() {
    assert_eq!(stamp(LINE, "", "head"), "stamp_revision  -> c: create branch: +c\n[c]");
    assert_eq!(stamp(LINE, "c", "a"), "stamp_revision c -> a: update: c=a\n[a]");
    assert_eq!(stamp(LINE, "a", "c"), "stamp_revision a -> c: update: a=c\n[c]");
    assert_eq!(stamp(LINE, "a", "a"), "[a]");
    assert_eq!(stamp(LINE, "a", "base"), "stamp_revision a -> : delete branch: -a\n[]");
    assert_eq!(stamp(FORK, "d e", "a"), "stamp_revision d, e -> a: merge: -d e=a\n[a]");
    assert_eq!(stamp(FORK, "d", "e"), "stamp_revision  -> e: create branch: +e\n[d e]");
    assert_eq!(stamp(FORK, "d e", "left@base"), "stamp_revision d -> : delete branch: -d\n[e]");
    assert_eq!(
        stamp(FORK, "a", "d e"),
        "stamp_revision a -> d: update: a=d\nstamp_revision a -> e: create branch: +e\n[d e]"
    );
    assert_eq!(
        stamp(FORK, "a", "head"),
        "! Multiple heads are present; please specify a single target revision"
    );
    assert_eq!(stamp(LINE, "gone", "head"), "! Can't locate revision identified by 'gone'");
}

#[test]
fn what_alembic_meets_as_an_exception() {
    let twice = stamp(LINE, "", "a a");
    assert!(twice.starts_with("! The version table holds row 'a' already"), "{twice}");
    let graph = "aaaa1 bbbb1<aaaa1 cccc1<bbbb1";
    let partial = downgrade(graph, "bbbb", "base");
    assert!(partial.starts_with("! The version table holds no row 'bbbb1'"), "{partial}");
    // Up, a partial row stays where it is and another one comes: as in Alembic.
    let up = upgrade(graph, "bbbb", "head");
    assert_eq!(up, "upgrade bbbb1 -> cccc1: create branch: +cccc1\n[bbbb cccc1]");
    let between = stamp("a b<a c<b", "a c", "b");
    assert!(between.starts_with("! Cannot stamp b"), "{between}");
}

#[test]
fn rows_that_the_project_does_not_know() {
    let (map, rows) = (map(LINE), rows("a gone c"));
    assert_eq!(map.unknown_rows(&rows), ["gone"]);
}

#[test]
fn offline_starts_where_the_range_says() {
    let (line, fork) = (map(LINE), map(FORK));
    let up = |range| told(Plan::offline_upgrade(&line, range));
    let down = |range| told(Plan::offline_downgrade(&line, range));
    assert_eq!(up("b:head"), "upgrade b -> c: update: b=c\n[c]");
    assert_eq!(up("base:a"), "upgrade  -> a: create branch: +a\n[a]");
    assert_eq!(up("a"), up("base:a"));
    assert_eq!(up("a:b:c"), "! Range 'a:b:c' has more than one colon");
    assert_eq!(up(":b"), "! Can't locate revision identified by ''");
    assert_eq!(down("head:b"), "downgrade c -> b: update: c=b\n[b]");
    assert_eq!(down("base"), "! downgrade with --sql requires <fromrev>:<torev>");
    let stamped = |targets: &[&str]| told(Plan::offline_stamp(&fork, targets));
    assert_eq!(stamped(&["a:left@head"]), "stamp_revision a -> d: update: a=d\n[d]");
    assert_eq!(
        stamped(&["a:d", "b:e"]),
        "! Stamp operation with --sql only supports a single starting revision at a time"
    );
    let shared = OfflineStamp::parse(&["d", "a:e"]).unwrap();
    assert_eq!((shared.start, shared.targets), (Some("a"), vec!["d", "e"]));
}

#[test]
fn a_step_says_where_offline_mode_creates_the_table() {
    let plan = Plan::upgrade(&map(LINE), &[], "b").unwrap();
    let empty: Vec<bool> = plan.steps().iter().map(super::Step::starts_from_nothing).collect();
    assert_eq!(empty, [true, false]);
    assert_eq!(plan.steps()[1].log_message("doc"), "Running upgrade a -> b, doc");
    assert_eq!(plan.steps()[1].log_message(""), "Running upgrade a -> b");
}
