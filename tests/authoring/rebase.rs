//! `rebase`: one identifier and one line of the docstring.

use alembic_testing::{Project, Terminal, TestContext};

use crate::{context, names, tree};

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
        ("d", "d", "`d` cannot follow itself"),
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

/// Two branches of git: `b` is on `main`, the chain `c`, `d` on the one that is checked out, into which `main` was
/// merged. Both sides touch the same table.
fn two_branches() -> TestContext {
    let script = |id: &str, parent: &str| {
        let body = "def upgrade():\n    op.drop_column('users', 'x')\n";
        format!("revision = '{id}'\ndown_revision = '{parent}'\n{body}")
    };
    let context = context(Project::from_letters("a"));
    let git = |steps: &str| {
        let setting = "-c user.name=a -c user.email=a@example.com -c init.defaultBranch=main";
        let steps = steps.replace("git ", &format!("git {setting} "));
        let output = context.invocation([""; 0]).through(["/bin/sh", "-ec", &steps]).run();
        assert_eq!(output.code(), Some(0), "{output}");
    };
    let versions = "migrations/versions";
    git("git init -q .; git add .; git commit -q -m a; git checkout -q -b feature");
    context.project().write(format!("{versions}/c.py"), script("c", "a"));
    context.project().write(format!("{versions}/d.py"), script("d", "c"));
    git("git add .; git commit -q -m c; git checkout -q main");
    context.project().write(format!("{versions}/b.py"), script("b", "a"));
    git("git add .; git commit -q -m b; git checkout -q feature; git merge -q main");
    context
}

#[test]
fn what_the_goal_depends_on_cannot_follow_it() {
    let context = context(Project::from_letters("a <- x <- y, a <- b{x} <- c"));
    let before = tree(&context);
    let output = context.run(["rebase", "y", "--onto", "c", "--write"]);
    assert_eq!(output.code(), Some(2), "{output}");
    assert!(output.stderr().contains("`c` needs `x` by way of `depends_on`"), "{output}");
    assert_eq!(tree(&context), before);
    let check = context.run(["heads", "--check"]).stdout();
    assert!(check.contains("alembic-rs rebase b --onto y\n"), "{check}");
}

#[test]
fn without_a_revision_git_says_which() {
    let context = two_branches();
    assert_eq!(context.run(["heads"]).stdout(), "b (head)\nd (head)\n");
    let output = context.run(["rebase", "--onto", "b", "--write"]);
    assert_eq!(output.code(), Some(0), "{output}");
    assert!(output.stdout().contains("/c.py\n"), "{output}");
    let note = "note: `c` and `b` both touch table `users`: their order may matter\n";
    assert!(output.stderr().contains(note), "{output}");
    assert_eq!(context.run(["heads"]).stdout(), "d (head)\n");
    // Onto the head that is only here, there is no other one.
    let output = context.run(["rebase", "--onto", "d"]);
    assert_eq!(output.code(), Some(2), "{output}");
    assert!(output.stderr().contains("no other head is only on this branch of git"), "{output}");
}

#[test]
fn notes_stand_behind_what_they_are_about() {
    let context = two_branches();
    for (arguments, before) in [
        (&["rebase", "--onto", "b"][..], "+down_revision = 'b'"),
        (&["merge", "--dry-run", "heads"], "+down_revision: "),
        (&["merge", "heads"], "...  done"),
    ] {
        let template =
            include_str!("../../crates/alembic-core/src/template/builtin/script.py.mako");
        context.project().write("migrations/script.py.mako", template);
        let seen = context.invocation(arguments).terminal(Terminal::new(200)).run().terminal();
        let place = |text: &str| seen.find(text).unwrap_or_else(|| panic!("no {text} in {seen}"));
        assert!(place(before) < place("note: "), "{seen}");
    }
}

#[test]
fn strange_names_and_line_ends_stay() {
    let context = forked();
    let text = MINE.replace('\n', "\r\n");
    fs_err::remove_file(context.project().path("migrations/versions/mine.py"))
        .expect("it is there");
    let path = "migrations/versions/it's  \u{fc}n\u{ed}code.py";
    context.project().write(path, &text);
    assert_eq!(context.run(["rebase", "c", "--onto", "b", "--write"]).code(), Some(0));
    let expected = text.replace("Revises: a", "Revises: b").replace("= 'a'", "= 'b'");
    assert_eq!(context.project().read(path), expected);
}

#[test]
fn a_docstring_that_stays_as_it_is_is_told_of() {
    for line in ["Revises: a.", "Revises: \\x61"] {
        let context = forked();
        let script = MINE.replace("Revises: a", line);
        context.project().write("migrations/versions/mine.py", &script);
        let output = context.run(["rebase", "c", "--onto", "b", "--write"]);
        assert_eq!(output.code(), Some(0), "{output}");
        assert!(context.project().read("migrations/versions/mine.py").contains(line));
        assert!(output.stderr().contains("the docstring still says `Revises: a"), "{output}");
    }
}

#[test]
fn outside_of_git_a_revision_must_be_named() {
    let output = forked().run(["rebase", "--onto", "b"]);
    assert_eq!(output.code(), Some(2), "{output}");
    assert!(output.stderr().contains("name the revision that shall be moved"), "{output}");
}
