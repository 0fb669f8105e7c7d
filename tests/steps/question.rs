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
        2 => Just(Rows::Applied(Vec::new())),
        14 => vec(any(), 1..4).prop_map(Rows::Applied),
        2 => vec(any(), 1..4).prop_map(Rows::Any),
        1 => vec(text(false), 1..3).prop_map(Rows::Odd),
    ]
}

/// A target before the graph is known.
#[derive(Debug, Clone)]
enum Target {
    Text(Text),
    Revision(Index),
    /// A revision below a row, or above one.
    Near(Index),
    /// What the command is mostly given, some of it on the branch of a label or revision.
    Common(Option<Index>, Index),
    /// Symbols and steps likewise, fitting or not.
    Symbol(Option<Index>, &'static str),
}

const SYMBOLS: &[&str] = &[
    "head", "heads", "base", "+1", "+2", "-1", "-2", "-3", "+0", "-0", "base+1", "base+0", "head-1",
];

fn target() -> impl Strategy<Value = Target> {
    let branch = |share| prop::option::weighted(share, any::<Index>());
    prop_oneof![
        2 => text(true).prop_map(Target::Text),
        3 => any::<Index>().prop_map(Target::Revision),
        8 => any::<Index>().prop_map(Target::Near),
        8 => (branch(0.25), any::<Index>()).prop_map(|(branch, word)| Target::Common(branch, word)),
        2 => (branch(0.4), select(SYMBOLS)).prop_map(|(branch, word)| Target::Symbol(branch, word)),
    ]
}

/// A graph and a command.
pub(crate) fn triple() -> impl Strategy<Value = (Vec<Revision>, Question)> {
    let kind = prop_oneof![
        4 => Just(Kind::Upgrade),
        5 => Just(Kind::Downgrade),
        2 => Just(Kind::Stamp),
    ];
    let targets = prop_oneof![4 => vec(target(), 1..2), 1 => vec(target(), 1..4)];
    let start = prop::option::weighted(0.8, target());
    let sql = prop::bool::weighted(0.15);
    let colon = prop::bool::weighted(0.01);
    let asked = (kind, rows(), targets, start, sql, colon);
    (sound(), asked).prop_map(|(revisions, (kind, rows, targets, start, sql, colon))| {
        let map = map_of(&revisions);
        let rows = rows.spell(&map, &revisions);
        let start = start.filter(|_| sql).map(|start| {
            let common = if matches!(start, Target::Common(..)) { Kind::Stamp } else { kind };
            Speller { map: &map, revisions: &revisions, rows: &rows, kind: common }.spell(&start)
        });
        // Offline, the start is what the targets are near to.
        let near = start.as_ref().map_or_else(|| rows.clone(), |start| vec![start.clone()]);
        let speller = Speller { map: &map, revisions: &revisions, rows: &near, kind };
        let spell = |target: &Target| {
            let start = start.as_ref().map(|start| format!("{start}:")).unwrap_or_default();
            format!("{start}{}{}", speller.spell(target), if colon { ":" } else { "" })
        };
        let targets = targets.iter().map(spell).collect();
        (revisions, Question { kind, rows, targets, sql })
    })
}

/// What a target is spelt with.
struct Speller<'a> {
    map: &'a RevisionMap,
    revisions: &'a [Revision],
    rows: &'a [String],
    kind: Kind,
}

impl Speller<'_> {
    fn spell(&self, target: &Target) -> String {
        let on = |branch: &Option<Index>, word: &str| {
            let branch = branch.as_ref().and_then(|branch| name(self.map, *branch));
            branch.map(|branch| branch + "@").unwrap_or_default() + word
        };
        let common: &[&str] = match self.kind {
            Kind::Upgrade => &["heads", "heads", "heads", "head", "+1", "+2"],
            Kind::Downgrade => &["base", "base", "-1", "-2", "-3"],
            Kind::Stamp => &["base", "base", "heads", "head"],
        };
        match target {
            Target::Text(text) => text.spell(self.revisions),
            Target::Revision(index) => pick(self.map, &[*index])
                .first()
                .map_or_else(|| "heads".to_owned(), |&revision| self.map.id(revision).to_owned()),
            Target::Near(index) => self.near(*index).unwrap_or_else(|| "base".to_owned()),
            Target::Common(branch, word) => on(branch, common[word.index(common.len())]),
            Target::Symbol(branch, word) => on(branch, word),
        }
    }

    fn near(&self, index: Index) -> Option<String> {
        let rows = self.map.rows(self.rows).ok()?;
        let lineage = Lineage::WithDependencies;
        let mut near = match self.kind {
            Kind::Downgrade => self.map.ancestors(rows.iter().copied(), lineage),
            Kind::Upgrade | Kind::Stamp => self.map.descendants(rows.iter().copied(), lineage),
        };
        for row in rows {
            near.remove(row.index());
        }
        let near: Vec<usize> = near.ones().collect();
        let chosen = near.get(index.index(near.len().max(1)))?;
        Some(self.map.id(RevisionIndex::new(*chosen)).to_owned())
    }
}

/// A label where there is one, else an identifier.
fn name(map: &RevisionMap, index: Index) -> Option<String> {
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
