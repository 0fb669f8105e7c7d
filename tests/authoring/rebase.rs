//! `rebase`: one identifier and one line of the docstring.

use alembic_testing::{Project, TestContext};

use crate::{context, names};

const MINE: &str =
    "\"\"\"mine\n\nRevision ID: c\nRevises: a\n\"\"\"\nrevision = 'c'  # c\ndown_revision = 'a'\n";

/// `b` and the chain `c`, `d` both follow `a`.
fn forked() -> TestContext {
    let context = context(Project::from_letters("a <- b, a <- c <- d"));
    for file in names(&context, "migrations/versions") {
        let path = format!("migrations/versions/{file}");
        if context.project().read(&path).contains("Revision ID: c\n") {
            fs_err::remove_file(context.project().path(&path)).expect("it is there");
        }
    }
    context.project().write("migrations/versions/mine.py", MINE);
    context
}

#[test]
fn the_change_is_shown_and_then_made() {
    let context = forked();
    let shown = context.run(["rebase", "d", "--onto", "b"]);
    assert_eq!(shown.code(), Some(0), "{shown}");
    assert!(shown.stdout().contains("-down_revision = 'a'\n+down_revision = 'b'\n"), "{shown}");
    assert!(shown.stderr().contains("`c` is the bottom of the chain of `d`"), "{shown}");
    assert_eq!(context.project().read("migrations/versions/mine.py"), MINE);
    let written = context.run(["rebase", "d", "--onto", "b", "--write"]);
    assert_eq!(written.code(), Some(0), "{written}");
    let expected = MINE.replace("Revises: a", "Revises: b").replace("= 'a'", "= 'b'");
    assert_eq!(context.project().read("migrations/versions/mine.py"), expected);
    assert_eq!(context.run(["heads"]).stdout(), "d (head)\n");
    assert_eq!(context.run(["rebase", "c", "--onto", "a", "--write"]).code(), Some(0));
    assert_eq!(context.project().read("migrations/versions/mine.py"), MINE);
}

#[test]
fn what_makes_no_history_is_refused() {
    let context = forked();
    for (rev, onto, reason) in [
        ("a", "d", "`d` follows `a`"),
        ("c", "a", "follows `a` already"),
        ("nope", "a", "Can't locate revision identified by 'nope'"),
        ("heads", "a", "stands for several"),
    ] {
        let output = context.run(["rebase", rev, "--onto", onto, "--write"]);
        assert_eq!((output.code(), output.stdout()), (Some(2), String::new()), "{output}");
        assert!(output.stderr().contains(reason), "{reason}: {output}");
    }
    assert_eq!(context.project().read("migrations/versions/mine.py"), MINE);
}
