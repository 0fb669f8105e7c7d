//! `models`: the tables that the project's SQLAlchemy models define, read without running them.

use clap::Args;
use miette::Diagnostic;
use sqlalchemy_models::schema::{Schema, Table};
use sqlalchemy_models::{Options, version};

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::{Failure, code};

/// Show the tables that the SQLAlchemy models define, without running Python
#[derive(Debug, Args)]
pub(crate) struct ModelsArgs {
    /// One table, in full: NAME or SCHEMA.NAME
    #[arg(value_name = "TABLE")]
    table: Option<String>,
    /// The whole schema as JSON
    #[arg(long, help_heading = NEW_OPTIONS)]
    json: bool,
    #[command(flatten)]
    source: ModelsSource,
    /// Exit with 1 when something is not known
    #[arg(long, help_heading = NEW_OPTIONS)]
    strict: bool,
}

/// Which models.
#[derive(Debug, Args)]
pub(crate) struct ModelsSource {
    /// A base class or MetaData; without it the target_metadata of env.py
    #[arg(long, value_name = "MODULE:NAME", help_heading = NEW_OPTIONS, action = clap::ArgAction::Append)]
    base: Vec<String>,
    /// A module to import before the base
    #[arg(long, value_name = "MODULE", help_heading = NEW_OPTIONS, action = clap::ArgAction::Append)]
    import: Vec<String>,
}

/// Nothing could be read.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the models cannot be read: {0}")]
#[diagnostic(help("name a base class or MetaData with `--base module:Name`"))]
struct Unreadable(#[source] sqlalchemy_models::Error);

/// The schema of the models.
pub(crate) fn read(context: &mut Context, source: &ModelsSource) -> Result<Schema, Failure> {
    context.exit_codes = ExitCodes::Own;
    let current = std::env::current_dir().map_err(Failure::no_current_directory)?;
    let mut options = Options {
        current: current.clone(),
        bases: source.base.clone(),
        imports: source.import.clone(),
        version: version::of_project(&current),
        ..Options::default()
    };
    let settings = context.config().and_then(|config| Ok(config.script_settings()?));
    match settings {
        Ok(settings) => {
            options.roots = settings.prepend_sys_path;
            options.env = Some(settings.script_location.join("env.py"));
        }
        Err(failure) if options.bases.is_empty() => return Err(failure),
        Err(_) => {}
    }
    if options.roots.is_empty() {
        options.roots.push(current.clone());
    }
    options.roots.extend(version::site_packages(&current));
    sqlalchemy_models::read(&options)
        .map_err(|error| Failure::new(code::CONFIGURATION, Unreadable(error)))
}

pub(crate) fn run(context: &mut Context, args: &ModelsArgs) -> Outcome {
    let schema = read(context, &args.source)?;
    let mut out = String::new();
    if args.json {
        out = serde_json::to_string_pretty(&schema).unwrap_or_default();
        out.push('\n');
    } else {
        for table in &schema.tables {
            let full = table.full_name();
            match &args.table {
                None => out.push_str(&format!("{full}\t{} columns\n", table.columns.len())),
                Some(wanted) if *wanted == full => describe(&mut out, table),
                Some(_) => {}
            }
        }
        for problem in &schema.problems {
            out.push_str(&format!("{}:{}: {}\n", problem.path, problem.line, problem.message));
        }
    }
    context.output.write(&out)?;
    Ok(u8::from(args.strict && !schema.problems.is_empty()))
}

fn describe(out: &mut String, table: &Table) {
    out.push_str(&format!("{}\n", table.full_name()));
    for column in &table.columns {
        let kind = column.type_.as_deref().unwrap_or("unknown type");
        let null = if column.nullable == Some(false) { " not null" } else { "" };
        let key = if column.primary_key { " primary key" } else { "" };
        out.push_str(&format!("  {}  {kind}{null}{key}\n", column.name));
    }
    for key in &table.foreign_keys {
        let to = key.referred_table.as_deref().unwrap_or("?");
        out.push_str(&format!(
            "  ({}) -> {to} ({})\n",
            key.columns.join(", "),
            key.referred_columns.join(", ")
        ));
    }
}
