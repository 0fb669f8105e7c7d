//! `--help`, `man`, and the commands that are still to come.

use alembic_testing::{Output, Project};
use insta::assert_snapshot;

use crate::project::{in_project, letters};

/// Alembic's commands and ours, with arguments that each is satisfied by.
const COMMANDS: &[(&str, &[&str])] = &[
    ("history", &[]),
    ("heads", &[]),
    ("branches", &[]),
    ("show", &["head"]),
    ("completions", &["bash"]),
    ("man", &[]),
];

/// What is known but not yet done, with arguments that each is satisfied by.
const LATER: &[(&str, &[&str])] = &[
    ("check", &[]),
    ("current", &["-v", "--check-heads"]),
    ("downgrade", &["--sql", "--tag", "t", "head:-1"]),
    ("edit", &["head"]),
    ("ensure_version", &["--sql"]),
    ("init", &["-t", "generic", "--package", "migrations"]),
    ("list_templates", &[]),
    ("merge", &["-m", "merge", "--branch-label", "l", "--rev-id", "r", "--splice", "heads"]),
    (
        "revision",
        &[
            "-m",
            "- fix",
            "--autogenerate",
            "--sql",
            "--head",
            "h",
            "--splice",
            "--branch-label",
            "l",
            "--version-path",
            "p",
            "--rev-id",
            "r",
            "--depends-on",
            "a",
            "--depends-on",
            "b",
        ],
    ),
    ("stamp", &["--sql", "--tag", "t", "--purge", "head", "base"]),
    ("upgrade", &["--sql", "--tag", "t", "+1"]),
];

/// Runs where there is nothing: neither help nor manual needs a project.
fn nowhere(args: &[&str]) -> Output {
    in_project(Project::empty()).run(args)
}

#[test]
fn the_program() {
    let output = nowhere(&["--help"]);
    assert_eq!((output.code(), output.stderr()), (Some(0), String::new()));
    let help = output.stdout();
    for (command, _) in COMMANDS.iter().chain(LATER) {
        assert!(
            help.lines().any(|line| line.trim_start().split(' ').next() == Some(command)),
            "{command}"
        );
    }
    for option in [
        "-c, --config",
        "-n, --name",
        "-x <KEY=VALUE>",
        "--raiseerr",
        "-q, --quiet",
        "--version",
        "--no-pager",
    ] {
        assert!(help.contains(option), "{option}");
    }
    assert_eq!(nowhere(&["-h"]).code(), Some(0));
}

#[test]
fn one_command_in_full() {
    assert_snapshot!(nowhere(&["show", "--help"]), @"
    exit: 0
    --- stdout
    Show the revisions that an identifier names

    Usage: alembic-rs show <REVISION>

    Arguments:
      <REVISION>  An identifier, the beginning of one, a label, head, heads, LABEL@head, -N

    Options:
      -h, --help  Print help
    --- stderr
    ");
}

#[test]
fn no_manual_of_what_is_not_there() {
    assert_snapshot!(nowhere(&["man", "nope"]), @"
    exit: 2
    --- stdout
    --- stderr
      × no such command: `nope`
      help: `alembic-rs --help` lists the commands
    ");
}

#[test]
fn what_is_still_to_come_says_who_does_it() {
    let context = letters("a");
    for (command, args) in LATER {
        let output = context.run([&[*command], *args].concat());
        let sentence = format!("`{command}` is not part of alembic-rs {{VERSION}} yet");
        assert_eq!(output.code(), Some(255), "{output}");
        assert_eq!(output.stdout(), format!("FAILED: {sentence}\n"), "{output}");
        assert!(
            output.stderr().contains(&format!("`alembic {command}` with the same options")),
            "{output}"
        );
    }
    assert_snapshot!(context.run(["upgrade", "head"]), @"
    exit: 255
    --- stdout
    FAILED: `upgrade` is not part of alembic-rs {VERSION} yet
    --- stderr
      × `upgrade` is not part of alembic-rs {VERSION} yet
      help: the project's own Alembic does it: `alembic upgrade` with the same options
    ");
}

#[test]
fn questions_for_the_database_say_so() {
    let context = letters("a");
    for args in [
        &["history", "-i"][..],
        &["history", "-r", "current:"],
        &["history", "-r:current"],
        &["show", "current"],
    ] {
        let output = context.run(args);
        assert_eq!(output.code(), Some(255), "{output}");
        assert!(output.stderr().contains("it reads the version table"), "{output}");
    }
}

#[test]
fn usage_is_checked_before_anything_is_said_to_be_missing() {
    for args in [
        &["upgrade"][..],
        &["stamp"],
        &["merge"],
        &["edit"],
        &["init"],
        &["revision", "--s"],
        &["current", "x"],
    ] {
        let output = nowhere(args);
        assert_eq!((output.code(), output.stdout()), (Some(2), String::new()), "{output}");
    }
}
