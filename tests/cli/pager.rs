//! The pager: on a terminal alone, and only where something is long.

use alembic_testing::{Output, Terminal, TestContext};

use crate::project::{SHOP, letters};

/// Writes what it reads to a file, and its arguments and settings to another.
const PAGER: &str = "#!/bin/sh\necho \"paged $*\" > \"$HOME/paged\"\necho \"LESS=$LESS\" >> \"$HOME/paged\"\ncat > \"$HOME/text\"\n";

/// A project and a pager beside it.
fn with_pager(script: &str) -> (TestContext, String) {
    use std::os::unix::fs::PermissionsExt as _;
    let context = letters(SHOP);
    let pager = context.project().home().join("pager");
    fs_err::write(&pager, script).expect("files beside the project");
    fs_err::set_permissions(&pager, std::fs::Permissions::from_mode(0o755))
        .expect("files beside the project");
    let pager = pager.to_str().expect("files beside the project").to_owned();
    (context, pager)
}

fn on_terminal(context: &TestContext, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let run = context.invocation(args).terminal(Terminal::new(80)).env("NO_COLOR", "1");
    variables.iter().fold(run, |run, (name, value)| run.env(name, value)).run()
}

/// What the pager was given, if it ran.
fn paged(context: &TestContext) -> Option<String> {
    let file = context.project().home().join("text");
    let text = fs_err::read_to_string(&file).ok()?;
    fs_err::remove_file(file).expect("files beside the project");
    Some(text.replace(context.project().root().to_str().expect("files beside the project"), "{P}"))
}

#[test]
fn a_history_is_paged_on_a_terminal() {
    let (context, pager) = with_pager(PAGER);
    for args in [&["history"][..], &["history", "-v"], &["history", "--graph"]] {
        let output = on_terminal(&context, args, &[("ALEMBIC_RS_PAGER", &pager)]);
        assert_eq!((output.code(), output.terminal()), (Some(0), String::new()), "{output}");
        assert_eq!(paged(&context), Some(context.run(args).stdout()));
    }
}

#[test]
fn which_pager() {
    let (context, pager) = with_pager(PAGER);
    on_terminal(&context, &["history"], &[("PAGER", &pager)]);
    assert!(paged(&context).is_some());
    // Ours is asked first, and may have arguments.
    on_terminal(
        &context,
        &["history"],
        &[("PAGER", "/nowhere"), ("ALEMBIC_RS_PAGER", &format!("{pager} -a b"))],
    );
    let how = fs_err::read_to_string(context.project().home().join("paged")).unwrap();
    assert_eq!(how, "paged -a b\nLESS=FRX\n");
    on_terminal(&context, &["history"], &[("PAGER", &pager), ("LESS", "S")]);
    let how = fs_err::read_to_string(context.project().home().join("paged")).unwrap();
    assert_eq!(how, "paged \nLESS=S\n");
}

#[test]
fn no_pager() {
    let (context, pager) = with_pager(PAGER);
    let plain = context.run(["history"]).stdout();
    let ours = [("ALEMBIC_RS_PAGER", pager.as_str())];
    for (args, variables) in [
        (&["--no-pager", "history"][..], &ours[..]),
        (&["history"], &[("ALEMBIC_RS_PAGER", "cat")]),
        (&["history"], &[("ALEMBIC_RS_PAGER", ""), ("PAGER", &pager)]),
        (&["history"], &[("ALEMBIC_RS_PAGER", "/no/such/pager")]),
        (&["history"], &[ours[0], ("TERM", "dumb")]),
    ] {
        let output = on_terminal(&context, args, variables);
        assert_eq!(output.terminal(), plain, "{args:?} {variables:?}: {output}");
        assert_eq!(paged(&context), None);
    }
    // Piped, quiet, short by nature, or a document for programs.
    context.invocation(["history"]).env("ALEMBIC_RS_PAGER", &pager).run();
    let input = context.invocation(["history"]).terminal(Terminal::input_only(80));
    input.env("ALEMBIC_RS_PAGER", &pager).run();
    for args in [
        &["-q", "history"][..],
        &["heads"],
        &["branches"],
        &["show", "heads"],
        &["history", "--format=json"],
    ] {
        on_terminal(&context, args, &ours);
    }
    assert_eq!(paged(&context), None);
}

#[test]
fn a_refusal_is_not_paged() {
    let (context, pager) = with_pager(PAGER);
    let output =
        on_terminal(&context, &["history", "-r", "nope:"], &[("ALEMBIC_RS_PAGER", &pager)]);
    assert_eq!(output.code(), Some(255), "{output}");
    assert!(output.terminal().contains("Can't locate revision"), "{output}");
    assert_eq!(paged(&context), None);
}

#[test]
fn a_pager_that_leaves_early_is_no_failure() {
    let (context, pager) = with_pager("#!/bin/sh\nexit 3\n");
    let output = on_terminal(&context, &["history"], &[("ALEMBIC_RS_PAGER", &pager)]);
    assert_eq!((output.code(), output.terminal()), (Some(0), String::new()), "{output}");
}
