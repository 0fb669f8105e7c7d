//! Our own programs and tests, through cargo.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    command,
    failure::{Failure, Result},
    python::Venv,
};

/// The package and program that is shipped.
pub(crate) const PROGRAM: &str = "alembic-rs";

/// Builds the program as it is shipped; returns where it is.
pub(crate) fn release_program() -> Result<PathBuf> {
    build(&["--release"])
}

/// Builds the program without its default features, beside the one that is shipped: of the same dependencies, most of
/// which are built already.
pub(crate) fn release_reader() -> Result<PathBuf> {
    let folder = target_folder()?.join("reader");
    fs_err::create_dir_all(&folder)?;
    let reader = folder.join(PROGRAM).with_extension(env::consts::EXE_EXTENSION);
    fs_err::copy(build(&["--release", "--no-default-features"])?, &reader)?;
    // Where cargo put it, the shipped one belongs.
    release_program()?;
    Ok(reader)
}

/// Builds the program as tests have it.
pub(crate) fn debug_program() -> Result<PathBuf> {
    build(&[])
}

fn build(profile: &[&str]) -> Result<PathBuf> {
    let mut build = command::cargo();
    build.arg("build").args(profile).args(["--package", PROGRAM, "--bin", PROGRAM]);
    build.arg("--message-format=json-render-diagnostics");
    let messages = command::capture(&mut build)?;
    executable(&messages).ok_or_else(|| Failure::new(format!("cargo built no program `{PROGRAM}`")))
}

/// The path of the program in cargo's messages.
fn executable(messages: &str) -> Option<PathBuf> {
    let of_line = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        if message["target"]["name"] != PROGRAM {
            return None;
        }
        message["executable"].as_str().map(PathBuf::from)
    };
    messages.lines().find_map(of_line)
}

/// What `cargo metadata` knows of the workspace.
pub(crate) fn metadata() -> Result<serde_json::Value> {
    let text = command::capture(command::cargo().args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("cargo metadata: {error}")))
}

/// Where cargo builds.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let metadata = metadata()?;
    let folder = metadata["target_directory"].as_str().map(PathBuf::from);
    folder.ok_or_else(|| Failure::new("cargo metadata names no target folder"))
}

/// Every test of the workspace: through cargo-nextest where it is installed, through cargo alone where it is not.
///
/// Without the environment those tests fail that need real Alembic.
pub(crate) fn tests(venv: Option<&Venv>) -> Result {
    let run = |arguments: &[&str]| {
        let mut cargo = command::cargo();
        cargo.args(arguments).env_remove("ALEMBIC_RS_TEST_VENV");
        if let Some(venv) = venv.map(Venv::root).map(Path::as_os_str) {
            cargo.env("ALEMBIC_RS_TEST_VENV", venv);
        }
        command::run(&mut cargo)
    };
    if !command::succeeds(command::cargo().args(["nextest", "--version"])) {
        return run(&["test", "--workspace", "--no-fail-fast"]);
    }
    let tests = run(&["nextest", "run", "--workspace", "--no-fail-fast"]);
    let examples = run(&["test", "--workspace", "--doc", "--quiet"]);
    tests.and(examples)
}

/// Rounds of replicas that migrate at once, each on an empty database.
pub(crate) fn replicas(rounds: usize) -> Result {
    let mut cargo = command::cargo();
    cargo.args(["test", "--package", "alembic-rs", "--test", "migrate", "replicas"]);
    cargo.args(["--", "--nocapture"]).env("ALEMBIC_RS_TEST_ROUNDS", rounds.to_string());
    command::run(&mut cargo)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::executable;

    #[test]
    fn the_program_is_found_among_the_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"alembic_cli"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"alembic-rs"},"executable":"/t/release/alembic-rs"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(executable(messages).as_deref(), Some(Path::new("/t/release/alembic-rs")));
        assert_eq!(executable("no json"), None);
    }
}
