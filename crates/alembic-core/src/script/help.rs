//! Where a failure of the graph comes from, and the way out of it.

use std::ops::Range;

use super::declaration::Positions;
use super::directory::ScriptDirectory;
use super::error::{GraphProblem, RelatedPlace, ScriptDirectoryError};
use super::read::Script;
use super::ring::{self, Link};
use crate::near_miss;
use crate::revision::{CycleKind, ResolutionFailure, Revision, RevisionError, RevisionMap};

/// How many related scripts a report shows before it becomes a wall.
const MAX_RELATED: usize = 4;

/// How many names a line of help lists.
const MAX_LISTED: usize = 8;

/// The way out of a script that declares what no revision can be.
pub(super) fn for_declaration(error: &RevisionError) -> Option<String> {
    match error {
        RevisionError::Cycle { kind: CycleKind::SelfLoop, .. } => {
            Some("a revision follows another one, or `None`, but not itself".to_owned())
        }
        RevisionError::Cycle { .. } => {
            Some("a revision depends on another one, but not on itself".to_owned())
        }
        RevisionError::IllegalCharacters { .. } => Some(
            "`@`, `-`, `+` and `:` have a meaning in revision identifiers: rename the revision, \
             and the scripts that follow it"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The statement that a self-loop or an illegal identifier is about.
pub(super) fn declaration_span(positions: &Positions, error: &RevisionError) -> Range<usize> {
    let position = match error {
        RevisionError::Cycle { kind: CycleKind::SelfLoop, .. }
        | RevisionError::MissingParent { .. } => &positions.down_revision,
        RevisionError::Cycle { .. } | RevisionError::MissingDependency { .. } => {
            &positions.depends_on
        }
        _ => &positions.revision,
    };
    widen(position.as_ref())
}

fn widen(range: Option<&Range<u32>>) -> Range<usize> {
    range.map_or(0..0, |range| range.start as usize..range.end as usize)
}

/// A report for scripts that make no graph.
pub(super) fn graph_problem(
    error: RevisionError,
    scripts: &[Script],
    revisions: &[Revision],
) -> GraphProblem {
    let parts = Parts { scripts, revisions };
    let problem = match &error {
        RevisionError::Cycle { kind, .. } => parts.cycle(*kind, &error),
        RevisionError::DuplicateLabel { label, revision, used_by } => {
            parts.duplicate_label(label, revision, used_by, &error)
        }
        RevisionError::MissingParent { missing, referenced_by } => {
            parts.missing(missing, referenced_by, &error, false)
        }
        RevisionError::MissingDependency { missing, referenced_by } => {
            parts.missing(missing, referenced_by, &error, true)
        }
        _ => GraphProblem::bare(error, None),
    };
    problem.shortened()
}

struct Parts<'a> {
    scripts: &'a [Script],
    revisions: &'a [Revision],
}

impl Parts<'_> {
    fn cycle(&self, kind: CycleKind, error: &RevisionError) -> GraphProblem {
        let mut problem = GraphProblem::bare(error.clone(), None);
        let ring = ring::find(self.revisions, kind == CycleKind::DependencyCycle);
        let Some((first, others)) = ring.split_first() else { return problem };
        let script = &self.scripts[first.revision];
        problem.source_text = script.source();
        problem.labels = vec![(self.link_span(first), self.link_sentence(first))];
        let related = others.iter().take(MAX_RELATED).filter_map(|link| {
            Some(RelatedPlace {
                message: self.link_sentence(link),
                source_text: self.scripts[link.revision].source()?,
                span: self.link_span(link).into(),
            })
        });
        problem.related = related.collect();
        let variable = ring.iter().find(|link| link.is_dependency).unwrap_or(first).variable();
        problem.help = Some(format!(
            "none of the {} revisions of the ring can come first: take the newest one out of the \
             `{variable}` of an older one",
            ring.len()
        ));
        problem
    }

    fn link_span(&self, link: &Link) -> Range<usize> {
        let Positions { down_revision, depends_on, .. } = self.scripts[link.revision].positions();
        widen(if link.is_dependency { depends_on } else { down_revision }.as_ref())
    }

    fn link_sentence(&self, link: &Link) -> String {
        let verb = if link.is_dependency { "depends on" } else { "follows" };
        let id = |index: usize| self.revisions[index].id();
        format!("`{}` {verb} `{}`", id(link.revision), id(link.on))
    }

    fn duplicate_label(
        &self,
        label: &str,
        revision: &str,
        used_by: &str,
        error: &RevisionError,
    ) -> GraphProblem {
        let is_identifier = label == used_by;
        // Several scripts may share an identifier: those count that declare the label, in load order.
        let mut declarers = (0..self.revisions.len())
            .filter(|&at| self.revisions[at].branch_labels().iter().any(|it| it == label));
        let first = declarers.next();
        let (at, other) = if is_identifier {
            (first, self.revisions.iter().rposition(|it| it.id() == label))
        } else {
            (declarers.next().or(first), first)
        };
        let mut problem = GraphProblem::bare(error.clone(), None);
        if let Some(script) = at.map(|at| &self.scripts[at]) {
            problem.source_text = script.source();
            let span = widen(script.positions().branch_labels.as_ref());
            problem.labels = vec![(span, "declared a second time".to_owned())];
        }
        problem.help = Some(if is_identifier {
            format!(
                "a label and an identifier share one name space: choose a label other than `{label}`"
            )
        } else if revision == used_by && other != at {
            format!("two scripts are called `{revision}`: give the newer one another identifier")
        } else {
            "a label belongs to one revision: rename one of the two".to_owned()
        });
        let other = other.filter(|&other| Some(other) != at).map(|at| &self.scripts[at]);
        problem.related =
            other.and_then(|script| taken(script, label, used_by)).into_iter().collect();
        problem
    }

    fn missing(
        &self,
        missing: &str,
        referenced_by: &str,
        error: &RevisionError,
        dependency: bool,
    ) -> GraphProblem {
        let names_it = |revision: &Revision| {
            let names = if dependency { revision.dependencies() } else { revision.down_revision() };
            names.iter().any(|name| name == missing)
        };
        // Of several scripts with the identifier, the one that names what is missing.
        let script = self
            .revisions
            .iter()
            .rposition(|it| it.id() == referenced_by && names_it(it))
            .map(|at| &self.scripts[at]);
        let mut problem = GraphProblem::bare(error.clone(), None);
        if let Some(script) = script {
            let Positions { depends_on, down_revision, .. } = script.positions();
            let span = widen(if dependency { depends_on } else { down_revision }.as_ref());
            problem.source_text = script.source();
            problem.labels = vec![(span, format!("no script declares `{missing}`"))];
        }
        problem.help = Some(self.help_for_missing(missing));
        problem
    }

    fn help_for_missing(&self, missing: &str) -> String {
        if let Some(revision) = self.named_by_file(missing) {
            return format!(
                "`{missing}` is the name of a file; its revision identifier is `{}`",
                revision.id()
            );
        }
        let labels = self.revisions.iter().flat_map(Revision::branch_labels);
        if labels.clone().any(|label| label == missing) {
            return format!("`{missing}` is a label; `down_revision` takes identifiers alone");
        }
        let names = self.revisions.iter().map(Revision::id).chain(labels.map(String::as_str));
        match near_miss::best(missing, names).as_slice() {
            [] => "get the script that declares it (is it on another git branch?), or point the \
                   line at the revision that should come before"
                .to_owned(),
            near => format!("did you mean {}?", near_miss::list(near)),
        }
    }

    fn named_by_file(&self, name: &str) -> Option<&Revision> {
        let stem = name.strip_suffix(".py").unwrap_or(name);
        let at = self.scripts.iter().position(|script| {
            script.file_name().strip_suffix(".py").is_some_and(|file| file == stem)
        })?;
        Some(&self.revisions[at])
    }
}

/// The script that has a label already, or is called so.
fn taken(script: &Script, label: &str, used_by: &str) -> Option<RelatedPlace> {
    let Positions { revision, branch_labels, .. } = script.positions();
    let (position, message) = if label == used_by {
        (revision, format!("`{label}` is the identifier of another script"))
    } else {
        (branch_labels, format!("`{label}` is taken by `{used_by}`"))
    };
    let span = widen(position.as_ref()).into();
    Some(RelatedPlace { message, source_text: script.source()?, span })
}

/// A report for a range that is refused before any script is read.
pub fn explain_range(error: RevisionError) -> ScriptDirectoryError {
    let help = help_for_range(&error);
    ScriptDirectoryError::Graph(Box::new(GraphProblem::bare(error, help)))
}

fn help_for_range(error: &RevisionError) -> Option<String> {
    let help = match error {
        RevisionError::RelativeLength { .. } => {
            "the line has fewer revisions that way, or none; numbers count up to an upgrade or the \
             end of a range, down to a downgrade, and from a symbol both ways: `head-2`, `ae10+3`"
        }
        RevisionError::RangeSyntax | RevisionError::RangeColons { .. } => {
            "such as `-r ae10:head`, `-r :ae10`, `--rev-range=-3:`"
        }
        RevisionError::RangeNotAncestor { .. } => {
            "the start must be an ancestor of the end: exchange them, or use LABEL@ to stay on \
             one branch"
        }
        RevisionError::Disconnected => {
            "the end depends on the start but does not follow it: use `base:` as the start"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// A report for a question that the graph cannot answer.
pub(super) fn question_problem(error: RevisionError, scripts: &ScriptDirectory) -> GraphProblem {
    if matches!(error, RevisionError::Cycle { .. }) {
        // A ring that only a walk through the graph brings to light.
        let revisions: Vec<Revision> = scripts.map().revisions().cloned().collect();
        return graph_problem(error, scripts.all(), &revisions);
    }
    let help = help_for_question(&error, scripts);
    GraphProblem::bare(error, help)
}

fn help_for_question(error: &RevisionError, scripts: &ScriptDirectory) -> Option<String> {
    let help = match error {
        RevisionError::Resolution { argument, failure } => {
            help_for_resolution(argument, failure, scripts)
        }
        RevisionError::MultipleHeads { heads, .. } => {
            format!("the heads are {}; `heads` stands for all of them", listed(heads))
        }
        RevisionError::AmbiguousWalk { candidates } => {
            format!("the way forks into {}: name one of them, or LABEL@+N", listed(candidates))
        }
        RevisionError::Overlap { .. } => help_for_overlap(scripts.map()),
        RevisionError::BranchNeedsOneLabel { .. } => "use a branch label before the `@`".to_owned(),
        _ => return help_for_step(error).or_else(|| help_for_range(error)),
    };
    Some(help)
}

/// Two revisions of one question lie on one line: of a table's rows, or, where two scripts share an
/// identifier, of the heads.
fn help_for_overlap(map: &RevisionMap) -> String {
    if map.live_indices().count() < map.len() {
        return "two scripts declare the same identifier: `heads --check` names them".to_owned();
    }
    "the version table holds a revision and its own ancestor: delete the row of the ancestor, \
     which the other one implies"
        .to_owned()
}

/// The way out where an upgrade, a downgrade or a stamp leads nowhere.
fn help_for_step(error: &RevisionError) -> Option<String> {
    let help = match error {
        RevisionError::RangeNotAllowed => {
            "the database says where to start: give the target alone, or `--sql` to write the \
             statements of a range"
                .to_owned()
        }
        RevisionError::DowngradeNeedsRange => {
            "without a database the start is needed too, such as `downgrade --sql head:base`"
                .to_owned()
        }
        RevisionError::OfflineRangeColons { .. } => {
            "a range is one start and one target, such as `base:head`".to_owned()
        }
        RevisionError::SeveralStarts { first, second } => {
            format!("`{first}` and `{second}` are two starts: run `stamp --sql` once for each")
        }
        RevisionError::SeveralStampTargets { heads } => {
            format!("the heads are {}; `heads` stamps all of them", listed(heads))
        }
        RevisionError::AmbiguousUpgrade => {
            "several revisions are current: LABEL@+N or REVISION@+N counts from one of them"
                .to_owned()
        }
        RevisionError::WalkedTooFar => {
            "the line ends before: count less, or name the revision".to_owned()
        }
        RevisionError::NotADowngradeTarget => {
            "nothing above the target is on the branch before the `@`: `alembic-rs history` shows \
             which branch it is on"
                .to_owned()
        }
        RevisionError::NothingToDrop { target } => format!(
            "`{target}` is not applied: `alembic-rs current` shows what is; `upgrade` leads \
             forward"
        ),
        RevisionError::StampBetweenRows { .. } => {
            "one stamp goes up or down: `stamp --purge` replaces all rows, or stamp each branch \
             by LABEL@REVISION"
                .to_owned()
        }
        RevisionError::NoSuchRow { version, .. } => format!(
            "Alembic fails at this step too: it looks for the row `{version}` by its whole \
             identifier; put the table right with `alembic-rs stamp --purge REVISION…`"
        ),
        RevisionError::RowExists { .. } => {
            "Alembic fails at this step too: name each target once, and put a table that is \
             out of step right with `alembic-rs stamp --purge REVISION…`"
                .to_owned()
        }
        RevisionError::NothingToMerge { rows, .. } => format!(
            "Alembic fails at this step too: delete the rows {}, which other rows imply",
            listed(rows)
        ),
        _ => return None,
    };
    Some(help)
}

fn help_for_resolution(
    argument: &str,
    failure: &ResolutionFailure,
    scripts: &ScriptDirectory,
) -> String {
    let map = scripts.map();
    match failure {
        ResolutionFailure::Ambiguous { candidates } => {
            format!("several begin so: {}", listed(candidates))
        }
        ResolutionFailure::NotOnBranch { revision, branch } => {
            format!("`{revision}` exists, but not on branch `{branch}`")
        }
        ResolutionFailure::NotARevision => {
            "it leads to the base or past it, where there is no revision".to_owned()
        }
        ResolutionFailure::NoSuchRevision | ResolutionFailure::NoSuchBranch => {
            if let Ok(Some(revision)) = map.get_revision(argument) {
                return format!("`{}` exists, but not on that branch", map.id(revision));
            }
            let symbols = ["head", "heads", "base", "current"].into_iter();
            let ids = map.live_indices().map(|index| map.id(index));
            let names = ids.chain(map.declared_labels().map(|(label, _)| label)).chain(symbols);
            let mut near = near_miss::best(argument, names);
            if near.is_empty() {
                near = near_miss::beginnings(argument, map.live_indices().map(|i| map.id(i)));
            }
            match near.as_slice() {
                [] if map.is_empty() => "there are no revisions yet".to_owned(),
                [] => "`alembic-rs history` lists what there is".to_owned(),
                near => format!("did you mean {}?", near_miss::list(near)),
            }
        }
    }
}

fn listed(names: &[String]) -> String {
    let mut shown = names.iter().take(MAX_LISTED).map(|n| format!("`{n}`")).collect::<Vec<_>>();
    if names.len() > MAX_LISTED {
        shown.push(format!("and {} more", names.len() - MAX_LISTED));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refused_step_has_a_way_out() {
        let text = || "ae10".to_owned();
        let errors = [
            RevisionError::RangeNotAllowed,
            RevisionError::DowngradeNeedsRange,
            RevisionError::OfflineRangeColons { range: text() },
            RevisionError::SeveralStarts { first: text(), second: text() },
            RevisionError::SeveralStampTargets { heads: vec![text()] },
            RevisionError::AmbiguousUpgrade,
            RevisionError::WalkedTooFar,
            RevisionError::NotADowngradeTarget,
            RevisionError::NothingToDrop { target: text() },
            RevisionError::StampBetweenRows { revision: text() },
            RevisionError::NoSuchRow { version: text(), step: text() },
            RevisionError::RowExists { version: text(), step: text() },
            RevisionError::NothingToMerge { step: text(), rows: vec![text()] },
        ];
        for error in errors {
            let help = help_for_step(&error).unwrap_or_default();
            assert!(!help.is_empty() && !help.ends_with('.'), "{error}: {help}");
        }
    }

    #[test]
    fn rows_on_one_line_are_not_blamed_on_scripts() {
        let rows = crate::revision::letters::map("a b<a");
        assert!(help_for_overlap(&rows).contains("delete the row of the ancestor"));
        let (twins, _) = crate::revision::letters::try_map("a b<a b<a");
        assert!(help_for_overlap(&twins.unwrap()).contains("same identifier"));
    }
}
