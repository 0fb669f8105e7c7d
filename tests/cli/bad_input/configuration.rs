//! Configurations that are missing, damaged or something else altogether.

use std::{fmt::Write as _, os::unix::fs::symlink};

use alembic_testing::{Project, TestContext};

use crate::project::{answered, in_project, refused};

fn ini(bytes: impl AsRef<[u8]>) -> TestContext {
    in_project(Project::from_letters("a").with_file("alembic.ini", bytes))
}

fn toml(bytes: impl AsRef<[u8]>) -> TestContext {
    let project = Project::from_letters("a").with_file("pyproject.toml", bytes);
    fs_err::remove_file(project.path("alembic.ini")).expect("a file of the project");
    in_project(project)
}

#[test]
fn nothing_at_all() {
    let nothing = in_project(Project::empty());
    refused(
        &nothing,
        &["heads"],
        &["No 'script_location' key found in configuration", "alembic.ini"],
    );
    refused(&nothing, &["-c", "x/y.ini", "heads"], &["No 'script_location' key found", "x/y.ini"]);
}

#[test]
fn no_section() {
    refused(
        &ini("[alembik]\nscript_location = migrations\n"),
        &["heads"],
        &["No 'script_location' key found", "alembik"],
    );
    refused(&ini("# nothing\n"), &["heads"], &["No 'script_location' key found", "alembic.ini"]);
    refused(&ini(""), &["heads"], &["No 'script_location' key found"]);
}

#[test]
fn no_header() {
    refused(
        &ini("\nscript_location = migrations\n"),
        &["heads"],
        &["alembic.ini:2:", "File contains no section headers"],
    );
}

#[test]
fn a_key_without_a_value_and_keys_twice() {
    refused(&ini("[alembic]\nscript_location\n"), &["heads"], &["alembic.ini:2:"]);
    refused(
        &ini("[alembic]\nscript_location = a\nscript_location = b\n"),
        &["heads"],
        &["[line  3]", "already exists"],
    );
    refused(&ini("[alembic]\n[x]\n[alembic]\n"), &["heads"], &["[line  3]", "already exists"]);
}

#[test]
fn percent_signs() {
    for value in ["100%", "%(nothing)s", "%(here", "%d", "%(a)s\na = %(b)s\nb = %(a)s"] {
        let context = ini(format!("[alembic]\nscript_location = {value}\n"));
        let line = if value.contains('\n') { 4 } else { 2 };
        refused(&context, &["heads"], &[&format!("alembic.ini:{line}:"), "script_location"]);
    }
    // Doubled they are one, and a value that nobody reads may hold what it likes.
    let context = ini("[alembic]\nscript_location = %(here)s/a%%b\nsqlalchemy.url = 100%\n");
    refused(&context, &["heads"], &["Path doesn't exist: {P}/a%b."]);
    fs_err::rename(context.project().path("migrations"), context.project().path("a%b")).unwrap();
    assert_eq!(answered(&context, &["heads"]), "a (head)\n");
}

#[test]
fn missing_folder() {
    refused(
        &ini("[alembic]\nscript_location = nowhere\n"),
        &["heads"],
        &["Path doesn't exist: nowhere.", "alembic.ini:2:"],
    );
    // A folder of versions that is not there holds nothing, as in Alembic.
    let context = ini("[alembic]\nscript_location = migrations\nversion_locations = nowhere\n");
    assert_eq!(answered(&context, &["heads"]), "");
}

#[test]
fn files_where_folders_belong() {
    // As Alembic: what is there is there, and holds no scripts.
    assert_eq!(answered(&ini("[alembic]\nscript_location = alembic.ini\n"), &["heads"]), "");
    let context = ini("[alembic]\nscript_location = migrations\nversion_locations = alembic.ini\n");
    assert_eq!(answered(&context, &["heads"]), "");
}

#[test]
fn a_folder_where_the_file_belongs() {
    let context = in_project(Project::empty().with_folder("alembic.ini"));
    refused(&context, &["heads"], &["alembic.ini"]);
    let context = in_project(Project::empty().with_folder("pyproject.toml"));
    refused(&context, &["heads"], &["pyproject.toml"]);
}

#[test]
fn a_link_to_itself() {
    let context = in_project(Project::empty());
    symlink("alembic.ini", context.project().path("alembic.ini")).unwrap();
    // For Alembic, too, what cannot be followed is not there.
    symlink("pyproject.toml", context.project().path("pyproject.toml")).unwrap();
    refused(&context, &["heads"], &["No 'script_location' key found", "`alembic.ini` is a link"]);
}

#[test]
fn bytes_that_are_no_text() {
    refused(&ini(b"[alembic]\nscript_location = \xe9t\xe9\n"), &["heads"], &["alembic.ini:2"]);
    refused(&ini(b"\xff\xfe[\0a\0"), &["heads"], &["alembic.ini:1"]);
    refused(
        &toml(b"[tool.alembic]\nscript_location = '\xe9'\n"),
        &["heads"],
        &["pyproject.toml:2"],
    );
    refused(&ini("[alembic]\nscript_location = migra\0tions\n"), &["heads"], &["alembic.ini"]);
}

#[test]
fn a_byte_order_mark() {
    // Python's ConfigParser takes it for text in front of the header.
    refused(
        &ini("\u{feff}[alembic]\nscript_location = migrations\n"),
        &["heads"],
        &["alembic.ini:1:"],
    );
}

#[test]
fn toml_of_other_types() {
    refused(
        &toml("[tool.alembic]\nscript_location = 12\n"),
        &["heads"],
        &["pyproject.toml", "script_location"],
    );
    refused(
        &toml("[tool]\nalembic = 'x'\n"),
        &["heads"],
        &["pyproject.toml", "Incorrect TOML format"],
    );
    refused(&toml("[tool.alembic\n"), &["heads"], &["pyproject.toml:1:"]);
    refused(&toml("tool = tool = tool\n"), &["heads"], &["pyproject.toml:1:"]);
    let text =
        "[tool.alembic]\nscript_location = 'migrations'\nrecursive_version_locations = 'yes'\n";
    refused(&toml(text), &["heads"], &["boolean value expected", "recursive_version_locations"]);
}

#[test]
fn more_than_anyone_writes() {
    let mut values = String::from("[alembic]\nscript_location = %(here)s/migrations\n");
    for number in 0..100_000 {
        writeln!(values, "x{number} = %(here)s %%\n  more").unwrap();
    }
    assert_eq!(answered(&ini(values), &["heads"]), "a (head)\n");
    let deep = format!(
        "x = {}{}\n[tool.alembic]\nscript_location = 'migrations'\n",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let output = toml(deep).run(["heads"]);
    assert!(matches!(output.code(), Some(0 | 255)), "{:?}", output.code());
}
