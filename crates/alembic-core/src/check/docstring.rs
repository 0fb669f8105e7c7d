//! Docstrings that contradict the code.
//!
//! Alembic's template writes `Revision ID:` and `Revises:` into the docstring and
//! never reads them; people do. A field is only compared when it is a list of
//! words: `a, b`, `('a', 'b')`, nothing, `None`, `<base>`; prose is left alone.
//! `Revises:` may name dependencies beside the parents.

use super::finding::{Code, Finding, Place};
use super::survey::{self, Survey};
use crate::script::{Declaration, Docstring};

const ID: &str = "Revision ID:";
const REVISES: &str = "Revises:";

pub(super) fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for (index, script, declaration) in survey.scripts() {
        for (field, message) in contradictions(script.docstring(), declaration) {
            let place = survey.place(index);
            let source = survey::text(&place.path, survey.against);
            let line = source.and_then(|source| line_of(source.text(), field));
            let place = Place { line: line.or(place.line), ..place };
            findings.push(
                Finding::new(Code::DocstringMismatch, message)
                    .about([&declaration.revision])
                    .at([place])
                    .help("the code counts: correct the docstring"),
            );
        }
    }
}

fn contradictions(docstring: &Docstring, declared: &Declaration) -> Vec<(&'static str, String)> {
    let id = &declared.revision;
    let mut found = Vec::new();
    if let Some(written) = field(docstring, ID).as_deref().and_then(words)
        && let [word] = written.as_slice()
        && word != id
    {
        found.push((ID, format!("docstring says `{ID} {word}`, and the code `revision = {id:?}`")));
    }
    if let Some(written) = field(docstring, REVISES).as_deref().and_then(words)
        && !agree(&written, declared)
    {
        let parents = match declared.down_revision.as_slice() {
            [] => "None".to_owned(),
            [one] => format!("{one:?}"),
            several => format!("({})", quoted(several)),
        };
        let said = written.join(", ");
        let said = format!("{REVISES} {said}");
        found.push((
            REVISES,
            format!(
                "docstring of revision `{id}` says `{}`, and the code `down_revision = {parents}`",
                said.trim_end()
            ),
        ));
    }
    found
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ")
}

fn agree(written: &[String], declared: &Declaration) -> bool {
    let (parents, dependencies) = (&declared.down_revision, &declared.depends_on);
    parents.iter().all(|parent| written.contains(parent))
        && written.iter().all(|word| parents.contains(word) || dependencies.contains(word))
}

/// The rest of the first line that begins with `name`.
fn field(docstring: &Docstring, name: &str) -> Option<String> {
    let rest = docstring.lines().find_map(|line| line.trim_start().strip_prefix(name))?;
    Some(rest.trim().to_owned())
}

/// The words of a list; `None` for prose, or for a list that goes on below.
fn words(field: &str) -> Option<Vec<String>> {
    let inner = field.strip_prefix(['(', '[']).and_then(|rest| rest.strip_suffix([')', ']']));
    let list = inner.unwrap_or(field);
    if inner.is_none() && list.ends_with(',') {
        return None;
    }
    let mut words = Vec::new();
    for item in list.split(',') {
        let word = item.trim().trim_matches(['\'', '"', '`']);
        if word.contains(char::is_whitespace) {
            return None;
        }
        if !word.is_empty() {
            words.push(word.to_owned());
        }
    }
    let nothing = ["none", "base", "<base>", "-"];
    words.retain(|word| !nothing.contains(&word.to_ascii_lowercase().as_str()));
    Some(words)
}

fn line_of(text: &str, field: &str) -> Option<usize> {
    let begins = |line: &str| {
        line.trim_start().trim_start_matches(['"', '\'', 'r', 'u', 'R', 'U']).starts_with(field)
            || line.trim_start().starts_with(field)
    };
    text.lines().position(begins).map(|line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(id: &str, parents: &[&str], dependencies: &[&str]) -> Declaration {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Declaration {
            revision: id.to_owned(),
            down_revision: list(parents),
            depends_on: list(dependencies),
            ..Declaration::default()
        }
    }

    fn messages(docstring: &str, declared: &Declaration) -> Vec<String> {
        let found = contradictions(&Docstring::new(docstring), declared);
        found.into_iter().map(|(_, message)| message).collect()
    }

    #[test]
    fn agreement() {
        let merge = declared("c", &["a", "b"], &["d"]);
        for revises in ["a, b", "('a', 'b')", "b,a", "a, b, d", "[\"a\", \"b\"]", "the two others"]
        {
            let docstring = format!("m\n\nRevision ID: c\nRevises: {revises}\n");
            assert_eq!(messages(&docstring, &merge), Vec::<String>::new(), "{revises}");
        }
        for revises in ["", "None", "<base>", "-"] {
            let docstring = format!("m\n\n  Revision ID: a\n  Revises: {revises}\n");
            assert_eq!(messages(&docstring, &declared("a", &[], &[])), Vec::<String>::new());
        }
        assert!(messages("no fields", &merge).is_empty());
    }

    #[test]
    fn contradiction() {
        assert_eq!(
            messages("m\n\nRevision ID: b\nRevises: a\n", &declared("c", &["x", "y"], &[])),
            [
                "docstring says `Revision ID: b`, and the code `revision = \"c\"`",
                "docstring of revision `c` says `Revises: a`, and the code `down_revision = \
                 (\"x\", \"y\")`",
            ]
        );
        assert_eq!(
            messages("Revises: a", &declared("b", &[], &[])),
            ["docstring of revision `b` says `Revises: a`, and the code `down_revision = None`"]
        );
        assert_eq!(
            messages("Revises:", &declared("b", &["a"], &[])),
            ["docstring of revision `b` says `Revises:`, and the code `down_revision = \"a\"`"]
        );
    }
}
