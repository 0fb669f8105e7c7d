//! What is read from small projects, and that no text makes the reader stop.

mod bounds;
mod declarative;
mod gaps;
mod library;
mod relationships;
mod types;

use std::fmt::Write;
use std::path::Path;

use sqlalchemy_models::schema::{Column, Problem, Schema};
use sqlalchemy_models::{Error, Options, read};

/// The schema of `models:Base` of a module.
fn schema(models: &str) -> Schema {
    read_module(models).expect("`Base` is there")
}

fn read_module(models: &str) -> Result<Schema, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    fs_err::write(folder.path().join("models.py"), models).expect("a file");
    read_folder(folder.path())
}

fn read_folder(folder: &Path) -> Result<Schema, Error> {
    read(&Options {
        roots: vec![folder.to_owned()],
        current: folder.to_owned(),
        bases: vec!["models:Base".into()],
        ..Options::default()
    })
}

/// A schema in lines.
fn shown(schema: &Schema) -> String {
    let mut out = String::new();
    for table in &schema.tables {
        writeln!(out, "{}", table.full_name()).expect("a string takes everything");
        for column in &table.columns {
            writeln!(out, "  {}", column_line(column)).expect("a string takes everything");
        }
        for key in &table.foreign_keys {
            let to = key.referred_table.as_deref().unwrap_or("?");
            writeln!(out, "  fk {:?} -> {to} {:?}", key.columns, key.referred_columns)
                .expect("a string takes everything");
        }
        for unique in &table.unique_constraints {
            writeln!(out, "  uq {:?} {:?}", unique.name, unique.columns)
                .expect("a string takes everything");
        }
        for check in &table.check_constraints {
            writeln!(out, "  ck {:?} {}", check.name, check.sqltext)
                .expect("a string takes everything");
        }
        for index in &table.indexes {
            writeln!(out, "  ix {:?} {:?} unique={}", index.name, index.columns, index.unique)
                .expect("a string takes everything");
        }
        if !table.unknown.is_empty() {
            writeln!(out, "  unknown {:?}", table.unknown).expect("a string takes everything");
        }
    }
    for class in &schema.classes {
        let table = class.table.as_deref().unwrap_or("?");
        writeln!(out, "{} is {table}", class.name).expect("a string takes everything");
        for one in class.relationships.iter().flatten() {
            let list = if one.uselist { "list" } else { "one" };
            writeln!(out, "  {} -> {} {} {list}", one.name, one.target, one.direction)
                .expect("a string takes everything");
        }
    }
    for problem in &schema.problems {
        let Problem { path, line, message, affects } = problem;
        writeln!(out, "{path}:{line}: {message} {affects:?}").expect("a string takes everything");
    }
    out
}

fn column_line(column: &Column) -> String {
    let mut line =
        format!("{} {}", column.name, column.type_.clone().unwrap_or_else(|| "?".to_owned()));
    if column.nullable == Some(false) {
        line.push_str(" not null");
    }
    if column.primary_key == Some(true) {
        line.push_str(" pk");
    }
    if let Some(default) = &column.server_default {
        write!(line, " default {default}").expect("a string takes everything");
    }
    if let Some(computed) = &column.computed {
        write!(line, " as {}", computed.sqltext).expect("a string takes everything");
    }
    line
}
