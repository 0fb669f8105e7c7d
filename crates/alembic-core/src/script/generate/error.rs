//! Why a new script could not be made, in Alembic's words where it has any.

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;

use crate::script::ScriptDirectoryError;
use crate::template::TemplateError;

/// Why a new script could not be made.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum GenerateError {
    /// An option cannot be read, the graph refuses an identifier, or the new script cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(ScriptDirectoryError),
    /// `head` where there are several.
    #[error(
        "Multiple heads are present; please specify the head revision on which the new revision \
         should be based, or perform a merge."
    )]
    #[diagnostic(help(
        "the heads are {}: `--head ID`, or `alembic-rs merge heads`",
        listed(heads)
    ))]
    MultipleHeads {
        /// The heads.
        heads: Vec<String>,
    },
    /// The same parent twice.
    #[error("Duplicate head revisions specified")]
    #[diagnostic(help("name every revision once"))]
    DuplicateParents,
    /// A parent that has a child already.
    #[error(
        "Revision {revision} is not a head revision; please specify --splice to create a new \
         branch from this revision"
    )]
    #[diagnostic(help("{} follows it already", listed(children)))]
    NotAHead {
        /// The parent.
        revision: String,
        /// What follows it.
        children: Vec<String>,
    },
    /// Several version folders, and nothing says which one.
    #[error("Multiple version locations present, please specify --version-path")]
    #[diagnostic(help("one of {}", paths(configured)))]
    NoVersionPath {
        /// The folders.
        configured: Vec<PathBuf>,
    },
    /// A version folder that is not configured.
    #[error("Path {path} is not represented in current version locations")]
    #[diagnostic(help("configured are {}", paths(configured)))]
    UnknownVersionPath {
        /// The folder as given.
        path: String,
        /// The folders.
        configured: Vec<PathBuf>,
    },
    /// `file_template` gives no name.
    #[error("cannot make a file name of `file_template = {template}`: {reason}")]
    #[diagnostic(help(
        "the names are rev, slug, epoch, year, month, day, hour, minute and second, as `%(rev)s`; \
         in the configuration every `%` is written `%%`"
    ))]
    FileName {
        /// The option's value.
        template: String,
        /// Why not.
        reason: String,
    },
    /// The template cannot be read.
    #[error("{0}")]
    #[diagnostic(help("`alembic-rs init` writes one: copy its `script.py.mako` to this place"))]
    TemplateUnreadable(io::Error),
    /// The template cannot be rendered.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Template(Box<TemplateError>),
    /// An encoding that nobody knows.
    #[error("unknown encoding: {encoding}")]
    #[diagnostic(help("set `output_encoding` to `utf-8`, or leave it out"))]
    UnknownEncoding {
        /// The value of `output_encoding`.
        encoding: String,
    },
    /// An encoding that Python has, and no Python file can be read in.
    #[error("`output_encoding = {encoding}` is not followed")]
    #[diagnostic(help("nothing was written; set `output_encoding` to `utf-8`, or leave it out"))]
    EncodingNotFollowed {
        /// The value of `output_encoding`.
        encoding: String,
    },
    /// An encoding of several bytes, of which ASCII alone is written.
    #[error(
        "`output_encoding = {encoding}` is followed for ASCII alone, and line {line} of the new \
         script has {character:?}"
    )]
    #[diagnostic(help(
        "nothing was written; set `output_encoding` to `utf-8`, or write the message in ASCII"
    ))]
    EncodingOfAsciiAlone {
        /// The value of `output_encoding`.
        encoding: String,
        /// The character.
        character: char,
        /// The line of the rendered script, counted from 1.
        line: usize,
    },
    /// The encoding has no such character.
    #[error(
        "`output_encoding = {encoding}` has no character {character:?} (line {line} of the new script)"
    )]
    #[diagnostic(help("set `output_encoding` to `utf-8`, or write the message without it"))]
    Unencodable {
        /// The value of `output_encoding`.
        encoding: String,
        /// The character.
        character: char,
        /// The line of the rendered script, counted from 1.
        line: usize,
    },
    /// The new file cannot be read back.
    #[error("{0}")]
    #[diagnostic(help(
        "the new script was written, and is not there any more: a hook may have moved it"
    ))]
    Written(io::Error),
    /// A file of this name is no module.
    #[error("`{}` was written, and no Python module can have this name", path.display())]
    #[diagnostic(help("give `file_template` a name, such as `%%(rev)s_%%(slug)s`"))]
    NoScriptName {
        /// The file.
        path: PathBuf,
    },
    /// The template leaves out `branch_labels`.
    #[error(
        "Version {revision} specified branch_labels {label}, however the migration file {} does \
         not have them; have you upgraded your script.py.mako to include the 'branch_labels' \
         section?",
        path.display()
    )]
    #[diagnostic(help(
        "the file was written; add `branch_labels = ${{repr(branch_labels)}}` to script.py.mako"
    ))]
    LabelLost {
        /// The new revision.
        revision: String,
        /// Its label.
        label: String,
        /// The file.
        path: PathBuf,
    },
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn paths(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}

impl From<crate::config::ConfigError> for GenerateError {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::Graph(error.into())
    }
}
