//! `doctor --recover`: takes the database back from revisions that the project does not have.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use alembic_core::lost::AbsentModule;
use alembic_core::script::ScriptDirectory;
use alembic_runtime::migrate::Migration;
use alembic_runtime::plan::Direction;
use alembic_runtime::python::{Interruption, Operation, RunOptions, Streams};
use alembic_runtime::rescue::Rescue;
use miette::Diagnostic;
use tokio::sync::oneshot;

use super::DoctorArgs;
use crate::Outcome;
use crate::commands::{migrate, plan};
use crate::context::Context;
use crate::diagnostics::{self, Failure, code};
use crate::session::Session;

/// Nobody has said yes.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("nothing was changed: a downgrade runs only when somebody has looked at it")]
#[diagnostic(help("look at the plan above, then add `--yes`"))]
struct NotConfirmed;

/// A downgrade failed.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the downgrade ended with code {code}")]
#[diagnostic(help("{}", help(absent)))]
struct Failed {
    code: u8,
    /// What was likely to keep it from running.
    absent: Vec<String>,
}

fn help(absent: &[String]) -> String {
    let always = "what it said stands above; nothing of the work tree has changed, and `alembic-rs status` says where \
                  the database is";
    [always].into_iter().chain(absent.iter().map(String::as_str)).collect::<Vec<_>>().join("\n")
}

/// Each module that a recovered script imports and the work tree lacks, as a sentence.
fn absent(rescue: &Rescue) -> Vec<String> {
    let sentence = |absent: &AbsentModule| {
        let AbsentModule { revision, module, commit, path } = absent;
        format!(
            "the script of `{revision}` imports `{module}`, which is not in this work tree: commit {} has it as `{}`; \
             check out what has the script, and downgrade there",
            commit.get(..7).unwrap_or(commit),
            path.display()
        )
    };
    rescue.absent_modules().iter().map(sentence).collect()
}

pub(super) fn run(context: &mut Context, args: &DoctorArgs, wanted: &str) -> Outcome {
    let session = Session::open(context, &args.database)?;
    session.refuse_guess()?;
    let scripts = session.scripts()?;
    let rows = session.rows_as_they_are()?;
    session.wait(async {
        // From here on there is a temporary folder: no signal may end us before it is gone.
        let mut interruption = Interruption::listen();
        let rescue = Rescue::prepare(&session, &scripts, &rows, wanted)?;
        let outcome = recover(context, &session, &rescue, &mut interruption, args).await;
        rescue.close().map_err(Failure::from).and(outcome)
    })
}

async fn recover(
    context: &mut Context,
    session: &Session,
    rescue: &Rescue,
    interruption: &mut Interruption,
    args: &DoctorArgs,
) -> Outcome {
    show(context, session, rescue)?;
    for sentence in absent(rescue) {
        diagnostics::warn(&sentence);
    }
    if !args.yes {
        if !io::stdin().is_terminal() {
            return Err(Failure::new(code::USAGE, NotConfirmed));
        }
        let url = session.target()?.url.to_string();
        tokio::select! {
            agreed = ask(&url) => if !agreed {
                diagnostics::note("nothing was changed");
                return Ok(code::CHECK_FAILED);
            },
            code = interruption.wait() => return Ok(code),
        }
    }
    downgrade(context, session, rescue, interruption, args).await?;
    let rows = alembic_runtime::project::Project::rows_as_they_are(session).await?;
    let at = if rows.is_empty() { "the base".to_owned() } else { rows.join(", ") };
    diagnostics::note(&format!("the database is at {at}: the project has every revision of it"));
    Ok(0)
}

/// The scripts with where they were taken from, and every step.
fn show(context: &mut Context, session: &Session, rescue: &Rescue) -> Result<(), Failure> {
    let mut text = String::new();
    for recovered in rescue.scripts() {
        let script = &recovered.script;
        let path = script.path.display();
        let _infallible = writeln!(text, "from git  {}  {path}", script.revision);
    }
    for leg in rescue.legs() {
        let scripts: &ScriptDirectory = rescue.directory();
        text +=
            &plan::text(&plan::document(session, scripts, Direction::Down, &leg.target, &leg.plan));
    }
    context.output.write_always(&text)?;
    Ok(context.output.flush()?)
}

/// Whether the person at the terminal says yes. A thread of its own reads, which a signal need not wait for.
async fn ask(url: &str) -> bool {
    let _ignored = write!(io::stderr(), "downgrade `{url}` as above? [y/N] ");
    let (sender, answer) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        let _gone = sender.send(read.is_ok() && is_yes(&line));
    });
    answer.await.unwrap_or(false)
}

fn is_yes(answer: &str) -> bool {
    let answer = answer.trim().to_lowercase();
    answer == "y" || answer == "yes"
}

async fn downgrade(
    context: &Context,
    session: &Session,
    rescue: &Rescue,
    interruption: &mut Interruption,
    args: &DoctorArgs,
) -> Result<(), Failure> {
    let quiet = context.global.quiet;
    let command = migrate::command(&context.global, Operation::Downgrade, "");
    let migration = Migration { python: args.python.clone(), ..Migration::new(command) };
    let options = || RunOptions { forwards_signals: false, ..RunOptions::new(Streams::Inherited) };
    let mut tell = |event: alembic_runtime::migrate::Event<'_>| migrate::tell(event, quiet);
    let cancel = async {
        interruption.wait().await;
    };
    let last = rescue.run(session, &migration, options, cancel, &mut tell).await?;
    match last.and_then(|migrated| migrated.ended) {
        Some(ended) if ended.code != 0 => {
            let failed = Failed { code: ended.code, absent: absent(rescue) };
            Err(Failure::new(code::SIDE_PYTHON, failed))
        }
        _ => Ok(()),
    }
}
