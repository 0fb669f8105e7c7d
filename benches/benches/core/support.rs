//! Generated projects as the library sees them.

use std::path::Path;

use alembic_benches::{Node, Shape, write_project};
use alembic_core::{
    config::{Config, ConfigOptions},
    revision::{Revision, RevisionMap},
    script::ScriptDirectory,
};
use tempfile::TempDir;

/// How many branches run side by side in a wide project.
pub(crate) const LANES: usize = 100;

/// The size at which everything but loading is measured.
pub(crate) const LARGE: usize = 10_000;

/// One line, many lanes, forks and joins.
pub(crate) const SHAPES: [Shape; 3] = [Shape::Linear, Shape::Lanes(LANES), Shape::Merges];

/// Writes a project; it goes when the value is dropped.
pub(crate) fn project(shape: Shape, count: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_project(folder.path(), shape, count).expect("room for the project");
    folder
}

/// Loads the project at `root` as the command line does: configuration, scripts, graph.
pub(crate) fn load(root: &Path) -> ScriptDirectory {
    let config = Config::load(&ConfigOptions::new(root)).expect("a sound configuration");
    ScriptDirectory::load(&config).expect("sound scripts")
}

/// The revisions of a generated graph, without scripts. In a graph of lanes the first revision of each lane declares
/// the label that [`label`] gives it.
pub(crate) fn revisions(shape: Shape, count: usize) -> Vec<Revision> {
    let revision = |node: Node| {
        let labels = match shape {
            Shape::Lanes(lanes) if (1..=lanes).contains(&node.index) => vec![label(node.index)],
            _ => Vec::new(),
        };
        Revision::new(node.id, node.down, Vec::new(), labels).expect("a sound revision")
    };
    shape.nodes(count).into_iter().map(revision).collect()
}

/// The label of a lane, counted from 1.
pub(crate) fn label(lane: usize) -> String {
    format!("lane{lane}")
}

/// The graph of [`revisions`].
pub(crate) fn map(shape: Shape, count: usize) -> RevisionMap {
    RevisionMap::new(revisions(shape, count), &mut Vec::new()).expect("a sound graph")
}
