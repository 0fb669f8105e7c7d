//! The program is killed while it writes: no script is ever half there.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use alembic_testing::TestContext;

use crate::{alembic, names, project};

/// How many runs are killed, each a little later than the one before.
const RUNS: u32 = 60;

/// What the template ends with: a script that has it is whole.
const END: &str = "# the end\n";

fn start(context: &TestContext, arguments: &[&str]) -> Child {
    Command::new(context.program())
        .args(arguments)
        .current_dir(context.project().root())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// How long a run takes that nobody kills.
fn usual_time(context: &TestContext, arguments: &[&str]) -> Duration {
    let begun = Instant::now();
    assert!(start(context, arguments).wait().expect("it ends").success());
    begun.elapsed()
}

fn killed(context: &TestContext, arguments: &[&str], after: Duration) {
    let mut child = start(context, arguments);
    std::thread::sleep(after);
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
}

#[test]
fn a_new_script_is_there_or_not() {
    let context = project();
    let template = format!("{}{END}", context.project().read("migrations/script.py.mako"));
    context.project().write("migrations/script.py.mako", &template);
    let arguments = ["revision", "-m", "x", "--head", "b", "--splice"];
    let usual = usual_time(&context, &arguments);
    for run in 1..=RUNS {
        // From the start of the process to a little behind its end.
        killed(&context, &arguments, usual * run * 5 / 4 / RUNS);
    }
    let (scripts, others): (Vec<_>, Vec<_>) =
        names(&context, "migrations/versions").into_iter().partition(|name| is_script(name));
    for script in scripts.iter().filter(|name| name.ends_with("_x.py")) {
        let text = context.project().read(format!("migrations/versions/{script}"));
        assert!(text.ends_with(END), "{script} is not whole: {text}");
    }
    // What a killed run leaves is a draft, which no program takes for a script.
    assert!(others.iter().all(|name| name.starts_with(".alembic-rs-")));
    println!("{} scripts, {} drafts after {RUNS} runs", scripts.len() - 2, others.len());
    assert_eq!(alembic(&context, &["heads"]), context.run(["heads"]).stdout());
}

#[test]
fn a_rebased_script_is_the_old_one_or_the_new_one() {
    let context = project();
    let path = "migrations/versions/c.py";
    let text = |parent: &str| {
        format!("revision = 'c'\ndown_revision = '{parent}'\n{}{END}", "# filling\n".repeat(2_000))
    };
    context.project().write(path, text("b"));
    let arguments = ["rebase", "c", "--onto", "a", "--write"];
    let usual = usual_time(&context, &arguments);
    let mut moved = 0;
    for run in 1..=RUNS {
        context.project().write(path, text("b"));
        killed(&context, &arguments, usual * run * 5 / 4 / RUNS);
        let found = context.project().read(path);
        assert!(found == text("a") || found == text("b"), "{} bytes", found.len());
        moved += u32::from(found == text("a"));
    }
    println!("{moved} of {RUNS} runs came to their end");
}

fn is_script(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "py")
}
