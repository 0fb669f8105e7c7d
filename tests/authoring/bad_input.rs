//! What goes wrong: a clear error, and the tree as before.

use alembic_testing::{Output, Project, Stdout, TestContext};

use crate::obstacle::{full_disk, without_permission};
use crate::{alembic, context, project, tree};

/// The refusal of an Alembic command, and nothing left behind.
fn refused(context: &TestContext, arguments: &[&str], words: &[&str]) -> Output {
    let before = tree(context);
    let output = context.run(arguments);
    assert_eq!(output.code(), Some(255), "{output}");
    assert!(output.stdout().contains("FAILED: "), "{output}");
    for word in words {
        assert!(output.stderr().contains(word), "`{word}` is missing: {output}");
    }
    assert_eq!(tree(context), before, "{output}");
    output
}

/// A project in which `a` has the label `shop`, and every location but the first is missing.
fn shop() -> TestContext {
    let ini = "[alembic]\nscript_location = %(here)s/migrations\npath_separator = newline\nversion_locations =\n    \
               %(here)s/migrations/versions\n    %(here)s/more\n";
    let context = project();
    let path = "migrations/versions/labelled.py";
    let labelled = "revision = 'cc'\ndown_revision = None\nbranch_labels = ('shop',)\n";
    context.project().write(path, labelled);
    context.project().write("alembic.ini", ini);
    context
}

#[test]
fn revisions_that_make_no_history() {
    let revision = |rest: &[&'static str]| [&["revision", "-m", "x"], rest].concat();
    for (arguments, words) in [
        (revision(&["--head", "a"]), "Revision a is not a head revision; please specify --splice"),
        (revision(&["--head", "nope"]), "Can't locate revision identified by 'nope'"),
        (revision(&[]), "Multiple heads are present; please specify the head revision"),
        (
            revision(&["--head", "b", "--depends-on", "nope"]),
            "Can't locate revision identified by 'nope'",
        ),
        (
            revision(&["--head", "b", "--version-path", "elsewhere"]),
            "Path elsewhere is not represented in current version locations",
        ),
        (
            revision(&["--head", "base"]),
            "Multiple version locations present, please specify --version-path",
        ),
        (revision(&["--head", "b", "--rev-id", "x@y"]), "not allowed in revision identifier"),
        (vec!["merge", "b", "b"], "Duplicate head revisions specified"),
        (vec!["merge", "b", "nope"], "Can't locate revision identified by 'nope'"),
        (vec!["edit", "nope"], "Can't locate revision identified by 'nope'"),
    ] {
        refused(&shop(), &arguments, &[words]);
    }
}

#[test]
fn templates() {
    let context = project();
    fs_err::remove_file(context.project().path("migrations/script.py.mako")).expect("it is there");
    refused(&context, &["revision", "-m", "x"], &["script.py.mako", "init` writes one"]);
    for (template, line, words) in [
        ("one\n${message", 2, "unterminated expression"),
        ("one\ntwo\n% if message:\n", 3, "Unterminated control keyword: 'if'"),
        ("one\n% endfor\n", 2, "endfor"),
        ("one\n${nope.attribute}\n", 2, "nope"),
        ("one\n${message | nope}\n", 2, "nope"),
        ("one\n<%\nimport os\nos.remove('x')\n%>", 2, "os.remove"),
        ("one\n<% context.write(message) %>", 2, "write"),
        ("one\n<%inherit file='x'/>", 2, "inherit"),
    ] {
        context.project().write("migrations/script.py.mako", template);
        let output = refused(&context, &["revision", "-m", "x"], &[words]);
        assert!(output.stderr().contains(&format!("script.py.mako:{line}:")), "{output}");
    }
    fs_err::write(context.project().path("migrations/script.py.mako"), b"\xff").expect("a file");
    refused(&context, &["revision", "-m", "x"], &["script.py.mako"]);
}

#[test]
fn what_is_taken_is_said_and_the_new_file_stays() {
    let context = shop();
    let versions = ["--version-path", "migrations/versions"];
    let revision = |rest: &[&'static str]| {
        let words = [&["revision", "-m", "x", "--head", "b"], &versions[..], rest].concat();
        context.run(words)
    };
    let before = tree(&context).len();
    // An identifier that is taken is a warning, as in Alembic.
    let taken = revision(&["--rev-id", "a"]);
    assert_eq!(taken.code(), Some(0), "{taken}");
    assert!(taken.stderr().contains("Revision a is present more than once"), "{taken}");
    let path = "migrations/versions/a_x.py";
    fs_err::remove_file(context.project().path(path)).expect("it was written");
    let label = revision(&["--rev-id", "d", "--branch-label", "shop"]);
    assert_eq!(label.code(), Some(255), "{label}");
    let sentence = "FAILED: Branch name 'shop' in revision d already used by revision cc";
    assert!(label.stdout().contains(sentence), "{label}");
    assert!(label.stderr().contains("d_x.py"), "{label}");
    assert_eq!(tree(&context).len(), before + 1);
}

#[test]
fn unwritable_folders() {
    let context = project();
    let before = tree(&context);
    for (arguments, code, words) in [
        (&["revision", "-m", "x"][..], 255, "Permission denied"),
        (&["merge", "--splice", "a", "b"], 255, "Permission denied"),
        (&["rebase", "b", "--onto", "base", "--write"], 3, "Permission denied"),
        (&["init", "other"], 255, "Permission denied"),
        (&["init", "migrations/versions/deep/er"], 255, "Permission denied"),
    ] {
        let output = without_permission(&context, arguments, &[".", "migrations/versions"]);
        assert_eq!(output.code(), Some(code), "{output}");
        assert!(output.stderr().contains(words), "{output}");
        assert!(output.stderr().contains("cannot write") || arguments[0] == "init", "{output}");
        assert_eq!(tree(&context), before, "{output}");
    }
}

#[test]
fn full_disks() {
    let context = project();
    let long = "x".repeat(4_000);
    context.project().write("migrations/script.py.mako", format!("'''{long}'''\n${{message}}\n"));
    let script = format!("revision = 'b2'\ndown_revision = 'a'\n'''{long}'''\n");
    context.project().write("migrations/versions/b2.py", script);
    context.project().write("pyproject.toml", format!("x = '{long}'\n"));
    let before = tree(&context);
    // Not even a byte; half of the file.
    for blocks in [0, 1] {
        for (arguments, code, written) in [
            (&["revision", "-m", "x", "--head", "b"][..], 255, true),
            (&["merge", "-m", "x", "heads"], 255, true),
            (&["rebase", "b2", "--onto", "base", "--write"], 3, true),
            (&["init", "other"], 255, blocks == 0),
            (&["init", "-t", "pyproject", "--package", "other"], 255, blocks == 0),
        ] {
            let output = full_disk(&context, arguments, blocks);
            assert_eq!(output.code(), Some(code), "{output}");
            assert!(output.stderr().contains("File too large"), "{output}");
            assert!(!written || output.stderr().contains("cannot write `"), "{output}");
            assert!(!output.stderr().contains(".tmp"), "{output}");
            assert_eq!(tree(&context), before, "{output}");
        }
    }
}

#[test]
fn what_cannot_be_said_is_not_done() {
    let context = project();
    let before = tree(&context);
    for arguments in [
        &["revision", "-m", "x"][..],
        &["merge", "--splice", "a", "b"],
        &["rebase", "b", "--onto", "base", "--write"],
        &["init", "other"],
    ] {
        let full = Stdout::File("/dev/full".into());
        let output = context.invocation(arguments).stdout(full).run();
        assert!(!matches!(output.code(), Some(0)), "{output}");
        assert!(output.stderr().contains("nothing else was changed; make room"), "{output}");
        assert_eq!(tree(&context), before, "{output}");
    }
    // A reader that leaves has seen enough: the work is done.
    let gone = Stdout::PipeClosedAfter(0);
    let output = context.invocation(["revision", "-m", "x"]).stdout(gone).run();
    assert_eq!((output.code(), output.stderr()), (Some(0), String::new()), "{output}");
    assert_eq!(tree(&context).len(), before.len() + 1);
    alembic(&context, &["heads"]);
}

#[test]
fn init_where_something_is_in_the_way() {
    let context = context(Project::empty().with_file("a/file", "x").with_file("file", "x"));
    refused(&context, &["init", "a"], &["Directory a already exists and is not empty"]);
    refused(&context, &["init", "-t", "nope", "b"], &["No such template nope", "`generic`"]);
    refused(&context, &["init", "file/below"], &["file/below"]);
    refused(&context, &["init", "file"], &["file"]);
    context.project().write("pyproject.toml", "[tool\n");
    refused(&context, &["init", "-t", "pyproject", "b"], &["pyproject.toml"]);
}
