//! Random commands: which rows a version table may hold, and where a command is to lead from there.

use alembic_core::revision::{Lineage, RevisionIndex, RevisionMap};
use alembic_testing::Revision;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Value, json};

use crate::{
    generate::{Text, sound, text},
    link::map_of,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Upgrade,
    Downgrade,
    Stamp,
}

/// A command at a version table.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) kind: Kind,
    pub(crate) rows: Vec<String>,
    pub(crate) targets: Vec<String>,
    pub(crate) sql: bool,
}

impl Question {
    pub(crate) fn told(&self) -> Value {
        let kind = match self.kind {
            Kind::Upgrade => "upgrade",
            Kind::Downgrade => "downgrade",
            Kind::Stamp => "stamp",
        };
        json!({ "kind": kind, "rows": self.rows, "targets": self.targets, "sql": self.sql })
    }
}

/// The rows before the graph is known.
#[derive(Debug, Clone)]
enum Rows {
    /// What Alembic leaves when these revisions and all below them have run.
    Applied(Vec<Index>),
    /// Any revisions: a table that somebody has edited.
    Any(Vec<Index>),
    /// A beginning of an identifier, a label, a symbol, a name from nowhere.
    Odd(Vec<Text>),
}

fn rows() -> impl Strategy<Value = Rows> {
    let any = any::<Index>;
    prop_oneof![
        16 => vec(any(), 0..4).prop_map(Rows::Applied),
        2 => vec(any(), 1..4).prop_map(Rows::Any),
        1 => vec(text(false), 1..3).prop_map(Rows::Odd),
    ]
}

/// A target before the graph is known.
#[derive(Debug, Clone)]
enum Target {
    Text(Text),
    /// Symbols and steps, some on the branch of a label or revision.
    Common(Option<Index>, &'static str),
}

const COMMON: &[&str] = &["head", "heads", "base", "+1", "+2", "-1", "-2", "-3", "+0", "-0"];

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        text(true).prop_map(Target::Text),
        (prop::option::weighted(0.4, any::<Index>()), select(COMMON))
            .prop_map(|(branch, word)| Target::Common(branch, word)),
    ]
}

/// A graph and a command.
pub(crate) fn triple() -> impl Strategy<Value = (Vec<Revision>, Question)> {
    let kind = prop_oneof![
        4 => Just(Kind::Upgrade),
        4 => Just(Kind::Downgrade),
        3 => Just(Kind::Stamp),
    ];
    let targets = prop_oneof![3 => vec(target(), 1..2), 1 => vec(target(), 1..4)];
    let start = prop::option::weighted(0.8, target());
    let sql = prop::bool::weighted(0.2);
    let colon = prop::bool::weighted(0.02);
    let asked = (kind, rows(), targets, start, sql, colon);
    (sound(), asked).prop_map(|(revisions, (kind, rows, targets, start, sql, colon))| {
        let map = map_of(&revisions);
        let mut targets: Vec<String> =
            targets.iter().map(|target| target.spell(&map, &revisions)).collect();
        let start = start.filter(|_| sql).map(|start| start.spell(&map, &revisions));
        for target in &mut targets {
            if let Some(start) = &start {
                *target = format!("{start}:{target}");
            }
            if colon {
                *target = format!("{target}:");
            }
        }
        let rows = rows.spell(&map, &revisions);
        (revisions, Question { kind, rows, targets, sql })
    })
}

impl Target {
    fn spell(&self, map: &RevisionMap, revisions: &[Revision]) -> String {
        match self {
            Self::Text(text) => text.spell(revisions),
            Self::Common(branch, word) => {
                let branch = branch.as_ref().and_then(|branch| name(map, branch));
                branch.map(|branch| branch + "@").unwrap_or_default() + word
            }
        }
    }
}

/// A label where there is one, else an identifier.
fn name(map: &RevisionMap, index: &Index) -> Option<String> {
    let labels = map.declared_labels().map(|(label, _)| label.to_owned());
    let ids = map.live_indices().map(|index| map.id(index).to_owned());
    let names: Vec<String> = labels.chain(ids).collect();
    (!names.is_empty()).then(|| index.get(&names).clone())
}

impl Rows {
    fn spell(&self, map: &RevisionMap, revisions: &[Revision]) -> Vec<String> {
        let mut rows = match self {
            Self::Odd(texts) => texts.iter().map(|text| text.spell(revisions)).collect(),
            Self::Any(chosen) => ids(map, pick(map, chosen)),
            Self::Applied(chosen) => {
                let applied = map.ancestors(pick(map, chosen), Lineage::WithDependencies);
                let implied: Vec<RevisionIndex> =
                    applied.ones().flat_map(|at| map.links_down(RevisionIndex::new(at))).collect();
                let rows = applied.ones().map(RevisionIndex::new);
                ids(map, rows.filter(|row| !implied.contains(row)))
            }
        };
        let mut seen = Vec::new();
        rows.retain(|row| {
            let new = !seen.contains(row);
            seen.push(row.clone());
            new
        });
        rows
    }
}

fn pick(map: &RevisionMap, chosen: &[Index]) -> Vec<RevisionIndex> {
    let all: Vec<RevisionIndex> = map.live_indices().collect();
    chosen.iter().filter(|_| !all.is_empty()).map(|index| *index.get(&all)).collect()
}

fn ids(map: &RevisionMap, revisions: impl IntoIterator<Item = RevisionIndex>) -> Vec<String> {
    revisions.into_iter().map(|index| map.id(index).to_owned()).collect()
}
