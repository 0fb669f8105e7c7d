//! `models`: the tables that the project's SQLAlchemy models define, read without running them.

mod detail;
mod explain;
mod list;
mod text;

use std::path::Path;

use clap::Args;
use miette::Diagnostic;
use sqlalchemy_models::schema::{Problem, Schema, Table};
use sqlalchemy_models::{Error, Options, Reading, version};

use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::context::{Context, ExitCodes};
use crate::diagnostics::{Failure, code, note};

/// The variable that names bases where the command line names none.
const VARIABLE: &str = "SQLALCHEMY_BASE";

/// Show the tables that the SQLAlchemy models define, without running Python
#[derive(Debug, Args)]
pub(crate) struct ModelsArgs {
    /// One table, in full: NAME or SCHEMA.NAME
    #[arg(value_name = "TABLE", conflicts_with_all = ["json", "explain"])]
    table: Option<String>,
    /// The whole schema as JSON: docs/models.md
    #[arg(long, help_heading = NEW_OPTIONS, conflicts_with = "explain")]
    json: bool,
    /// The modules that were read, what was taken for granted, and what is not known
    #[arg(long, help_heading = NEW_OPTIONS)]
    explain: bool,
    /// Exit with 1 when something is not known
    #[arg(long, help_heading = NEW_OPTIONS)]
    strict: bool,
    #[command(flatten)]
    source: ModelsSource,
}

/// Which models.
#[derive(Debug, Args)]
pub(crate) struct ModelsSource {
    /// A base class or MetaData, more than once for several [default: SQLALCHEMY_BASE, else the target_metadata of
    /// env.py]
    #[arg(long, value_name = "MODULE:NAME", help_heading = NEW_OPTIONS, action = clap::ArgAction::Append)]
    base: Vec<String>,
    /// A module to import before the base
    #[arg(long, value_name = "MODULE", help_heading = NEW_OPTIONS, action = clap::ArgAction::Append)]
    import: Vec<String>,
}

/// Nothing could be read.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the models cannot be read: {error}")]
struct Unreadable {
    error: Error,
    #[help]
    help: &'static str,
}

/// No table is called so.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("there is no table `{name}` among the models")]
struct NoTable {
    name: String,
    #[help]
    help: String,
}

/// The schema of the models.
///
/// # Errors
/// When there is nothing to read.
pub(crate) fn read(context: &mut Context, source: &ModelsSource) -> Result<Schema, Failure> {
    Ok(read_in_full(context, source)?.1.schema)
}

fn read_in_full(
    context: &mut Context,
    source: &ModelsSource,
) -> Result<(Options, Reading), Failure> {
    context.exit_codes = ExitCodes::Own;
    let current = std::env::current_dir().map_err(Failure::no_current_directory)?;
    let options = options(context, source, &current)?;
    match sqlalchemy_models::read_in_full(&options) {
        Ok(reading) => Ok((options, reading)),
        Err(error) => Err(unreadable(error)),
    }
}

fn unreadable(error: Error) -> Failure {
    let (code, help) = match error {
        Error::Unreadable(_) => {
            (code::SCRIPTS, "name a base class or MetaData instead, with `--base module:Name`")
        }
        Error::NoModule(_) => (
            code::CONFIGURATION,
            "modules are looked for in `prepend_sys_path`, here, and in `.venv`",
        ),
        _ => (code::CONFIGURATION, "name a base class or MetaData with `--base module:Name`"),
    };
    Failure::new(code, Unreadable { error, help })
}

/// Where to look, and for what.
fn options(context: &Context, source: &ModelsSource, current: &Path) -> Result<Options, Failure> {
    let mut options = Options {
        current: current.to_owned(),
        bases: source.base.clone(),
        imports: source.import.clone(),
        version: version::of_project(current),
        ..Options::default()
    };
    if options.bases.is_empty()
        && let Ok(bases) = std::env::var(VARIABLE)
    {
        let named = bases.split([',', ' ']).filter(|base| !base.is_empty());
        options.bases = named.map(str::to_owned).collect();
    }
    match context.config().and_then(|config| Ok(config.script_settings()?)) {
        Ok(settings) => {
            options.roots =
                settings.prepend_sys_path.iter().map(|root| current.join(root)).collect();
            options.env = Some(current.join(settings.script_location).join("env.py"));
        }
        Err(failure) if options.bases.is_empty() => return Err(failure),
        Err(_) => {}
    }
    if options.roots.is_empty() {
        options.roots.push(current.to_owned());
    }
    options.roots.extend(version::site_packages(current));
    Ok(options)
}

pub(crate) fn run(context: &mut Context, args: &ModelsArgs) -> Outcome {
    if args.json {
        let schema = read(context, &args.source)?;
        let json = serde_json::to_string_pretty(&schema).expect("the document has text keys");
        context.output.write(&(json + "\n"))?;
        return Ok(code_of(args, &schema));
    }
    let (options, reading) = read_in_full(context, &args.source)?;
    let schema = &reading.schema;
    if args.explain {
        context.output.write(&explain::render(&options, &reading))?;
        return Ok(code_of(args, schema));
    }
    let out = match &args.table {
        Some(name) => detail::render(schema, find(schema, name)?),
        None => list::render(schema),
    };
    context.output.write(&out)?;
    note_problems(schema);
    Ok(code_of(args, schema))
}

/// Says that something is not known; why, when there is no table at all.
pub(crate) fn note_problems(schema: &Schema) {
    const EXPLAIN: &str = "`alembic-rs models --explain` says";
    match schema.problems.as_slice() {
        [] if schema.tables.is_empty() => note("the models define no table"),
        [] => {}
        [problem, ..] if schema.tables.is_empty() => {
            let Problem { path, line, message, .. } = problem;
            note(&format!("no table was found, {path}:{line}: {message}; {EXPLAIN} more"));
        }
        [_] => note(&format!("one thing is not known; {EXPLAIN} what and where")),
        problems => {
            note(&format!("{} things are not known; {EXPLAIN} what and where", problems.len()));
        }
    }
}

fn code_of(args: &ModelsArgs, schema: &Schema) -> u8 {
    if args.strict && !schema.problems.is_empty() { code::CHECK_FAILED } else { 0 }
}

/// The table of that name; without a schema if only one has it.
fn find<'a>(schema: &'a Schema, name: &str) -> Result<&'a Table, Failure> {
    if let Some(table) = schema.tables.iter().find(|table| table.full_name() == name) {
        return Ok(table);
    }
    let same: Vec<&Table> = schema.tables.iter().filter(|table| table.name == name).collect();
    if let [table] = same.as_slice() {
        return Ok(table);
    }
    let help = if same.is_empty() {
        "`alembic-rs models` lists the tables".to_owned()
    } else {
        let names: Vec<String> =
            same.iter().map(|table| format!("`{}`", table.full_name())).collect();
        format!("say which one: {}", names.join(", "))
    };
    Err(Failure::new(code::USAGE, NoTable { name: name.to_owned(), help }))
}
