//! What is wrong with identifiers themselves.

use super::finding::{Code, Finding};
use super::placeholder::is_placeholder;
use super::survey::{Survey, Variable};
use crate::revision::RevisionError;
use crate::revision::identifier::ILLEGAL_CHARACTERS;

/// Characters that `alembic_version.version_num VARCHAR(32)` holds.
const COLUMN_WIDTH: usize = 32;

pub(super) fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for (index, _, declaration) in survey.scripts() {
        let id = &declaration.revision;
        let found = [illegal(id), long(id), placeholder(id)];
        findings.extend(found.into_iter().flatten().map(|finding| {
            let finding = finding.about([id]);
            finding.at([survey.place_of(index, Variable::Revision)])
        }));
    }
}

fn illegal(id: &str) -> Option<Finding> {
    let mut characters: Vec<char> =
        ILLEGAL_CHARACTERS.into_iter().filter(|&character| id.contains(character)).collect();
    if characters.is_empty() {
        return None;
    }
    characters.sort_unstable();
    let error = RevisionError::IllegalCharacters { revision: id.to_owned(), characters };
    Some(Finding::of_graph(Code::IllegalCharacters, &error).help(
        "`@`, `-`, `+` and `:` have a meaning in revision identifiers: rename the revision, and \
         the `down_revision` of what follows it",
    ))
}

fn long(id: &str) -> Option<Finding> {
    let length = id.chars().count();
    let message = format!(
        "revision identifier `{id}` has {length} characters, and alembic_version holds \
         {COLUMN_WIDTH}"
    );
    (length > COLUMN_WIDTH).then(|| {
        Finding::new(Code::LongIdentifier, message).help(
            "PostgreSQL and MySQL refuse it when the migration runs: shorten it, and the \
             `down_revision` of what follows it",
        )
    })
}

fn placeholder(id: &str) -> Option<Finding> {
    is_placeholder(id).then(|| {
        let message = format!("revision identifier `{id}` looks typed by hand");
        Finding::new(Code::PlaceholderIdentifier, message).help(
            "sooner or later two branches choose the same: let `revision` draw identifiers (and \
             leave one that a database already has)",
        )
    })
}
