//! The diagram as one SVG: no script, no font, no other file.
//!
//! Light, and dark where the reader's system asks for it. Schemas have colours, which a legend names; lines end in
//! crow's feet. The words are text, to be read, found and copied.

use std::fmt::{self, Write};

use super::diagram::{Attribute, Cardinality, Diagram, Entity};
use super::drawing::{Drawing, NAME_X, Placed, Routed, shown_column, shown_name};
use super::text::{self, visible, width};

const MARGIN: i32 = 24;
/// How many colours there are for schemas.
const COLOURS: usize = 8;
const CORNER: i32 = 5;
/// The height of the legend.
const LEGEND: i32 = 36;
/// Of a character of the legend's words, on the wide side.
const CHARACTER: usize = 8;

/// Writes the diagram as an SVG document.
///
/// # Errors
/// Only those of `out`.
pub fn render(diagram: &Diagram, out: &mut impl Write) -> fmt::Result {
    let drawing = Drawing::of(diagram);
    let schemas = schemas(&drawing);
    open(&drawing, &schemas, out)?;
    for relation in &drawing.relations {
        line(&drawing, relation, out)?;
    }
    writeln!(out, "</g>\n<g role=\"list\">")?;
    for placed in &drawing.entities {
        entity(placed, colour(&schemas, &placed.entity), drawing.head, drawing.row, out)?;
    }
    writeln!(out, "</g>\n</g>")?;
    legend(&drawing, &schemas, out)?;
    writeln!(out, "</svg>")
}

/// The schemas that occur, the default one first.
fn schemas(drawing: &Drawing) -> Vec<Option<&str>> {
    let all = drawing.entities.iter().map(|placed| placed.entity.schema.as_deref());
    let mut schemas: Vec<_> = all.collect();
    schemas.sort_unstable();
    schemas.dedup();
    schemas
}

fn colour(schemas: &[Option<&str>], entity: &Entity) -> usize {
    schemas.binary_search(&entity.schema.as_deref()).unwrap_or_default() % COLOURS
}

fn open(drawing: &Drawing, schemas: &[Option<&str>], out: &mut impl Write) -> fmt::Result {
    let legend = if schemas.len() > 1 { LEGEND } else { 0 };
    let wide = drawing.width.max(legend_width(schemas)).max(160) + 2 * MARGIN;
    let high = drawing.height + 2 * MARGIN + legend;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"graphics-document document\" aria-labelledby=\"title description\">"
    )?;
    writeln!(out, "<title id=\"title\">Entity-relationship diagram</title>")?;
    let (tables, keys) = (drawing.entities.len(), drawing.relations.len());
    writeln!(out, "<desc id=\"description\">Tables: {tables}. Foreign keys: {keys}.</desc>")?;
    writeln!(out, "<style>\n{}</style>", include_str!("svg/style.css"))?;
    writeln!(out, "<rect class=\"page\" width=\"100%\" height=\"100%\"/>")?;
    writeln!(out, "<g transform=\"translate({MARGIN} {MARGIN})\">\n<g>")
}

fn line(drawing: &Drawing, relation: &Routed, out: &mut impl Write) -> fmt::Result {
    let [child, parent] = [relation.child, relation.parent].map(|at| &drawing.entities[at].entity);
    writeln!(out, "<g class=\"line\"><title>{}</title>", Escaped(&said(relation, child, parent)))?;
    // Easier to point at than a thin line.
    let path = path(&relation.points);
    writeln!(out, "<path class=\"near\" d=\"{path}\"/><path d=\"{path}\"/>")?;
    if let [first, second, ..] = relation.points.as_slice() {
        mark(relation.children, *first, *second, out)?;
    }
    if let [.., second, last] = relation.points.as_slice() {
        mark(relation.parents, *last, *second, out)?;
    }
    writeln!(out, "</g>")
}

/// A relation in words.
fn said(relation: &Routed, child: &Entity, parent: &Entity) -> String {
    let (child, parent) = (child.full_name(), parent.full_name());
    let columns = relation.columns.join(", ");
    let referred = relation.referred_columns.join(", ");
    let word = |cardinality| match cardinality {
        Cardinality::ExactlyOne => "exactly one",
        Cardinality::ZeroOrOne => "zero or one",
        Cardinality::ZeroOrMany => "zero or many",
    };
    let mut said = format!("{child} ({columns}) → {parent} ({referred})");
    if let Some(name) = &relation.name {
        said = format!("{name}: {said}");
    }
    let (children, parents) = (word(relation.children), word(relation.parents));
    said + &format!("\n{children} {child} for {parents} {parent}")
}

/// A polyline with its corners rounded.
fn path(points: &[[i32; 2]]) -> String {
    let mut path = String::new();
    let [first, middle @ .., last] = points else { return path };
    let _infallible = write!(path, "M{} {}", first[0], first[1]);
    let mut before = *first;
    for (at, corner) in middle.iter().enumerate() {
        let after = middle.get(at + 1).unwrap_or(last);
        let length = |a: [i32; 2], b: [i32; 2]| (a[0] - b[0]).abs() + (a[1] - b[1]).abs();
        let radius = CORNER.min(length(before, *corner) / 2).min(length(*corner, *after) / 2);
        let towards = |to: [i32; 2]| {
            let step = |axis: usize| corner[axis] + (to[axis] - corner[axis]).signum() * radius;
            (step(0), step(1))
        };
        let (from, to) = (towards(before), towards(*after));
        let [x, y] = corner;
        let _infallible = write!(path, "L{} {}Q{x} {y} {} {}", from.0, from.1, to.0, to.1);
        before = *corner;
    }
    let _infallible = write!(path, "L{} {}", last[0], last[1]);
    path
}

/// The mark at `end` of a line that comes from `next`.
fn mark(
    cardinality: Cardinality,
    end: [i32; 2],
    next: [i32; 2],
    out: &mut impl Write,
) -> fmt::Result {
    let away = if next[0] < end[0] { -1 } else { 1 };
    let ([x, y], at) = (end, |distance: i32| end[0] + away * distance);
    let (top, bottom) = (y - 4, y + 4);
    match cardinality {
        Cardinality::ZeroOrMany => {
            writeln!(out, "<path d=\"M{x} {}L{} {y}L{x} {}\"/>", y - 5, at(11), y + 5)?;
            writeln!(out, "<circle cx=\"{}\" cy=\"{y}\" r=\"3.5\"/>", at(15))
        }
        Cardinality::ZeroOrOne => {
            writeln!(out, "<path d=\"M{0} {top}V{bottom}\"/>", at(6))?;
            writeln!(out, "<circle cx=\"{}\" cy=\"{y}\" r=\"3.5\"/>", at(12))
        }
        Cardinality::ExactlyOne => {
            writeln!(out, "<path d=\"M{} {top}V{bottom}M{} {top}V{bottom}\"/>", at(6), at(10))
        }
    }
}

fn entity(
    placed: &Placed,
    colour: usize,
    head: i32,
    row: i32,
    out: &mut impl Write,
) -> fmt::Result {
    let Placed { entity, x, y, width, height } = placed;
    let outside = if entity.outside { " outside" } else { "" };
    writeln!(
        out,
        "<g role=\"listitem\" class=\"table c{colour}{outside}\" transform=\"translate({x} {y})\">"
    )?;
    writeln!(out, "<title>{}</title>", Escaped(&title(entity)))?;
    writeln!(out, "<rect class=\"box\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>")?;
    writeln!(
        out,
        "<path class=\"bar\" d=\"M.5 4a3.5 3.5 0 0 1 3.5-3.5H{}a3.5 3.5 0 0 1 3.5 3.5z\"/>",
        width - 4
    )?;
    writeln!(
        out,
        "<text class=\"name\" x=\"10\" y=\"22\">{}</text>",
        Escaped(&shown_name(entity))
    )?;
    if !entity.columns.is_empty() {
        writeln!(out, "<path class=\"rule\" d=\"M0 {head}H{width}\"/>")?;
    }
    let mut baseline = head + row - 6;
    for column in &entity.columns {
        attribute(column, baseline, *width, out)?;
        baseline += row;
    }
    writeln!(out, "</g>")
}

fn title(entity: &Entity) -> String {
    let mut title = entity.full_name();
    if entity.outside {
        title.push_str("\nnot defined by the models");
    }
    if let Some(comment) = &entity.comment {
        title.push('\n');
        title.push_str(comment);
    }
    title
}

fn attribute(column: &Attribute, baseline: i32, width: i32, out: &mut impl Write) -> fmt::Result {
    let (name, type_) = shown_column(column);
    let keys = match (column.primary_key, column.foreign_key, column.unique) {
        (true, true, _) => "PK FK",
        (true, false, _) => "PK",
        (false, true, true) => "FK UQ",
        (false, true, false) => "FK",
        (false, false, true) => "UQ",
        (false, false, false) => "",
    };
    write!(
        out,
        "<g><title>{} {}",
        Escaped(&column.name),
        Escaped(column.type_.as_deref().unwrap_or("?"))
    )?;
    if let Some(comment) = &column.comment {
        write!(out, "\n{}", Escaped(comment))?;
    }
    writeln!(out, "</title>")?;
    if !keys.is_empty() {
        writeln!(out, "<text class=\"key\" x=\"10\" y=\"{baseline}\">{keys}</text>")?;
    }
    let class = if column.primary_key { "column primary" } else { "column" };
    writeln!(
        out,
        "<text class=\"{class}\" x=\"{NAME_X}\" y=\"{baseline}\">{}</text>",
        Escaped(&name)
    )?;
    let end = width - 10;
    writeln!(
        out,
        "<text class=\"type\" x=\"{end}\" y=\"{baseline}\">{}</text></g>",
        Escaped(&type_)
    )
}

fn word(schema: Option<&str>) -> String {
    schema.map_or_else(|| "default schema".to_owned(), visible)
}

fn word_width(schema: Option<&str>) -> i32 {
    i32::try_from(width(&word(schema)) * CHARACTER).unwrap_or(0) + 36
}

fn legend_width(schemas: &[Option<&str>]) -> i32 {
    if schemas.len() > 1 { schemas.iter().map(|schema| word_width(*schema)).sum() } else { 0 }
}

fn legend(drawing: &Drawing, schemas: &[Option<&str>], out: &mut impl Write) -> fmt::Result {
    if schemas.len() < 2 {
        return Ok(());
    }
    let y = drawing.height + MARGIN + LEGEND;
    let mut x = MARGIN;
    writeln!(out, "<g role=\"group\" aria-label=\"Schemas\">")?;
    for (number, schema) in schemas.iter().enumerate() {
        let colour = number % COLOURS;
        writeln!(
            out,
            "<g class=\"table c{colour}\"><rect class=\"bar\" x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" rx=\"2\"/></g>",
            y - 10
        )?;
        writeln!(
            out,
            "<text class=\"word\" x=\"{}\" y=\"{y}\">{}</text>",
            x + 18,
            Escaped(&word(*schema))
        )?;
        x += word_width(*schema);
    }
    writeln!(out, "</g>")
}

/// Text of an XML document: markup escaped, and line ends the only control characters (XML has no way to write the
/// others).
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.0.split('\n').enumerate() {
            if number > 0 {
                f.write_char('\n')?;
            }
            for character in visible(line).chars() {
                match text::entity(character) {
                    Some(entity) => f.write_str(entity)?,
                    None => f.write_char(character)?,
                }
            }
        }
        Ok(())
    }
}
