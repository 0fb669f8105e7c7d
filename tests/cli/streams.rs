//! Terminals, pipes, disks.

use alembic_testing::{Project, Stdout, Terminal, TestContext};
use insta::assert_snapshot;

use crate::project::{SHOP, TWO_HEADS, everything_in, letters, line, readable};
use crate::{PROGRAM, context, in_fixture};

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

#[test]
fn the_report_is_coloured_where_it_is_read() {
    let context = letters(SHOP);
    let run = |terminal| context.invocation(["show", "88ab"]).terminal(terminal);
    let output = run(Terminal::error_only(60)).run();
    assert_snapshot!(readable(&output.terminal()), @"
      <31>×</> Can't locate revision identified by '88ab'
    <36>  help: </>did you mean `88aa40d1f3b9`?
    ");
    assert_eq!(output.stdout(), "FAILED: Can't locate revision identified by '88ab'\n");
    assert!(!run(Terminal::error_only(60)).env("NO_COLOR", "1").run().terminal().contains('\x1b'));
    // It is the other stream that is a terminal: no colours, but no `FAILED:` either.
    let output = run(Terminal::output_only(60)).run();
    assert!(!output.stderr().contains('\x1b'), "{output}");
    assert_eq!(output.terminal(), "");
}

#[test]
fn the_report_is_set_in_ascii_where_the_locale_is() {
    let output = letters(SHOP).invocation(["show", "88ab"]).env("LC_ALL", "C").run();
    assert!(output.stderr().is_ascii(), "{output}");
}

#[test]
fn the_line_is_wrapped_where_standard_input_is_a_terminal() {
    let context = letters(TWO_HEADS);
    let run = |terminal| context.invocation(["show", "head"]).terminal(terminal).run().stdout();
    assert_snapshot!(run(Terminal::input_only(50)), @"
    FAILED: Multiple head revisions are present for
    given argument 'head'; please specify a specific
    target revision, '<branchname>@head' to narrow
    to a specific head, or 'heads' for all heads
    ");
    // A terminal without a width wraps nothing.
    assert_eq!(run(Terminal::input_only(0)).lines().count(), 1);
    assert_eq!(context.run(["show", "head"]).stdout().lines().count(), 1);
}

#[test]
fn listings_are_never_wrapped() {
    let context = letters(SHOP);
    let wrapped = context.invocation(["history", "-v"]).terminal(Terminal::input_only(20)).run();
    assert_eq!(wrapped.stdout(), context.run(["history", "-v"]).stdout());
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let context = line(99);
    for args in [
        &["history"][..],
        &["history", "-v"],
        &["history", "--graph"],
        &["history", "--format=json"],
        &["man"],
    ] {
        for bytes in [0, 10] {
            let output = context.invocation(args).stdout(Stdout::PipeClosedAfter(bytes)).run();
            assert_eq!(
                (output.code(), output.stderr()),
                (Some(0), String::new()),
                "{args:?}: {output}"
            );
        }
    }
}

#[test]
fn a_reader_that_leaves_hides_no_refusal() {
    let run = letters(SHOP).invocation(["show", "nope"]).stdout(Stdout::PipeClosedAfter(0)).run();
    assert_eq!(run.code(), Some(255), "{run}");
    assert!(run.stderr().contains("Can't locate revision"), "{run}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    let context = line(99);
    let full =
        |args: &[&str]| context.invocation(args).stdout(Stdout::File("/dev/full".into())).run();
    assert_snapshot!(full(&["heads"]), @"
    exit: 255
    --- stdout
    --- stderr
      × cannot write to standard output: No space left on device (os error 28)
      help: nothing else was changed; make room and run the command again
    ");
    for args in [
        &["history"][..],
        &["history", "--graph"],
        &["history", "--format=svg"],
        &["branches"],
        &["show", "head"],
        &["completions", "bash"],
        &["man"],
    ] {
        let output = full(args);
        if args == ["branches"] {
            // Nothing to write, nothing that fails.
            assert_eq!(output.code(), Some(0), "{output}");
            continue;
        }
        assert!(!matches!(output.code(), None | Some(0 | 101)), "{args:?}: {output}");
        assert!(
            output.stderr().contains("cannot write to standard output: No space left on device"),
            "{output}"
        );
    }
    assert_eq!(full(&["--help"]).code(), Some(3));
    assert_eq!(full(&["-q", "history"]).code(), Some(0));
}

#[test]
fn nothing_is_written_anywhere() {
    let context = letters(SHOP);
    let before = everything_in(context.project());
    for args in [
        &["heads"][..],
        &["history", "--graph"],
        &["history", "--format", "json"],
        &["show", "nope"],
        &["branches", "-v"],
        &["heads", "--check"],
        &["status"],
        &["plan"],
        &["upgrade", "--dry-run", "head"],
        &["rebase", "b", "--onto", "a"],
    ] {
        context.run(args);
    }
    assert_eq!(everything_in(context.project()), before);
}

#[test]
fn a_folder_that_is_gone() {
    // The shell stands in a folder that it has removed itself.
    let script = format!("rmdir \"$PWD\" && exec {PROGRAM} heads");
    let context = TestContext::new("/bin/sh", Project::empty().with_folder("gone"));
    let output = context.invocation(["-c", &script]).current_dir("gone").run();
    assert_snapshot!(output, @"
    exit: 255
    --- stdout
    FAILED: the current directory cannot be found: No such file or directory (os error 2)
    --- stderr
      × the current directory cannot be found: No such file or directory (os error 2)
      help: change to a folder that exists
    ");
}

#[test]
fn no_standard_output_at_all() {
    let run = |arguments: &str| {
        let script = format!("exec {PROGRAM} {arguments} >&-");
        TestContext::new("/bin/sh", Project::from_letters("a <- b")).run(["-c", &script])
    };
    assert_snapshot!(run("heads"), @"
    exit: 255
    --- stdout
    --- stderr
      × cannot write to standard output: it is closed
      help: nothing else was changed; `--quiet` where the exit code is enough
    ");
    let codes = [
        ("history", 255),
        ("history --graph", 3),
        ("history --format json", 3),
        ("heads --check", 3),
        ("completions bash", 3),
        ("--help", 3),
        ("heads --help", 3),
        ("--version", 3),
        ("heads --nope", 2),
        ("show nope", 255),
        // Nothing is printed, nothing is lost.
        ("branches", 0),
        ("-q history", 0),
    ];
    for (arguments, code) in codes {
        let output = run(arguments);
        assert_eq!(output.code(), Some(code), "{arguments}: {output}");
        assert_eq!(output.stderr().is_empty(), code == 0, "{arguments}: {output}");
    }
}
