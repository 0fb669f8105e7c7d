//! Every fixture, the broken ones too, through every command and form: no panic, and no half of a document.

use alembic_testing::{Project, fixtures};

use crate::project::in_project;

const COMMANDS: &[&[&str]] = &[
    &["heads"],
    &["heads", "-v", "--resolve-dependencies"],
    &["branches", "-v"],
    &["history", "-r-1:"],
    &["history", "--graph=ascii", "-v", "--reverse"],
    &["show", "@@"],
    &["show", "-9"],
    &["--raiseerr", "-q", "history", "-v"],
];

const DOCUMENTS: &[&str] = &["json", "dot", "mermaid", "svg"];

#[test]
fn nothing_panics_and_no_document_is_half() {
    for fixture in fixtures() {
        let name = fixture.name();
        let context = in_project(Project::from_fixture(&name));
        for args in COMMANDS {
            let output = context.run(*args);
            assert!(
                matches!(output.code(), Some(0 | 1 | 3 | 4 | 255)),
                "{name}: {args:?}: {output}"
            );
        }
        for format in DOCUMENTS {
            let output = context.run(["history", "--format", format]);
            match output.code() {
                Some(0) => assert!(!output.stdout().is_empty(), "{name}: {output}"),
                Some(2..=4) => {
                    assert!(
                        output.stdout().is_empty() && !output.stderr().is_empty(),
                        "{name}: {output}"
                    );
                }
                _ => panic!("{name}: {format}: {output}"),
            }
        }
    }
}
