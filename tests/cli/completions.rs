//! `completions`.

use insta::assert_snapshot;

use crate::project::{SHOP, letters};

#[test]
fn a_script_needs_no_project() {
    let project = alembic_testing::Project::empty();
    let output = crate::project::in_project(project).run(["completions", "bash"]);
    assert_eq!(output.code(), Some(0), "{output}");
}

#[test]
fn no_such_shell() {
    assert_snapshot!(letters("").run(["completions", "csh"]), @"
    exit: 2
    --- stdout
    --- stderr
    error: invalid value 'csh' for '<SHELL>'
      [possible values: bash, zsh, fish, powershell, elvish]

      tip: a similar value exists: 'zsh'

    For more information, try '--help'.
    ");
}

/// What bash is offered where the last word is being typed.
fn offered(words: &[&str]) -> Vec<String> {
    let context = letters(SHOP);
    let args = [&["--", "alembic-rs"], words].concat();
    let run = context.invocation(args).env("ALEMBIC_RS_COMPLETE", "bash");
    let run = run.env("_CLAP_COMPLETE_INDEX", words.len().to_string()).env("_CLAP_IFS", "\n");
    run.run().stdout().lines().map(str::to_owned).collect()
}

#[test]
fn revisions_complete() {
    assert_eq!(offered(&["show", "3"]), ["3f60aa1290cd"]);
    assert_eq!(offered(&["show", "use"]), ["users"]);
    assert_eq!(offered(&["show", "users@he"]), ["users@head", "users@heads"]);
    assert_eq!(offered(&["history", "-r", "base:8"]), ["base:88aa40d1f3b9"]);
    assert_eq!(offered(&["bran"]), ["branches"]);
}

#[test]
fn a_project_that_cannot_be_read_is_no_trouble() {
    let context = letters("a <- b{nothing}");
    let run =
        context.invocation(["--", "alembic-rs", "show", "x"]).env("ALEMBIC_RS_COMPLETE", "bash");
    let output = run.env("_CLAP_COMPLETE_INDEX", "2").env("_CLAP_IFS", "\n").run();
    assert_snapshot!(output, @"
    exit: 0
    --- stdout
    --- stderr
    ");
}
