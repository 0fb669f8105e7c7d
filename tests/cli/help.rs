//! `--help`, `man`, and usage errors.

use alembic_testing::{Output, Project};
use insta::assert_snapshot;

use crate::project::in_project;

/// Alembic's commands and ours, with arguments that each is satisfied by.
const COMMANDS: &[(&str, &[&str])] = &[
    ("history", &[]),
    ("heads", &[]),
    ("branches", &[]),
    ("show", &["head"]),
    ("completions", &["bash"]),
    ("man", &[]),
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
    for (command, _) in COMMANDS {
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

    Usage: alembic-rs show [OPTIONS] <REVISION>

    Arguments:
      <REVISION>  An identifier, the beginning of one, a label, head, heads, LABEL@head, -N

    Options:
      -h, --help  Print help

    New in alembic-rs:
          --url <URL>    The database, instead of the one that env.py names [default: ALEMBIC_RS_URL]
          --wait <TIME>  Wait until the database accepts connections, at most so long
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

#[test]
fn the_manual_page_of_a_command_has_its_whole_name() {
    let page = nowhere(&["man", "history"]).stdout();
    assert!(page.contains(".TH alembic-rs-history 1  \"alembic-rs "), "{page}");
    assert!(page.contains("\n\\fBalembic\\-rs history\\fR ["), "{page}");
}
