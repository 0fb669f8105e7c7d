//! Why an interpreter was not taken, and what is said when none was.

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use super::discovery::Candidate;

/// Why a candidate was refused. The text goes on from the candidate's name: "`x`: it has no Alembic".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Nothing is at the path.
    #[error("there is no such file")]
    Missing,
    /// A bare name that no folder of `PATH` has.
    #[error("it is not on PATH")]
    NotOnPath,
    /// A folder that is no environment.
    #[error("there is no interpreter in it")]
    NoInterpreter,
    /// A file that may not be started.
    #[error("it is not executable")]
    NotExecutable,
    /// A file that is something else.
    #[error("it is no Python")]
    NotPython,
    /// An environment of Windows, seen from another system.
    #[error("it was made for Windows")]
    OtherSystem,
    /// The interpreter that the environment was made with was moved or removed.
    #[error("the Python that it was made with is gone: `{}`", base.display())]
    BaseGone {
        /// Where that was.
        base: PathBuf,
    },
    /// An executable without Python's library around it.
    #[error("Python's own library is not beside it")]
    NoInstallation,
    /// A pyenv shim without a version behind it.
    #[error("it is a shim of pyenv, and no installed version is chosen here")]
    NoShimVersion,
    /// A script that nobody named: it could be anything.
    #[error("it is a script, and what is behind it cannot be told without running it")]
    Script,
    /// A sound interpreter that cannot import Alembic.
    #[error("it has no Alembic")]
    NoAlembic,
    /// The project is locked by a tool that is not there.
    #[error("`{tool}` is not on PATH")]
    NoTool {
        /// The tool.
        tool: &'static str,
    },
    /// The tool would make an environment without Alembic.
    #[error("`{}` does not have Alembic", lock.display())]
    NotLocked {
        /// The lock file.
        lock: PathBuf,
    },
    /// The tool looks for its project from the current directory upwards.
    #[error("it works inside `{}` only", root.display())]
    OutsideProject {
        /// The tool's project.
        root: PathBuf,
    },
}

/// No interpreter can run the project's Alembic.
#[derive(Debug, Clone, Error)]
#[error("{}", message(.candidates))]
pub struct PythonNotFound {
    /// Everything that was tried, in order.
    pub candidates: Vec<Candidate>,
}

impl PythonNotFound {
    fn named(&self) -> Option<&Candidate> {
        self.candidates.last().filter(|candidate| candidate.origin.is_named())
    }
}

impl Diagnostic for PythonNotFound {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(help(self)))
    }
}

fn message(candidates: &[Candidate]) -> String {
    match candidates.last() {
        Some(candidate) if candidate.origin.is_named() => format!("cannot use {candidate}"),
        _ => "no Python with Alembic was found".to_owned(),
    }
}

fn help(error: &PythonNotFound) -> String {
    if let Some(candidate) = error.named() {
        return match candidate.refusal() {
            Some(Refusal::NoAlembic) => {
                let program = candidate.shown();
                format!("install Alembic there: `{program} -m pip install alembic`")
            }
            _ => "name the python of the environment that has Alembic, such as `.venv/bin/python`"
                .to_owned(),
        };
    }
    let mut text = String::from(if error.candidates.is_empty() {
        "there is no virtual environment here and no python on PATH"
    } else {
        "these were tried:"
    });
    for candidate in &error.candidates {
        text.push_str("\n  ");
        text.push_str(&candidate.to_string());
    }
    text.push_str(
        "\ninstall the project's requirements into `.venv`, activate its environment, \
         or name its python: `--python PATH`",
    );
    text
}

/// What the project's Alembic cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[non_exhaustive]
pub enum CommandError {
    /// An option that came into Alembic later.
    #[error("Alembic {found} has no {what}")]
    #[diagnostic(help(
        "it came with Alembic {needed}: install that in the project's environment, or do without"
    ))]
    TooOld {
        /// What is missing there.
        what: &'static str,
        /// The version that is installed.
        found: String,
        /// The first version that has it.
        needed: &'static str,
    },
    /// A target that Alembic would read as an option.
    #[error("`{target}` is no revision: it would be read as an option")]
    #[diagnostic(help(
        "a target is a revision, `head`, `heads`, `base`, a label or a step such as `+1` or `-1`"
    ))]
    OptionAsTarget {
        /// The target.
        target: String,
    },
    /// An argument with a NUL character, which no program can be given.
    #[error("an argument holds a NUL character")]
    #[diagnostic(help("leave it out"))]
    Nul,
}
