//! A ring among revisions, for the report: Alembic's sentence lists everything that
//! cannot be placed, most of which only hangs on the ring.

use std::collections::HashMap;

use crate::revision::Revision;

/// One link of a ring: a revision and the older one that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// Position of the revision.
    pub(super) revision: usize,
    /// Position of the one that it hangs on.
    pub(super) on: usize,
    /// Whether it does so by `depends_on`.
    pub(super) is_dependency: bool,
}

impl Link {
    /// The variable that makes the link.
    pub(super) fn variable(&self) -> &'static str {
        if self.is_dependency { "depends_on" } else { "down_revision" }
    }
}

/// The links of the first ring that is met, from a revision back to itself; none
/// where there is no ring.
pub(super) fn find(revisions: &[Revision], with_dependencies: bool) -> Vec<Link> {
    let links = links(revisions, with_dependencies);
    // How many links of a revision were followed; all of them when it is done with.
    let mut followed = vec![0; revisions.len()];
    let mut is_on_path = vec![false; revisions.len()];
    for start in 0..revisions.len() {
        let mut path: Vec<Link> = Vec::new();
        let mut at = start;
        loop {
            is_on_path[at] = true;
            if let Some(&link) = links[at].get(followed[at]) {
                followed[at] += 1;
                path.push(link);
                if is_on_path[link.on] {
                    let first = path.iter().position(|step| step.revision == link.on);
                    return path.split_off(first.unwrap_or_default());
                }
                if followed[link.on] < links[link.on].len() {
                    at = link.on;
                } else {
                    path.pop();
                }
                continue;
            }
            is_on_path[at] = false;
            match path.pop() {
                Some(link) => at = link.revision,
                None => break,
            }
        }
    }
    Vec::new()
}

fn links(revisions: &[Revision], with_dependencies: bool) -> Vec<Vec<Link>> {
    let mut positions: HashMap<&str, usize> = HashMap::with_capacity(revisions.len());
    let mut labels: HashMap<&str, usize> = HashMap::new();
    for (position, revision) in revisions.iter().enumerate() {
        positions.insert(revision.id(), position);
        labels.extend(revision.branch_labels().iter().map(|label| (label.as_str(), position)));
    }
    let of = |(revision, it): (usize, &Revision)| {
        let link = |on: &usize, is_dependency| Link { revision, on: *on, is_dependency };
        let down = it.down_revision().iter().filter_map(|name| positions.get(name.as_str()));
        let mut links: Vec<Link> = down.map(|on| link(on, false)).collect();
        if with_dependencies {
            let lookup =
                |name: &String| positions.get(name.as_str()).or_else(|| labels.get(name.as_str()));
            links.extend(it.dependencies().iter().filter_map(lookup).map(|on| link(on, true)));
        }
        links
    };
    revisions.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, with_dependencies: bool) -> String {
        let list = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        let revision = |word: &str| {
            let (word, dependencies) = word.split_once('!').unwrap_or((word, ""));
            let (id, down) = word.split_once('<').unwrap_or((word, ""));
            Revision::new(id.to_owned(), list(down), list(dependencies), Vec::new()).unwrap()
        };
        let revisions: Vec<Revision> = text.split(' ').map(revision).collect();
        let shown = |link: Link| {
            let (from, to) = (revisions[link.revision].id(), revisions[link.on].id());
            format!("{from}{}{to}", if link.is_dependency { '!' } else { '<' })
        };
        find(&revisions, with_dependencies).into_iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_hangs_on_the_ring_is_left_out() {
        assert_eq!(found("a b<ad c<b d<c e<d", false), "b<d d<c c<b");
        assert_eq!(found("e<d d<c c<b b<d", false), "d<c c<b b<d");
    }

    #[test]
    fn dependencies_count_on_request() {
        assert_eq!(found("a!c b<a c<b", true), "a!c c<b b<a");
        assert_eq!(found("a!c b<a c<b", false), "");
    }

    #[test]
    fn no_ring() {
        assert_eq!(found("a b<a c<ab d<bc!a", true), "");
        assert_eq!(found("a<x", true), "");
    }

    #[test]
    fn a_long_ring_needs_no_stack() {
        let count = 100_000;
        let parent = |number: usize| vec![format!("r{}", (number + 1) % count)];
        let revision = |number| {
            Revision::new(format!("r{number}"), parent(number), Vec::new(), Vec::new()).unwrap()
        };
        let revisions: Vec<Revision> = (0..count).map(revision).collect();
        assert_eq!(find(&revisions, false).len(), count);
    }
}
