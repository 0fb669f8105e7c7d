//! What no project should hold: a clear error naming file and line or key, nothing written, never a panic.

mod configuration;
mod encodings;
mod files;
mod fixtures;
mod size;

use std::os::unix::fs::symlink;

use alembic_testing::{Output, Project};
use fs_err as fs;

use crate::{context, with_script};

/// The refusal of an Alembic command, with all that must be said.
fn refused(output: &Output, parts: &[&str]) {
    assert_eq!(output.code(), Some(255), "{output}");
    assert!(output.stdout().starts_with("FAILED: "), "{output}");
    assert!(!output.stderr().contains("panicked"), "{output}");
    for part in parts {
        assert!(output.stderr().contains(part), "`{part}` is missing: {output}");
    }
}

fn with_ini(text: impl AsRef<[u8]>) -> Output {
    context(Project::empty().with_file("alembic.ini", text)).run(["heads"])
}

#[test]
fn configurations() {
    refused(&context(Project::empty()).run(["heads"]), &["No 'script_location' key", "help:"]);
    refused(&with_ini("[other]\nscript_location = m\n"), &["No 'script_location' key"]);
    refused(&with_ini("[alembic]\nscript_location = gone\n"), &["Path doesn't exist: gone"]);
    refused(&with_ini("script_location = m\n"), &["no section headers", "alembic.ini"]);
    refused(&with_ini("[alembic]\nscript_location = %(gone)s\n"), &["alembic.ini:2", "gone"]);
    refused(&with_ini("[alembic]\nscript_location = 100%\n"), &["alembic.ini:2"]);
    refused(&with_ini(b"[alembic]\nscript_location = \xff\n"), &["alembic.ini"]);
    refused(&with_ini(b"[alembic]\nscript_location = a\0b\n"), &["help:"]);
}

#[test]
fn scripts() {
    let heads = &["heads"];
    refused(&with_script("x.py", b"revision = 'x'\0\n", heads), &["x.py"]);
    refused(&with_script("x.py", b"# \xff\nrevision = '\xff'\n", heads), &["x.py", "line 2"]);
    refused(&with_script("x.py", "# coding: klingon\n", heads), &["klingon", "x.py"]);
    refused(&with_script("x.py", b"\xef\xbb\xbf# coding: latin-1\n", heads), &["x.py"]);
    refused(
        &with_script("x.py", "down_revision = None\n", heads),
        &["revision id from filename x.py"],
    );
    refused(&with_script("x.py", "revision = 'x'\n", heads), &["down_revision"]);
    refused(&with_script("x.py", "revision = 5\ndown_revision = None\n", heads), &["x.py:1"]);
    refused(
        &with_script("x.py", "revision = 'a-b'\ndown_revision = None\n", heads),
        &["x.py:1", "'-'"],
    );
    refused(
        &with_script("x.py", "revision = 'x'\ndown_revision = 'x'\n", heads),
        &["x.py:2", "Self-loop"],
    );
    let bom = with_script("x.py", b"\xef\xbb\xbfrevision = 'x'\ndown_revision = 'a'\n", heads);
    assert_eq!((bom.code(), bom.stdout().trim()), (Some(0), "x (head)"));
}

#[test]
fn links_and_folders() {
    let project = Project::from_letters("a");
    let versions = project.path("migrations/versions");
    symlink("loop.py", versions.join("loop.py")).expect("a link to itself");
    refused(&context(project).run(["heads"]), &["loop.py"]);

    let project = Project::from_letters("a");
    fs::create_dir(project.path("migrations/versions/folder.py")).expect("a folder");
    assert_eq!(context(project).run(["heads"]).stdout(), "a (head)\n");

    let file = Project::empty()
        .with_file("alembic.ini", "[alembic]\nscript_location = m\n")
        .with_file("m", "");
    assert_eq!(context(file).run(["heads"]).stdout(), "");
}

#[test]
fn a_large_script_is_read_for_its_head_alone() {
    let mut script = String::from("revision = 'x'\ndown_revision = 'a'\n\n\ndef upgrade():\n");
    while script.len() < 50 << 20 {
        script.push_str(
            "    op.execute(\"insert into pets (name) values ('rex'), ('bello'), ('mimi')\")\n",
        );
    }
    let output = with_script("x.py", script, &["heads"]);
    assert_eq!(output.stdout(), "x (head)\n");
}

#[test]
fn very_many_scripts() {
    let project = Project::from_letters("a");
    let versions = project.path("migrations/versions");
    for number in 0..5_000 {
        let parent = if number == 0 { "a".to_owned() } else { format!("r{}", number - 1) };
        let script = format!("revision = 'r{number}'\ndown_revision = '{parent}'\n");
        fs::write(versions.join(format!("r{number}.py")), script).expect("a file");
    }
    let context = context(project);
    assert_eq!(context.run(["heads"]).stdout(), "r4999 (head)\n");
    assert_eq!(context.run(["history"]).stdout().lines().count(), 5_001);
}

#[test]
fn nothing_is_written() {
    let project = Project::from_fixture("mixed");
    let files = |project: &Project| {
        let mut names: Vec<_> = fs::read_dir(project.path("migrations/versions"))
            .expect("the folder is there")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    let before = files(&project);
    let context = context(project);
    for arguments in
        [&["heads"][..], &["history", "--graph"], &["heads", "--check"], &["show", "nope"]]
    {
        context.run(arguments);
    }
    assert_eq!(files(context.project()), before);
}
