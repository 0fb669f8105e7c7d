//! `revision`: a new script behind a head.

use std::ffi::OsString;
use std::path::PathBuf;

use alembic_core::config::Config;
use alembic_core::script::generate::NewRevision;
use clap::{Args, ValueHint};
use miette::Diagnostic;

use crate::Outcome;
use crate::authoring::{Commands, identifier, write_script};
use crate::commands::completions;
use crate::context::Context;
use crate::diagnostics::{Failure, code};

/// Write a new revision script
#[derive(Debug, Args)]
pub(crate) struct RevisionArgs {
    /// The message of the new revision
    #[arg(short, long, allow_negative_numbers = true)]
    message: Option<String>,
    /// Write operations by comparing the models with the database (not yet)
    #[arg(long)]
    autogenerate: bool,
    /// Print instead of writing; needs revision_environment
    #[arg(long)]
    sql: bool,
    /// The revision to follow
    #[arg(long, default_value = "head", allow_negative_numbers = true, add = completions::revisions())]
    head: String,
    /// Allow a revision that is no head
    #[arg(long)]
    splice: bool,
    /// A branch label for the new revision
    #[arg(long)]
    branch_label: Option<String>,
    /// The version folder to write to
    #[arg(long, value_hint = ValueHint::DirPath)]
    version_path: Option<OsString>,
    /// The identifier of the new revision [default: twelve random hexadecimal digits]
    #[arg(long, allow_negative_numbers = true)]
    rev_id: Option<String>,
    /// A revision that the new one depends on
    #[arg(long, allow_negative_numbers = true, add = completions::revisions())]
    depends_on: Vec<String>,
}

/// What needs Python, or makes no sense.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum RevisionRefused {
    #[error("Using --sql with --autogenerate does not make any sense")]
    #[diagnostic(help("leave one of them out"))]
    SqlAutogenerate,
    #[error(
        "Using --sql with the revision command when revision_environment is not configured does \
         not make any sense"
    )]
    #[diagnostic(help("leave out `--sql`"))]
    SqlAlone,
    #[error("`revision --autogenerate` is not part of alembic-rs {version} yet")]
    #[diagnostic(help(
        "it compares the models with the database; until it is native, the project's own Alembic \
         does it: `{command}`"
    ))]
    Autogenerate { version: &'static str, command: String },
    #[error("`revision_environment = true` runs env.py for every new script, which needs Python")]
    #[diagnostic(help("the project's own Alembic does it: `{command}`"))]
    Environment { command: String },
}

impl From<RevisionRefused> for Failure {
    fn from(error: RevisionRefused) -> Self {
        Self::new(code::USAGE, error)
    }
}

pub(crate) fn run(context: &mut Context, args: &RevisionArgs) -> Outcome {
    let config = context.config()?;
    let settings = config.script_settings()?;
    refuse_python(&config, args)?;
    let id = match args.rev_id.as_deref() {
        // As Alembic: an empty identifier is none.
        None | Some("") => identifier::random()?,
        Some(id) => id.to_owned(),
    };
    let request = NewRevision {
        id,
        message: args.message.clone(),
        heads: vec![args.head.clone()],
        splice: args.splice,
        branch_label: args.branch_label.clone(),
        // As Alembic: an empty path is none.
        version_path: args.version_path.as_ref().filter(|path| !path.is_empty()).map(PathBuf::from),
        depends_on: args.depends_on.clone(),
    };
    let scripts = context.scripts()?;
    let new = Commands {
        config: &config,
        settings: &settings,
        scripts: &scripts,
        request: &request,
        dry_run: false,
    };
    write_script(context, &new)?;
    Ok(0)
}

fn refuse_python(config: &Config, args: &RevisionArgs) -> Result<(), Failure> {
    let environment = config.revision_environment()?;
    if args.autogenerate && args.sql {
        return Err(RevisionRefused::SqlAutogenerate.into());
    }
    if args.autogenerate {
        let version = env!("CARGO_PKG_VERSION");
        return Err(RevisionRefused::Autogenerate { version, command: the_command() }.into());
    }
    if environment {
        return Err(RevisionRefused::Environment { command: the_command() }.into());
    }
    if args.sql {
        return Err(RevisionRefused::SqlAlone.into());
    }
    Ok(())
}

/// This command line with the project's `alembic`.
pub(crate) fn the_command() -> String {
    let quoted = |word: OsString| {
        let word = word.to_string_lossy();
        let plain = |c: char| c.is_alphanumeric() || "-_./=:@,+".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            word.into_owned()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    };
    let words = std::env::args_os().skip(1).map(quoted);
    std::iter::once("alembic".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}
