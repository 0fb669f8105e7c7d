//! The program itself: help, manual, completions, commands still to come.

use alembic_testing::Project;

use crate::{context, in_fixture};

const COMMANDS: &[&str] = &[
    "history",
    "heads",
    "branches",
    "show",
    "completions",
    "man",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "init",
    "list_templates",
    "merge",
    "revision",
    "stamp",
    "upgrade",
    "rebase",
];

#[test]
fn every_command_has_help_and_a_manual_page() {
    for command in COMMANDS {
        let help = in_fixture("empty", &[command, "--help"]);
        assert_eq!(help.code(), Some(0), "{command}");
        assert!(help.stdout().contains("Usage: alembic-rs"), "{help}");
        let manual = in_fixture("empty", &["man", command]);
        assert_eq!(manual.code(), Some(0), "{command}");
        assert!(manual.stdout().contains(".SH SYNOPSIS"), "{manual}");
    }
}

#[test]
fn usage_errors_leave_standard_output_alone() {
    for arguments in [&["heads", "x"][..], &[], &["Heads"], &["history", "-r", "-3:"], &["show"]] {
        let output = in_fixture("linear", arguments);
        assert_eq!((output.code(), output.stdout()), (Some(2), String::new()), "{arguments:?}");
        assert!(!output.stderr().is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_is_not_there_yet_says_so() {
    let output = in_fixture("linear", &["check"]);
    assert_eq!(output.code(), Some(255));
    assert!(output.stdout().starts_with("FAILED: `check` is not part of alembic-rs"), "{output}");
    assert!(output.stderr().contains("`alembic check`"), "{output}");
}

#[test]
fn shells_ask_for_revisions() {
    let context = context(Project::from_fixture("linear"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = context.run(["completions", shell]);
        assert_eq!(output.code(), Some(0));
        assert!(output.stdout().contains("ALEMBIC_RS_COMPLETE"), "{output}");
    }
    let asked = context
        .invocation(["--", "alembic-rs", "show", "ba7"])
        .env("ALEMBIC_RS_COMPLETE", "fish")
        .run();
    assert!(asked.stdout().starts_with("ba729c947b63\t"), "{asked}");
}
