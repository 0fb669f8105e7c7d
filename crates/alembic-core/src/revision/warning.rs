//! What Alembic warns about while it builds the graph, as data.

use super::map::RevisionIndex;

/// A warning of the graph. The sentence belongs to [`crate::script`], which
/// knows the scripts' docstrings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraphWarning {
    /// An identifier is declared by more than one script; the later one counts.
    Duplicate {
        /// The script met later.
        revision: RevisionIndex,
        /// The script that it replaces.
        replaced: RevisionIndex,
    },
    /// A `down_revision` names a revision that is not there.
    MissingParent {
        /// The identifier that is not there.
        missing: String,
        /// The script that names it.
        referenced_by: RevisionIndex,
        /// Whether the script had no child yet when Alembic met the gap.
        head: bool,
        /// Whether it had several children by then.
        branch_point: bool,
    },
}
