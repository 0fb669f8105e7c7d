//! Any text as a revision identifier, a branch or a range, in a fixed project.
//!
//! The text may be refused, with a sentence and perhaps near misses. If it is not:
//!
//! * what it stands for are revisions of the map, none of them replaced by a later script;
//! * one revision is what it stands for exactly when a list of one is;
//! * a range lists every revision once, children before parents.
#![no_main]

use std::sync::LazyLock;

use alembic_core::{
    revision::{
        Bound, EdgeKind, Lineage, RevisionError, RevisionIndex, RevisionMap,
        identifier::{HistoryRange, Identifier, Relative},
    },
    script::{ScriptDirectory, ScriptFiles, explain_range},
};
use libfuzzer_sys::fuzz_target;

/// Scripts as the values of their four variables: a branch point and a merge point, two bases, labels, dependencies, ids
/// that begin alike, an id of digits, short ones, one beyond ASCII, one that is declared twice.
const SCRIPTS: &[[&str; 4]] = &[
    ["'ae10'", "None", "None", "None"],
    ["'ae1027a6acf'", "'ae10'", "('users',)", "None"],
    ["'ae10c4d7f1'", "'ae1027a6acf'", "None", "None"],
    ["'1975ea83b712'", "'ae10'", "('billing', 'userland')", "None"],
    ["'20261122'", "('ae10c4d7f1', '1975ea83b712')", "None", "None"],
    ["'b'", "'20261122'", "None", "None"],
    ["'äöüß'", "'20261122'", "None", "None"],
    ["'reports_1'", "None", "('reports',)", "'1975ea83b712'"],
    ["'reports_2'", "'reports_1'", "None", "('users', '1975ea83b712')"],
    ["'twice'", "'reports_2'", "None", "None"],
    ["'twice'", "'reports_1'", "None", "None"],
];

static PROJECT: LazyLock<ScriptDirectory> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, [revision, down, labels, depends]) in SCRIPTS.iter().enumerate() {
        let text = format!(
            "revision = {revision}\ndown_revision = {down}\nbranch_labels = {labels}\ndepends_on = {depends}\n"
        );
        std::fs::write(folder.path().join(format!("{number:02}.py")), text).expect("a small file");
    }
    let files = ScriptFiles::read(&[folder.path().to_owned()], false, &[]);
    ScriptDirectory::link(files).expect("the scripts are a graph")
});

fuzz_target!(|text: &str| {
    let map = PROJECT.map();
    parts_are_parts(text);
    let found = map.find(text);
    if let Err(error) = &found {
        report(error.clone());
    }
    let several = map.get_revisions(text);
    several.iter().flatten().for_each(|&index| is_live(map, index));
    match (map.get_revision(text), several.as_deref()) {
        (Ok(Some(one)), Ok(list)) if found.is_ok() && list.len() == 1 => {
            // `-N` counts steps in a list and is a name by itself.
            assert!(one == list[0] || text.contains('-'));
        }
        (Ok(one), _) => one.into_iter().for_each(|index| is_live(map, index)),
        (Err(error), _) => report(error),
    }
    let all: Vec<RevisionIndex> = map.live_indices().collect();
    for lineage in [Lineage::Down, Lineage::WithDependencies] {
        let related = map.filter_for_lineage(&all, text, lineage);
        related.into_iter().flatten().for_each(|index| is_live(map, index));
    }
    match HistoryRange::parse(text) {
        Ok(range) => {
            lists(map, range.start.unwrap_or("base"), range.end.unwrap_or("heads"));
        }
        Err(error) => drop(explain_range(error).to_string()),
    }
    lists(map, "base", text);
    lists(map, text, "heads");
});

/// What a parser gives is cut out of its input.
fn parts_are_parts(text: &str) {
    let identifier = Identifier::parse(text);
    assert!(identifier.branch.is_none_or(|branch| text.starts_with(branch)));
    if let Some(relative) = Relative::parse(text) {
        assert!(text.contains(relative.text) && relative.text.len() > 1);
        assert!(relative.text.ends_with(relative.magnitude()) || relative.magnitude() == "0");
    }
}

fn is_live(map: &RevisionMap, index: RevisionIndex) {
    assert_eq!(map.by_id(map.id(index)), Some(index));
}

fn lists(map: &RevisionMap, start: &str, end: &str) {
    let order = match map.history(Bound::Text(start), Bound::Text(end)) {
        Ok(order) => order,
        Err(error) => return report(error),
    };
    let mut place = vec![None; map.len()];
    for (number, &index) in order.iter().enumerate() {
        is_live(map, index);
        assert_eq!(place[index.index()].replace(number), None, "listed twice");
    }
    for &index in &order {
        let waits = |kind| !matches!(kind, EdgeKind::DependsOn { redundant: true });
        for (parent, _) in map.edges(index).filter(|&(_, kind)| waits(kind)) {
            let is_later = place[parent.index()].is_none_or(|at| Some(at) > place[index.index()]);
            assert!(is_later, "a parent comes first");
        }
    }
}

/// The sentence and the near misses.
fn report(error: RevisionError) {
    let explained = PROJECT.explain(error);
    assert!(!explained.to_string().is_empty());
}
