//! The graph with letters, a test per shape. Expected orders were taken from
//! Alembic 1.20 on the same graphs.

use super::letters::{ids, map, refusal, try_map};
use super::{Bound, GraphWarning, Lineage, Revision, RevisionError, RevisionMap};

fn history(map: &RevisionMap, range: &str) -> String {
    let (start, end) = range.split_once(':').expect("a range has a colon");
    let or = |text: &'static str, given: &str| {
        if given.is_empty() { text.to_owned() } else { given.to_owned() }
    };
    let (start, end) = (or("base", start), or("heads", end));
    match map.history(Bound::Text(&start), Bound::Text(&end)) {
        Ok(order) => ids(map, &order),
        Err(error) => format!("! {error}"),
    }
}

fn show(map: &RevisionMap, identifier: &str) -> String {
    match map.get_revisions(identifier) {
        Ok(found) => ids(map, &found),
        Err(error) => format!("! {error}"),
    }
}

fn labels(map: &RevisionMap, id: &str) -> String {
    let index = map.by_id(id).expect("the letter is in the graph");
    map.labels(index).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_line() {
    let line = map("a b<a c<b d<c");
    assert_eq!(ids(&line, line.heads()), "d");
    assert_eq!(ids(&line, line.bases()), "a");
    assert_eq!(history(&line, ":"), "d c b a");
    assert_eq!(history(&line, "b:c"), "c b");
    assert_eq!(
        history(&line, "c:b"),
        "! Requested range c:b does not refer to ancestor/descendant revisions along the same branch"
    );
}

#[test]
fn an_empty_map() {
    let empty = map("");
    assert_eq!(history(&empty, ":"), "");
    assert_eq!(show(&empty, "heads"), "");
    assert_eq!(show(&empty, "head"), "");
    assert_eq!(show(&empty, "a"), "! Can't locate revision identified by 'a'");
}

#[test]
fn a_fork_keeps_each_branch_together() {
    let fork = map("a b<a c1<b d1<c1 c2<b d2<c2");
    assert_eq!(history(&fork, ":"), "d1 c1 d2 c2 b a");
    assert!(fork.is_branch_point(fork.by_id("b").unwrap()));
    assert!(
        show(&fork, "head")
            .starts_with("! Multiple head revisions are present for given argument 'head'")
    );
}

#[test]
fn a_merge() {
    let merge = map("a b1<a b2<a c<b1,b2 d<c");
    assert_eq!(history(&merge, ":"), "d c b1 b2 a");
    assert_eq!(history(&merge, ":-1"), "! Relative revision -1 didn't produce 1 migrations");
    assert_eq!(show(&merge, "-1"), "c");
    assert_eq!(show(&merge, "-2"), "! Ambiguous walk");
}

/// As Alembic: the first `a` is a base and a head, so that the identifier counts as reached from both.
#[test]
fn a_replaced_script_speaks_for_its_identifier_in_a_ring() {
    assert_eq!(refusal("a x a<c b<a c<b"), "Cycle is detected in revisions (b, c)");
    // Without a base the whole load order is told, in which `a` has its first place.
    assert_eq!(refusal("a<c x<b a<c b<a c<b"), "Cycle is detected in revisions (a, x, b, c)");
}

#[test]
fn a_replaced_script_needs_its_parents_too() {
    assert_eq!(refusal("a b<x b"), "Revision x referenced from revision b is not present");
}

#[test]
fn symbols_are_replaced_even_where_there_is_nothing_to_filter() {
    let heads = map("a b");
    assert!(history(&heads, ":head@a+1").starts_with("! Multiple head revisions are present"));
    assert_eq!(show(&heads, "@-1"), "");
}

#[test]
fn a_parent_that_is_written_twice_forks_the_way_down() {
    let map = map("a b<a,a");
    assert_eq!(show(&map, "-1"), "! Ambiguous walk");
    assert_eq!(history(&map, ":"), "b a");
}

#[test]
fn a_dependency_makes_effective_heads() {
    let map = map("x1 y1 y2<y1!x1");
    assert_eq!(ids(&map, map.heads()), "x1 y2");
    assert_eq!(ids(&map, map.real_heads()), "y2");
    assert_eq!(history(&map, ":"), "y2 y1 x1");
}

#[test]
fn redundant_dependencies_are_not_walked() {
    let map = map("a1 b1 b2<b1!a1 b3<b2!a1");
    let b3 = map.by_id("b3").unwrap();
    let redundant =
        map.edges(b3).filter(|(_, kind)| *kind == super::EdgeKind::DependsOn { redundant: true });
    assert_eq!(redundant.count(), 1);
    assert_eq!(history(&map, ":"), "b3 b2 b1 a1");
}

/// `b` and `c` make a ring that Alembic lets through, since a base leads to it and a head away from it.
#[test]
fn a_ring_makes_no_dependency_redundant_by_itself() {
    let map = map("x a b<a,c!x c<b d<c e<a!x");
    let redundant = |id| {
        let kinds = map.edges(map.by_id(id).unwrap()).map(|(_, kind)| kind);
        kinds.filter(|kind| *kind == super::EdgeKind::DependsOn { redundant: true }).count()
    };
    assert_eq!((redundant("b"), redundant("e")), (0, 0));
}

#[test]
fn starts_that_overlap_are_named_before_one_that_is_nowhere() {
    // Two down from the heads `c`, `x` and `e`: `a`, past the base, and `d`, on which `a` depends.
    let map = map("d a!d b<a c<b x e0<d e<e0");
    assert_eq!(
        history(&map, "-2:c"),
        "! Requested revision a overlaps with other requested revisions d"
    );
}

#[test]
fn a_dependency_on_a_label() {
    let map = map("a[lib] b<a c d<c!lib");
    let a = map.by_id("a").unwrap();
    let below = map.ancestors([map.by_id("d").unwrap()], Lineage::WithDependencies);
    assert!(below.contains(a.index()));
    assert_eq!(history(&map, ":"), "b d c a");
}

#[test]
fn labels_spread_down_and_up_an_unbranched_line() {
    let line = map("a b<a[x] c<b");
    assert_eq!((labels(&line, "a"), labels(&line, "c")), ("x".into(), "x".into()));
    let fork = map("a b<a[x] c<a");
    assert_eq!((labels(&fork, "a"), labels(&fork, "b")), (String::new(), "x".into()));
}

#[test]
fn prefixes_need_four_characters_to_match() {
    let map = map("abcd1 abce2<abcd1 abc<abce2 xyz9[abcdef]");
    assert_eq!(show(&map, "abce"), "abce2");
    assert_eq!(show(&map, "abc"), "abc");
    assert_eq!(show(&map, "xy"), "xyz9");
    assert_eq!(show(&map, "abcd"), "! Can't locate revision identified by 'abcd'");
    assert_eq!(show(&map, "a"), "! Can't locate revision identified by 'a'");
    assert_eq!(show(&map, ""), "! Can't locate revision identified by ''");
}

#[test]
fn branches_narrow() {
    let map = map("a[left] b<a c[right] d<c");
    assert_eq!(show(&map, "left@head"), "b");
    assert_eq!(show(&map, "right@heads"), "d");
    assert_eq!(show(&map, "left@-1"), "a");
    assert_eq!(show(&map, "left@d"), "! Can't locate revision identified by 'd'");
    assert_eq!(show(&map, "nope@head"), "! Can't locate revision identified by 'nope'");
    assert_eq!(history(&map, "right@base:"), "d c");
}

#[test]
fn relative_ranges() {
    let map = map("a b<a c<b d<c");
    assert_eq!(history(&map, ":+2"), "b a");
    assert_eq!(history(&map, "-2:"), "d c b");
    assert_eq!(history(&map, ":head-1"), "c b a");
    assert_eq!(history(&map, ":b+1"), "c b a");
    assert_eq!(history(&map, ":head-9"), "! Relative revision -9 didn't produce 9 migrations");
    assert_eq!(history(&map, "-9:"), "! Can't locate revision identified by 'heads'");
}

#[test]
fn the_four_kinds_of_cycle() {
    assert_eq!(refusal("a<a"), "Self-loop is detected in revisions (a)");
    assert_eq!(refusal("a!a"), "Dependency self-loop is detected in revisions (a)");
    assert_eq!(refusal("a<c b<a c<b"), "Cycle is detected in revisions (a, b, c)");
    assert_eq!(refusal("a<c b<a c<b x"), "Cycle is detected in revisions (a, b, c)");
    assert_eq!(refusal("a!c b<a c<b"), "Dependency cycle is detected in revisions (a, b, c)");
}

#[test]
fn what_makes_no_graph() {
    assert_eq!(
        refusal("a:b@c+d-e"),
        "Character(s) '+, -, :, @' not allowed in revision identifier 'a:b@c+d-e'"
    );
    assert_eq!(refusal("a[x] b<a[x]"), "Branch name 'x' in revision b already used by revision a");
    assert_eq!(refusal("a b<a[a]"), "Branch name 'a' in revision b already used by revision a");
    assert_eq!(refusal("a b<c"), "Revision c referenced from revision b is not present");
    assert_eq!(refusal("a b<a!c"), "Dependency c of revision b is not present");
}

#[test]
fn a_gap_is_warned_about_before_it_fails() {
    let (result, warnings) = try_map("a b<a,gone");
    assert!(result.is_err());
    let [GraphWarning::MissingParent { missing, head, .. }] = warnings.as_slice() else {
        panic!("one warning: {warnings:?}")
    };
    assert_eq!((missing.as_str(), *head), ("gone", true));
}

#[test]
fn of_two_scripts_with_one_id_the_later_counts() {
    let (result, warnings) = try_map("a b<a b<a");
    let map = result.unwrap();
    assert!(matches!(warnings.as_slice(), [GraphWarning::Duplicate { .. }]));
    assert_eq!(ids(&map, map.heads()), "b b");
    assert_eq!(history(&map, ":"), "b a");
    assert!(show(&map, "head").starts_with("! Multiple head revisions"));
}

#[test]
fn a_range_across_a_dependency_cannot_be_ordered() {
    let map = map("x1 y1 y2<y1!x1 x2<x1");
    assert!(history(&map, "x1:y2").starts_with("! Requested range cannot be put in order"));
}

/// Builds the map where recursion would soon run out of stack.
fn built_on_a_small_stack(revisions: Vec<Revision>) -> Result<RevisionMap, RevisionError> {
    let build = || RevisionMap::new(revisions, &mut Vec::new()).map_err(|refusal| refusal.error);
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(build);
    thread.expect("a thread").join().expect("no panic")
}

#[test]
fn very_many_dependencies_are_compared_at_once() {
    let name = |number: usize| format!("r{number}");
    let revision = |number: usize| {
        let down = number.checked_sub(1).map(name).into_iter().collect();
        let dependencies = if number > 3 { vec![name(number / 2)] } else { Vec::new() };
        Revision::new(name(number), down, dependencies, Vec::new()).unwrap()
    };
    let map = built_on_a_small_stack((0..20_000).map(revision).collect()).unwrap();
    let is_redundant = |number: usize| {
        let index = map.by_id(&name(number)).unwrap();
        map.edges(index).any(|(_, kind)| kind == super::EdgeKind::DependsOn { redundant: true })
    };
    // Of two that declare the same one after the other, the second says nothing new.
    assert_eq!([9_998, 9_999, 19_998, 19_999].map(is_redundant), [false, true, false, true]);
}

#[test]
fn a_long_ring_needs_no_stack() {
    let name = |number: usize| format!("r{number}");
    let revision = |number: usize| {
        let down = vec![name((number + 1) % 20_000)];
        let dependencies = if number % 9_000 == 5 { vec![name(1)] } else { Vec::new() };
        Revision::new(name(number), down, dependencies, Vec::new()).unwrap()
    };
    let error = built_on_a_small_stack((0..20_000).map(revision).collect()).unwrap_err();
    assert!(matches!(error, RevisionError::Cycle { revisions, .. } if revisions.len() == 20_000));
}
