//! Migration scripts: found, read statically, put into the revision map.
//!
//! [`ScriptFiles`] is what lies in the version folders, every problem included;
//! [`ScriptDirectory`] is a sound set of scripts with its [`RevisionMap`]
//! (Alembic's class of the same name). No Python runs: scripts are cut into
//! statements by `python_static`, and only `revision`, `down_revision`,
//! `branch_labels`, `depends_on` and the docstring are looked at.
//!
//! [`RevisionMap`]: crate::revision::RevisionMap

mod declaration;
mod directory;
mod docstring;
mod error;
mod excerpt;
mod files;
mod format;
pub mod generate;
mod help;
mod open;
mod processor;
mod read;
mod ring;
mod warning;

pub use declaration::{Declaration, Positions, VARIABLES};
pub use directory::{LoadFailure, ScriptDirectory, ScriptPlaces};
pub use docstring::Docstring;
pub use error::{GraphProblem, ScriptDirectoryError, ScriptProblem, ScriptProblemKind};
pub use files::VersionFile;
pub(crate) use files::is_script_name;
pub use format::OneLine;
pub use help::explain_range;
pub(crate) use read::parse;
pub use read::{Script, ScriptFiles};
pub use warning::Warning;
