//! Alembic's codes for Alembic's command line, our table where one of our flags is used.

use alembic_testing::{Project, TestContext};

use crate::project::{TWO_HEADS, fixture, in_project, letters};

/// The codes of a cause: with Alembic's options, with `--raiseerr`, with one of ours.
fn codes(context: &TestContext, args: &[&str]) -> [i32; 3] {
    let run = |args: &[&str]| {
        let output = context.run(args);
        assert!(!output.stderr().is_empty(), "{output}");
        output.code().unwrap_or(-1)
    };
    [run(args), run(&[&["--raiseerr"], args].concat()), run(&[args, &["--reverse"]].concat())]
}

#[test]
fn a_question_that_has_no_answer() {
    for range in ["nope:", "a1a1:x", ":-2", "no-colon", "a:b:c", "c3c3:d4d4"] {
        assert_eq!(codes(&letters(TWO_HEADS), &["history", "-r", range]), [255, 1, 2], "{range}");
    }
    assert_eq!(codes(&letters(TWO_HEADS), &["history", "-r", ":head"]), [255, 1, 2]);
}

#[test]
fn a_configuration_that_cannot_be_used() {
    let history = ["history"];
    let ini = |text: &str| in_project(Project::new().with_file("alembic.ini", text));
    assert_eq!(codes(&in_project(Project::empty()), &history), [255, 1, 3]);
    assert_eq!(codes(&ini(""), &history), [255, 1, 3]);
    assert_eq!(codes(&ini("[alembic]\nscript_location = nowhere\n"), &history), [255, 1, 3]);
    assert_eq!(codes(&ini("script_location = migrations\n"), &history), [255, 1, 3]);
    assert_eq!(codes(&ini("[alembic]\nscript_location = %(nothing)s\n"), &history), [255, 1, 3]);
    assert_eq!(codes(&letters("a"), &["-c", "a.ini", "-c", "b.ini", "history"]), [255, 1, 3]);
}

#[test]
fn scripts_that_cannot_be_used() {
    for name in [
        "syntax-error",
        "unknowable",
        "no-id",
        "no-down-revision",
        "bad-encoding",
        "nul-byte",
        "broken-link",
        "cycle",
        "self-loop",
        "dependency-cycle",
        "dependency-self-loop",
        "missing-parent",
        "missing-dependency",
        "duplicate-label",
        "label-is-id",
        "illegal-characters",
    ] {
        assert_eq!(codes(&fixture(name), &["history"]), [255, 1, 4], "{name}");
    }
}

#[test]
fn what_is_fine_is_0_everywhere() {
    let context = letters("a <- b");
    for args in [
        &["heads"][..],
        &["history"],
        &["history", "--graph"],
        &["history", "--format", "json"],
        &["--raiseerr", "branches"],
        &["show", "base"],
        &["man"],
    ] {
        assert_eq!(context.run(args).code(), Some(0), "{args:?}");
    }
}
