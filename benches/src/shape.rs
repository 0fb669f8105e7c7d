//! The graphs that projects are made of: ids and parents, no files.

use crate::random::Random;

/// How the revisions of a generated project hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line from the base to a single head.
    Linear,
    /// One base, from which that many lines run side by side and stay open: as many heads, as many columns in a drawn
    /// graph. Fewer than two lanes mean a linear project.
    Lanes(usize),
    /// A trunk with short feature branches that are merged again: in every five revisions a branch point and a merge
    /// point.
    Merges,
}

/// A revision of a generated graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its place in the history, the base being 0: parents always come before their children.
    pub index: usize,
    /// Twelve lower-case hexadecimal digits, as Alembic makes them.
    pub id: String,
    /// The ids of its parents: none for a base, two for a merge point.
    pub down: Vec<String>,
}

impl Shape {
    /// The graph of `count` revisions, parents before children.
    pub fn nodes(self, count: usize) -> Vec<Node> {
        (0..count)
            .map(|index| Node {
                index,
                id: identifier(index),
                down: self.parents(index).into_iter().map(identifier).collect(),
            })
            .collect()
    }

    /// The places of the parents of the revision at `index`.
    fn parents(self, index: usize) -> Vec<usize> {
        if index == 0 {
            return Vec::new();
        }
        match self {
            Self::Linear => vec![index - 1],
            Self::Lanes(lanes) => vec![index.saturating_sub(lanes.max(1))],
            // A block is trunk, feature, other feature, its second commit, merge of both.
            Self::Merges => match index % 5 {
                2 => vec![index - 2],
                4 => vec![index - 3, index - 1],
                _ => vec![index - 1],
            },
        }
    }

    /// A name for folders and tables, such as `lanes-100`.
    pub fn name(self) -> String {
        match self {
            Self::Linear => "linear".to_owned(),
            Self::Lanes(lanes) => format!("lanes-{lanes}"),
            Self::Merges => "merges".to_owned(),
        }
    }
}

/// The id of the revision at `index`: unrelated to its neighbours'. 48 bits of a bijective mix: 100,000 of them were
/// checked to differ.
fn identifier(index: usize) -> String {
    let digits = Random::new(index as u64).next() >> 16;
    format!("{digits:012x}")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Node, Shape, identifier};

    /// The graph by places instead of ids: `3<-1,2`.
    fn letters(shape: Shape, count: usize) -> String {
        let nodes = shape.nodes(count);
        let places: BTreeMap<&str, usize> =
            nodes.iter().map(|node| (node.id.as_str(), node.index)).collect();
        let parents = |node: &Node| {
            let down: Vec<String> =
                node.down.iter().map(|id| places[id.as_str()].to_string()).collect();
            format!("{}<-{}", node.index, down.join(","))
        };
        nodes.iter().map(parents).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn linear() {
        assert_eq!(letters(Shape::Linear, 4), "0<- 1<-0 2<-1 3<-2");
    }

    #[test]
    fn lanes_share_one_base_and_stay_open() {
        assert_eq!(letters(Shape::Lanes(3), 8), "0<- 1<-0 2<-0 3<-0 4<-1 5<-2 6<-3 7<-4");
        assert_eq!(letters(Shape::Lanes(0), 3), letters(Shape::Linear, 3));
    }

    #[test]
    fn merges_fork_and_join() {
        assert_eq!(letters(Shape::Merges, 7), "0<- 1<-0 2<-0 3<-2 4<-1,3 5<-4 6<-5");
    }

    #[test]
    fn ids_differ_and_have_twelve_digits() {
        let ids: BTreeSet<String> = (0..100_000).map(identifier).collect();
        assert_eq!(ids.len(), 100_000);
        assert!(ids.iter().all(|id| id.len() == 12));
    }
}
