//! The diagram for Graphviz: `dot -Tsvg`, `dot -Tpng`.
//!
//! Entities are tables with a port for each column; lines run from the parent's key to the child's foreign key and
//! end in crow's feet.

use std::fmt::{self, Write};

use super::diagram::{Attribute, Cardinality, Diagram, Entity, Relation};
use super::text::{self, named, visible};

/// Writes the diagram as one `digraph`.
///
/// # Errors
/// Only those of `out`.
pub fn render(diagram: &Diagram, out: &mut impl Write) -> fmt::Result {
    writeln!(out, "digraph schema {{")?;
    writeln!(out, "    rankdir=LR; ranksep=1.2; nodesep=0.4;")?;
    writeln!(out, "    node [shape=plain, fontname=\"sans-serif\", fontsize=11];")?;
    writeln!(out, "    edge [dir=both, arrowsize=0.8, color=\"#59636e\"];")?;
    for (place, entity) in diagram.entities.iter().enumerate() {
        node(place, entity, out)?;
    }
    for relation in &diagram.relations {
        edge(diagram, relation, out)?;
    }
    writeln!(out, "}}")
}

fn node(place: usize, entity: &Entity, out: &mut impl Write) -> fmt::Result {
    let name = entity.full_name();
    let (style, fill) = if entity.outside { ("dashed", "#ffffff") } else { ("solid", "#eaeef2") };
    write!(out, "    t{place} [tooltip=\"{}\", label=<", Quoted(&name))?;
    write!(
        out,
        "<TABLE BORDER=\"1\" STYLE=\"{style}\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"3\" \
         COLOR=\"#59636e\"><TR><TD COLSPAN=\"3\" PORT=\"head\" BGCOLOR=\"{fill}\"><B>{}</B></TD></TR>",
        Markup(&name)
    )?;
    for (number, column) in entity.columns.iter().enumerate() {
        row(number, column, out)?;
    }
    writeln!(out, "</TABLE>>];")
}

fn row(number: usize, column: &Attribute, out: &mut impl Write) -> fmt::Result {
    let key = match (column.primary_key, column.foreign_key) {
        (true, true) => "PK FK",
        (true, false) => "PK",
        (false, true) => "FK",
        (false, false) => "",
    };
    let type_ = column.type_.as_deref().unwrap_or("?");
    let null = if column.nullable == Some(true) { " null" } else { "" };
    write!(
        out,
        "<TR><TD ALIGN=\"LEFT\" PORT=\"l{number}\">{key}</TD><TD ALIGN=\"LEFT\">{}</TD>\
         <TD ALIGN=\"LEFT\" PORT=\"r{number}\">{}{null}</TD></TR>",
        Markup(&column.name),
        Markup(type_)
    )
}

fn edge(diagram: &Diagram, relation: &Relation, out: &mut impl Write) -> fmt::Result {
    let port = |place: usize, columns: &[String], side: char| {
        let first = columns.first().and_then(|name| diagram.entities[place].position(name));
        first.map_or_else(|| "head".to_owned(), |number| format!("{side}{number}"))
    };
    let tail = port(relation.parent, &relation.referred_columns, 'r');
    let head = port(relation.child, &relation.columns, 'l');
    // Graphviz has the mark next to the node first.
    let end = |cardinality| match cardinality {
        Cardinality::ExactlyOne => "teetee",
        Cardinality::ZeroOrOne => "teeodot",
        Cardinality::ZeroOrMany => "crowodot",
    };
    let (parent, child) = (relation.parent, relation.child);
    let name = relation.name.clone().unwrap_or_else(|| relation.columns.join(", "));
    writeln!(
        out,
        "    t{parent}:{tail}:e -> t{child}:{head}:w [arrowtail={}, arrowhead={}, tooltip=\"{}\"];",
        end(relation.parents),
        end(relation.children),
        Quoted(&name)
    )
}

/// Text inside DOT's quotes: nothing in it is an escape of DOT's own.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in visible(self.0).chars() {
            if matches!(character, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        Ok(())
    }
}

/// A name inside DOT's HTML.
struct Markup<'a>(&'a str);

impl fmt::Display for Markup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in named(self.0).chars() {
            match text::entity(character) {
                Some(entity) => f.write_str(entity)?,
                None if character == ' ' => f.write_str("&#160;")?,
                None => f.write_char(character)?,
            }
        }
        Ok(())
    }
}
