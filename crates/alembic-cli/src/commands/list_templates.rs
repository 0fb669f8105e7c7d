//! `list_templates`: what `init` can start from.

use std::fmt::Write as _;

use alembic_core::template::builtin::BUILTINS;
use clap::Args;

use crate::Outcome;
use crate::context::Context;

/// List the templates of `init`
#[derive(Debug, Args)]
pub(crate) struct ListTemplatesArgs {}

pub(crate) fn run(context: &mut Context, _args: &ListTemplatesArgs) -> Outcome {
    let mut out = "Available templates:\n\n".to_owned();
    for template in &BUILTINS {
        // Writing to a string does not fail.
        let _ = writeln!(out, "{} - {}", template.name, template.synopsis());
    }
    out.push_str("\nTemplates are used via the 'init' command, e.g.:\n");
    out.push_str("\n  alembic init --template generic ./scripts\n");
    context.output.write(&out)?;
    Ok(0)
}
