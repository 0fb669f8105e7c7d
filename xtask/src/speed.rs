//! Whole processes in pairs: ours against real Alembic, against reading the files, and the graph against the list.
//!
//! Fair to both sides: the same generated project, the same streams (none in, `/dev/null` out), one warm-up of each, so
//! that files are in the page cache and Alembic's byte code is compiled, then ours and theirs in turn. Before anything is
//! timed, both must have given the same answer: a program that says nothing is fast, too.

mod authoring;
mod clock;
#[cfg(unix)]
mod database;
mod figures;
mod machine;
mod memory;
mod models;
mod projects;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use alembic_benches::Shape;
use clap::Args;

pub(crate) use self::memory::print_peak_memory;
use self::{
    clock::{Pairs, time_in_pairs},
    figures::{Figures, Goal},
};
use crate::{
    cache::Cache,
    checks::MAXIMAL_SIZE,
    command,
    failure::{Failure, Result},
    python::Venv,
    session::Session,
};

/// How many branches the wide project has.
const LANES: usize = 100;

/// The size at which reading the files, memory and the graph are measured.
const LARGE: usize = 10_000;

/// Which measurements to take.
#[derive(Args)]
pub(crate) struct Options {
    /// Sizes of the generated projects, in scripts
    #[arg(long, value_delimiter = ',', default_value = "10,1000,10000", value_name = "N,N")]
    scripts: Vec<usize>,
    /// Pairs of runs per measurement; by default more the shorter they are
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    /// Measure these alone
    #[arg(long, value_enum)]
    only: Option<Part>,
}

/// What the measurements are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Reading scripts: `heads`, `history`, the graph, memory.
    Scripts,
    /// `current`, `status` and what is added to `upgrade`.
    Database,
    /// Reading SQLAlchemy models, and drawing them.
    Models,
}

/// Takes every measurement and prints the table; a goal that is missed is a failed step.
pub(crate) fn run(session: &mut Session, options: &Options) {
    let (venv, program) = (session.venv(), session.program());
    let (Some(venv), Some(program)) = (venv, program) else {
        session.steps.cannot_run("speed", "venv with real Alembic and the release build");
        return;
    };
    let mut figures = Figures::default();
    session.steps.run("speed", || {
        let cache = Cache::open()?;
        let _lock = cache.lock("speed")?;
        figures.size(&program, MAXIMAL_SIZE)?;
        let program = installed(&program, &cache)?;
        let bench = Bench { program, venv, runs: options.runs };
        let is_wanted = |part| options.only.is_none_or(|only| only == part);
        if is_wanted(Part::Scripts) {
            for &scripts in &options.scripts {
                bench.measure(&cache, scripts, &mut figures)?;
            }
        }
        if is_wanted(Part::Database) {
            bench.measure_databases(&cache, &mut figures)?;
        }
        if is_wanted(Part::Models) {
            let venv = Venv::newest(&cache)?;
            models::measure(&bench.program, &venv, &cache, options.runs, &mut figures)?;
        }
        if is_wanted(Part::Scripts) {
            authoring::measure(&bench, &cache, &mut figures)?;
        }
        Ok(())
    });
    println!("{}\n", machine::describe());
    print!("{figures}");
    session.steps.run("goals", || figures.verdict());
}

/// A copy of the program, as `cargo install` leaves one. What the linker has written itself lies in the page cache in
/// small pieces, and takes a tenth more page faults to start, which nobody has who installed it.
fn installed(program: &Path, cache: &Cache) -> Result<PathBuf> {
    let copy = cache.path("speed").join(program.file_name().unwrap_or_default());
    fs_err::create_dir_all(cache.path("speed"))?;
    fs_err::copy(program, &copy)?;
    Ok(copy)
}

/// The two programs and how often they run.
struct Bench {
    program: PathBuf,
    venv: Venv,
    runs: Option<u32>,
}

impl Bench {
    /// All measurements on projects of `scripts` scripts: one line, and many lanes where there is room for them.
    fn measure(&self, cache: &Cache, scripts: usize, figures: &mut Figures) -> Result {
        let lanes = (scripts > LANES).then_some(Shape::Lanes(LANES));
        for shape in [Some(Shape::Linear), lanes].into_iter().flatten() {
            let project = projects::prepare(cache, shape, scripts)?;
            let what = |command: &str| format!("{command}, {scripts} scripts, {}", shape.name());
            for arguments in [["heads"], ["history"]] {
                eprintln!("    {}", what(arguments[0]));
                let pairs = self.against_alembic(&project, &arguments, scripts)?;
                let goal = goal_against_alembic(scripts);
                figures.speed_up(&what(arguments[0]), &pairs.swapped(), goal);
            }
            eprintln!("    {}", what("history --graph"));
            let goal = |goal| if scripts >= LARGE { goal } else { Goal::None };
            let pairs = self.graph_against_list(&project, scripts)?;
            figures.multiple(&what("history --graph"), "history", &pairs, goal(Goal::AtMost(1.5)));
            let pairs = self.against_reading(&project)?;
            figures.multiple(&what("heads"), "cat", &pairs, goal(Goal::AtMost(1.0)));
            for arguments in [&["heads"][..], &["history"], &["history", "--graph"]] {
                let peak = memory::peak(&self.ours(&project, arguments))?;
                figures.memory(&what(&arguments.join(" ")), peak, goal(Goal::AtMost(60.0)));
            }
        }
        Ok(())
    }

    #[cfg(unix)]
    fn measure_databases(&self, cache: &Cache, figures: &mut Figures) -> Result {
        database::measure(&self.program, &Venv::newest(cache)?, self.runs, figures)
    }

    /// The servers of the tests need a Unix.
    #[cfg(not(unix))]
    fn measure_databases(&self, _cache: &Cache, _figures: &mut Figures) -> Result {
        Err(Failure::new("databases are measured on Unix alone"))
    }

    /// Ours and Alembic's, whose answers must be the same.
    fn against_alembic(&self, project: &Path, arguments: &[&str], scripts: usize) -> Result<Pairs> {
        let (mut ours, mut theirs) =
            (self.ours(project, arguments), self.theirs(project, arguments));
        let (our_answer, their_answer) =
            (command::capture(&mut ours)?, command::capture(&mut theirs)?);
        if our_answer != their_answer {
            let what = format!(
                "`{}` and Alembic give different answers in {}",
                command::line(&ours),
                project.display()
            );
            return Err(Failure::new(what).way_out("cargo xtask test says what is wrong"));
        }
        time_in_pairs(&mut ours, &mut theirs, self.runs.unwrap_or(pairs_with_alembic(scripts)))
    }

    /// The drawn graph and the plain list; the drawing must hold every revision.
    fn graph_against_list(&self, project: &Path, scripts: usize) -> Result<Pairs> {
        let (mut graph, mut list) =
            (self.ours(project, &["history", "--graph"]), self.ours(project, &["history"]));
        let lines = command::capture(&mut graph)?.lines().count();
        if lines < scripts {
            return Err(Failure::new(format!(
                "`history --graph` has {lines} lines for {scripts} revisions"
            )));
        }
        time_in_pairs(&mut graph, &mut list, self.runs.unwrap_or(20))
    }

    /// Finding the heads and only reading the bytes.
    fn against_reading(&self, project: &Path) -> Result<Pairs> {
        let mut cat = command::program("sh");
        cat.args(["-c", "cat versions/*.py >/dev/null"]).current_dir(project.join("migrations"));
        time_in_pairs(&mut self.ours(project, &["heads"]), &mut cat, self.runs.unwrap_or(20))
    }

    fn ours(&self, project: &Path, arguments: &[&str]) -> Command {
        prepared(&self.program, project, arguments)
    }

    fn theirs(&self, project: &Path, arguments: &[&str]) -> Command {
        prepared(&self.venv.alembic(), project, arguments)
    }
}

/// The same surroundings for both programs. Python may keep its byte code: that is how it runs on a developer's machine.
fn prepared(program: &Path, project: &Path, arguments: &[&str]) -> Command {
    let mut command = command::program(program);
    command
        .current_dir(project)
        .args(arguments)
        .env_remove("PYTHONDONTWRITEBYTECODE")
        .env("LC_ALL", "C.UTF-8");
    command
}

/// How many times faster than Alembic we promise to be.
fn goal_against_alembic(scripts: usize) -> Goal {
    match scripts {
        10 => Goal::AtLeast(100.0),
        1_000 => Goal::AtLeast(60.0),
        LARGE => Goal::AtLeast(40.0),
        _ => Goal::None,
    }
}

/// Alembic takes seconds for a large project: fewer pairs do.
fn pairs_with_alembic(scripts: usize) -> u32 {
    match scripts {
        0..=100 => 20,
        101..=2_000 => 10,
        _ => 5,
    }
}
