//! One table in full.

use sqlalchemy_models::schema::{Column, ForeignKey, Schema, Table};

use super::list::classes;
use super::text::{Rows, heading};

/// Columns, keys, constraints, indexes, relationships, and what is not known of the table.
pub(super) fn render(schema: &Schema, table: &Table) -> String {
    let full = table.full_name();
    let mut out = heading(&full);
    out.push('\n');
    if let Some(comment) = &table.comment {
        out.extend(["  ", &comment.replace('\n', " "), "\n"]);
    }
    for class in classes(schema, table) {
        out.extend(["  ", &class, "\n"]);
    }
    section(&mut out, "columns", table.columns.iter().map(column));
    section(&mut out, "keys and constraints", constraints(table).into_iter());
    section(&mut out, "indexes", indexes(table).into_iter());
    section(&mut out, "relationships", relationships(schema, &full).into_iter());
    let concerns = |affected: &String| {
        *affected == format!("table:{full}") || affected.starts_with(&format!("column:{full}."))
    };
    let problems = schema.problems.iter().filter(|problem| problem.affects.iter().any(concerns));
    section(
        &mut out,
        "not known",
        problems.map(|one| vec![format!("{}:{}", one.path, one.line), one.message.clone()]),
    );
    out
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = Vec<String>>) {
    let mut rows = Rows::indented(4);
    let mut any = false;
    for line in lines {
        any = true;
        rows.push(line);
    }
    if any {
        out.extend(["\n  ", &heading(title), "\n"]);
        rows.write(out);
    }
}

fn column(column: &Column) -> Vec<String> {
    let unknown = |key: &str| column.unknown.iter().any(|known| known == key);
    let mut rest = Vec::new();
    if column.nullable == Some(false) {
        rest.push("not null".to_owned());
    } else if unknown("nullable") {
        rest.push("null or not null".to_owned());
    }
    if column.primary_key == Some(true) {
        rest.push("primary key".to_owned());
    } else if unknown("primary_key") {
        rest.push("primary key or not".to_owned());
    }
    if let Some(default) = &column.server_default {
        rest.push(format!("default {default}"));
    } else if unknown("server_default") {
        rest.push("default ?".to_owned());
    }
    if column.identity.is_some() {
        rest.push("identity".to_owned());
    }
    if let Some(computed) = &column.computed {
        rest.push(format!("computed {}", computed.sqltext));
    }
    if let Some(comment) = &column.comment {
        rest.push(format!("-- {}", comment.replace('\n', " ")));
    }
    let kind = column.type_.clone().unwrap_or_else(|| "?".to_owned());
    vec![column.name.clone(), kind, rest.join(", ")]
}

fn constraints(table: &Table) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let mut line = |kind: &str, what: String, name: &Option<String>| {
        lines.push(vec![kind.to_owned(), what, name.clone().unwrap_or_default()]);
    };
    if let Some(key) = &table.primary_key {
        line("primary key", listed(&key.columns), &key.name);
    }
    for key in &table.foreign_keys {
        line("foreign key", foreign_key(key), &key.name);
    }
    for unique in &table.unique_constraints {
        line("unique", listed(&unique.columns), &unique.name);
    }
    for check in &table.check_constraints {
        line("check", check.sqltext.clone(), &check.name);
    }
    for exclude in &table.exclude_constraints {
        line("exclude", exclude.sqltext.clone(), &exclude.name);
    }
    lines
}

fn listed(columns: &[String]) -> String {
    format!("({})", columns.join(", "))
}

fn foreign_key(key: &ForeignKey) -> String {
    let table = key.referred_table.as_deref().unwrap_or("?");
    let schema = key.referred_schema.as_ref().map_or_else(String::new, |name| format!("{name}."));
    let mut text =
        format!("{} -> {schema}{table} {}", listed(&key.columns), listed(&key.referred_columns));
    if let Some(action) = &key.ondelete {
        text.extend([" on delete ", &action.to_lowercase()]);
    }
    if let Some(action) = &key.onupdate {
        text.extend([" on update ", &action.to_lowercase()]);
    }
    text
}

fn indexes(table: &Table) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for index in &table.indexes {
        let mut what = listed(&index.columns);
        if index.unique {
            what.push_str(" unique");
        }
        if let Some(using) = &index.using {
            what.extend([" using ", using]);
        }
        if let Some(condition) = &index.where_ {
            what.extend([" where ", condition]);
        }
        lines.push(vec![index.name.clone().unwrap_or_default(), what]);
    }
    lines
}

fn relationships(schema: &Schema, full: &str) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for class in schema.classes.iter().filter(|class| class.table.as_deref() == Some(full)) {
        for one in class.relationships.iter().flatten() {
            let through = one
                .secondary
                .as_ref()
                .map_or_else(String::new, |table| format!(" through {table}"));
            lines.push(vec![
                format!("{}.{}", class.name, one.name),
                one.direction.replace('_', " "),
                format!("{}{through}", one.target),
            ]);
        }
    }
    lines
}
