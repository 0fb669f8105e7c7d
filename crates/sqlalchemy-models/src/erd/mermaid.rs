//! The diagram for Mermaid (`erDiagram`), as GitHub and GitLab render it in Markdown.
//!
//! Entities are quoted, so that no name can be taken for a word of Mermaid's. Types and columns cannot be quoted
//! there: what has other characters than Mermaid takes is written with `_` and stands as it is in the comment.

use std::fmt::{self, Write};

use super::diagram::{Attribute, Cardinality, Diagram, Entity, Relation};
use super::text::named;

/// More characters are refused unless a page configures Mermaid otherwise, which GitHub does not (`maxTextSize`).
const MAX_TEXT: usize = 50_000;

/// Writes the diagram as one `erDiagram`. A comment at its beginning says so when it is larger than Mermaid renders
/// by default.
///
/// # Errors
/// Only those of `out`.
pub fn render(diagram: &Diagram, out: &mut impl Write) -> fmt::Result {
    let mut body = String::new();
    for relation in &diagram.relations {
        line(diagram, relation, &mut body)?;
    }
    for entity in &diagram.entities {
        block(entity, &mut body)?;
    }
    writeln!(out, "erDiagram")?;
    let characters = body.encode_utf16().count();
    if characters > MAX_TEXT {
        writeln!(
            out,
            "    %% {characters} characters: Mermaid draws {MAX_TEXT} unless maxTextSize is raised"
        )?;
    }
    out.write_str(&body)
}

fn line(diagram: &Diagram, relation: &Relation, out: &mut impl Write) -> fmt::Result {
    let (parent, child) = (&diagram.entities[relation.parent], &diagram.entities[relation.child]);
    let left = match relation.parents {
        Cardinality::ExactlyOne => "||",
        Cardinality::ZeroOrOne => "|o",
        Cardinality::ZeroOrMany => "}o",
    };
    let right = match relation.children {
        Cardinality::ExactlyOne => "||",
        Cardinality::ZeroOrOne => "o|",
        Cardinality::ZeroOrMany => "o{",
    };
    let middle = if relation.identifying { "--" } else { ".." };
    let (parent, child) = (Escaped(&parent.full_name()).to_string(), child.full_name());
    let columns = relation.columns.join(", ");
    writeln!(
        out,
        "    \"{parent}\" {left}{middle}{right} \"{}\" : \"{}\"",
        Escaped(&child),
        Escaped(&columns)
    )
}

fn block(entity: &Entity, out: &mut impl Write) -> fmt::Result {
    let name = entity.full_name();
    if entity.columns.is_empty() {
        return writeln!(out, "    \"{}\"", Escaped(&name));
    }
    writeln!(out, "    \"{}\" {{", Escaped(&name))?;
    for column in &entity.columns {
        attribute(column, out)?;
    }
    writeln!(out, "    }}")
}

fn attribute(column: &Attribute, out: &mut impl Write) -> fmt::Result {
    let type_ = column.type_.as_deref().unwrap_or("unknown");
    let (plain_type, plain_name) = (word(type_), word(&column.name));
    write!(out, "        {plain_type} {plain_name}")?;
    let keys = [(column.primary_key, "PK"), (column.foreign_key, "FK"), (column.unique, "UK")];
    let keys: Vec<&str> = keys.into_iter().filter_map(|(is, key)| is.then_some(key)).collect();
    if !keys.is_empty() {
        write!(out, " {}", keys.join(", "))?;
    }
    let mut notes = Vec::new();
    if plain_name != column.name {
        notes.push(column.name.as_str());
    }
    if plain_type != type_ {
        notes.push(type_);
    }
    if column.nullable == Some(true) {
        notes.push("null");
    }
    if !notes.is_empty() {
        write!(out, " \"{}\"", Escaped(&notes.join(", ")))?;
    }
    writeln!(out)
}

/// A type or column as Mermaid takes one: a letter first, then letters, digits, `-`, `_`, brackets.
fn word(text: &str) -> String {
    let mut word = String::new();
    for character in text.chars() {
        match character {
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')' | '[' | ']') => {
                word.push(c);
            }
            // `--` would end the word.
            '-' if !word.ends_with('-') => word.push('-'),
            c if c.is_alphanumeric() && ('\u{c0}'..='\u{ffff}').contains(&c) => word.push(c),
            _ if word.ends_with('_') => {}
            _ => word.push('_'),
        }
    }
    if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        word.insert(0, '_');
    }
    word
}

/// Text between Mermaid's quotes. Whatever Mermaid, Markdown or HTML could take for syntax becomes a code such as
/// `#35;`.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in named(self.0).chars() {
            match character {
                ' ' | ',' | '.' | '-' | '_' | '/' | ':' | '(' | ')' | '+' | '=' | '@' | '!' => {
                    f.write_char(character)?;
                }
                c if c.is_ascii_alphanumeric() || !c.is_ascii() => f.write_char(c)?,
                // Two dollars in a row begin a formula even as codes: keep them apart.
                '$' => f.write_str("#36;#8203;")?,
                other => write!(f, "#{};", u32::from(other))?,
            }
        }
        Ok(())
    }
}
