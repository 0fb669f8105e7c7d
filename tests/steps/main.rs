//! Plans of upgrade, downgrade and stamp against real Alembic, over random graphs, rows and targets.
//!
//! One process of the test environment's Python answers everything. `STEPS_SEED` and `STEPS_COUNT` change what is asked.
//! What `oracle.py` is told and answers, as JSON:
//!
//! ```text
//! [{"revisions": [{"id", "down", "depends_on", "labels"}…], "questions": [{"kind", "rows", "targets", "sql"}…]}…]
//! [[{"steps": […], "heads": […]} | {"refused": sentence} | {"exception": text}, each with "warnings"…]…]
//! ```
//!
//! Where Alembic ends in an exception of Python, ours is any error.

#[path = "../graph/generate.rs"]
#[expect(
    dead_code,
    reason = "broken graphs and questions about them belong to the tests of the graph"
)]
mod generate;
#[path = "../graph/link.rs"]
#[expect(dead_code, reason = "plans are told with identifiers already")]
mod link;
mod question;

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use alembic_core::{
    revision::{ResolutionFailure, RevisionError, RevisionMap},
    step::{Plan, PlanWarning, Step, StepKind, VersionChange},
};
use alembic_testing::{Revision, Venv};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::{
    link::map_of,
    question::{Kind, Question, triple},
};

const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/steps/oracle.py");

/// How many differences a failure shows.
const SHOWN: usize = 6;

#[test]
fn plans_are_what_alembic_runs() {
    let seed = number("STEPS_SEED", 20_261_122);
    let triples = triples(seed, number("STEPS_COUNT", 1_000));
    let alembic = ask_alembic(&triples);
    assert_eq!(alembic.len(), triples.len());
    let mut seen = Seen::default();
    let mut different = Vec::new();
    for (place, ((revisions, question), expected)) in triples.iter().zip(&alembic).enumerate() {
        let ours = answer(&map_of(revisions), question);
        let expected = &expected[0];
        seen.count(expected);
        if !agrees(expected, &ours) && !row_leads_nowhere(question, &ours.0) {
            different.push(format!(
                "seed {seed}, triple {place}: {}\nquestion: {}\nalembic:  {expected}\nours:     {ours:?}",
                told(revisions),
                question.told(),
            ));
        }
    }
    let shown = different.len().min(SHOWN);
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different[..shown].join("\n\n")
    );
    seen.prove_something(triples.len());
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect(variable))
}

fn triples(seed: u64, count: u64) -> Vec<(Vec<Revision>, Question)> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = triple();
    let mut next = || strategy.new_tree(&mut runner).expect("nothing is filtered").current();
    (0..count).map(|_| next()).collect()
}

fn told(revisions: &[Revision]) -> Value {
    let revision = |it: &Revision| json!({ "id": it.id, "down": it.down, "depends_on": it.depends_on, "labels": it.labels });
    revisions.iter().map(revision).collect()
}

fn ask_alembic(triples: &[(Vec<Revision>, Question)]) -> Vec<Value> {
    let body: Value = triples
        .iter()
        .map(|(revisions, question)| json!({ "revisions": told(revisions), "questions": [question.told()] }))
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

/// What the comparison met: questions that are all refused, or that all have nothing to do, would prove nothing.
#[derive(Debug, Default)]
struct Seen {
    moved: usize,
    /// Plans in which some step takes more than one change, or adds or removes a row.
    branched: usize,
    still: usize,
    refused: usize,
    exceptions: usize,
    warned: usize,
}

impl Seen {
    fn count(&mut self, expected: &Value) {
        let steps = expected["steps"].as_array().map_or(&[][..], Vec::as_slice);
        let changes = |step: &Value| step["changes"].as_array().map_or(0, Vec::len);
        self.moved += usize::from(!steps.is_empty());
        self.branched += usize::from(steps.iter().any(|step| changes(step) > 1));
        self.still += usize::from(steps.is_empty() && expected.get("steps").is_some());
        self.refused += usize::from(expected.get("refused").is_some());
        self.exceptions += usize::from(expected.get("exception").is_some());
        self.warned += usize::from(expected["warnings"] != json!([]));
    }

    fn prove_something(&self, triples: usize) {
        let enough = self.moved * 4 > triples
            && self.branched * 40 > triples
            && self.refused * 10 > triples
            && self.exceptions * 5 < triples
            && self.warned * 200 > triples;
        assert!(enough, "{self:?}");
    }
}

/// Our plan in the oracle's words, with the warnings beside it.
fn answer(map: &RevisionMap, question: &Question) -> (Result<Value, RevisionError>, Vec<String>) {
    let Question { kind, rows, targets, sql } = question;
    let names: Vec<&str> = targets.iter().map(String::as_str).collect();
    let target = names[0];
    let plan = match (kind, sql) {
        (Kind::Upgrade, false) => Plan::upgrade(map, rows, target),
        (Kind::Upgrade, true) => Plan::offline_upgrade(map, target),
        (Kind::Downgrade, false) => Plan::downgrade(map, rows, target),
        (Kind::Downgrade, true) => Plan::offline_downgrade(map, target),
        (Kind::Stamp, false) => Plan::stamp(map, rows, &names),
        (Kind::Stamp, true) => Plan::offline_stamp(map, &names),
    };
    let warning = match (kind, sql, &plan) {
        (Kind::Downgrade, false, _) => PlanWarning::of_downgrade(rows, target),
        _ => None,
    };
    if let Ok(plan) = &plan {
        assert_eq!(plan.warnings(), warning.as_slice(), "a plan has its warnings");
    }
    (plan.map(|plan| described(map, &plan)), warning.iter().map(PlanWarning::to_string).collect())
}

fn described(map: &RevisionMap, plan: &Plan) -> Value {
    let change = |change: &VersionChange| match change {
        VersionChange::Insert { version } => json!(["insert", version]),
        VersionChange::Delete { version } => json!(["delete", version]),
        VersionChange::Update { from, to } => json!(["update", to, from]),
    };
    let step = |step: &Step| {
        let doc = if step.kind() == StepKind::Stamp { "" } else { "doc" };
        json!({
            "log": step.log_message(doc).trim_start_matches("Running "),
            "revision": step.revision().map(|index| map.id(index)),
            "changes": step.changes().iter().map(change).collect::<Vec<_>>(),
            "from_nothing": step.starts_from_nothing(),
        })
    };
    let steps: Vec<Value> = plan.steps().iter().map(step).collect();
    json!({ "steps": steps, "heads": plan.heads_after() })
}

/// Whether our answer is the one that `expected` tells.
fn agrees(
    expected: &Value,
    (ours, warnings): &(Result<Value, RevisionError>, Vec<String>),
) -> bool {
    match ours {
        Ok(plan) => {
            expected["warnings"] == json!(warnings)
                && expected["steps"] == plan["steps"]
                && expected["heads"] == plan["heads"]
        }
        Err(RevisionError::Overlap { .. }) => expected["refused"] == "overlap",
        Err(error) => {
            // With a target that leads nowhere, Alembic may end before it warns.
            expected.get("exception").is_some()
                || expected["refused"] == error.to_string()
                    && expected["warnings"] == json!(warnings)
        }
    }
}

/// Whether ours refuses a row such as `-2`, which is no revision. Alembic sees that only where it needs the revision, and
/// may find another fault before.
fn row_leads_nowhere(question: &Question, ours: &Result<Value, RevisionError>) -> bool {
    let Err(RevisionError::Resolution { argument, failure: ResolutionFailure::NotARevision }) =
        ours
    else {
        return false;
    };
    question.rows.contains(argument)
}
