//! Where the database stands, against real Alembic; and what we add to a run of migrations.

use std::{ffi::OsString, path::Path, process::Command};

use alembic_testing::{Postgres, Project};

use super::{
    clock::time_in_pairs,
    figures::{Figures, Goal},
    prepared,
};
use crate::{
    command,
    failure::{Failure, Result},
    python::Venv,
};

/// Pairs of runs, unless told otherwise.
const PAIRS: u32 = 20;

/// The pet shop with all its migrations applied.
struct Shop<'a> {
    project: Project,
    url: String,
    program: &'a Path,
    venv: &'a Venv,
}

/// `current`, `status` and `upgrade head` with nothing pending, over PostgreSQL and SQLite.
pub(super) fn measure(
    program: &Path,
    venv: &Venv,
    runs: Option<u32>,
    figures: &mut Figures,
) -> Result {
    let server = Postgres::start();
    let database = server.database();
    let runs = runs.unwrap_or(PAIRS);
    for (name, url, goal) in [
        ("PostgreSQL", database.url(), Goal::AtLeast(40.0)),
        ("SQLite", "sqlite:///petshop.db".to_owned(), Goal::AtLeast(80.0)),
    ] {
        let shop = Shop { project: Project::from_fixture("petshop"), url, program, venv };
        command::run(&mut shop.alembic(&["upgrade", "head"]))?;
        for ours in ["current", "status"] {
            let what = format!("{ours} against current, {name}");
            eprintln!("    {what}");
            shop.against_alembic(ours)?;
            let (mut theirs, mut ours) = (shop.alembic(&["current"]), shop.ours(&[ours]));
            figures.speed_up(&what, &time_in_pairs(&mut theirs, &mut ours, runs)?, goal);
        }
        let what = format!("upgrade head, nothing pending, {name}");
        eprintln!("    {what}");
        let (mut ours, mut child) = (shop.ours(&["upgrade", "head"]), shop.child());
        let pairs = time_in_pairs(&mut ours, &mut child, runs)?;
        figures.added(&what, "its child alone", &pairs, Goal::AtMost(30.0));
    }
    Ok(())
}

impl Shop<'_> {
    /// Both must name the same revision.
    fn against_alembic(&self, command: &str) -> Result {
        let theirs = command::capture(&mut self.alembic(&["current"]))?;
        let ours = command::capture(&mut self.ours(&[command]))?;
        let revision = theirs.split_whitespace().next().unwrap_or_default();
        if !revision.is_empty() && ours.contains(revision) {
            return Ok(());
        }
        Err(Failure::new(format!("`{command}` and Alembic give different answers: {ours}{theirs}")))
    }

    fn ours(&self, arguments: &[&str]) -> Command {
        self.with_database(self.program, arguments)
    }

    fn alembic(&self, arguments: &[&str]) -> Command {
        self.with_database(&self.venv.alembic(), arguments)
    }

    /// What `upgrade head` starts.
    fn child(&self) -> Command {
        self.with_database(&self.venv.python(), &["-m", "alembic", "upgrade", "head"])
    }

    fn with_database(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = prepared(program, self.project.root(), arguments);
        let root = OsString::from(self.venv.root());
        command.env("DATABASE_URL", &self.url).env("VIRTUAL_ENV", root);
        command
    }
}
