//! Options before the command, abbreviations, warnings.

use alembic_testing::{Output, Project, TestContext};
use insta::assert_snapshot;

use crate::project::{SHOP, TWO_HEADS, in_project, letters};

/// Two projects in one folder: `alembic.ini` with the sections `alembic` and `other`, and `second.ini`.
fn two_projects() -> TestContext {
    let script = |id: &str| format!("revision = '{id}'\ndown_revision = None\n");
    let section =
        |name: &str, folder: &str| format!("[{name}]\nscript_location = %(here)s/{folder}\n");
    in_project(
        Project::empty()
            .with_file("alembic.ini", section("alembic", "one") + &section("other", "two"))
            .with_file("ini/second.ini", section("alembic", "three"))
            .with_file("ini/pyproject.toml", "[tool.alembic]\nscript_location = '%(here)s/three'\n")
            .with_file("one/versions/a.py", script("one"))
            .with_file("two/versions/a.py", script("two"))
            .with_file("ini/three/versions/a.py", script("three")),
    )
}

fn stdout(args: &[&str]) -> String {
    two_projects().run(args).stdout()
}

#[test]
fn the_configuration_is_chosen() {
    assert_eq!(stdout(&["heads"]), "one (head)\n");
    for args in [
        &["-c", "ini/second.ini", "heads"][..],
        &["-cini/second.ini", "heads"],
        &["--config=ini/second.ini", "heads"],
        &["--conf", "ini/second.ini", "heads"],
        &["-c", "ini/pyproject.toml", "-c", "nowhere.ini", "heads"],
    ] {
        assert_eq!(stdout(args), "three (head)\n", "{args:?}");
    }
    for args in [
        &["-n", "other", "heads"][..],
        &["-nother", "heads"],
        &["--name", "other", "heads"],
        &["--na=other", "heads"],
    ] {
        assert_eq!(stdout(args), "two (head)\n", "{args:?}");
    }
}

#[test]
fn the_environment_chooses_the_configuration() {
    let run = |value: &str| {
        two_projects().invocation(["heads"]).env("ALEMBIC_CONFIG", value).run().stdout()
    };
    assert_eq!(run("ini/second.ini"), "three (head)\n");
    assert_eq!(run(""), "one (head)\n");
    // What is asked for beats the environment.
    let run = two_projects()
        .invocation(["-c", "alembic.ini", "heads"])
        .env("ALEMBIC_CONFIG", "ini/second.ini")
        .run();
    assert_eq!(run.stdout(), "one (head)\n");
}

#[test]
fn arguments_for_env_py_are_taken() {
    for args in
        [&["-x", "a=b", "-x", "c", "heads"][..], &["-xa=b", "heads"], &["-x", "-1", "heads"]]
    {
        assert_eq!(stdout(args), "one (head)\n", "{args:?}");
    }
}

#[test]
fn quiet() {
    let context = letters(TWO_HEADS);
    assert_snapshot!(context.run(["-q", "heads"]), @"
    exit: 0
    --- stdout
    --- stderr
    ");
    assert_snapshot!(context.run(["--quiet", "show", "head"]), @"
    exit: 255
    --- stdout
    --- stderr
      × Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads
      help: the heads are `c3c3c3c3c3c3`, `d4d4d4d4d4d4`; `heads` stands for all of them
    ");
    let context = letters(SHOP);
    for args in
        [&["-q", "history", "--graph"][..], &["-q", "history", "--format=json"], &["-q", "history"]]
    {
        assert_eq!(context.run(args).to_string(), "exit: 0\n--- stdout\n--- stderr\n");
    }
}

#[test]
fn raiseerr_is_the_report_alone_and_1() {
    assert_snapshot!(letters(TWO_HEADS).run(["--raiseerr", "show", "head"]), @"
    exit: 1
    --- stdout
    --- stderr
      × Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads
      help: the heads are `c3c3c3c3c3c3`, `d4d4d4d4d4d4`; `heads` stands for all of them
    ");
    assert_eq!(letters(TWO_HEADS).run(["--raiseerr", "heads"]).code(), Some(0));
}

#[test]
fn abbreviations_and_joined_options() {
    let context = letters(SHOP);
    let same = |long: &[&str], short: &[&str]| {
        let (long, short) = (context.run(long), context.run(short));
        assert_eq!(long.code(), Some(0), "{long}");
        assert_eq!(long.to_string(), short.to_string());
    };
    same(&["history", "--verbose"], &["history", "--verb"]);
    same(&["history", "-v", "-r", "52de:"], &["history", "-vr52de:"]);
    same(&["history", "--rev-range", "52de:"], &["history", "--rev=52de:"]);
    same(&["heads", "--resolve-dependencies"], &["heads", "--res"]);
    // Ours count only where none of Alembic's fits.
    same(&["history", "--reverse"], &["history", "--reve"]);
    same(&["history", "--graph"], &["history", "--gr"]);
    same(&["--quiet", "heads"], &["--qui", "heads"]);
}

#[test]
fn version() {
    let output = letters("").run(["--version"]);
    assert_eq!((output.code(), output.stderr()), (Some(0), String::new()));
    let text = output.stdout();
    let commit = text.strip_prefix("alembic-rs {VERSION}").and_then(|rest| rest.strip_suffix('\n'));
    let commit = commit.unwrap_or_else(|| panic!("{text}"));
    // Nothing where there is no repository, else ` (d04a2ad4f 2026-11-28)`.
    let is_commit = commit.starts_with(" (") && commit.ends_with(')') && commit.len() >= 12;
    assert!(commit.is_empty() || is_commit, "{text}");
    assert_eq!(letters("").run(["-V"]).stdout(), text);
}

#[test]
fn two_dashes_stand_before_an_argument() {
    let context = letters("a");
    for args in [&["show", "--", "a"][..], &["show", "a", "--"]] {
        assert_eq!(context.run(args).code(), Some(0), "{args:?}");
    }
    assert_snapshot!(context.run(["heads", "--"]), @"
    exit: 2
    --- stdout
    --- stderr
    error: unexpected argument '--' found

    Usage: alembic-rs heads [OPTIONS]

    For more information, try '--help'.
    ");
}

/// Exit 2, words on standard error alone.
fn is_usage_error(output: &Output) -> bool {
    output.code() == Some(2) && output.stdout().is_empty() && !output.stderr().is_empty()
}

#[test]
fn usage_errors() {
    let context = letters("a");
    for args in [
        &[][..],
        &["nope"],
        &["head"],
        &["heads", "--nope"],
        &["heads", "extra"],
        &["heads", "-c", "alembic.ini"],
        &["show"],
        &["show", "a", "b"],
        &["history", "-r"],
        &["history", "-r", "-v"],
        &["history", "--graph=round"],
        &["history", "--format", "xml"],
        &["history", "--format"],
        &["-c"],
        &["--nope", "heads"],
        &["-n"],
        &["completions"],
        &["history", "--verbose=yes"],
        &["heads", "--"],
        &["heads", "--", "x"],
        &["history", "-v", "--"],
        &["show", "--"],
        &["--", "heads"],
    ] {
        let output = context.run(args);
        assert!(is_usage_error(&output), "{args:?}: {output}");
    }
    assert_snapshot!(context.run(["history", "--rev-rage", "a:"]), @"
    exit: 2
    --- stdout
    --- stderr
    error: unexpected argument '--rev-rage' found

      tip: a similar argument exists: '--rev-range'

    Usage: alembic-rs history --rev-range <RANGE>

    For more information, try '--help'.
    ");
}

#[test]
fn words_that_are_no_text_are_no_panic() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let bytes = OsStr::from_bytes(b"\xff\xfe");
    let context = letters("a");
    for args in
        [[OsStr::new("show"), bytes], [bytes, OsStr::new("heads")], [OsStr::new("-c"), bytes]]
    {
        assert!(is_usage_error(&context.run(args)));
    }
    let output = context.run([OsStr::new("-c"), bytes, OsStr::new("heads")]);
    assert_eq!(output.code(), Some(255), "{output}");
}

#[test]
fn warnings() {
    let context = letters("a <- b");
    let project = context.project();
    project.write("migrations/versions/zz_b.py", project.read("migrations/versions/001_b.py"));
    assert_snapshot!(context.run(["heads"]), @"
    exit: 0
    --- stdout
    b (head)
    b (head)
    --- stderr
    warning: Revision b is present more than once
    ");
    let context = letters("a <- b");
    fs_err::os::unix::fs::symlink("000_a.py", context.project().path("migrations/versions/zz.py"))
        .unwrap();
    assert_snapshot!(context.run(["heads"]), @"
    exit: 0
    --- stdout
    b (head)
    --- stderr
    warning: File {P}/migrations/versions/000_a.py loaded twice! ignoring. Please ensure version_locations is unique.
    ");
    // A warning stays one when the command is refused behind it.
    let context = letters("a, b <- c");
    let script = context.project().read("migrations/versions/002_c.py");
    context.project().write(
        "migrations/versions/002_c.py",
        script.replace("down_revision = 'b'", "down_revision = 'nope'"),
    );
    assert_snapshot!(context.run(["heads"]).stderr().lines().next().unwrap(), @"warning: Revision nope referenced from nope -> c (head), rev c is not present");
}
