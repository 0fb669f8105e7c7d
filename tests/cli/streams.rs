//! Terminals, pipes, disks.

use alembic_testing::{Project, Stdout, Terminal};
use insta::assert_snapshot;

use crate::{context, in_fixture};

#[test]
fn a_refusal_is_wrapped_where_the_input_is_a_terminal() {
    let context = context(Project::from_fixture("two-heads"));
    let output = context.invocation(["show", "head"]).terminal(Terminal::input_only(60)).run();
    assert_snapshot!(output.stdout(), @r#"
    FAILED: Multiple head revisions are present for given
    argument 'head'; please specify a specific target
    revision, '<branchname>@head' to narrow to a specific
    head, or 'heads' for all heads
    "#);
}

#[test]
fn on_a_terminal_the_report_stands_alone() {
    let context = context(Project::from_fixture("linear"));
    let output = context.invocation(["show", "nope"]).terminal(Terminal::new(80)).run();
    assert!(!output.terminal().contains("FAILED"), "{output}");
    assert!(output.terminal().contains("Can't locate revision identified by 'nope'"), "{output}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let context = context(Project::from_fixture("long-linear"));
    let invocation = context.invocation(["history", "-v"]).stdout(Stdout::PipeClosedAfter(10));
    let output = invocation.run();
    assert_eq!((output.code(), output.stderr()), (Some(0), String::new()));
}

#[test]
fn a_full_disk_is_said() {
    let context = context(Project::from_fixture("linear"));
    let full = |arguments: &[&str]| {
        context.invocation(arguments).stdout(Stdout::File("/dev/full".into())).run()
    };
    assert_snapshot!(full(&["history"]), @r#"
    exit: 255
    --- stdout
    --- stderr
      × cannot write to standard output: No space left on device (os error 28)
      help: nothing else was changed; make room and run the command again
    "#);
    assert_eq!(full(&["history", "--graph"]).code(), Some(3));
}

#[test]
fn the_pager_is_the_users_and_for_terminals() {
    let project = Project::from_fixture("linear");
    project.write("pager.sh", "#!/bin/sh\necho paged\ncat >/dev/null\n");
    let pager = format!("sh {}", project.path("pager.sh").display());
    let context = context(project);
    let history = |arguments: &[&str]| {
        let invocation = context.invocation(arguments).env("ALEMBIC_RS_PAGER", &pager);
        invocation.env("TERM", "xterm").terminal(Terminal::output_only(80)).run().terminal()
    };
    assert_eq!(history(&["history"]).trim(), "paged");
    assert!(!history(&["--no-pager", "history"]).contains("paged"));
    let piped = context.invocation(["history"]).env("ALEMBIC_RS_PAGER", &pager).run();
    assert!(!piped.stdout().contains("paged"));
}

#[test]
fn warnings_go_to_standard_error() {
    assert_snapshot!(in_fixture("duplicate-id", &["heads"]), @r#"
    exit: 0
    --- stdout
    b0b0b0b0cafe (head)
    b0b0b0b0cafe (head)
    cfbf73d23254 (head)
    --- stderr
    warning: Revision b0b0b0b0cafe is present more than once
    "#);
}
