//! Scripts and projects that the program writes, proven with real Alembic.
//!
//! The tests that run Alembic need the environment that `cargo xtask test` makes and never skip.

mod bad_input;
mod crash;
mod edit;
mod init;
mod obstacle;
mod rebase;
mod revision;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use alembic_testing::{Project, TestContext, Venv};

/// The program in a project.
fn context(project: Project) -> TestContext {
    TestContext::new(env!("CARGO_BIN_EXE_alembic-rs"), project)
}

/// A project of two scripts with the template that `init` writes.
fn project() -> TestContext {
    let context = context(Project::from_letters("a <- b"));
    let template = include_str!("../../crates/alembic-core/src/template/builtin/script.py.mako");
    context.project().write("migrations/script.py.mako", template);
    context
}

/// Every folder and file of the project, files with what they hold.
fn tree(context: &TestContext) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![context.project().root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("it can be listed").path();
            let bytes = (!path.is_dir()).then(|| fs_err::read(&path).expect("a file"));
            if bytes.is_none() {
                folders.push(path.clone());
            }
            found.insert(path, bytes);
        }
    }
    found
}

/// Real Alembic in the same folder; it must succeed. What it printed.
fn alembic(context: &TestContext, arguments: &[&str]) -> String {
    let output = Command::new(Venv::find().alembic())
        .args(arguments)
        .current_dir(context.project().root())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the environment's Alembic starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "alembic {arguments:?}: {out}{err}");
    out
}

/// The names in a folder of the project, sorted.
fn names(context: &TestContext, folder: &str) -> Vec<String> {
    let entries = fs_err::read_dir(context.project().path(folder)).expect("the folder is there");
    let name = |entry: std::io::Result<fs_err::DirEntry>| {
        entry.expect("it can be listed").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}
