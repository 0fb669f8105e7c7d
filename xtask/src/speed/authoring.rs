//! Writing a script: `revision -m x` against real Alembic.
//!
//! Every run begins with the same scripts: what the run before has written is taken away between two runs, off the
//! clock.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::{Path, PathBuf},
};

use alembic_benches::{SCRIPT_FOLDER, Shape};

use super::{
    Bench,
    clock::time_in_pairs_tidied,
    figures::{Figures, Goal},
    projects,
};
use crate::{
    cache::Cache,
    command,
    failure::{Failure, Result},
};

/// The size of the project.
const SCRIPTS: usize = 1_000;

/// How many times faster than Alembic we promise to be.
const GOAL: f64 = 50.0;

const RUNS: u32 = 20;

/// Times `revision`, and proves first that both programs write the same bytes.
pub(super) fn measure(bench: &Bench, cache: &Cache, figures: &mut Figures) -> Result {
    let project = projects::prepare(cache, Shape::Linear, SCRIPTS)?;
    let folder = Folder::look(project.join(SCRIPT_FOLDER))?;
    let what = format!("revision, {SCRIPTS} scripts, {}", Shape::Linear.name());
    eprintln!("    {what}");
    same_bytes(bench, &project, &folder)?;
    let arguments = ["revision", "-m", "x"];
    let (mut ours, mut theirs) =
        (bench.ours(&project, &arguments), bench.theirs(&project, &arguments));
    let runs = bench.runs.unwrap_or(RUNS);
    let pairs =
        time_in_pairs_tidied(&mut theirs, &mut ours, runs, || folder.take_new_script().map(drop))?;
    figures.speed_up(&what, &pairs, Goal::AtLeast(GOAL));
    Ok(())
}

fn same_bytes(bench: &Bench, project: &Path, folder: &Folder) -> Result {
    let arguments = ["revision", "-m", "x", "--rev-id", "0f1e2d3c4b5a"];
    command::capture(&mut bench.ours(project, &arguments))?;
    let ours = folder.take_new_script()?;
    command::capture(&mut bench.theirs(project, &arguments))?;
    if folder.take_new_script()? == ours {
        return Ok(());
    }
    let what = format!("`revision` and Alembic write different scripts in {}", project.display());
    Err(Failure::new(what).way_out("cargo xtask test says what is wrong"))
}

/// A folder of scripts as it was before anything was written.
struct Folder {
    path: PathBuf,
    before: BTreeSet<OsString>,
}

impl Folder {
    /// A run that was broken off may have left a script: the names of generated ones say nothing of `_x.py`.
    fn look(path: PathBuf) -> Result<Self> {
        for name in names(&path)? {
            if name.to_string_lossy().ends_with("_x.py") {
                fs_err::remove_file(path.join(name))?;
            }
        }
        let before = names(&path)?;
        Ok(Self { path, before })
    }

    /// The name and the bytes of the one script that is new; it is removed.
    fn take_new_script(&self) -> Result<(OsString, Vec<u8>)> {
        let mut found = names(&self.path)?;
        found.retain(|name| !self.before.contains(name) && name != "__pycache__");
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(name), None) => {
                let path = self.path.join(&name);
                let bytes = fs_err::read(&path)?;
                fs_err::remove_file(path)?;
                Ok((name, bytes))
            }
            _ => Err(Failure::new(format!(
                "not one new script in {} after `revision`",
                self.path.display()
            ))),
        }
    }
}

fn names(folder: &Path) -> Result<BTreeSet<OsString>> {
    fs_err::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}
