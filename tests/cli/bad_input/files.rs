//! What lies in a versions folder and is no script.
//!
//! Permissions do not keep root from reading: a link to itself is a file that nobody can open.

use std::{
    os::unix::{fs::symlink, net::UnixListener},
    process::Command,
};

use alembic_testing::{Project, TestContext};
use insta::assert_snapshot;

use crate::project::{answered, in_project, letters, refused};

fn versions(context: &TestContext, name: &str) -> std::path::PathBuf {
    context.project().path("migrations/versions").join(name)
}

fn make_pipe(path: &std::path::Path) {
    assert!(
        Command::new("mkfifo").arg(path).status().expect("a program of every system").success()
    );
}

#[test]
fn a_named_pipe_does_not_hang_anyone() {
    let context = letters("a");
    make_pipe(&versions(&context, "x.py"));
    for args in [&["heads"][..], &["history", "--graph"], &["show", "head"], &["heads", "--check"]]
    {
        let output = context.run(args);
        assert!(matches!(output.code(), Some(255 | 3 | 4)), "{output}");
        assert!(
            output
                .stderr()
                .contains("migrations/versions/x.py` is a named pipe, not a regular file"),
            "{output}"
        );
    }
    assert_snapshot!(refused(&context, &["heads"], &[]), @"
    exit: 255
    --- stdout
    FAILED: `{P}/migrations/versions/x.py` is a named pipe, not a regular file
    --- stderr
      × `{P}/migrations/versions/x.py` is a named pipe, not a regular file
      help: give read permission, or move the file out of the versions folder
    ");
}

#[test]
fn a_pipe_behind_a_link() {
    let context = letters("a");
    let pipe = context.project().path("pipe.py");
    make_pipe(&pipe);
    symlink(&pipe, versions(&context, "x.py")).unwrap();
    refused(&context, &["heads"], &["{P}/pipe.py` is a named pipe"]);
    // By another name it is no script, as the name of the target counts.
    let other = letters("a");
    make_pipe(&other.project().path("pipe"));
    symlink("../../pipe", versions(&other, "x.py")).unwrap();
    assert_eq!(answered(&other, &["heads"]), "a (head)\n");
}

#[test]
fn a_socket() {
    let context = letters("a");
    let _listener = UnixListener::bind(versions(&context, "x.py")).unwrap();
    refused(&context, &["heads"], &["x.py` is a socket, not a regular file"]);
}

#[test]
fn what_is_called_otherwise_is_let_be() {
    let context = letters("a");
    for name in ["x", "x.py.fifo", "__init__.py", ".#x.py"] {
        make_pipe(&versions(&context, name));
    }
    assert_eq!(answered(&context, &["heads"]), "a (head)\n");
}

#[test]
fn folders_that_are_called_like_scripts() {
    let context = letters("a");
    fs_err::create_dir(versions(&context, "x.py")).unwrap();
    symlink("x.py", versions(&context, "y.py")).unwrap();
    assert_eq!(answered(&context, &["heads"]), "a (head)\n");
}

#[test]
fn a_link_to_itself() {
    let context = letters("a");
    symlink("x.py", versions(&context, "x.py")).unwrap();
    refused(
        &context,
        &["heads"],
        &["migrations/versions/x.py", "Too many levels of symbolic links"],
    );
}

#[test]
fn a_link_that_leads_nowhere() {
    let context = letters("a");
    symlink("nowhere.py", versions(&context, "x.py")).unwrap();
    refused(&context, &["heads"], &["migrations/versions/nowhere.py", "No such file or directory"]);
}

#[test]
fn folders_that_lead_back_to_themselves() {
    let ini =
        "[alembic]\nscript_location = %(here)s/migrations\nrecursive_version_locations = true\n";
    let context = in_project(Project::from_letters("a <- b").with_file("alembic.ini", ini));
    symlink("..", versions(&context, "up")).unwrap();
    symlink(".", versions(&context, "here")).unwrap();
    assert_eq!(answered(&context, &["heads"]), "b (head)\n");
    // Alembic resolves every link, whatever its name, and fails at one that cannot be followed.
    symlink("loop", versions(&context, "loop")).unwrap();
    refused(
        &context,
        &["heads"],
        &["migrations/versions/loop", "Too many levels of symbolic links"],
    );
    // A folder of versions that is a loop is not there.
    let ini = "[alembic]\nscript_location = %(here)s/migrations\nversion_locations = %(here)s/migrations/versions/loop\n";
    context.project().write("alembic.ini", ini);
    assert_eq!(answered(&context, &["heads"]), "");
}

#[test]
fn folders_deeper_than_paths_are_long() {
    let ini =
        "[alembic]\nscript_location = %(here)s/migrations\nrecursive_version_locations = true\n";
    let context = in_project(Project::from_letters("a").with_file("alembic.ini", ini));
    // The system refuses longer paths; the shell goes down step by step.
    let script = "i=0; while [ $i -lt 400 ]; do mkdir -p a/b/c/d/e; cd -P a/b/c/d/e 2>/dev/null || exit 0; i=$((i+1)); done";
    let versions = versions(&context, "");
    assert!(
        Command::new("sh").args(["-c", script]).current_dir(versions).status().unwrap().success()
    );
    let output = context.run(["heads"]);
    assert!(matches!(output.code(), Some(0 | 255)), "{:?}", output.code());
}

#[test]
fn a_file_where_the_folder_of_scripts_was() {
    let context = letters("a");
    fs_err::remove_dir_all(context.project().path("migrations")).unwrap();
    refused(&context, &["heads"], &["Path doesn't exist: {P}/migrations."]);
    fs_err::write(context.project().path("migrations"), "").unwrap();
    assert_eq!(answered(&context, &["heads"]), "");
}

#[test]
fn names_that_are_no_text() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let context = letters("a");
    let name = context.project().path("migrations/versions").join(OsStr::from_bytes(b"\xff.py"));
    fs_err::write(&name, "revision = 'b'\ndown_revision = 'a'\n").unwrap();
    assert_eq!(answered(&context, &["heads"]), "b (head)\n");
    fs_err::write(&name, "revision = (\n").unwrap();
    refused(&context, &["heads"], &["migrations/versions/"]);
}
