//! What is wrong with how scripts name each other.

use std::collections::HashMap;
use std::ffi::OsStr;

use super::finding::{Code, Finding};
use super::graph::Gap;
use super::survey::{Survey, Variable};
use crate::near_miss;
use crate::revision::{CycleKind, RevisionError};

/// For so many missing revisions a near one is looked for, which takes a look at
/// every identifier. Where more are missing it is not for slips of the hand.
const MOST_GUESSED: usize = 100;

pub(super) fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    findings.extend(duplicates(survey));
    findings.extend(self_loops(survey));
    findings.extend(taken_labels(survey));
    let files = Files::of(survey);
    let gaps = survey.graph.gaps.iter().enumerate();
    findings.extend(gaps.filter_map(|(number, gap)| missing(survey, &files, number, gap)));
    findings.extend(rings(survey));
}

fn duplicates(survey: &Survey<'_>) -> impl Iterator<Item = Finding> {
    let twice = survey.graph.nodes().iter().filter(|node| node.scripts.len() > 1);
    twice.map(|node| {
        let id = node.id;
        Finding::new(Code::DuplicateRevision, format!("Revision {id} is present more than once"))
            .about([id])
            .at(node.scripts.iter().map(|&script| survey.place_of(script, Variable::Revision)))
            .help(
                "give the newer script another identifier: Alembic takes the last one and forgets \
                 the others",
            )
    })
}

fn self_loops(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, _, declaration) in survey.scripts() {
        let id = &declaration.revision;
        let links = [
            (CycleKind::SelfLoop, &declaration.down_revision, Variable::DownRevision),
            (CycleKind::DependencySelfLoop, &declaration.depends_on, Variable::DependsOn),
        ];
        for (kind, _, variable) in links.iter().filter(|(_, names, _)| names.contains(id)) {
            let error = RevisionError::Cycle { kind: *kind, revisions: vec![id.clone()] };
            let help = match kind {
                CycleKind::SelfLoop => "a revision follows another one, or `None`, but not itself",
                _ => "a revision depends on another one, but not on itself",
            };
            findings.push(
                Finding::of_graph(Code::of_cycle(*kind), &error)
                    .about([id])
                    .at([survey.place_of(index, *variable)])
                    .help(help),
            );
        }
    }
    findings
}

fn taken_labels(survey: &Survey<'_>) -> impl Iterator<Item = Finding> {
    survey.graph.taken_labels.iter().map(|taken| {
        let revision = |script: usize| survey.declaration(script).revision.clone();
        let error = RevisionError::DuplicateLabel {
            label: taken.label.to_owned(),
            revision: revision(taken.script),
            used_by: revision(taken.used_by),
        };
        let of_identifier = survey.declaration(taken.used_by).revision == taken.label;
        let variable = if of_identifier { Variable::Revision } else { Variable::BranchLabels };
        let places = [
            survey.place_of(taken.script, Variable::BranchLabels),
            survey.place_of(taken.used_by, variable),
        ];
        Finding::of_graph(Code::DuplicateLabel, &error)
            .about([revision(taken.script), revision(taken.used_by)])
            .at(places)
            .help("a label belongs to one revision and is no identifier: rename one of the two")
    })
}

/// `None` where a script that cannot be read may be what is missing.
fn missing(
    survey: &Survey<'_>,
    files: &Files<'_>,
    number: usize,
    gap: &Gap<'_>,
) -> Option<Finding> {
    if survey.unreadable.mention(gap.missing) {
        return None;
    }
    let revision = &survey.declaration(gap.script).revision;
    let (name, variable) = if gap.is_dependency {
        ("depends_on", Variable::DependsOn)
    } else {
        ("down_revision", Variable::DownRevision)
    };
    let finding = match files.revision_of(gap.missing) {
        Some(meant) => {
            let message =
                format!("`{name}` of revision `{revision}` is a file's name, `{}`", gap.missing);
            let mut finding = Finding::new(Code::FileNameAsParent, message)
                .help(format!("write the identifier that the file declares: `{meant}`"));
            finding.revisions = vec![revision.clone(), meant.to_owned()];
            finding
        }
        None => not_there(survey, gap, revision, number < MOST_GUESSED),
    };
    Some(finding.at([survey.place_of(gap.script, variable)]))
}

fn not_there(survey: &Survey<'_>, gap: &Gap<'_>, revision: &str, guesses: bool) -> Finding {
    let (missing, referenced_by) = (gap.missing.to_owned(), revision.to_owned());
    let (code, error) = if gap.is_dependency {
        (Code::MissingDependency, RevisionError::MissingDependency { missing, referenced_by })
    } else {
        (Code::MissingParent, RevisionError::MissingParent { missing, referenced_by })
    };
    Finding::of_graph(code, &error).about([revision]).help(help_for_missing(survey, gap, guesses))
}

fn help_for_missing(survey: &Survey<'_>, gap: &Gap<'_>, guesses: bool) -> String {
    let missing = gap.missing;
    if missing.is_empty() {
        return "an empty string is no revision: write `None` for a first one".to_owned();
    }
    if !gap.is_dependency && survey.graph.has_label(missing) {
        return format!("`{missing}` is a label; `down_revision` takes identifiers alone");
    }
    let candidates = survey.graph.ids().filter(|_| guesses);
    match near_miss::best(missing, candidates).as_slice() {
        [] if survey.against.is_none() => {
            "its script is not here: if another git branch has it, `--against REF` takes that \
             branch into account"
                .to_owned()
        }
        [] => "no script declares it; git finds a lost one: `git log --all --oneline -S`, then \
               the identifier"
            .to_owned(),
        near => format!("did you mean {}?", near_miss::list(near)),
    }
}

/// The scripts by the names of their files.
struct Files<'a>(HashMap<&'a OsStr, &'a str>);

impl<'a> Files<'a> {
    fn of(survey: &Survey<'a>) -> Self {
        let mut files = HashMap::new();
        if !survey.graph.gaps.is_empty() {
            for (_, script, declaration) in survey.scripts() {
                let Some(stem) = script.path().file_stem() else { continue };
                files.entry(stem).or_insert(declaration.revision.as_str());
            }
        }
        Self(files)
    }

    /// The revision of the first script that is called so: with or without `.py`, with
    /// or without folders before it.
    fn revision_of(&self, name: &str) -> Option<&'a str> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        self.0.get(OsStr::new(name.strip_suffix(".py").unwrap_or(name))).copied()
    }
}

fn rings(survey: &Survey<'_>) -> Vec<Finding> {
    let rings = survey.graph.rings().into_iter();
    let finding = |(kind, ring): (CycleKind, Vec<usize>)| {
        let ids: Vec<String> =
            ring.iter().map(|&node| survey.graph.node(node).id.to_owned()).collect();
        let (variable, name) = match kind {
            CycleKind::Cycle => (Variable::DownRevision, "down_revision"),
            _ => (Variable::DependsOn, "depends_on"),
        };
        let places: Vec<_> = ring
            .iter()
            .enumerate()
            .map(|(number, &node)| {
                // The first revision of a ring by dependency declares one.
                let variable = if number == 0 { variable } else { Variable::DownRevision };
                survey.place_of(survey.graph.node(node).script(), variable)
            })
            .collect();
        let error = RevisionError::Cycle { kind, revisions: ids.clone() };
        Finding::of_graph(Code::of_cycle(kind), &error).about(ids).at(places).help(format!(
            "none of these revisions can come first: take the newest one out of the `{name}` of \
             an older one"
        ))
    };
    rings.map(finding).collect()
}
