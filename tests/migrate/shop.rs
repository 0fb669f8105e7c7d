//! Projects with a database, and the program in them.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
};

use alembic_testing::{Invocation, Output, Project, Revision, TestContext, Venv};

use crate::PROGRAM;

/// An `env.py` that reads its URL from the environment, and commits every migration by itself.
pub(crate) const ENV: &str = "\
import os
from alembic import context
from sqlalchemy import create_engine, pool

url = os.environ['DATABASE_URL']
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
";

/// The program in a project whose database `DATABASE_URL` names, with an environment that has Alembic and all drivers.
pub(crate) struct Shop {
    context: TestContext,
    venv: Venv,
    url: String,
}

impl Shop {
    pub(crate) fn new(project: Project, url: impl Into<String>) -> Self {
        let [.., venv] = Venv::matrix();
        Self { context: TestContext::new(PROGRAM, project), venv, url: url.into() }
    }

    /// A copy of the pet shop.
    pub(crate) fn petshop(url: impl Into<String>) -> Self {
        Self::new(Project::from_fixture("petshop"), url)
    }

    /// A project of letters with [`ENV`].
    pub(crate) fn letters(letters: &str, url: impl Into<String>) -> Self {
        Self::new(Project::from_letters(letters).with_file("migrations/env.py", ENV), url)
    }

    /// A project of these revisions with [`ENV`].
    pub(crate) fn revisions(revisions: &[Revision], url: impl Into<String>) -> Self {
        Self::new(Project::from_revisions(revisions).with_file("migrations/env.py", ENV), url)
    }

    /// With another environment.
    pub(crate) fn in_venv(self, venv: Venv) -> Self {
        Self { venv, ..self }
    }

    pub(crate) fn project(&self) -> &Project {
        self.context.project()
    }

    pub(crate) fn invocation<S: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = S>,
    ) -> Invocation {
        let invocation = self.context.invocation(args);
        invocation.env("DATABASE_URL", &self.url).env("VIRTUAL_ENV", self.venv.root())
    }

    pub(crate) fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Output {
        self.invocation(args).run()
    }

    /// Runs the words of a line; it must succeed. What it said.
    pub(crate) fn ok(&self, line: &str) -> Output {
        let output = self.run(line.split_whitespace());
        assert_eq!(output.code(), Some(0), "{line}: {output}");
        output
    }

    /// Runs the words of a line, which must end with `code` and say every one of `words`.
    pub(crate) fn refused(&self, line: &str, code: i32, words: &[&str]) -> Output {
        let output = self.run(line.split_whitespace());
        assert_eq!(output.code(), Some(code), "{line}: {output}");
        for word in words {
            assert!(output.stderr().contains(word), "`{word}` is missing: {line}: {output}");
        }
        assert!(!output.stderr().contains("panicked"), "{output}");
        output
    }

    /// Real Alembic's answer to the words of a line, the project's folder as `{P}`.
    pub(crate) fn alembic(&self, line: &str) -> String {
        let mut alembic = self.command(self.venv.alembic());
        let output = alembic.args(line.split_whitespace()).output().unwrap();
        let root = fs_err::canonicalize(self.project().root()).unwrap();
        String::from_utf8(output.stdout).unwrap().replace(root.to_str().unwrap(), "{P}")
    }

    /// The program with the words of a line, to be started by the test itself.
    pub(crate) fn command_line(&self, line: &str) -> Command {
        let mut command = self.command(PROGRAM);
        command.args(line.split_whitespace());
        command
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.project().root()).env("HOME", self.project().home());
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
        command.env("DATABASE_URL", &self.url).env("VIRTUAL_ENV", self.venv.root());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}
