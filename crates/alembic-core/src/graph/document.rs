//! The document of a project's scripts.

use std::borrow::Cow;
use std::path::Path;

use super::history::Problem;
use super::{Facts, History};
use crate::revision::RevisionIndex;
use crate::script::ScriptDirectory;

impl<'a> History<'a> {
    /// The history of the revisions in `order`, with the warnings of the scripts as its problems; `shown` writes the path
    /// of a script for people.
    pub fn of_scripts(
        scripts: &'a ScriptDirectory,
        order: &[RevisionIndex],
        shown: impl Fn(&'a Path) -> Cow<'a, str>,
    ) -> Self {
        let mut history = Self::new(scripts.map(), order, |index| {
            let script = scripts.script(index);
            Facts {
                path: shown(script.path()),
                line: Some(script.line()),
                docstring: script.docstring().as_str(),
                broken: false,
            }
        });
        let problem = |warning: &'a crate::script::Warning| Problem {
            code: warning.code().into(),
            message: warning.to_string().into(),
            revision: warning.revision().map(Cow::Borrowed),
            path: None,
            line: None,
        };
        history.problems = scripts.warnings().iter().map(problem).collect();
        history
    }
}
