//! `edit`: what is said of an editor that does not do its work, in Python's words.

use alembic_testing::{Output, TestContext};

use crate::project;

fn edit(context: &TestContext, editor: &str) -> Output {
    let invocation =
        context.invocation(["edit", "head"]).env("EDITOR", editor).env("PATH", "/none");
    invocation.run()
}

/// The sentence behind `FAILED: Error executing editor (`.
fn reason(context: &TestContext, editor: &str) -> String {
    let output = edit(context, editor);
    assert_eq!(output.code(), Some(255), "{output}");
    let said = output.stdout();
    let said = said.strip_prefix("FAILED: Error executing editor (").expect("the sentence");
    said.trim_end().strip_suffix(')').expect("a bracket").to_owned()
}

fn script(context: &TestContext, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    context.project().write(name, text);
    let mode = std::fs::Permissions::from_mode(0o755);
    fs_err::set_permissions(context.project().path(name), mode).expect("it is ours");
}

#[test]
fn the_system_says_it_as_python_does() {
    let context = project();
    context.project().write("ed.txt", "");
    assert_eq!(reason(&context, "./ed.txt"), "[Errno 13] Permission denied: './ed.txt'");
    script(&context, "it's", "#!/none/sh\n");
    assert_eq!(reason(&context, "./it's"), "[Errno 2] No such file or directory: \"./it's\"");
    let none = "No suitable editor found. Please set the \"EDITOR\" or \"VISUAL\" environment \
                variables";
    assert_eq!(reason(&context, "nope"), none);
}

#[test]
fn an_editor_that_fails_is_named_with_its_status() {
    let context = project();
    script(&context, "fails", "#!/bin/sh\nexit 3\n");
    let said = reason(&context, "./fails");
    assert!(said.starts_with("Command '['./fails', '"), "{said}");
    assert!(said.ends_with("']' returned non-zero exit status 3."), "{said}");
    script(&context, "dies", "#!/bin/sh\nkill -TERM $$\n");
    let said = reason(&context, "./dies");
    assert!(said.ends_with("']' died with <Signals.SIGTERM: 15>."), "{said}");
}
