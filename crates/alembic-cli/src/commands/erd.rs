//! `erd`: the diagram of the tables that the project's SQLAlchemy models define.

use clap::{Args, ValueEnum};
use miette::Diagnostic;
use sqlalchemy_models::erd::{Diagram, Drawing, SelectError, Selection, dbml, dot, mermaid, svg};

use super::models::{ModelsSource, note_problems, read};
use crate::Outcome;
use crate::argparse::NEW_OPTIONS;
use crate::context::Context;
use crate::diagnostics::{Failure, code};

/// Draw the tables that the SQLAlchemy models define, without running Python
#[derive(Debug, Args)]
pub(crate) struct ErdArgs {
    /// How to draw
    #[arg(long, value_enum, default_value_t = Format::Mermaid, help_heading = NEW_OPTIONS)]
    format: Format,
    /// Only a table and what stands near it: NAME or SCHEMA.NAME; may be repeated
    #[arg(long, value_name = "TABLE", help_heading = NEW_OPTIONS)]
    focus: Vec<String>,
    /// How many foreign keys away from `--focus` a table may stand
    #[arg(long, value_name = "N", default_value_t = 1, requires = "focus", help_heading = NEW_OPTIONS)]
    depth: usize,
    /// Only the tables of a schema; may be repeated
    #[arg(long, value_name = "SCHEMA", help_heading = NEW_OPTIONS)]
    schema: Vec<String>,
    #[command(flatten)]
    source: ModelsSource,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As GitHub shows it
    Mermaid,
    /// Graphviz
    Dot,
    /// A drawing that needs no other program
    Svg,
    /// For dbdiagram.io and its tools
    Dbml,
    /// Tables, relations and the places of both
    Json,
}

/// A part was asked for that is not there.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{0}")]
struct NoSuchPart(SelectError, #[help] Option<String>);

impl NoSuchPart {
    fn new(error: SelectError) -> Self {
        let quoted = |names: &[String]| {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        let help = match &error {
            SelectError::Table { near, .. } if near.is_empty() => {
                "`alembic-rs models` lists the tables".to_owned()
            }
            SelectError::Table { near, .. } => format!("there is {}", quoted(near)),
            SelectError::Ambiguous { tables, .. } => format!("say which one: {}", quoted(tables)),
            SelectError::Schema { known, .. } => format!("there is {}", quoted(known)),
        };
        Self(error, Some(help))
    }
}

pub(crate) fn run(context: &mut Context, args: &ErdArgs) -> Outcome {
    let schema = read(context, &args.source)?;
    let selection =
        Selection { focus: args.focus.clone(), depth: args.depth, schemas: args.schema.clone() };
    let diagram = Diagram::of(&schema)
        .select(&selection)
        .map_err(|error| Failure::new(code::USAGE, NoSuchPart::new(error)))?;
    let mut out = String::new();
    let written = match args.format {
        Format::Mermaid => mermaid::render(&diagram, &mut out),
        Format::Dot => dot::render(&diagram, &mut out),
        Format::Svg => svg::render(&diagram, &mut out),
        Format::Dbml => dbml::render(&diagram, &mut out),
        Format::Json => {
            let json = serde_json::to_string_pretty(&Drawing::of(&diagram));
            out = json.expect("the document has text keys") + "\n";
            Ok(())
        }
    };
    written.expect("a string takes everything");
    context.output.write(&out)?;
    note_problems(&schema);
    Ok(0)
}
