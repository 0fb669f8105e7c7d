//! The rules on graphs made of letters.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use python_static::Project;

use super::{CheckOptions, CheckReport, Code, Facts, Survey};
use crate::git::{Commit, FileFacts, FileState};
use crate::script::{self, ScriptFiles};

/// `id<parent,parent!dependency[label,label]` as a script of the name `id.py`.
fn source(word: &str) -> (String, String) {
    let (word, labels) = match word.split_once('[') {
        Some((word, labels)) => (word, labels.trim_end_matches(']')),
        None => (word, ""),
    };
    let (word, dependencies) = word.split_once('!').unwrap_or((word, ""));
    let (id, down) = word.split_once('<').unwrap_or((word, ""));
    let tuple = |text: &str| {
        let mut items = String::new();
        for item in text.split(',').filter(|item| !item.is_empty()) {
            write!(items, "'{item}', ").expect("a string takes everything");
        }
        format!("({items})")
    };
    let text = format!(
        "\nrevision = '{id}'\ndown_revision = {}\nbranch_labels = {}\ndepends_on = {}\n",
        tuple(down),
        tuple(labels),
        tuple(dependencies)
    );
    (id.to_owned(), text)
}

fn files(scripts: &[(String, String)]) -> ScriptFiles {
    let mut files = ScriptFiles::default();
    let project = Project::new([]);
    for (name, text) in scripts {
        let path = PathBuf::from(format!("/versions/{name}.py"));
        match script::parse(&path, text.clone().into_bytes(), &project) {
            Ok(script) => files.scripts.push(script),
            Err(problem) => files.problems.push((files.scripts.len(), problem)),
        }
    }
    files
}

fn letters(text: &str) -> ScriptFiles {
    let scripts: Vec<_> = text.split_whitespace().map(source).collect();
    files(&scripts)
}

fn check_with(files: &ScriptFiles, options: CheckOptions, facts: Facts) -> CheckReport {
    Survey::new(files, options, None).report(facts)
}

fn heads(report: &CheckReport) -> String {
    let ids: Vec<_> = report.heads.iter().map(|head| head.revision.as_str()).collect();
    ids.join(" ")
}

/// Every finding as `code: message`.
fn found(report: &CheckReport) -> Vec<String> {
    let line = |finding: &super::Finding| format!("{}: {}", finding.code.as_str(), finding.message);
    report.findings.iter().map(line).collect()
}

fn check(text: &str) -> CheckReport {
    check_with(&letters(text), CheckOptions::default(), Facts::new())
}

fn help(report: &CheckReport) -> Vec<String> {
    report.findings.iter().flat_map(|f| &f.help).map(ToString::to_string).collect()
}

#[test]
fn one_head_is_fine() {
    let report = check("a b<a c<b");
    assert_eq!(heads(&report), "c");
    assert!(report.findings.is_empty());
    assert!(check("").findings.is_empty());
}

#[test]
fn two_heads() {
    let report = check("a b<a c<a");
    assert_eq!(found(&report), ["multiple-heads: 2 heads, expected 1"]);
    assert_eq!(report.findings[0].common_ancestors[0].revision.as_deref(), Some("a"));
    assert_eq!(
        help(&report),
        [
            "keep history linear: alembic-rs rebase c --onto b",
            "keep both as they are: alembic-rs merge -m \"merge heads\" b c",
        ]
    );
}

#[test]
fn a_line_moves_by_its_lowest_revision() {
    let report = check("a b<a x1<a x2<x1 x3<x2");
    assert_eq!(help(&report)[0], "keep history linear: alembic-rs rebase x1 --onto b");
    let report = check("a b<a x1<a x2<a x3<x1,x2");
    assert_eq!(
        help(&report),
        ["keep both as they are: alembic-rs merge -m \"merge heads\" b x3"],
        "two revisions would have to move"
    );
}

#[test]
fn what_stays_may_depend_on_what_would_move() {
    let report = check("a x1<a x2<x1 b<a!x1 c<b");
    assert_eq!(help(&report)[0], "keep history linear: alembic-rs rebase b --onto x2");
    let kept = check("a b<a!x1 c<b x1<a x2<x1");
    assert_eq!(help(&kept), ["keep both as they are: alembic-rs merge -m \"merge heads\" c x2"]);
}

#[test]
fn three_heads_one_after_the_other() {
    let report = check("a b<a c<a d<c e<c");
    assert_eq!(found(&report), ["multiple-heads: 3 heads, expected 1"]);
    assert_eq!(
        help(&report),
        [
            "keep history linear: alembic-rs rebase c --onto b",
            "keep history linear: alembic-rs rebase e --onto d",
            "keep all as they are: alembic-rs merge -m \"merge heads\" b d e",
        ]
    );
}

#[test]
fn unrelated_heads_are_meant_perhaps() {
    let report = check("a b<a x y<x");
    assert!(report.findings[0].common_ancestors.is_empty());
    assert_eq!(
        help(&report),
        [
            "keep both as they are: alembic-rs merge -m \"merge heads\" b y",
            "both on purpose: alembic-rs heads --check --allow 2",
        ]
    );
    let report = check("r a<r[left] b<r[right]");
    assert_eq!(help(&report)[2], "both on purpose: alembic-rs heads --check --per-label");
}

#[test]
fn nearest_common_ancestor_of_several() {
    let common = |text| {
        let report = check(text);
        let common = &report.findings[0].common_ancestors;
        common.iter().filter_map(|place| place.revision.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(common("a b<a c<b d<b e<a"), "a");
    assert_eq!(common("a b<a c<a d<b,c e<b,c"), "b c");
}

#[test]
fn allowing_more() {
    let allow = |allow| CheckOptions { allow, ..CheckOptions::default() };
    let files = letters("a l1<a r1<a l2<l1 l3<l1");
    assert!(check_with(&files, allow(3), Facts::new()).findings.is_empty());
    let report = check_with(&files, allow(2), Facts::new());
    assert_eq!(found(&report), ["multiple-heads: 3 heads, expected at most 2"]);
    assert_eq!(
        help(&report),
        [
            "keep history linear: alembic-rs rebase l3 --onto l2",
            "keep both as they are: alembic-rs merge -m \"merge heads\" l2 l3",
        ]
    );
}

#[test]
fn counting_per_label() {
    let options = CheckOptions { per_label: true, ..CheckOptions::default() };
    let run = |text: &str| found(&check_with(&letters(text), options, Facts::new()));
    assert!(run("r a<r[users] b<r[billing] c<r").is_empty());
    assert_eq!(
        run("r a<r[users] a1<a a2<a b<r[billing] c<r d<r"),
        [
            "multiple-heads: 2 heads on branch `users`, expected 1",
            "multiple-heads: 2 heads without a branch label, expected 1",
        ]
    );
    assert_eq!(run("r[all] a<r b<r"), ["multiple-heads: 2 heads on branch `all`, expected 1"]);
}

#[test]
fn dependencies_count_on_request() {
    let files = letters("a x b<a!x");
    let report = check_with(&files, CheckOptions::default(), Facts::new());
    assert_eq!(heads(&report), "x b");
    assert!(report.heads[0].is_depended_on);
    let options = CheckOptions { resolve_dependencies: true, ..CheckOptions::default() };
    assert_eq!(heads(&check_with(&files, options, Facts::new())), "b");
}

fn committed(time: i64) -> FileFacts {
    let commit = Commit { id: "4f2e9c1".to_owned(), date: "2026-11-03".to_owned(), time };
    let author = Some("bob".to_owned());
    FileFacts { state: FileState::Committed, author, commit: Some(commit) }
}

#[test]
fn the_newest_one_moves() {
    let facts = |b: FileFacts, c: FileFacts| {
        Facts::from([
            (Path::new("/versions/b.py").to_owned(), b),
            (Path::new("/versions/c.py").to_owned(), c),
        ])
    };
    let files = letters("a b<a c<a");
    let moved = |facts| {
        let report = check_with(&files, CheckOptions::default(), facts);
        report.findings[0].revisions[1].clone()
    };
    assert_eq!(moved(facts(committed(2), committed(1))), "b");
    assert_eq!(moved(facts(committed(1), committed(2))), "c");
    let staged = FileFacts { state: FileState::Staged, author: None, commit: None };
    assert_eq!(moved(facts(staged.clone(), committed(9))), "b");
    let unknown = FileFacts { state: FileState::Committed, author: None, commit: None };
    assert_eq!(moved(facts(committed(2), unknown)), "b");
    assert_eq!(moved(Facts::new()), "c");
}

#[test]
fn one_identifier_twice() {
    let mut scripts: Vec<_> = "a b<a b<a c<b".split_whitespace().map(source).collect();
    scripts[2].0 = "b2".to_owned();
    let report = check_with(&files(&scripts), CheckOptions::default(), Facts::new());
    assert_eq!(found(&report), ["duplicate-revision: Revision b is present more than once"]);
    let paths: Vec<_> = report.findings[0].places.iter().map(|p| p.path.as_path()).collect();
    assert_eq!(paths, [Path::new("/versions/b.py"), Path::new("/versions/b2.py")]);
    assert_eq!(report.findings[0].places[0].line, Some(2));
    let scripts = files(&scripts);
    assert_eq!(Survey::new(&scripts, CheckOptions::default(), None).disputed().len(), 2);
}

#[test]
fn a_script_that_does_not_count_still_follows() {
    let mut scripts: Vec<_> = "a b<a x<b x<a".split_whitespace().map(source).collect();
    scripts[3].0 = "x2".to_owned();
    let report = check_with(&files(&scripts), CheckOptions::default(), Facts::new());
    assert_eq!(heads(&report), "x", "b has a child, though Alembic forgets it");
}

#[test]
fn gaps() {
    assert_eq!(
        found(&check("a b<gone c<b!lost")),
        [
            "missing-parent: Revision gone referenced from revision b is not present",
            "missing-dependency: Dependency lost of revision c is not present",
            "multiple-heads: 2 heads, expected 1",
        ]
    );
    let report = check("ae1027a6 b<ae1027a7");
    assert_eq!(help(&report)[0], "did you mean `ae1027a6`?");
    let report = check("a[blue] b<blue");
    assert_eq!(help(&report)[0], "`blue` is a label; `down_revision` takes identifiers alone");
    assert_eq!(found(&check("a[blue] b<a!blue")), Vec::<String>::new());
}

#[test]
fn file_names_as_parents() {
    let mut scripts: Vec<_> = "a b<0018_orders".split_whitespace().map(source).collect();
    scripts[0].0 = "0018_orders".to_owned();
    for name in ["0018_orders", "0018_orders.py", "versions/0018_orders.py"] {
        scripts[1].1 = format!("revision = 'b'\ndown_revision = '{name}'\n");
        let report = check_with(&files(&scripts), CheckOptions::default(), Facts::new());
        assert_eq!(
            found(&report)[0],
            format!(
                "file-name-as-parent: `down_revision` of revision `b` is a file's name, `{name}`"
            )
        );
        assert_eq!(help(&report)[0], "write the identifier that the file declares: `a`");
        assert_eq!(report.findings[0].places[0].path, Path::new("/versions/b.py"));
    }
}

#[test]
fn rings() {
    assert_eq!(found(&check("a<c b<a c<b")), ["cycle: Cycle is detected in revisions (a, c, b)"]);
    assert_eq!(
        found(&check("r a<r,c b<a c<b d<c e<f f<e")),
        [
            "cycle: Cycle is detected in revisions (a, c, b)",
            "cycle: Cycle is detected in revisions (e, f)",
        ],
        "what hangs on a ring is no part of it"
    );
    assert_eq!(
        found(&check("a!c b<a c<b")),
        ["dependency-cycle: Dependency cycle is detected in revisions (a, c, b)"]
    );
    assert_eq!(
        found(&check("r a<r!y b<a x<r!b y<x")),
        [
            "dependency-cycle: Dependency cycle is detected in revisions (a, y, x, b)",
            "multiple-heads: 2 heads, expected 1",
        ]
    );
    assert_eq!(
        found(&check("a<a b<a!b")),
        [
            "self-loop: Self-loop is detected in revisions (a)",
            "self-loop: Dependency self-loop is detected in revisions (b)",
        ]
    );
}

#[test]
fn identifiers() {
    let long = "add_invoices_and_refunds_for_2026";
    assert_eq!(
        found(&check(&format!("a-b+c a1b2c3d4e5f6<a-b+c {long}<a1b2c3d4e5f6"))),
        [
            "illegal-characters: Character(s) '+, -' not allowed in revision identifier 'a-b+c'"
                .to_owned(),
            format!(
                "long-identifier: revision identifier `{long}` has 33 characters, and \
                 alembic_version holds 32"
            ),
            "placeholder-identifier: revision identifier `a1b2c3d4e5f6` looks typed by hand"
                .to_owned(),
        ]
    );
    assert!(check(&"é".repeat(32)).findings.is_empty(), "characters, not bytes");
}

#[test]
fn labels() {
    assert_eq!(
        found(&check("a[x] b<a[x] c<b[a]")),
        [
            "duplicate-label: Branch name 'x' in revision b already used by revision a",
            "duplicate-label: Branch name 'a' in revision c already used by revision a",
        ]
    );
}

#[test]
fn an_unreadable_script_excuses_what_it_hides() {
    let mut scripts: Vec<_> = "a c<b d<a".split_whitespace().map(source).collect();
    scripts.push(("b_x".to_owned(), "revision = 'b'\ndown_revision = 'd'\nx = = 1\n'".to_owned()));
    let report = check_with(&files(&scripts), CheckOptions::default(), Facts::new());
    assert_eq!(report.findings.len(), 1, "{:?}", found(&report));
    assert_eq!(report.findings[0].code, Code::UnreadableScript);
    assert_eq!(heads(&report), "c");
    assert!(report.is_incomplete());
}

#[test]
fn conflict_markers() {
    let text = "revision = 'b'\n<<<<<<< HEAD\ndown_revision = 'a'\n=======\n\
                down_revision = 'c'\n>>>>>>> main\n";
    let scripts = [source("a"), ("b".to_owned(), text.to_owned())];
    let report = check_with(&files(&scripts), CheckOptions::default(), Facts::new());
    assert_eq!(report.findings[0].places[0].line, Some(2));
    assert_eq!(help(&report), ["git's conflict markers are still in it: finish the merge first"]);
}

#[test]
fn docstrings() {
    let text =
        "\"\"\"m\n\nRevision ID: b\nRevises: z\n\"\"\"\nrevision = 'b'\ndown_revision = 'a'\n";
    let scripts = [source("a"), ("b".to_owned(), text.to_owned())];
    let report = check_with(&files(&scripts), CheckOptions::default(), Facts::new());
    assert_eq!(report.findings[0].code, Code::DocstringMismatch);
}

#[test]
fn a_long_line_needs_no_stack() {
    let mut text = "r0".to_owned();
    for number in 1..10_000 {
        write!(text, " r{number}<r{}", number - 1).expect("a string takes everything");
    }
    assert_eq!(heads(&check(&text)), "r9999");
}

/// Letters of a sound graph: every revision follows, or depends on, earlier ones.
fn sound_letters() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let revision = (prop::collection::vec(0_usize..100, 0..3), 0_usize..100, 0_u8..4, 0_u8..4);
    prop::collection::vec(revision, 1..14).prop_map(|revisions| {
        let mut text = String::new();
        for (number, (parents, dependency, depends, labelled)) in revisions.iter().enumerate() {
            let earlier = |choice: &usize| format!("n{}", choice % number.max(1));
            let mut parents: Vec<_> = parents.iter().filter(|_| number > 0).map(earlier).collect();
            parents.sort_unstable();
            parents.dedup();
            write!(text, "n{number}<{}", parents.join(",")).expect("a string takes everything");
            if *depends == 0 && number > 0 {
                write!(text, "!{}", earlier(dependency)).expect("a string takes everything");
            }
            if *labelled == 0 {
                write!(text, "[l{number}]").expect("a string takes everything");
            }
            text.push(' ');
        }
        text
    })
}

proptest::proptest! {
    #[test]
    fn a_sound_graph_has_the_heads_and_labels_of_the_revision_map(text in sound_letters()) {
        let map = crate::revision::letters::map(&text);
        let files = letters(&text);
        let report = check_with(&files, CheckOptions::default(), Facts::new());
        proptest::prop_assert_eq!(heads(&report), crate::revision::letters::ids(&map, map.heads()));
        for head in &report.heads {
            let index = map.by_id(&head.revision).expect("the map has the head");
            let mut labels: Vec<&str> = map.labels(index).collect();
            labels.sort_unstable();
            proptest::prop_assert_eq!(&head.labels, &labels);
        }
        let others = report.findings.iter().filter(|finding| finding.code != Code::MultipleHeads);
        proptest::prop_assert_eq!(others.count(), 0);
        let options = CheckOptions { resolve_dependencies: true, ..CheckOptions::default() };
        let real = check_with(&files, options, Facts::new());
        proptest::prop_assert_eq!(heads(&real), crate::revision::letters::ids(&map, map.real_heads()));
    }
}
