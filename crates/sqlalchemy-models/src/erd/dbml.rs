//! The diagram in DBML, the language of dbdiagram.io and its tools.

use std::fmt::{self, Write};

use super::diagram::{Attribute, Cardinality, Diagram, Entity, EnumType, Relation};
use super::text::{named, visible};

/// Writes tables, enumerations and references.
///
/// # Errors
/// Only those of `out`.
pub fn render(diagram: &Diagram, out: &mut impl Write) -> fmt::Result {
    for found in &diagram.enums {
        enumeration(found, out)?;
    }
    for entity in &diagram.entities {
        table(entity, out)?;
    }
    // The language has no reference of a column to itself.
    let points_away = |relation: &&Relation| {
        relation.child != relation.parent || relation.columns != relation.referred_columns
    };
    for relation in diagram.relations.iter().filter(points_away) {
        reference(diagram, relation, out)?;
    }
    Ok(())
}

fn enumeration(found: &EnumType, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "Enum {} {{", Full(found.schema.as_deref(), &found.name))?;
    for value in &found.values {
        writeln!(out, "  {}", Name(value))?;
    }
    writeln!(out, "}}\n")
}

fn table(entity: &Entity, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "Table {} {{", Full(entity.schema.as_deref(), &entity.name))?;
    let primary: Vec<&Attribute> =
        entity.columns.iter().filter(|column| column.primary_key).collect();
    for column in &entity.columns {
        attribute(column, primary.len() == 1, out)?;
    }
    if entity.columns.is_empty() {
        // The language has no table without columns.
        writeln!(out, "  \"?\" \"?\" [note: 'no column is known']")?;
    }
    if primary.len() > 1 {
        let names: Vec<String> =
            primary.iter().map(|column| Name(&column.name).to_string()).collect();
        writeln!(out, "\n  indexes {{\n    ({}) [pk]\n  }}", names.join(", "))?;
    }
    let outside = entity.outside.then_some("not defined by the models");
    if let Some(note) = entity.comment.as_deref().or(outside) {
        writeln!(out, "\n  Note: '{}'", Text(note))?;
    }
    writeln!(out, "}}\n")
}

fn attribute(column: &Attribute, lone_key: bool, out: &mut impl Write) -> fmt::Result {
    let type_ = column.type_.as_deref().unwrap_or("?");
    write!(out, "  {} {}", Name(&column.name), Type(type_))?;
    let mut settings = Vec::new();
    if column.primary_key && lone_key {
        settings.push("pk".to_owned());
    }
    if column.unique {
        settings.push("unique".to_owned());
    }
    match column.nullable {
        Some(false) => settings.push("not null".to_owned()),
        Some(true) => settings.push("null".to_owned()),
        None => {}
    }
    if let Some(default) = &column.default {
        settings.push(format!("default: `{}`", visible(default).replace('`', "'")));
    }
    if let Some(comment) = &column.comment {
        settings.push(format!("note: '{}'", Text(comment)));
    }
    if !settings.is_empty() {
        write!(out, " [{}]", settings.join(", "))?;
    }
    writeln!(out)
}

fn reference(diagram: &Diagram, relation: &Relation, out: &mut impl Write) -> fmt::Result {
    let child = &diagram.entities[relation.child];
    let parent = &diagram.entities[relation.parent];
    // The language knows one-to-one and many-to-one; that an end may be empty it reads from `null`.
    let arrow = if relation.children == Cardinality::ZeroOrMany { '>' } else { '-' };
    out.write_str("Ref")?;
    if let Some(name) = &relation.name {
        write!(out, " {}", Name(name))?;
    }
    write!(
        out,
        ": {}.{} {arrow} {}.{}",
        Full(child.schema.as_deref(), &child.name),
        Columns(&relation.columns),
        Full(parent.schema.as_deref(), &parent.name),
        Columns(&relation.referred_columns)
    )?;
    let actions = [("delete", &relation.ondelete), ("update", &relation.onupdate)];
    let actions: Vec<String> = actions
        .into_iter()
        .filter_map(|(event, action)| {
            Some(format!("{event}: {}", known_action(action.as_deref()?)?))
        })
        .collect();
    if !actions.is_empty() {
        write!(out, " [{}]", actions.join(", "))?;
    }
    writeln!(out)
}

/// An action that the language has a word for.
fn known_action(action: &str) -> Option<String> {
    let action = action.trim().to_lowercase();
    let known = ["cascade", "restrict", "set null", "set default", "no action"];
    known.contains(&action.as_str()).then_some(action)
}

/// A name in quotes.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in named(self.0).chars() {
            if matches!(character, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        f.write_char('"')
    }
}

/// `schema.name`.
struct Full<'a>(Option<&'a str>, &'a str);

impl fmt::Display for Full<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = self.0 {
            write!(f, "{}.", Name(schema))?;
        }
        write!(f, "{}", Name(self.1))
    }
}

/// A type. What is a name in SQL, as an enumeration's is, stays a name, so that the language finds the enumeration.
struct Type<'a>(&'a str);

impl fmt::Display for Type<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match sql_name(self.0).as_deref() {
            Some([name]) if name == self.0 => f.write_str(name),
            Some([name]) => Name(name).fmt(f),
            Some([schema, name]) => Full(Some(schema), name).fmt(f),
            _ => Name(self.0).fmt(f),
        }
    }
}

/// The parts of a name as SQL writes it: words, or anything between double quotes, with dots between them.
fn sql_name(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted_part(quoted)?
        } else {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (rest[..end].to_owned(), &rest[end..])
        };
        if part.is_empty() || part.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        parts.push(part);
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return after.is_empty().then_some(parts),
        }
    }
}

/// What stands before the closing quote, doubled quotes made one, and what follows it.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"')?;
        part.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                part.push('"');
                rest = next;
            }
            None => return Some((part, rest)),
        }
    }
}

/// One column, or several in parentheses.
struct Columns<'a>(&'a [String]);

impl fmt::Display for Columns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [one] => Name(one).fmt(f),
            several => {
                let names: Vec<String> =
                    several.iter().map(|name| Name(name).to_string()).collect();
                write!(f, "({})", names.join(", "))
            }
        }
    }
}

/// Text between single quotes.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in visible(self.0).chars() {
            if matches!(character, '\'' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        Ok(())
    }
}
