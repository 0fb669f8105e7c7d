//! Too many heads: who stays, who moves, and what they have in common.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use super::Facts;
use super::finding::{Code, Finding, Help};
use super::survey::{Head, Survey};
use crate::shell;

/// With more heads than this to put one upon the other, a page of commands helps
/// nobody.
const MOST_MOVES: usize = 4;

/// Heads that are counted together and are too many.
#[derive(Debug)]
pub(super) struct Group {
    /// The label, `None` for those without one or when all count together.
    label: Option<String>,
    /// Nodes, in load order.
    pub(super) nodes: Vec<usize>,
}

/// The groups with more heads than allowed: by label in the order of the alphabet,
/// the heads without one last.
pub(super) fn groups(survey: &Survey<'_>) -> Vec<Group> {
    let mut groups = if survey.options.per_label {
        by_label(survey)
    } else {
        vec![Group { label: None, nodes: survey.head_nodes.clone() }]
    };
    groups.retain(|group| group.nodes.len() > survey.options.allow);
    groups
}

fn by_label(survey: &Survey<'_>) -> Vec<Group> {
    let mut labelled: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut others = Vec::new();
    for (&node, head) in survey.head_nodes.iter().zip(survey.heads()) {
        for label in &head.labels {
            labelled.entry(label).or_default().push(node);
        }
        if head.labels.is_empty() {
            others.push(node);
        }
    }
    let labelled = labelled.into_iter();
    let group = |(label, nodes): (&str, Vec<usize>)| Group { label: Some(label.to_owned()), nodes };
    labelled.map(group).chain([Group { label: None, nodes: others }]).collect()
}

pub(super) fn find(survey: &Survey<'_>, facts: &Facts, findings: &mut Vec<Finding>) {
    findings.extend(groups(survey).into_iter().map(|group| finding(survey, facts, group)));
}

fn finding(survey: &Survey<'_>, facts: &Facts, group: Group) -> Finding {
    let Group { label, mut nodes } = group;
    let message = message(&survey.options, label.as_deref(), nodes.len());
    // Stable: where git says nothing, load order decides.
    nodes.sort_by_cached_key(|&node| seniority(survey.head_of(node), facts));
    let mut finding = Finding::new(Code::MultipleHeads, message)
        .about(nodes.iter().map(|&node| survey.graph.node(node).id))
        .at(nodes.iter().map(|&node| survey.node_place(node)));
    let common = survey.graph.nearest_common_ancestors(&nodes);
    finding.common_ancestors = common.iter().map(|&node| survey.node_place(node)).collect();
    finding.label = label;
    finding.help = Ways { survey, nodes: &nodes, related: !common.is_empty() }.all();
    finding
}

fn message(options: &super::CheckOptions, label: Option<&str>, count: usize) -> String {
    let which = match label {
        Some(label) => format!(" on branch `{label}`"),
        None if options.per_label => " without a branch label".to_owned(),
        None => String::new(),
    };
    let at_most = if options.allow == 1 { "" } else { "at most " };
    format!("{count} heads{which}, expected {at_most}{}", options.allow)
}

/// The last one in this order is the one to move: what only this branch has, then
/// what is in no commit yet, then what was committed last.
fn seniority(head: &Head, facts: &Facts) -> (bool, bool, i64) {
    let facts = facts.get(&head.place.path);
    let only_here = head.on_reference == Some(false);
    let uncommitted = facts.is_some_and(|facts| facts.state.is_uncommitted());
    let time = facts.and_then(|facts| facts.commit.as_ref()).map_or(i64::MIN, |commit| commit.time);
    (only_here, uncommitted, time)
}

/// The ways out of too many heads.
struct Ways<'a> {
    survey: &'a Survey<'a>,
    /// Who stays first.
    nodes: &'a [usize],
    /// Whether they have an ancestor in common.
    related: bool,
}

impl Ways<'_> {
    fn all(&self) -> Vec<Help> {
        let (kept, excess) = self.nodes.split_at(self.survey.options.allow.min(self.nodes.len()));
        let mut help: Vec<Help> = self.bring_in().into_iter().collect();
        let families = self.families(kept, excess);
        for family in &families {
            help.extend(self.rebase(family));
        }
        help.extend(families.iter().map(|family| self.merge(family)));
        help.extend(self.on_purpose());
        help
    }

    /// Every kept head with the heads to put upon it. Without a choice that is one
    /// line; where several heads may stay, each of the others goes to the one that
    /// it shares most with.
    fn families(&self, kept: &[usize], excess: &[usize]) -> Vec<Vec<usize>> {
        if let [only] = kept {
            return vec![std::iter::once(*only).chain(excess.iter().copied()).collect()];
        }
        let mut families: Vec<Vec<usize>> = kept.iter().map(|&node| vec![node]).collect();
        let below: Vec<FixedBitSet> =
            kept.iter().map(|&n| self.survey.graph.ancestors(n)).collect();
        for &node in excess {
            let own = self.survey.graph.ancestors(node);
            let shared = |at: &usize| below[*at].intersection_count(&own);
            // Of equals, `max_by_key` takes the last: the newest one.
            if let Some(closest) = (0..families.len()).max_by_key(shared) {
                families[closest].push(node);
            }
        }
        families.retain(|family| family.len() > 1);
        families
    }

    fn id(&self, node: usize) -> String {
        shell::word(self.survey.graph.node(node).id)
    }

    /// What a head of the other commit needs before anything can be put upon it.
    fn bring_in(&self) -> Option<Help> {
        let against = self.survey.against?;
        let only_there = |&&node: &&usize| self.survey.head_of(node).only_on_reference;
        let absent: Vec<String> =
            self.nodes.iter().filter(only_there).map(|&node| self.id(node)).collect();
        if absent.is_empty() {
            return None;
        }
        let reference = shell::word(against.reference());
        let text = format!("git merge {reference}  # brings {}", absent.join(", "));
        Some(Help { purpose: Some("first"), text })
    }

    /// One after the other onto what stays. Nothing for lines without a single
    /// lowest revision, for lines that have nothing in common, or for many.
    fn rebase(&self, family: &[usize]) -> Vec<Help> {
        if !self.related || family.len() > MOST_MOVES + 1 {
            return Vec::new();
        }
        let graph = &self.survey.graph;
        let mut settled = graph.ancestors(family[0]);
        let mut help = Vec::new();
        for pair in family.windows(2) {
            let [onto, moving] = [pair[0], pair[1]];
            let Some(bottom) = graph.bottom_of_line(moving, &settled) else { return Vec::new() };
            settled.union_with(&graph.ancestors(moving));
            let text = format!("alembic-rs rebase {} --onto {}", self.id(bottom), self.id(onto));
            help.push(Help { purpose: Some("keep history linear"), text });
        }
        help
    }

    fn merge(&self, family: &[usize]) -> Help {
        let ids: Vec<String> = family.iter().map(|&node| self.id(node)).collect();
        let purpose =
            if family.len() == 2 { "keep both as they are" } else { "keep all as they are" };
        let text = format!("alembic-rs merge -m \"merge heads\" {}", ids.join(" "));
        Help { purpose: Some(purpose), text }
    }

    /// For heads that seem to be meant: on unrelated lines, or with labels that
    /// tell them apart.
    fn on_purpose(&self) -> Option<Help> {
        let purpose = if self.nodes.len() == 2 { "both on purpose" } else { "all on purpose" };
        let fits_per_label = !self.survey.options.per_label && self.labels_tell_apart();
        let text = if fits_per_label {
            "--per-label".to_owned()
        } else if self.related {
            return None;
        } else {
            format!("--allow {}", self.nodes.len())
        };
        let text = format!("alembic-rs heads --check {text}");
        Some(Help { purpose: Some(purpose), text })
    }

    /// Whether every head has a label, and no label holds at too many.
    fn labels_tell_apart(&self) -> bool {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        let heads = self.nodes.iter().map(|&node| self.survey.head_of(node));
        for label in heads.clone().flat_map(|head| &head.labels) {
            *count.entry(label).or_default() += 1;
        }
        let mut counts = count.into_values();
        heads.into_iter().all(|head| !head.labels.is_empty())
            && counts.all(|count| count <= self.survey.options.allow)
    }
}
