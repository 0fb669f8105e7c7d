//! A repository of somebody who uses alembic-rs: the pet shop on a branch, a remote, an environment, the program on PATH.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use alembic_testing::Venv;
use fs_err as fs;
use tempfile::TempDir;

pub(crate) struct Repository {
    folder: TempDir,
}

impl Repository {
    /// The pet shop, committed, with `origin` to fetch from; the branch is `feature`.
    pub(crate) fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        for name in ["project", "home", "temporary"] {
            fs::create_dir(repository.path(name)).unwrap();
        }
        let petshop = crate::blocks::root().join("fixtures/petshop");
        for name in ["alembic.ini", "migrations", "petshop", "pyproject.toml"] {
            let from = petshop.join(name);
            let to = repository.project();
            assert!(Command::new("cp").arg("-R").arg(from).arg(to).status().unwrap().success());
        }
        repository.bash(
            "git init --quiet --initial-branch=main && git add --all && git commit --quiet -m petshop
             git clone --quiet --bare . ../origin.git && git remote add origin ../origin.git
             git fetch --quiet origin && git checkout --quiet -b feature",
        );
        repository
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.path("project")
    }

    /// Puts another head beside the one that is there.
    pub(crate) fn add_head(&self, id: &str) {
        let text = format!(
            "\"\"\"another head\"\"\"\nrevision = '{id}'\ndown_revision = '8b2c90c0a942'\n"
        );
        fs::write(self.project().join(format!("migrations/versions/{id}_another.py")), text)
            .unwrap();
    }

    /// A shell in the project.
    pub(crate) fn shell(&self, script: &str) -> Command {
        let [.., venv] = Venv::matrix();
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        let program = Path::new(env!("CARGO_BIN_EXE_alembic-rs")).parent().unwrap();
        let bin = venv.root().join("bin");
        command.env_clear().current_dir(self.project());
        command.env(
            "PATH",
            format!("{}:{}:/usr/local/bin:/usr/bin:/bin", program.display(), bin.display()),
        );
        command.env("HOME", self.path("home")).env("TMPDIR", self.path("temporary"));
        command.env("LC_ALL", "C.UTF-8").env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("VIRTUAL_ENV", venv.root());
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Ada")
                .env(format!("GIT_{role}_EMAIL"), "ada@example.org");
        }
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
    }

    /// Runs a script that must succeed.
    pub(crate) fn bash(&self, script: &str) -> String {
        let output = self.shell(script).output().unwrap();
        assert!(output.status.success(), "{script}\n{}", words(&output));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Everything that a script said.
pub(crate) fn words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}{}", output.status, text(&output.stdout), text(&output.stderr))
}
