//! `revision`: what it leaves behind, and what it does not.

use std::process::{Command, Stdio};

use alembic_testing::Venv;

use crate::{alembic, names, project, tree};

#[test]
fn strange_messages_are_read_back() {
    let long = "word ".repeat(2_000);
    for message in
        ["it's \"quoted\"", "back\\slash", "two\nlines", "\u{1f680} Größe", &long, "${x} %"]
    {
        let context = project();
        let output = context.run(["revision", "-m", message]);
        assert_eq!(output.code(), Some(0), "{message:?}: {output}");
        assert!(alembic(&context, &["heads"]).ends_with(" (head)\n"));
    }
}

#[test]
fn what_cannot_be_read_back_stays_and_is_named() {
    let context = project();
    let output = context.run(["revision", "-m", "three \"\"\" quotes", "--rev-id", "zz"]);
    assert_eq!(output.code(), Some(255), "{output}");
    assert!(output.stderr().contains("zz_three_quotes.py"), "{output}");
    assert!(names(&context, "migrations/versions").contains(&"zz_three_quotes.py".to_owned()));
}

#[test]
fn a_script_that_follows_itself_is_a_failure() {
    let context = project();
    let head = alembic(&context, &["heads"]).replace(" (head)\n", "");
    let output = context.run(["revision", "-m", "again", "--rev-id", &head]);
    assert_eq!(output.code(), Some(255), "{output}");
    let sentence = format!("FAILED: Self-loop is detected in revisions ({head})");
    assert!(output.stdout().contains(&sentence), "{output}");
}

/// A template whose declarations are given.
fn declaring(down_revision: &str, branch_labels: &str, depends_on: &str) -> String {
    format!(
        "revision = ${{repr(up_revision)}}\ndown_revision = {down_revision}\n\
         branch_labels = {branch_labels}\ndepends_on = {depends_on}\n"
    )
}

#[test]
fn what_a_new_script_names_must_be_there() {
    for (template, sentence) in [
        (
            declaring("'zz'", "None", "None"),
            "Revision zz referenced from revision n is not present",
        ),
        (declaring("None", "None", "'zz'"), "Dependency zz of revision n is not present"),
        (
            declaring("None", "('l', 'l')", "None"),
            "Branch name 'l' in revision n already used by revision n",
        ),
    ] {
        let context = project();
        context.project().write("migrations/script.py.mako", template);
        let output = context.run(["revision", "--rev-id", "n"]);
        assert_eq!(output.code(), Some(255), "{output}");
        assert!(output.stdout().contains(&format!("done\nFAILED: {sentence}\n")), "{output}");
        assert!(names(&context, "migrations/versions").contains(&"n_.py".to_owned()));
    }
    let context = project();
    context.project().write("migrations/script.py.mako", declaring("'b'", "'l'", "None"));
    assert_eq!(context.run(["revision", "--rev-id", "n"]).code(), Some(0));
    context.project().write("migrations/script.py.mako", declaring("'n'", "None", "'b'"));
    let output = context.run(["revision", "--rev-id", "l"]);
    assert_eq!(output.code(), Some(0), "{output}");
    assert!(output.stderr().contains("Revision l is present more than once"), "{output}");
}

#[test]
fn an_empty_version_path_is_none() {
    let output = project().run(["revision", "--rev-id", "n", "--version-path", ""]);
    assert_eq!(output.code(), Some(0), "{output}");
}

#[test]
fn characters_that_need_care_are_written_as_python_writes_them() {
    let context = project();
    let template = "revision = ${repr(up_revision)}\ndown_revision = None\n\
                    x = ${repr(message)}  # ${ascii(message)}\n";
    context.project().write("migrations/script.py.mako", template);
    let message = "\u{1f389} e\u{301}\u{a0}\u{200b}";
    let output = context.run(["revision", "--rev-id", "\u{1f389}", "-m", message]);
    assert_eq!(output.code(), Some(0), "{output}");
    let file = names(&context, "migrations/versions").pop().expect("a script");
    assert_eq!(
        context.project().read(format!("migrations/versions/{file}")),
        "revision = '\u{1f389}'\ndown_revision = None\n\
         x = '\u{1f389} e\u{301}\\xa0\\u200b'  # '\\U0001f389 e\\u0301\\xa0\\u200b'\n"
    );
}

#[test]
fn a_hook_without_a_type_is_named_as_python_writes_it() {
    let context = project();
    let ini =
        "[alembic]\nscript_location = %(here)s/migrations\n[post_write_hooks]\nhooks = a\n  b\n";
    context.project().write("alembic.ini", ini);
    let output = context.run(["revision", "--rev-id", "n"]);
    let sentence = "FAILED: Key 'a\nb.type' (or 'type' in toml) is required for post write hook \
                    'a\\nb'\n";
    assert!(output.stdout().ends_with(sentence), "{output}");
}

#[test]
fn a_hooks_module_is_looked_for_where_alembic_looks() {
    let alembic = Venv::find().alembic();
    let path = alembic.parent().expect("it lies in a folder");
    for (prepend, code) in [("", 255), ("prepend_sys_path = .\n", 0)] {
        let context = project();
        context.project().write("mymod.py", "");
        let hook = "[post_write_hooks]\nhooks = a\na.type = module\na.module = mymod\n";
        let ini = format!("[alembic]\nscript_location = %(here)s/migrations\n{prepend}{hook}");
        context.project().write("alembic.ini", ini);
        let output = context.invocation(["revision", "--rev-id", "n"]).env("PATH", path).run();
        assert_eq!(output.code(), Some(code), "{output}");
        let refused = output.stdout().contains("FAILED: Could not find module mymod\n");
        assert_eq!(refused, code == 255, "{output}");
    }
}

#[test]
fn a_template_that_is_a_pipe_is_not_waited_for() {
    let context = project();
    let path = context.project().path("migrations/script.py.mako");
    fs_err::remove_file(&path).expect("it is there");
    assert!(Command::new("mkfifo").arg(&path).status().expect("it starts").success());
    let output = context.run(["revision", "--rev-id", "n"]);
    assert_eq!(output.code(), Some(255), "{output}");
    assert!(output.stdout().contains("is a named pipe, and no template"), "{output}");
}

#[test]
fn a_merge_that_is_only_shown_has_our_exit_codes() {
    let context = project();
    let codes = |arguments: &[&str]| {
        let output = context.run(arguments);
        assert_eq!(output.stdout(), "", "{output}");
        output.code()
    };
    assert_eq!(codes(&["merge", "--dry-run", "nope"]), Some(2));
    assert_eq!(codes(&["-n", "nope", "merge", "--dry-run", "heads"]), Some(3));
    fs_err::remove_file(context.project().path("migrations/script.py.mako")).expect("it is there");
    assert_eq!(codes(&["merge", "--dry-run", "b"]), Some(3));
}

#[test]
fn nothing_is_written_when_something_is_wrong() {
    let ini = |line: &str| format!("[alembic]\nscript_location = %(here)s/migrations\n{line}\n");
    let cases: [(&str, &str, &[&str], &str); 9] = [
        ("timezone = Mars/Base", "x", &[], "Can't locate timezone: Mars/Base"),
        ("file_template = %%(nope)s", "x", &[], "nope"),
        ("file_template = new/%%(rev)s", "x\n${nope()}", &[], "Template rendering failed"),
        ("", "x\n${open('/etc/passwd')}", &[], "Template rendering failed"),
        ("", "<%include file=\"y\"/>", &[], "Template rendering failed"),
        ("output_encoding = ascii", "é", &[], "Template rendering failed"),
        ("", "x", &["--head", "a"], "not a head revision"),
        ("", "x", &["--depends-on", "nope"], "Can't locate revision identified by 'nope'"),
        ("", "x", &["--rev-id", "a-b"], "not allowed in revision identifier"),
    ];
    for (line, template, arguments, sentence) in cases {
        let context = project();
        context.project().write("alembic.ini", ini(line));
        context.project().write("migrations/script.py.mako", template);
        let before = tree(&context);
        let output = context.run(["revision", "-m", "x"].iter().chain(arguments));
        assert_eq!(output.code(), Some(255), "{output}");
        assert!(output.stdout().contains(sentence), "{sentence}: {output}");
        assert_eq!(tree(&context), before, "{sentence}");
    }
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let context = project();
    let path = "migrations/versions/zz_x.py";
    context.project().write(path, "revision = 'old'\ndown_revision = None\n");
    let before = tree(&context);
    let output = context.run(["revision", "-m", "x", "--rev-id", "zz", "--head", "b"]);
    assert_eq!(output.code(), Some(255), "{output}");
    assert_eq!(tree(&context), before);
}

#[test]
fn several_at_once_write_several_files() {
    let context = project();
    let start = || {
        Command::new(context.program())
            .args(["revision", "-m", "x", "--head", "b", "--splice"])
            .current_dir(context.project().root())
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts")
    };
    let running: Vec<_> = (0..6).map(|_| start()).collect();
    for mut child in running {
        assert!(child.wait().expect("it ends").success());
    }
    assert_eq!(names(&context, "migrations/versions").len(), 8);
}

#[test]
fn python_is_said_to_be_needed_with_the_command() {
    let context = project();
    let output = context.run(["revision", "--autogenerate", "-m", "two words"]);
    assert_eq!(output.code(), Some(255));
    assert!(output.stderr().contains("alembic revision --autogenerate -m 'two words'"), "{output}");
    let ini = "[alembic]\nscript_location = migrations\nrevision_environment = true\n";
    context.project().write("alembic.ini", ini);
    let output = context.run(["revision", "-m", "x"]);
    assert_eq!(output.code(), Some(255));
    assert!(output.stderr().contains("`alembic revision -m x`"), "{output}");
}
