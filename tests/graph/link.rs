//! From the revisions of a test to the library's map.

use alembic_core::revision::{
    GraphWarning, Revision as Declared, RevisionError, RevisionIndex, RevisionMap,
};
use alembic_testing::Revision;

/// Everything that links revisions, up to the first refusal.
pub(crate) fn link(
    revisions: &[Revision],
) -> (Result<RevisionMap, RevisionError>, Vec<GraphWarning>) {
    let mut warnings = Vec::new();
    let declared: Result<Vec<Declared>, RevisionError> = revisions.iter().map(declare).collect();
    let map = declared.and_then(|declared| {
        RevisionMap::new(declared, &mut warnings).map_err(|refusal| refusal.error)
    });
    (map, warnings)
}

fn declare(revision: &Revision) -> Result<Declared, RevisionError> {
    let Revision { id, down, depends_on, labels, .. } = revision.clone();
    Declared::new(id, down, depends_on, labels)
}

/// The map of revisions that make one.
pub(crate) fn map_of(revisions: &[Revision]) -> RevisionMap {
    link(revisions).0.expect("a sound graph")
}

/// The identifiers of `indices`, in their order.
pub(crate) fn ids(
    map: &RevisionMap,
    indices: impl IntoIterator<Item = RevisionIndex>,
) -> Vec<String> {
    indices.into_iter().map(|index| map.id(index).to_owned()).collect()
}
