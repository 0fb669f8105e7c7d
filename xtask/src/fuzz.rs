//! libFuzzer on the stable toolchain: the compiler's own coverage pass is switched on by flags, the runtime comes from the
//! `libfuzzer-sys` crate. Neither cargo-fuzz nor nightly is needed; a C++ compiler is.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::{
    cache::Cache,
    command,
    failure::{Failure, Result},
    repository, rust,
    session::Session,
    system,
};

/// Coverage for libFuzzer, and every check of a debug build in optimised code.
const FLAGS: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
    "-Coverflow-checks",
    "-Ccodegen-units=1",
    "--cfg",
    "fuzzing",
];

/// Identifiers and ranges as people type them; what the fixtures' commands do not show already.
const IDENTIFIERS: &[&str] = &[
    "head",
    "heads",
    "base",
    "current",
    "+1",
    "-1",
    "ae10",
    "users@head",
    "users@base",
    "users@-2",
    "ae10+1",
    "head-1",
    "base:heads",
    "ae10:",
    ":-2",
    "-3:current",
    "users@+2:heads",
    "a:b:c",
    "@",
    "@@",
    ":",
    "+",
    "-99999999999999999999",
];

/// A target and the files it begins with.
struct Target {
    name: &'static str,
    seeds: fn() -> Result<Vec<Vec<u8>>>,
}

const TARGETS: &[Target] = &[
    Target { name: "script_reader", seeds: || fixture_files(".py") },
    Target { name: "ini_reader", seeds: || fixture_files(".ini") },
    Target { name: "identifiers", seeds: identifiers },
];

/// How long to fuzz what.
#[derive(Args)]
pub(crate) struct Options {
    /// How long each target runs
    #[arg(long, default_value_t = 60, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// The targets; all of them unless told
    targets: Vec<String>,
}

/// Builds and runs each target as a step of its own.
pub(crate) fn run(session: &mut Session, options: &Options) {
    let steps = &mut session.steps;
    let chosen = |target: &&Target| {
        options.targets.is_empty() || options.targets.iter().any(|name| name == target.name)
    };
    for name in
        options.targets.iter().filter(|name| !TARGETS.iter().any(|target| target.name == **name))
    {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        steps.run(name, || Err::<(), _>(Failure::new("no such target").way_out(names.join(", "))));
    }
    let Some(programs) = steps.run("build of the fuzz targets", build) else {
        return;
    };
    for target in TARGETS.iter().filter(chosen) {
        steps.run(target.name, || fuzz(target, &programs.join(target.name), options.seconds));
    }
}

/// Builds every target; returns the folder of the programs.
fn build() -> Result<PathBuf> {
    system::ensure("c++", "g++")?;
    let triple = host_triple()?;
    // A folder of its own: the flags would have everything in the shared one built again and again.
    let folder = rust::target_folder()?.join("fuzz");
    let mut build = command::cargo();
    // With --target the flags are not for build scripts and macros, which would not link without the runtime.
    build.args([
        "build",
        "--release",
        "--bins",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--target",
        &triple,
    ]);
    build.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}")).env("CARGO_TARGET_DIR", &folder);
    command::run(&mut build)?;
    Ok(folder.join(triple).join("release"))
}

fn host_triple() -> Result<String> {
    let version = command::capture(command::program("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("`rustc -vV` names no host"))
}

/// Runs one target. What it learns is kept in the cache for the next run, what breaks it as well.
fn fuzz(target: &Target, program: &Path, seconds: u32) -> Result {
    let cache = Cache::open()?;
    let _lock = cache.lock(&format!("fuzz-{}", target.name))?;
    let home = cache.path(format!("fuzz/{}", target.name));
    let (corpus, seeds, findings) =
        (home.join("corpus"), home.join("seeds"), home.join("findings/"));
    if seeds.exists() {
        fs_err::remove_dir_all(&seeds)?;
    }
    for folder in [&corpus, &seeds, &findings] {
        fs_err::create_dir_all(folder)?;
    }
    let texts = (target.seeds)()?;
    eprintln!("    {} seeds", texts.len());
    for (place, text) in texts.iter().enumerate() {
        fs_err::write(seeds.join(format!("{place:04}")), text)?;
    }
    let mut run = command::program(program);
    run.arg(format!("-max_total_time={seconds}"));
    run.args(["-timeout=10", "-rss_limit_mb=2048", "-verbosity=0", "-print_final_stats=1"]);
    run.arg(format!("-artifact_prefix={}", findings.display()));
    let dictionary = repository::root().join(format!("fuzz/dictionaries/{}.txt", target.name));
    if dictionary.is_file() {
        run.arg(format!("-dict={}", dictionary.display()));
    }
    run.arg(corpus).arg(seeds);
    command::run(&mut run).map_err(|failure| {
        failure.way_out(format!(
            "{} FILE runs one input again; the findings are in {}",
            program.display(),
            findings.display()
        ))
    })
}

/// The contents of all fixtures' files whose name ends so.
fn fixture_files(suffix: &str) -> Result<Vec<Vec<u8>>> {
    let files = repository::files_below(&repository::root().join("fixtures"), suffix);
    // One fixture is a link that leads nowhere.
    let files = files.iter().filter(|file| file.is_file());
    files.map(|file| Ok(fs_err::read(file)?)).collect()
}

/// What people type, and the arguments of the fixtures' recorded commands.
fn identifiers() -> Result<Vec<Vec<u8>>> {
    let mut found: Vec<Vec<u8>> = IDENTIFIERS.iter().map(|text| text.as_bytes().to_vec()).collect();
    for answer in repository::files_below(&repository::root().join("fixtures"), ".txt") {
        let text = fs_err::read_to_string(answer)?;
        let command = text.lines().next().and_then(|line| line.strip_prefix("$ alembic "));
        found.extend(
            command
                .into_iter()
                .flat_map(str::split_whitespace)
                .map(|word| word.as_bytes().to_vec()),
        );
    }
    found.sort();
    found.dedup();
    Ok(found)
}
