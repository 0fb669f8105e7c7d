//! `plan [TARGET]`: the steps that `upgrade` or `downgrade` would run.

use std::fmt::Write as _;
use std::path::Path;

use alembic_core::script::ScriptDirectory;
use alembic_core::step::Plan;
use alembic_runtime::plan::{Change, Direction, PlanDocument};
use clap::Args;

use crate::Outcome;
use crate::commands::completions;
use crate::context::{Context, ExitCodes};
use crate::output::paths::from_here;
use crate::output::visible::visible;
use crate::session::{DatabaseArgs, Session};

/// Show the steps from where the database is to a revision, up or down
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The revision to go to
    #[arg(default_value = "heads", allow_negative_numbers = true, add = completions::revisions())]
    target: String,
    /// Print the documented, versioned document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) fn run(context: &mut Context, args: &PlanArgs) -> Outcome {
    context.exit_codes = ExitCodes::Own;
    let session = Session::open(context, &args.database)?;
    let rows = session.rows_as_they_are()?;
    let scripts = session.scripts()?;
    let direction = Direction::of(scripts.map(), &rows, &args.target);
    let plan = direction.plan(scripts.map(), &rows, &args.target);
    let plan = session.answer(&scripts, &rows, plan)?;
    let document = document(&session, &scripts, direction, &args.target, &plan);
    let text = if args.json {
        let json = serde_json::to_string_pretty(&document);
        json.expect("the document has text keys and no maps of others") + "\n"
    } else {
        for warning in &document.warnings {
            crate::diagnostics::warn(&visible(warning));
        }
        text(&document)
    };
    context.output.write(&text)?;
    Ok(0)
}

/// The document of a plan, its paths as seen from here.
pub(crate) fn document<'a>(
    session: &Session,
    scripts: &'a ScriptDirectory,
    direction: Direction,
    target: &'a str,
    plan: &'a Plan,
) -> PlanDocument<'a> {
    let mut document = PlanDocument::new(scripts, direction, target, session.version_table(), plan);
    for step in &mut document.steps {
        step.path = from_here(Path::new(&*step.path)).into_owned().into();
    }
    document
}

/// The plan for people.
pub(crate) fn text(plan: &PlanDocument<'_>) -> String {
    let mut out = String::new();
    let written = write_text(plan, &mut out);
    written.expect("a string takes everything");
    out
}

fn write_text(plan: &PlanDocument<'_>, out: &mut String) -> std::fmt::Result {
    if plan.steps.is_empty() {
        return writeln!(out, "nothing to do: {} is where the database is", plan.target);
    }
    let (count, way) = (plan.steps.len(), plan.direction.command());
    let steps = if count == 1 { "step" } else { "steps" };
    writeln!(out, "{way} {}: {count} {steps}", plan.target)?;
    for (number, step) in plan.steps.iter().enumerate() {
        let message = visible(step.message.lines().next().unwrap_or_default());
        let revision = visible(&step.revision);
        writeln!(out, "{:>3}. {} {revision}  {message}", number + 1, step.command)?;
        writeln!(out, "     {}", step.path)?;
        for change in &step.changes {
            write!(out, "     {}: ", plan.version_table)?;
            match change {
                Change::Insert { version } => writeln!(out, "+ {}", visible(version))?,
                Change::Delete { version } => writeln!(out, "- {}", visible(version))?,
                Change::Update { from, to } => {
                    writeln!(out, "{} -> {}", visible(from), visible(to))?;
                }
            }
        }
    }
    Ok(())
}
