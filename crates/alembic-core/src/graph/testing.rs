//! Graphs from letters, for tests: one revision a line, in load order,
//! `id < parents ~ dependencies # labels : message`, every part but the
//! identifier optional.

use std::collections::HashMap;

use super::{Facts, History, drawing_order};
use crate::revision::{Revision, RevisionIndex, RevisionMap};

pub(super) struct Project {
    pub(super) map: RevisionMap,
    messages: HashMap<RevisionIndex, String>,
}

impl Project {
    pub(super) fn new(letters: &str) -> Self {
        let mut messages = HashMap::new();
        let lines = letters.lines().map(str::trim).filter(|line| !line.is_empty());
        let revisions = lines.enumerate().map(|(index, line)| {
            let (line, message) = line.split_once(" : ").unwrap_or((line, ""));
            messages.insert(RevisionIndex::new(index), message.to_owned());
            let (line, labels) = line.split_once('#').unwrap_or((line, ""));
            let (line, dependencies) = line.split_once('~').unwrap_or((line, ""));
            let (id, parents) = line.split_once('<').unwrap_or((line, ""));
            let id = id.trim().to_owned();
            Revision::new(id, list(parents), list(dependencies), list(labels)).unwrap()
        });
        let map = RevisionMap::new(revisions.collect(), &mut Vec::new()).unwrap();
        Self { map, messages }
    }

    /// As `history --graph` draws it.
    pub(super) fn history(&self) -> History<'_> {
        self.history_of(&drawing_order(&self.map, &self.map.walk_all().unwrap()))
    }

    /// In an order of the test's own.
    pub(super) fn history_in(&self, ids: &str) -> History<'_> {
        let order: Vec<_> = list(ids).iter().map(|id| self.map.by_id(id).unwrap()).collect();
        self.history_of(&order)
    }

    pub(super) fn history_of(&self, order: &[RevisionIndex]) -> History<'_> {
        History::new(&self.map, order, |index| Facts {
            path: format!("versions/{}.py", self.map.id(index)).into(),
            line: Some(12),
            docstring: &self.messages[&index],
            broken: false,
        })
    }
}

pub(super) fn list(names: &str) -> Vec<String> {
    let names = names.split([',', ' ']).map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A line with a fork, a merge, two bases, a label and dependencies.
pub(super) const SAMPLE: &str = "
    1b2c3d4e5f60 : init
    3f60aa1290cd < 1b2c3d4e5f60 # users : add locale
    52de0c9a77b1 < 1b2c3d4e5f60 # billing : create billing
    71cc03e95a10 < 3f60aa1290cd : widen email
    88aa40d1f3b9 < 52de0c9a77b1 ~ 3f60aa1290cd : link accounts
    e4c1b9d7a250 < 71cc03e95a10, 88aa40d1f3b9 : merge users, billing
";
