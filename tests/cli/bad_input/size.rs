//! More than anyone has: an end in bounded time, and in bounded words.

use std::fmt::Write as _;

use alembic_testing::{Project, TestContext};

use crate::project::{answered, in_project, refused};

/// Fifty megabytes.
const HUGE: usize = 50 << 20;

/// In a debug build; the release build reads a hundred thousand in a second.
const MANY: usize = 5_000;

const VALUES: &str = "revision = 'a'\ndown_revision = None\n";

fn script(text: &str) -> TestContext {
    in_project(Project::new().with_file("migrations/versions/x.py", text))
}

#[test]
fn a_huge_body() {
    let statement = "    op.execute(\"insert into t values ('it''s', 1)\")  # ( [ {\n";
    let body = format!("{VALUES}\n\ndef upgrade():\n{}", statement.repeat(HUGE / statement.len()));
    assert_eq!(answered(&script(&body), &["heads"]), "a (head)\n");
}

#[test]
fn a_huge_line() {
    let line = format!("{VALUES}x = '{}'\n", "a".repeat(HUGE));
    assert_eq!(answered(&script(&line), &["heads"]), "a (head)\n");
    let open = format!("{VALUES}x = '''{}", "a".repeat(HUGE));
    let output = refused(&script(&open), &["heads"], &["migrations/versions/x.py"]);
    assert!(output.stderr().len() < 100_000, "{} bytes of report", output.stderr().len());
}

#[test]
fn a_huge_docstring() {
    let words = format!("\"\"\"{}\"\"\"\n{VALUES}", "some words\n".repeat(HUGE / 11));
    assert_eq!(answered(&script(&words), &["heads"]), "a (head)\n");
    assert!(answered(&script(&words), &["show", "a"]).len() > HUGE);
}

#[test]
fn a_huge_identifier() {
    let id = "a".repeat(1 << 20);
    let context = script(&format!("revision = '{id}'\ndown_revision = None\n"));
    assert_eq!(answered(&context, &["heads"]).len(), id.len() + " (head)\n".len());
    refused(&context, &["show", "b"], &["Can't locate revision identified by 'b'"]);
    answered(&context, &["history", "--graph"]);
}

#[test]
fn a_huge_value() {
    let parents = (0..200_000).fold(String::new(), |mut text, number| {
        write!(text, "'r{number}', ").unwrap();
        text
    });
    let context = script(&format!("revision = 'a'\ndown_revision = ({parents})\n"));
    let output =
        refused(&context, &["heads"], &["Revision r0 referenced from revision a is not present"]);
    assert!(output.stderr().len() < 10 << 20, "{} bytes of report", output.stderr().len());
}

/// So many scripts, each with what `down` gives it for its parent.
fn many(down: impl Fn(usize) -> Option<usize>) -> TestContext {
    let context = in_project(Project::new());
    for number in 0..MANY {
        let parent = down(number).map_or("None".to_owned(), |parent| format!("'r{parent:06}'"));
        let text = format!("revision = 'r{number:06}'\ndown_revision = {parent}\n");
        let path = context.project().path(format!("migrations/versions/r{number:06}.py"));
        fs_err::write(path, text).expect("a folder to write to");
    }
    context
}

#[test]
fn many_in_a_line() {
    let context = many(|number| number.checked_sub(1));
    assert_eq!(answered(&context, &["heads"]), format!("r{:06} (head)\n", MANY - 1));
    assert_eq!(answered(&context, &["history"]).lines().count(), MANY);
    assert_eq!(answered(&context, &["history", "--graph"]).lines().count(), MANY);
    assert_eq!(answered(&context, &["branches"]), "");
    let range = &["history", "-r", ":head-4000"];
    assert_eq!(answered(&context, range).lines().count(), MANY - 4_000);
}

#[test]
fn many_bases() {
    let context = many(|_| None);
    assert_eq!(answered(&context, &["heads"]).lines().count(), MANY);
    assert_eq!(answered(&context, &["history"]).lines().count(), MANY);
    let output =
        refused(&context, &["show", "head"], &["Multiple head revisions are present", "more"]);
    assert!(output.stderr().len() < 2_000, "{output}");
}

#[test]
fn many_children() {
    let context = many(|number| number.checked_sub(1).map(|_| 0));
    assert_eq!(answered(&context, &["heads"]).lines().count(), MANY - 1);
    assert_eq!(answered(&context, &["history"]).lines().count(), MANY);
    assert_eq!(answered(&context, &["branches"]).lines().count(), MANY + 1);
}

#[test]
fn many_in_a_ring() {
    let context = many(|number| Some(number.checked_sub(1).unwrap_or(MANY - 1)));
    let output =
        refused(&context, &["heads"], &["Cycle is detected in revisions (r000000, r000001, "]);
    // The sentence is Alembic's, and lists them all; the report around it does not.
    assert!(
        output.stderr().lines().count() < 60,
        "{} lines of report",
        output.stderr().lines().count()
    );
}

#[test]
fn many_that_cannot_be_read() {
    let context = in_project(Project::new());
    for number in 0..1_000 {
        fs_err::write(
            context.project().path(format!("migrations/versions/x{number}.py")),
            "revision = (\n",
        )
        .unwrap();
    }
    refused(&context, &["heads"], &["migrations/versions/x0.py", "migrations/versions/x999.py"]);
}

#[test]
fn many_that_name_what_is_not_there() {
    let context = in_project(Project::new());
    for number in 0..MANY {
        let text = format!("revision = 'r{number:06}'\ndown_revision = 'x{number:06}'\n");
        let path = context.project().path(format!("migrations/versions/f{number:06}.py"));
        fs_err::write(path, text).unwrap();
    }
    let output = context.run(["heads", "--check"]);
    assert_eq!(output.code(), Some(1), "{output}");
    let missing = output.stdout().matches("is not present").count();
    assert_eq!(missing, MANY);
}
