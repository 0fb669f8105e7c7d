//! Configurations that are no files on a disk: `-c <(…)`, `-c /dev/stdin`, a named pipe.

use std::path::Path;
use std::process::Command;

use alembic_testing::{Output, Project, TestContext};
use insta::assert_snapshot;

use crate::project::{everything_in, letters};
use crate::{PROGRAM, context};

const INI: &str = "[alembic]\nscript_location = migrations\n";

fn make_pipe(path: &Path) {
    assert!(
        Command::new("mkfifo").arg(path).status().expect("a program of every system").success()
    );
}

/// Runs the program on a pipe to which somebody writes `text`, once.
fn read_from_pipe(text: &str, arguments: &str) -> Output {
    let project = Project::from_letters("a <- b").with_file("text", text);
    make_pipe(&project.path("pipe"));
    let script = format!("cat text >pipe & {PROGRAM} -c pipe {arguments}");
    TestContext::new("/bin/sh", project).run(["-c", &script])
}

#[test]
fn a_pipe_that_is_named_is_read_once() {
    for command in ["heads", "branches", "history", "history --graph", "show head", "heads --check"]
    {
        let output = read_from_pipe(INI, command);
        assert_eq!((output.code(), output.stderr()), (Some(0), String::new()), "{output}");
    }
    assert_eq!(read_from_pipe(INI, "heads").stdout(), "b (head)\n");
}

#[test]
fn it_is_not_opened_again_for_a_report() {
    assert_snapshot!(read_from_pipe("", "heads"), @"
    exit: 255
    --- stdout
    FAILED: No 'script_location' key found in configuration.
    --- stderr
      × No 'script_location' key found in configuration.
      help: `pipe` holds no configuration: name a configuration with `-c`, or create one with `init`
    ");
    assert_eq!(read_from_pipe("[other]\nx = 1\n", "heads").code(), Some(255));
    assert_eq!(read_from_pipe("[alembic]\nscript_location = no\n", "heads").code(), Some(255));
    assert_eq!(read_from_pipe("script_location = migrations\n", "heads").code(), Some(255));
}

#[test]
fn both_sides_of_against_come_from_one_reading() {
    let script = format!(
        "git init -q . && git add . && \
         git -c user.name=a -c user.email=a@example.com commit -q -m a && \
         mkfifo pipe && {{ cat alembic.ini >pipe & {PROGRAM} -c pipe heads --check --against HEAD; }}"
    );
    let output = TestContext::new("/bin/sh", Project::from_letters("a <- b")).run(["-c", &script]);
    assert_eq!(output.code(), Some(0), "{output}");
}

#[test]
fn standard_input() {
    let run = format!("{PROGRAM} -c /dev/stdin heads");
    let script = format!("{run} <text; cat text | {run}");
    let project = Project::from_letters("a").with_file("text", INI);
    let output = TestContext::new("/bin/sh", project).run(["-c", &script]);
    assert_eq!(output.stdout(), "a (head)\na (head)\n", "{output}");
}

#[test]
fn a_pipe_that_nobody_named_is_refused() {
    let ini = context(Project::from_letters("a"));
    fs_err::remove_file(ini.project().path("alembic.ini")).unwrap();
    make_pipe(&ini.project().path("alembic.ini"));
    let before = everything_in(ini.project());
    assert_snapshot!(ini.run(["heads"]), @"
    exit: 255
    --- stdout
    FAILED: `alembic.ini` is a named pipe, not a regular file
    --- stderr
      × `alembic.ini` is a named pipe, not a regular file
      help: to read the configuration from a pipe, name it: `-c alembic.ini`
    ");
    assert_eq!(ini.run(["heads", "--check"]).code(), Some(3));
    assert_eq!(everything_in(ini.project()), before);
    let toml = letters("a");
    make_pipe(&toml.project().path("pyproject.toml"));
    assert_eq!(toml.run(["heads"]).code(), Some(255));
}

#[test]
fn a_pipe_in_the_neighbourhood_is_passed_by() {
    let context = context(Project::empty().with_folder("below"));
    make_pipe(&context.project().path("pyproject.toml"));
    make_pipe(&context.project().path("below/alembic.ini"));
    let output = context.invocation(["heads"]).current_dir("below").run();
    assert!(output.stderr().contains("`alembic.ini` is a named pipe"), "{output}");
    fs_err::remove_file(context.project().path("below/alembic.ini")).unwrap();
    let output = context.invocation(["heads"]).current_dir("below").run();
    assert!(output.stderr().contains("`alembic.ini` does not exist"), "{output}");
}

#[test]
fn completion_leaves_pipes_alone() {
    let context = letters("a1a1");
    make_pipe(&context.project().path("pipe"));
    let words = ["--", "alembic-rs", "-c", "pipe", "show", "h"];
    let asked = context.invocation(words).env("ALEMBIC_RS_COMPLETE", "fish").run();
    assert!(asked.stdout().starts_with("head\t"), "{asked}");
}
