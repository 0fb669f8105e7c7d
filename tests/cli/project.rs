//! The projects of these tests.

use std::{path::PathBuf, time::SystemTime};

use alembic_testing::{Output, Project, TestContext};

use crate::PROGRAM;

/// A branch point, two labels, a dependency across the lines, a merge point.
pub(crate) const SHOP: &str = "\
    1b2c3d4e5f60 <- 3f60aa1290cd[users] <- 71cc03e95a10
    1b2c3d4e5f60 <- 52de0c9a77b1[billing] <- 88aa40d1f3b9{3f60aa1290cd}
    71cc03e95a10 + 88aa40d1f3b9 <- e4c1b9d7a250";

/// Two heads that were written against the same parent.
pub(crate) const TWO_HEADS: &str =
    "a1a1a1a1a1a1 <- b2b2b2b2b2b2 <- c3c3c3c3c3c3, b2b2b2b2b2b2 <- d4d4d4d4d4d4";

/// The program in a project of letters.
pub(crate) fn letters(text: &str) -> TestContext {
    in_project(Project::from_letters(text))
}

/// The program in a copy of a fixture.
pub(crate) fn fixture(name: &str) -> TestContext {
    in_project(Project::from_fixture(name))
}

/// The program in a project.
pub(crate) fn in_project(project: Project) -> TestContext {
    TestContext::new(PROGRAM, project)
}

/// A line of `count` revisions: `r00`, `r01` …
pub(crate) fn line(count: usize) -> TestContext {
    let names: Vec<String> = (0..count).map(|number| format!("r{number:02}")).collect();
    letters(&names.join(" <- "))
}

/// `text` with the escape sequences of colours in brackets that can be read.
pub(crate) fn readable(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (parameters, rest) = part.split_once('m').unwrap_or((part, ""));
        shown.push('<');
        shown.push_str(if parameters == "0" { "/" } else { parameters });
        shown.push('>');
        shown.push_str(rest);
    }
    shown
}

/// Every file and folder of a project and of the home directory around it, with length and time.
pub(crate) fn everything_in(project: &Project) -> Vec<(PathBuf, u64, SystemTime)> {
    let mut todo = vec![project.home().to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = todo.pop() {
        for entry in fs_err::read_dir(folder).expect("a folder of the project") {
            let entry = entry.expect("a readable folder");
            let metadata = entry.metadata().expect("an entry of the folder");
            if metadata.is_dir() {
                todo.push(entry.path());
            }
            let changed = metadata.modified().expect("a time of change");
            found.push((entry.path(), metadata.len(), changed));
        }
    }
    found.sort();
    found
}

/// What a person is told: the answer of a command that must be refused with every word in it, and touch nothing.
pub(crate) fn refused(context: &TestContext, args: &[&str], words: &[&str]) -> Output {
    let before = everything_in(context.project());
    let output = context.run(args);
    assert_eq!(output.code(), Some(255), "{output}");
    assert!(output.stdout().starts_with("FAILED: "), "{output}");
    for word in words {
        assert!(output.stderr().contains(word), "`{word}` is not in {output}");
    }
    assert_eq!(everything_in(context.project()), before);
    output
}

/// The answer of a command that must be carried out.
pub(crate) fn answered(context: &TestContext, args: &[&str]) -> String {
    let output = context.run(args);
    assert_eq!((output.code(), output.stderr()), (Some(0), String::new()), "{output}");
    output.stdout()
}
