//! Random graphs and random questions about them.
//!
//! A graph is grown oldest revision first, so that it is sound, and then put in a random load order. What may be wrong
//! with one is added behind: rings, identifiers that are declared twice, and at most one [`Flaw`].

use alembic_testing::Revision;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

/// How identifiers look.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    /// Twelve hexadecimal digits.
    Hexadecimal,
    /// `r0`, `r1`: too short for prefixes, most of them.
    Numbered,
    /// Few different beginnings, so that prefixes are ambiguous.
    Alike,
}

/// One revision before its place in the graph is known.
#[derive(Debug, Clone)]
struct Seed {
    /// Ways to the parents: which of the older revisions, nearer ones more often.
    parents: Vec<Index>,
    dependencies: Vec<Index>,
    /// Depend on a label instead of the revision, where it has one.
    by_label: bool,
    labelled: bool,
    number: u64,
    /// Sort key of the load order.
    place: u16,
}

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    let index = any::<Index>;
    let parents = prop_oneof![
        2 => vec(index(), 0..1),
        10 => vec(index(), 1..2),
        3 => vec(index(), 2..4),
    ];
    let dependencies = prop_oneof![
        6 => vec(index(), 0..1),
        1 => vec(index(), 1..2),
        1 => vec(index(), 2..3),
    ];
    let flags = (prop::bool::weighted(0.3), prop::bool::weighted(0.2));
    let seed = (parents, dependencies, flags, any::<u64>(), any::<u16>());
    let seed = seed.prop_map(|(parents, dependencies, (by_label, labelled), number, place)| Seed {
        parents,
        dependencies,
        by_label,
        labelled,
        number,
        place,
    });
    vec(seed, 0..14)
}

fn spelling() -> impl Strategy<Value = Spelling> {
    select(vec![Spelling::Hexadecimal, Spelling::Numbered, Spelling::Alike])
}

fn identifier(spelling: Spelling, position: usize, number: u64) -> String {
    match spelling {
        Spelling::Hexadecimal => format!("{:010x}{position:02x}", number & 0xff_ffff_ffff),
        Spelling::Numbered => format!("r{position}"),
        Spelling::Alike => {
            let beginning = match number % 3 {
                0 => "aaa",
                1 => "aab",
                _ => "bé",
            };
            format!("{beginning}{position:02}")
        }
    }
}

/// Revisions that make a graph without fault, in load order.
pub(crate) fn sound() -> impl Strategy<Value = Vec<Revision>> {
    (seeds(), spelling()).prop_map(|(seeds, spelling)| {
        let mut grown: Vec<(u16, Revision)> = Vec::with_capacity(seeds.len());
        for (position, seed) in seeds.iter().enumerate() {
            let revision = grow(&grown, seed, identifier(spelling, position, seed.number));
            grown.push((seed.place, revision));
        }
        grown.sort_by_key(|(place, _)| *place);
        grown.into_iter().map(|(_, revision)| revision).collect()
    })
}

/// Adds a revision to those that are there.
fn grow(older: &[(u16, Revision)], seed: &Seed, id: String) -> Revision {
    let mut revision = Revision::new(id);
    if seed.labelled {
        revision.labels.push(format!("label{}", older.len()));
    }
    if older.is_empty() {
        return revision;
    }
    let near = &older[older.len().saturating_sub(4)..];
    for parent in &seed.parents {
        let id = &near[parent.index(near.len())].1.id;
        if !revision.down.contains(id) {
            revision.down.push(id.clone());
        }
    }
    for dependency in &seed.dependencies {
        let target = &older[dependency.index(older.len())].1;
        let label = target.labels.first().filter(|_| seed.by_label);
        let name = label.unwrap_or(&target.id);
        if !revision.depends_on.contains(name) && !revision.down.contains(name) {
            revision.depends_on.push(name.clone());
        }
    }
    revision
}

/// A further link, which may close a ring.
#[derive(Debug, Clone)]
enum Twist {
    Down(Index, Index),
    DependsOn(Index, Index),
    /// A second script with the identifier of the first revision, before or after it, that follows the second.
    Twin(Index, Option<Index>, bool),
}

/// What Alembic refuses. At most one a graph: of several, the order of a Python set would tell which one is named.
#[derive(Debug, Clone)]
enum Flaw {
    MissingParent(Index),
    MissingDependency(Index),
    LabelOfAnother(Index, Index),
    LabelIsIdentifier(Index, Index),
    LabelAsParent(Index, Index),
}

fn twist() -> impl Strategy<Value = Twist> {
    let index = any::<Index>;
    prop_oneof![
        (index(), index()).prop_map(|(of, on)| Twist::Down(of, on)),
        (index(), index()).prop_map(|(of, on)| Twist::DependsOn(of, on)),
        (index(), prop::option::of(index()), any::<bool>())
            .prop_map(|(of, on, first)| Twist::Twin(of, on, first)),
    ]
}

fn flaw() -> impl Strategy<Value = Flaw> {
    let index = any::<Index>;
    prop_oneof![
        index().prop_map(Flaw::MissingParent),
        index().prop_map(Flaw::MissingDependency),
        (index(), index()).prop_map(|(a, b)| Flaw::LabelOfAnother(a, b)),
        (index(), index()).prop_map(|(a, b)| Flaw::LabelIsIdentifier(a, b)),
        (index(), index()).prop_map(|(a, b)| Flaw::LabelAsParent(a, b)),
    ]
}

/// Revisions of which most make a graph, in load order.
pub(crate) fn any_graph() -> impl Strategy<Value = Vec<Revision>> {
    let twists = prop_oneof![5 => vec(twist(), 0..1), 2 => vec(twist(), 1..3)];
    let flaw = prop::option::weighted(0.08, flaw());
    (sound(), twists, flaw).prop_map(|(mut revisions, twists, flaw)| {
        for twist in twists {
            bend(&mut revisions, &twist);
        }
        if let Some(flaw) = flaw {
            spoil(&mut revisions, &flaw);
        }
        revisions
    })
}

fn bend(revisions: &mut Vec<Revision>, twist: &Twist) {
    let count = revisions.len();
    if count == 0 {
        return;
    }
    let id = |revisions: &[Revision], index: &Index| revisions[index.index(count)].id.clone();
    match twist {
        Twist::Down(of, on) => {
            let on = id(revisions, on);
            revisions[of.index(count)].down.push(on);
        }
        Twist::DependsOn(of, on) => {
            let on = id(revisions, on);
            revisions[of.index(count)].depends_on.push(on);
        }
        Twist::Twin(of, on, first) => {
            let mut twin = Revision::new(id(revisions, of));
            twin.down.extend(on.as_ref().map(|on| id(revisions, on)));
            // A script with a label stays half alive in Alembic's map when another one replaces it: its parents have it as
            // a child, but it has no parents. Nobody can want that back.
            let labelled = |it: &Revision| it.id == twin.id && !it.labels.is_empty();
            let first = *first || revisions.iter().any(labelled);
            revisions.insert(if first { 0 } else { count }, twin);
        }
    }
}

fn spoil(revisions: &mut [Revision], flaw: &Flaw) {
    let count = revisions.len();
    if count == 0 {
        return;
    }
    match flaw {
        Flaw::MissingParent(of) => revisions[of.index(count)].down.push("missing".into()),
        Flaw::MissingDependency(of) => revisions[of.index(count)].depends_on.push("missing".into()),
        Flaw::LabelOfAnother(a, b) => {
            revisions[a.index(count)].labels.push("twice".into());
            revisions[b.index(count)].labels.push("twice".into());
        }
        Flaw::LabelIsIdentifier(of, is) => {
            let label = revisions[is.index(count)].id.clone();
            revisions[of.index(count)].labels.push(label);
        }
        Flaw::LabelAsParent(of, is) => {
            revisions[is.index(count)].labels.push("parent".into());
            revisions[of.index(count)].down.push("parent".into());
        }
    }
}

/// A word of an identifier, before the graph is known that gives it its letters.
#[derive(Debug, Clone)]
enum Word {
    Fixed(&'static str),
    Identifier(Index),
    Label(Index),
    /// The first so many characters of an identifier or label.
    Prefix(Index, usize),
}

/// An identifier as it may be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    branch: Option<Word>,
    word: Word,
    steps: Option<i8>,
}

const WORDS: &[&str] = &[
    "head", "heads", "base", "nope", "", "-1", "-2", "-9", "-1_0", " -1", "+1", "1", "r", "missing",
];

fn word() -> impl Strategy<Value = Word> {
    prop_oneof![
        3 => select(WORDS).prop_map(Word::Fixed),
        8 => any::<Index>().prop_map(Word::Identifier),
        2 => any::<Index>().prop_map(Word::Label),
        3 => (any::<Index>(), 1..8_usize).prop_map(|(of, length)| Word::Prefix(of, length)),
    ]
}

/// Absolute identifiers, and relative ones when `relative`.
pub(crate) fn text(relative: bool) -> impl Strategy<Value = Text> {
    let steps = prop::option::weighted(if relative { 0.4 } else { 0.02 }, -4..5_i8);
    (prop::option::weighted(0.3, word()), word(), steps).prop_map(|(branch, word, steps)| Text {
        branch,
        word,
        steps,
    })
}

/// What is asked of a graph.
#[derive(Debug, Clone)]
pub(crate) enum Question {
    /// Which revisions an identifier stands for.
    Find(Text),
    /// Which one it stands for.
    FindOne(Text),
    /// What `history` lists for a range.
    History(Option<Text>, Option<Text>),
    /// Which of all revisions share a branch.
    Branch(Text),
}

pub(crate) fn question() -> impl Strategy<Value = Question> {
    let bound = || prop::option::weighted(0.6, text(true));
    prop_oneof![
        3 => text(false).prop_map(Question::Find),
        2 => text(false).prop_map(Question::FindOne),
        5 => (bound(), bound()).prop_map(|(start, end)| Question::History(start, end)),
        1 => text(false).prop_map(Question::Branch),
    ]
}

/// A graph with questions about it.
pub(crate) fn interview(
    graphs: impl Strategy<Value = Vec<Revision>>,
) -> impl Strategy<Value = (Vec<Revision>, Vec<Question>)> {
    (graphs, vec(question(), 1..24))
}

impl Word {
    fn spell(&self, revisions: &[Revision]) -> String {
        let ids = || revisions.iter().map(|revision| revision.id.as_str());
        let labels: Vec<&str> =
            revisions.iter().flat_map(|revision| &revision.labels).map(String::as_str).collect();
        let pick = |names: &[&str], index: &Index| match names {
            [] => "nothing".to_owned(),
            names => names[index.index(names.len())].to_owned(),
        };
        match self {
            Self::Fixed(text) => (*text).to_owned(),
            Self::Identifier(index) => pick(&ids().collect::<Vec<_>>(), index),
            Self::Label(index) => pick(&labels, index),
            Self::Prefix(index, length) => {
                let names: Vec<&str> = ids().chain(labels.iter().copied()).collect();
                pick(&names, index).chars().take(*length).collect()
            }
        }
    }
}

impl Text {
    /// The text in a project of `revisions`.
    pub(crate) fn spell(&self, revisions: &[Revision]) -> String {
        let branch = self.branch.as_ref().map(|branch| branch.spell(revisions) + "@");
        let steps = self.steps.map(|steps| format!("{steps:+}"));
        branch.unwrap_or_default() + &self.word.spell(revisions) + &steps.unwrap_or_default()
    }
}
