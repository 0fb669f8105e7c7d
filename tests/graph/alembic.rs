//! Random graphs and questions, answered by the library and by real Alembic's `RevisionMap`.
//!
//! One process of the test environment's Python answers everything. `GRAPH_SEED` and `GRAPH_COUNT` change what is asked.
//! What `oracle.py` is told and answers, as JSON:
//!
//! ```text
//! [{"revisions": [{"id", "down", "depends_on", "labels"}…], "questions": [{"kind", …}…]}…]
//! [{"warnings": […], "refusal": […] | "graph": {…}, "answers": […]}…]
//! ```
//!
//! An error is `{"error": [kind, facts…]}`. Where Alembic ends in some exception of Python, ours is any error; where it
//! never ends, ours names the ring.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use alembic_core::revision::{
    Bound, Found, GraphWarning, Lineage, RevisionError, RevisionIndex, RevisionMap,
};
use alembic_testing::{Revision, Venv};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::{
    generate::{Question, any_graph, interview},
    link::{ids, link},
};

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/graph/oracle.py");

/// A graph and what is asked of it.
struct Interview {
    revisions: Vec<Revision>,
    questions: Vec<Value>,
}

#[test]
fn graphs_are_what_alembic_makes_of_them() {
    let seed = number("GRAPH_SEED", 20_261_122);
    let interviews = interviews(seed, number("GRAPH_COUNT", 800));
    let alembic = ask_alembic(&interviews);
    assert_eq!(alembic.len(), interviews.len());
    let mut seen = Seen::default();
    for (place, (interview, alembic)) in interviews.iter().zip(&alembic).enumerate() {
        let graph = || format!("seed {seed}, graph {place}: {}", told(&interview.revisions));
        seen.compare(interview, alembic, &graph);
    }
    seen.prove_something(interviews.len());
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

fn interviews(seed: u64, count: u64) -> Vec<Interview> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = interview(any_graph());
    let mut next = || strategy.new_tree(&mut runner).expect("nothing is filtered").current();
    let spell = |(revisions, questions): (Vec<Revision>, Vec<Question>)| Interview {
        questions: questions.iter().map(|question| question.told(&revisions)).collect(),
        revisions,
    };
    (0..count).map(|_| spell(next())).collect()
}

fn told(revisions: &[Revision]) -> Value {
    let revision = |it: &Revision| json!({ "id": it.id, "down": it.down, "depends_on": it.depends_on, "labels": it.labels });
    revisions.iter().map(revision).collect()
}

impl Question {
    fn told(&self, revisions: &[Revision]) -> Value {
        match self {
            Self::Find(text) => json!({ "kind": "find", "text": text.spell(revisions) }),
            Self::FindOne(text) => json!({ "kind": "find-one", "text": text.spell(revisions) }),
            Self::Branch(text) => json!({ "kind": "branch", "text": text.spell(revisions) }),
            Self::History(start, end) => {
                let spell = |text: &Option<crate::generate::Text>, default: &str| {
                    let text = text.as_ref().map(|text| text.spell(revisions));
                    text.filter(|text| !text.is_empty()).unwrap_or_else(|| default.to_owned())
                };
                json!({ "kind": "history", "start": spell(start, "base"), "end": spell(end, "heads") })
            }
        }
    }
}

fn ask_alembic(interviews: &[Interview]) -> Vec<Value> {
    let body: Value = interviews
        .iter()
        .map(|it| json!({ "revisions": told(&it.revisions), "questions": it.questions }))
        .collect();
    let mut python = Command::new(Venv::find().python())
        .args(["-I", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test environment has a Python: run cargo xtask test");
    let mut input = python.stdin.take().expect("stdin is piped");
    // Python reads everything before it writes anything: no two pipes wait for each other.
    input.write_all(body.to_string().as_bytes()).expect("Python reads its input");
    drop(input);
    let output = python.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "the oracle failed: {}", output.status);
    serde_json::from_slice(&output.stdout).expect("the oracle answers in JSON")
}

/// What the comparison met: graphs that are all refused, or questions that all fail, would prove nothing.
#[derive(Debug, Default)]
struct Seen {
    refused: usize,
    answered: usize,
    failed: usize,
    endless: usize,
}

impl Seen {
    fn compare(&mut self, interview: &Interview, alembic: &Value, graph: &dyn Fn() -> String) {
        let (linked, warnings) = link(&interview.revisions);
        let map = match linked {
            Ok(map) => map,
            Err(error) => {
                self.refused += 1;
                let expected = &alembic["refusal"];
                assert!(!expected.is_null(), "{}\nours refuses it: {error}", graph());
                let agrees = agrees(&json!({ "error": expected }), Err(&error));
                assert!(agrees, "{}\nalembic: {expected}\nours:    {error}", graph());
                return;
            }
        };
        assert_eq!(alembic["refusal"], Value::Null, "{}\nours makes a map of it", graph());
        assert_eq!(sentences(&map, &warnings), alembic["warnings"], "{}", graph());
        let ours = described(&map);
        assert!(
            ours == alembic["graph"],
            "{}\nalembic: {}\nours:    {ours}",
            graph(),
            alembic["graph"]
        );
        let answers = alembic["answers"].as_array().expect("a list of answers");
        for (question, expected) in interview.questions.iter().zip(answers) {
            let ours = answer(&map, question);
            self.count(expected, ours.is_err());
            assert!(
                agrees(expected, ours.as_ref()),
                "{}\nquestion: {question}\nalembic:  {expected}\nours:     {ours:?}",
                graph()
            );
        }
    }

    fn count(&mut self, expected: &Value, failed: bool) {
        self.answered += usize::from(!failed);
        self.failed += usize::from(failed);
        self.endless += usize::from(expected["error"][0] == "endless");
    }

    fn prove_something(&self, graphs: usize) {
        assert!(self.refused * 20 > graphs && self.refused * 2 < graphs, "{self:?}");
        assert!(self.answered * 2 > self.failed && self.failed * 2 > self.answered, "{self:?}");
    }
}

/// Alembic's warnings about identifiers that are declared twice.
fn sentences(map: &RevisionMap, warnings: &[GraphWarning]) -> Value {
    let twice = warnings.iter().filter_map(|warning| match warning {
        GraphWarning::Duplicate { revision, .. } => Some(map.id(*revision)),
        GraphWarning::MissingParent { .. } => None,
    });
    twice.map(|id| json!(format!("Revision {id} is present more than once"))).collect()
}

/// The map in the oracle's words.
fn described(map: &RevisionMap) -> Value {
    let mut live: Vec<RevisionIndex> = map.live_indices().collect();
    live.sort_by_key(|index| map.id(*index));
    let sorted = |names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    };
    let revision = |index: &RevisionIndex| {
        let reach = |found: fixedbitset::FixedBitSet| {
            sorted(&mut found.ones().map(|index| map.id(RevisionIndex::new(index))))
        };
        json!({
            "id": map.id(*index),
            "children": sorted(&mut map.children(*index).map(|child| map.id(child))),
            "labels": sorted(&mut map.labels(*index)),
            "below": reach(map.ancestors([*index], Lineage::Down)),
            "below_with_dependencies": reach(map.ancestors([*index], Lineage::WithDependencies)),
            "above": reach(map.descendants([*index], Lineage::Down)),
            "above_with_dependencies": reach(map.descendants([*index], Lineage::WithDependencies)),
        })
    };
    json!({
        "heads": ids(map, map.heads().iter().copied()),
        "real_heads": ids(map, map.real_heads().iter().copied()),
        "bases": ids(map, map.bases().iter().copied()),
        "revisions": live.iter().map(revision).collect::<Vec<_>>(),
    })
}

fn answer(map: &RevisionMap, question: &Value) -> Result<Value, RevisionError> {
    let text = |key: &str| question[key].as_str().expect("a text of the question");
    let listed = |found: Vec<RevisionIndex>| json!(ids(map, found));
    let found = |found: &Found| match found {
        Found::Revision(index) => json!(map.id(*index)),
        Found::Base => json!("base"),
        Found::PastBase => Value::Null,
    };
    match text("kind") {
        "find" => Ok(map.find(text("text"))?.iter().map(found).collect()),
        "find-one" => Ok(json!(map.get_revision(text("text"))?.map(|index| map.id(index)))),
        "branch" => {
            let mut live: Vec<RevisionIndex> = map.live_indices().collect();
            live.sort_by_key(|index| map.id(*index));
            Ok(listed(map.filter_for_lineage(&live, text("text"), Lineage::Down)?))
        }
        "history" => Ok(listed(map.history(Bound::Text(text("start")), Bound::Text(text("end")))?)),
        kind => panic!("no question of kind {kind}"),
    }
}

/// Whether our answer is the one that `expected` tells.
fn agrees(expected: &Value, ours: Result<&Value, &RevisionError>) -> bool {
    match (expected.get("error"), ours) {
        (None, Ok(answer)) => answer == expected,
        (Some(expected), Err(error)) => agrees_on_error(expected, error),
        (None, Err(_)) | (Some(_), Ok(_)) => false,
    }
}

fn agrees_on_error(expected: &Value, ours: &RevisionError) -> bool {
    let kind = expected[0].as_str().expect("an error has a kind");
    match (kind, ours) {
        // A label as parent: Alembic stumbles over it wherever it happens to follow it first.
        (_, RevisionError::MissingParent { missing, .. }) if missing == "parent" => true,
        // Python's own exceptions: an assertion, a missing key, an attribute of None.
        ("exception", _) | ("range", RevisionError::RangeNotAncestor { .. }) => true,
        ("endless", RevisionError::Cycle { revisions, .. }) => !revisions.is_empty(),
        ("cycle", RevisionError::Cycle { kind, revisions }) => {
            *expected == json!(["cycle", kind.as_str(), revisions])
        }
        ("heads", RevisionError::MultipleHeads { heads, .. }) => {
            let mut heads = heads.clone();
            heads.sort();
            *expected == json!(["heads", heads])
        }
        ("resolution", RevisionError::Resolution { argument, .. }) => {
            expected[1] == json!(argument)
        }
        ("refused", _) => expected[1] == json!(refusal(ours)),
        _ => false,
    }
}

/// The sentence without what a set may tell in another order.
fn refusal(error: &RevisionError) -> String {
    match error {
        RevisionError::DuplicateLabel { label, revision, used_by } => {
            let (first, second) =
                if revision <= used_by { (revision, used_by) } else { (used_by, revision) };
            format!("Branch name '{label}': {first} {second}")
        }
        RevisionError::Overlap { .. } => "overlap".to_owned(),
        other => other.to_string(),
    }
}
