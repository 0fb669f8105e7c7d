//! `heads`: the newest revisions, and whether there are too many of them.

mod check;
mod json;

use alembic_core::script::OneLine;
use clap::{Args, ValueEnum};
use miette::Diagnostic;

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::context::{Context, ExitCodes, explained};
use crate::diagnostics::{Failure, code};

/// Show the heads
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct HeadsArgs {
    /// Show each head in full
    #[arg(short, long)]
    verbose: bool,
    /// Leave out heads that another revision depends on
    #[arg(long)]
    resolve_dependencies: bool,
    /// Fail on more than one head, and report whatever else is wrong with the scripts
    #[arg(long, help_heading = NEW_OPTIONS, conflicts_with = "verbose")]
    check: bool,
    /// With --check: so many heads are fine [default: 1]
    #[arg(
        long,
        value_name = "N",
        help_heading = NEW_OPTIONS,
        requires = "check",
        value_parser = at_least_one
    )]
    allow: Option<usize>,
    /// With --check: so many heads for every branch label, and without one
    #[arg(long, help_heading = NEW_OPTIONS, requires = "check")]
    per_label: bool,
    /// With --check: count what a merge with this commit would give, such as origin/main
    #[arg(
        long,
        value_name = "REF",
        help_heading = NEW_OPTIONS,
        requires = "check",
        value_parser = clap::builder::NonEmptyStringValueParser::new()
    )]
    against: Option<String>,
    /// The form of the answer; github, gitlab and sarif need --check
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = NEW_OPTIONS)]
    format: Option<Format>,
}

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// People
    Text,
    /// Programs: docs/check-json.md
    Json,
    /// GitHub Actions: workflow commands
    Github,
    /// GitLab: a Code Quality report
    Gitlab,
    /// Code scanning: SARIF 2.1.0
    Sarif,
}

pub(crate) fn run(context: &mut Context, args: &HeadsArgs) -> Outcome {
    if args.check || args.format.is_some() {
        context.exit_codes = ExitCodes::Own;
    }
    match args.format {
        _ if args.check => check::run(context, args),
        None | Some(Format::Text) => list(context, args),
        Some(Format::Json) => json::run(context, args),
        Some(format) => Err(needs_check(format)),
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("there is always one head, unless there are no revisions".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("a number of heads belongs here".to_owned()),
    }
}

fn list(context: &mut Context, args: &HeadsArgs) -> Outcome {
    let scripts = context.scripts()?;
    let map = scripts.map();
    let heads = if args.resolve_dependencies {
        explained(&scripts, map.get_revisions("heads"))?
    } else {
        // By identifier: of two scripts with the same one, the later is shown twice.
        map.heads().iter().map(|&head| map.by_id(map.id(head)).unwrap_or(head)).collect()
    };
    let parts = OneLine { labels: true, ..OneLine::default() };
    let mut out = String::new();
    for index in heads {
        if args.verbose {
            scripts.write_block(&mut out, index, false);
        } else {
            scripts.write_one_line(&mut out, index, parts, false);
        }
        out.push('\n');
    }
    context.output.write(&out)?;
    Ok(0)
}

/// A form of the check's answer, and no check.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`--format {0}` is a form of the check's answer")]
#[diagnostic(help("add `--check`, or use `--format json` for the heads alone"))]
struct NeedsCheck(String);

fn needs_check(format: Format) -> Failure {
    let name = format.to_possible_value().map(|value| value.get_name().to_owned());
    Failure::new(code::USAGE, NeedsCheck(name.unwrap_or_default()))
}
