//! Graphs from letters, for tests: one revision a word,
//! `id<parent,parent!dependency,dependency[label,label]`.

use super::{GraphWarning, Revision, RevisionError, RevisionIndex, RevisionMap};

fn list(text: &str) -> Vec<String> {
    text.split(',').filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn revision(word: &str) -> Result<Revision, RevisionError> {
    let (word, labels) = match word.split_once('[') {
        Some((word, labels)) => (word, list(labels.trim_end_matches(']'))),
        None => (word, Vec::new()),
    };
    let (word, dependencies) = word.split_once('!').unwrap_or((word, ""));
    let (id, down) = word.split_once('<').unwrap_or((word, ""));
    Revision::new(id.to_owned(), list(down), list(dependencies), labels)
}

pub(crate) fn try_map(text: &str) -> (Result<RevisionMap, RevisionError>, Vec<GraphWarning>) {
    let mut warnings = Vec::new();
    let revisions = text.split_whitespace().map(revision).collect::<Result<Vec<_>, _>>();
    let map = revisions.and_then(|revisions| {
        RevisionMap::new(revisions, &mut warnings).map_err(|refusal| refusal.error)
    });
    (map, warnings)
}

pub(crate) fn map(text: &str) -> RevisionMap {
    try_map(text).0.expect("the letters make a sound graph")
}

/// Why the letters make no graph.
pub(crate) fn refusal(text: &str) -> String {
    try_map(text).0.expect_err("the letters make no graph").to_string()
}

pub(crate) fn ids(map: &RevisionMap, indices: &[RevisionIndex]) -> String {
    indices.iter().map(|&index| map.id(index)).collect::<Vec<_>>().join(" ")
}
