//! The command line: global options and the table of commands.
//!
//! Options that Alembic does not have stand under a heading of their own, which
//! is also how [`crate::argparse`] tells them apart.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};

#[cfg(feature = "ui")]
use crate::commands::ui;
use crate::commands::{branches, completions, heads, history, later, man, show};
#[cfg(feature = "database")]
use crate::commands::{current, demo, doctor, ensure_version, migrate, plan, stamp, status};
#[cfg(feature = "authoring")]
use crate::commands::{edit, init, list_templates, merge, rebase, revision};
#[cfg(feature = "models")]
use crate::commands::{erd, models};

/// Alembic's command line without Python: history, heads and graph of your
/// migrations in milliseconds.
#[derive(Debug, Parser)]
#[command(
    name = "alembic-rs",
    version = crate::VERSION,
    args_override_self = true,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalOptions,
    #[command(subcommand)]
    pub(crate) command: CliCommand,
}

/// Options that stand before the command.
#[derive(Debug, clap::Args)]
pub(crate) struct GlobalOptions {
    /// Configuration file: an ini file or a pyproject.toml, at most one of each
    /// [default: alembic.ini and pyproject.toml here, or ALEMBIC_CONFIG]
    #[arg(short, long, value_name = "FILE", action = clap::ArgAction::Append)]
    pub(crate) config: Vec<OsString>,
    /// Section of the ini file
    #[arg(
        short,
        long,
        value_name = "SECTION",
        default_value = "alembic",
        allow_negative_numbers = true
    )]
    pub(crate) name: String,
    /// Arguments for env.py, such as `-x tenant=acme`
    #[arg(short = 'x', value_name = "KEY=VALUE", action = clap::ArgAction::Append, allow_negative_numbers = true)]
    pub(crate) x: Vec<String>,
    /// Exit with 1 and the report alone when a command of Alembic's is refused
    #[arg(long)]
    pub(crate) raiseerr: bool,
    /// Print nothing to standard output
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Never start a pager
    #[arg(long, help_heading = crate::argparse::NEW_OPTIONS)]
    pub(crate) no_pager: bool,
}

impl GlobalOptions {
    /// The words that lead to the same project in another command.
    pub(crate) fn of_project(&self) -> Vec<String> {
        let files = self.config.iter().map(|file| file.to_string_lossy().into_owned());
        let mut words: Vec<String> = files.flat_map(|file| ["-c".to_owned(), file]).collect();
        if self.name != "alembic" && !self.name.is_empty() {
            words.extend(["-n".to_owned(), self.name.clone()]);
        }
        words
    }
}

/// One variant per command, in the order of the help.
#[derive(Debug, Subcommand)]
pub(crate) enum CliCommand {
    History(history::HistoryArgs),
    Heads(heads::HeadsArgs),
    Branches(branches::BranchesArgs),
    Show(show::ShowArgs),
    #[cfg(feature = "database")]
    Current(current::CurrentArgs),
    #[cfg(feature = "database")]
    Stamp(stamp::StampArgs),
    #[cfg(feature = "database")]
    #[command(name = "ensure_version")]
    EnsureVersion(ensure_version::EnsureVersionArgs),
    /// Run migrations up to a revision
    #[cfg(feature = "database")]
    Upgrade(migrate::MigrateArgs),
    /// Undo migrations down to a revision
    #[cfg(feature = "database")]
    Downgrade(migrate::MigrateArgs),
    #[cfg(feature = "database")]
    Status(status::StatusArgs),
    #[cfg(feature = "database")]
    Plan(plan::PlanArgs),
    #[cfg(feature = "database")]
    Doctor(doctor::DoctorArgs),
    #[cfg(feature = "ui")]
    Ui(ui::UiArgs),
    #[cfg(feature = "authoring")]
    Revision(revision::RevisionArgs),
    #[cfg(feature = "authoring")]
    Merge(merge::MergeArgs),
    #[cfg(feature = "authoring")]
    Rebase(rebase::RebaseArgs),
    #[cfg(feature = "authoring")]
    Edit(edit::EditArgs),
    #[cfg(feature = "authoring")]
    Init(init::InitArgs),
    #[cfg(feature = "authoring")]
    #[command(name = "list_templates")]
    ListTemplates(list_templates::ListTemplatesArgs),
    #[cfg(feature = "database")]
    Demo(demo::DemoArgs),
    #[cfg(feature = "models")]
    Models(models::ModelsArgs),
    #[cfg(feature = "models")]
    Erd(erd::ErdArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
    #[command(flatten)]
    Later(later::LaterCommand),
}

/// The whole command line as clap sees it.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// A span of time: `30s`, `500ms`, `2m`; a bare number counts seconds.
#[cfg(feature = "database")]
pub(crate) fn duration(text: &str) -> Result<std::time::Duration, String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let scale = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("`{unit}` is no unit of time; use ms, s, m or h")),
    };
    let number: f64 = number.parse().map_err(|_| "write a number and a unit, such as `30s`")?;
    std::time::Duration::try_from_secs_f64(number * scale).map_err(|error| error.to_string())
}
