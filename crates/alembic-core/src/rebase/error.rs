//! Why a revision is not moved.

use miette::Diagnostic;

use crate::git::GitError;
use crate::revision::RevisionError;

/// Why a revision is not moved.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum RebaseError {
    /// A merge follows several revisions.
    #[error("`{revision}` is a merge: it follows several revisions")]
    #[diagnostic(help("move one of the revisions below it, or write the merge anew with `merge`"))]
    Merge {
        /// The merge.
        revision: String,
    },
    /// The goal is what shall be moved.
    #[error("`{revision}` cannot follow itself")]
    #[diagnostic(help("`--onto` names the revision that it shall follow"))]
    Itself {
        /// What shall be moved.
        revision: String,
    },
    /// The goal follows what shall be moved.
    #[error("`{onto}` follows `{revision}`, so that `{revision}` cannot follow it")]
    #[diagnostic(help("exchange the two, or choose another revision to follow"))]
    Ring {
        /// What shall be moved.
        revision: String,
        /// The goal.
        onto: String,
    },
    /// The goal depends on what shall be moved.
    #[error(
        "`{onto}` needs `{revision}` by way of `depends_on`, so that `{revision}` cannot follow it"
    )]
    #[diagnostic(help("keep the branches apart, or join them with `merge`"))]
    Needed {
        /// What shall be moved.
        revision: String,
        /// The goal.
        onto: String,
    },
    /// Nothing to do.
    #[error("`{revision}` {} already", onto.as_deref().map_or("is a base".to_owned(), |onto| format!("follows `{onto}`")))]
    #[diagnostic(help("nothing was changed"))]
    Already {
        /// What shall be moved.
        revision: String,
        /// The goal.
        onto: Option<String>,
    },
    /// The new graph would be unsound.
    #[error(transparent)]
    #[diagnostic(help(
        "nothing was changed: with this move the scripts would make no sound history"
    ))]
    Unsound(RevisionError),
    /// Git knows no head that is only here.
    #[error("no other head is only on this branch of git")]
    #[diagnostic(help("name the revision to move: `alembic-rs rebase REV --onto HEAD`"))]
    NoOtherHead,
    /// Git knows several.
    #[error("several heads are only on this branch of git: {}", heads.join(", "))]
    #[diagnostic(help("name the one to move: `alembic-rs rebase {} --onto HEAD`", heads[0]))]
    SeveralHeads {
        /// The heads; at least two.
        heads: Vec<String>,
    },
    /// Which revision belongs to this branch cannot be told without git.
    #[error("`{}` is in no git work tree", folder.display())]
    #[diagnostic(help("name the revision that shall be moved: `rebase REVISION --onto …`"))]
    NoRepository {
        /// The folder of the scripts.
        folder: std::path::PathBuf,
    },
    /// Git was asked and gave no answer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
    /// The script cannot be changed safely.
    #[error("cannot change `{path}`: {reason}")]
    #[diagnostic(help("nothing was changed; write `down_revision = {wanted}` in it by hand"))]
    Edit {
        /// The script.
        path: String,
        /// Why not.
        reason: String,
        /// What `down_revision` should be.
        wanted: String,
    },
}
