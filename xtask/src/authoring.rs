//! The figures of what writes scripts: templates against real Mako, and `rebase` there and back on real projects.
//!
//! They are tests of the workspace. Here they run once more with room for other people's scripts, and are heard.

use crate::{
    cache::Cache,
    command,
    failure::{Failure, Result},
    python::Venv,
};

/// The tests, and what their line of figures has in it.
const TESTS: [(&str, &str); 2] = [("mako", " the same, "), ("rebase", " moved and back, ")];

/// Runs the tests and prints their figures.
pub(crate) fn figures(cache: &Cache, venv: &Venv) -> Result {
    for (test, sign) in TESTS {
        let mut cargo = command::cargo();
        cargo.args(["test", "--quiet", "--package", "alembic-rs-core", "--test", test]);
        cargo.args(["--", "--nocapture"]);
        cargo.env("ALEMBIC_RS_TEST_VENV", venv.root());
        cargo.env("ALEMBIC_RS_REBASE_CORPUS", cache.path("corpus"));
        let output = command::output(&mut cargo)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let figures = text.lines().find(|line| line.contains(sign));
        let Some(figures) = figures.filter(|_| output.status.success()) else {
            println!("{text}");
            return Err(Failure::new(format!("`{}` failed", command::line(&cargo))));
        };
        eprintln!("    {test}: {figures}");
    }
    Ok(())
}
