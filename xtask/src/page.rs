//! The page: its sources, what is built of them, and the tests of the whole program in a browser and through its API.

mod api;
mod browser;
mod tap;

use std::path::Path;

use crate::{
    cache::Cache,
    command,
    failure::{Failure, Result},
    installed, repository,
};

pub(crate) use self::{api::api, browser::browser};

const SOURCES: &str = "crates/alembic-ui/web";

const BUILT: &str = "crates/alembic-ui/dist";

/// The page's types, its tests, its API types against the server's document, and that `dist/` is what the sources give.
pub(crate) fn sources(cache: &Cache) -> Result {
    let _lock = cache.lock("page")?;
    install(SOURCES)?;
    for script in ["check", "api:check", "test"] {
        command::run(&mut npm(SOURCES, &["run", script]))?;
    }
    let fresh = cache.path("page-dist");
    let mut build = npm(SOURCES, &["exec", "--", "vite", "build", "--emptyOutDir", "--outDir"]);
    command::run(build.arg(&fresh))?;
    same(&repository::root().join(BUILT), &fresh)
}

/// What the lock file says, from the registry that npm is set up for.
fn install(folder: &str) -> Result {
    let fresh = !repository::root().join(folder).join("node_modules").exists();
    command::run(&mut npm(folder, &["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))
        .map_err(|failure| {
            failure.way_out(
                "Node 20.19 or later with npm must be on PATH, and npm must reach a registry",
            )
        })?;
    if fresh {
        installed::note(format!("node_modules of {folder}"));
    }
    Ok(())
}

fn npm(folder: &str, arguments: &[&str]) -> std::process::Command {
    let mut npm = command::program("npm");
    npm.current_dir(repository::root().join(folder)).args(arguments);
    npm
}

/// Two folders hold the same files.
fn same(committed: &Path, fresh: &Path) -> Result {
    let mut compare = command::program("diff");
    compare.args(["--recursive", "--brief"]).arg(committed).arg(fresh);
    command::run(&mut compare).map_err(|_| {
        Failure::new(format!("`{BUILT}` is not what its sources give"))
            .way_out(format!("run `npm run build` in {SOURCES} and commit {BUILT}"))
    })
}
