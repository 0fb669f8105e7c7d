//! The browser tests of the whole program. What fails is run once more before it counts, as `.config/nextest.toml` has it
//! for the tests in Rust: browsers and servers share two processors with all the other tests.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::tap::{self, Test};
use crate::{
    cache::Cache,
    command,
    failure::{Failure, Result},
    python::Venv,
    repository, system,
};

/// Where they are, and what they share with those of the API.
pub(super) const FOLDER: &str = "tests/browser";

/// The program with its page in a real browser, over a real PostgreSQL and real Alembic.
pub(crate) fn browser(cache: &Cache, program: &Path) -> Result {
    system::ensure("chromium", "chromium")?;
    let _lock = cache.lock("browser")?;
    super::install(FOLDER)?;
    let venv = Venv::newest(cache)?;
    let run = |files: &[String]| tests(program, &venv, files);
    let first = run(&files()?)?;
    let failed = failures(&first);
    if failed.is_empty() {
        return Ok(());
    }
    // Whole files: a test may stand on what the ones before it have left.
    let again: BTreeSet<_> = failed.iter().map(|test| test.file.clone()).collect();
    eprintln!("    once more, as {} failed: {again:?}", failed.len());
    let second = run(&again.into_iter().collect::<Vec<_>>())?;
    judge(&failed, &second)
}

/// A test that passes the second time is named; one that does not has failed.
fn judge(failed: &[&Test], second: &[Test]) -> Result {
    let passed_now = |test: &Test| {
        second.iter().any(|now| now.passed && now.name == test.name && now.file == test.file)
    };
    let (flaky, broken): (Vec<&Test>, Vec<_>) =
        failed.iter().copied().partition(|test| passed_now(test));
    for test in &flaky {
        eprintln!("    FLAKY 2/2 {}", report(test));
    }
    if broken.is_empty() {
        return Ok(());
    }
    let reports: Vec<_> = broken.into_iter().map(report).collect();
    Err(Failure::new(format!(
        "{} browser tests failed twice\n{}",
        reports.len(),
        reports.join("\n")
    )))
}

fn failures(tests: &[Test]) -> Vec<&Test> {
    tests.iter().filter(|test| !test.passed).collect()
}

fn report(test: &Test) -> String {
    let file = Path::new(&test.file).file_name().unwrap_or_default().to_string_lossy();
    let error = test.error.replace('\n', "\n        ");
    format!("{file}: {}\n        {error}", test.name)
}

/// Every file of tests, in order.
fn files() -> Result<Vec<String>> {
    let specs = repository::root().join(FOLDER).join("specs");
    let mut files = Vec::new();
    for entry in fs_err::read_dir(&specs)? {
        let path = entry?.path().to_string_lossy().into_owned();
        files.extend(Some(path).filter(|path| path.ends_with(".test.mjs")));
    }
    files.sort();
    Ok(files)
}

/// Runs these files one after the other. Its report is printed as it comes, and read.
fn tests(program: &Path, venv: &Venv, files: &[String]) -> Result<Vec<Test>> {
    let mut node = command::program("node");
    node.current_dir(repository::root().join(FOLDER));
    node.args(["--test", "--test-concurrency=1", "--test-reporter=tap"]).args(files);
    node.env("ALEMBIC_RS_TEST_PROGRAM", program);
    node.env("ALEMBIC_RS_TEST_DRIVER_VENV", venv.root());
    let mut child = node.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or_else(|| Failure::new("node has no output"))?;
    let mut report = String::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        report.push_str(&line);
        report.push('\n');
    }
    let status = child.wait()?;
    let tests = tap::read(&report);
    if tests.is_empty() || (!status.success() && failures(&tests).is_empty()) {
        return Err(Failure::new(format!("`{}`: {status}", command::line(&node))));
    }
    Ok(tests)
}

#[cfg(test)]
mod tests_of_judging {
    use super::*;

    fn test(name: &str, passed: bool) -> Test {
        Test { name: name.into(), passed, file: "/specs/a.test.mjs".into(), error: "why".into() }
    }

    #[test]
    fn what_passes_the_second_time_is_flaky_and_no_failure() {
        let first = test("a", false);
        assert!(judge(&[&first], &[test("a", true), test("b", false)]).is_ok());
    }

    #[test]
    fn what_fails_twice_is_named_with_its_error() {
        let (a, b) = (test("a", false), test("b", false));
        let failure = judge(&[&a, &b], &[test("a", true), test("b", false)]).unwrap_err();
        let text = failure.to_string();
        assert!(text.ends_with("a.test.mjs: b\n        why"), "{text}");
        assert!(!text.contains(": a\n"), "{text}");
    }
}
