//! Scripts that cannot be read: each a finding, and an excuse for what seems to
//! be missing because of them.

use memchr::memmem;
use miette::Diagnostic;

use super::against::Against;
use super::finding::{Code, Finding, Place};
use super::survey;
use crate::script::{ScriptFiles, ScriptProblem, ScriptProblemKind};

/// The scripts that cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable(Vec<Part>);

#[derive(Debug)]
struct Part {
    finding: Finding,
    file_name: String,
    bytes: Vec<u8>,
}

impl Unreadable {
    pub(super) fn new(files: &ScriptFiles, against: Option<&Against>) -> Self {
        let part = |(_, problem): &(usize, Box<ScriptProblem>)| {
            let bytes = match problem.text() {
                Some(text) => text.as_bytes().to_owned(),
                None => survey::bytes(problem.path(), against).unwrap_or_default(),
            };
            let file_name = problem.path().file_name().unwrap_or_default();
            Part {
                finding: finding(problem, &bytes),
                file_name: file_name.to_string_lossy().into_owned(),
                bytes,
            }
        };
        Self(files.problems.iter().map(part).collect())
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        self.0.iter().map(|part| part.finding.clone()).collect()
    }

    /// Whether one of them may declare or follow the revision: names it in quotes,
    /// or is called after it as Alembic's `file_template` does by default.
    pub(super) fn mention(&self, id: &str) -> bool {
        !id.is_empty() && self.0.iter().any(|part| part.mentions(id))
    }
}

impl Part {
    fn mentions(&self, id: &str) -> bool {
        let quoted = |quote: char| {
            let wanted = format!("{quote}{id}{quote}");
            memmem::find(&self.bytes, wanted.as_bytes()).is_some()
        };
        let stem = self.file_name.strip_prefix(id);
        let named = stem.is_some_and(|rest| rest == ".py" || rest.starts_with('_'));
        named || quoted('\'') || quoted('"')
    }
}

fn finding(problem: &ScriptProblem, bytes: &[u8]) -> Finding {
    let line = match problem.kind() {
        ScriptProblemKind::Undecodable { line, .. } | ScriptProblemKind::Syntax { line, .. } => {
            Some(*line)
        }
        _ => problem.line(),
    };
    let conflict = conflict_marker(bytes);
    let line = conflict.or(line);
    let place = Place { path: problem.path().to_owned(), line, revision: None };
    let finding = Finding::new(Code::UnreadableScript, problem.to_string()).at([place]);
    if conflict.is_some() {
        return finding.help("git's conflict markers are still in it: finish the merge first");
    }
    match problem.help() {
        Some(help) => finding.help(help.to_string()),
        None => finding,
    }
}

/// The line of git's first conflict marker.
fn conflict_marker(bytes: &[u8]) -> Option<usize> {
    let at = bytes.split(|&byte| byte == b'\n').position(|line| line.starts_with(b"<<<<<<< "));
    at.map(|line| line + 1)
}
