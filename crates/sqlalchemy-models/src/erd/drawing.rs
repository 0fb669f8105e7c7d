//! A diagram with the places of its boxes and lines: the document of `erd --format json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::diagram::{Attribute, Cardinality, Diagram, Entity, Relation};
use super::layout::{self, End, Link, Size};
use super::text::{cut, width};

/// The height of a box's head, in pixels.
const HEAD: i32 = 32;
/// The height of a column's row, in pixels.
const ROW: i32 = 20;
/// Below the last row.
const FOOT: i32 = 4;
/// Where names begin, behind the marks of keys.
pub(super) const NAME_X: i32 = 46;
/// Between name and type, and at the right.
const GAP: i32 = 16;
/// Longer names are cut; the whole one is in the row's title.
const LONGEST_NAME: usize = 40;
/// The same for types.
const LONGEST_TYPE: usize = 32;
/// Of a character of a monospaced face at 12 px, on the wide side.
const TENTHS_OF_A_CHARACTER: usize = 74;
/// Between two lines that end at the same row.
const APART: i32 = 8;

/// A diagram with the places of everything, in pixels from the upper left corner.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Diagram))]
pub struct Drawing {
    /// The version of the document's form: 1.
    pub version: u32,
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
    /// The height of a box's head; its columns follow below.
    pub head: i32,
    /// The height of a column's row.
    pub row: i32,
    /// The tables.
    pub entities: Vec<Placed>,
    /// The foreign keys.
    pub relations: Vec<Routed>,
}

/// A table and its box.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = DiagramBox))]
pub struct Placed {
    /// The table.
    #[serde(flatten)]
    pub entity: Entity,
    /// Its left edge.
    pub x: i32,
    /// Its upper edge.
    pub y: i32,
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
}

/// A foreign key and its line.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = DiagramRelation))]
pub struct Routed {
    /// The constraint's name.
    pub name: Option<String>,
    /// The referring table: its place in the list of tables.
    pub child: usize,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The table that is referred to: its place in the list of tables.
    pub parent: usize,
    /// The columns that are referred to.
    pub referred_columns: Vec<String>,
    /// How many rows of the child one row of the parent may have.
    pub children: Cardinality,
    /// How many rows of the parent one row of the child has.
    pub parents: Cardinality,
    /// Whether the child's primary key holds the whole foreign key.
    pub identifying: bool,
    /// `ON DELETE`.
    pub ondelete: Option<String>,
    /// `ON UPDATE`.
    pub onupdate: Option<String>,
    /// The corners of its line, from the child to the parent, each as x and y.
    pub points: Vec<[i32; 2]>,
}

impl Drawing {
    /// Lays the diagram out.
    pub fn of(diagram: &Diagram) -> Self {
        let sizes: Vec<Size> = diagram.entities.iter().map(size).collect();
        let laid = layout::layout(&sizes, &links(diagram));
        let entities = diagram.entities.iter().zip(sizes).zip(&laid.nodes);
        let entities = entities.map(|((entity, size), at)| Placed {
            entity: entity.clone(),
            x: at.x,
            y: at.y,
            width: size.width,
            height: size.height,
        });
        let relations = diagram.relations.iter().zip(&laid.routes);
        let relations = relations.map(|(relation, route)| {
            routed(relation.clone(), route.iter().map(|point| [point.x, point.y]).collect())
        });
        Self {
            version: 1,
            width: laid.size.x,
            height: laid.size.y,
            head: HEAD,
            row: ROW,
            entities: entities.collect(),
            relations: relations.collect(),
        }
    }
}

fn routed(relation: Relation, points: Vec<[i32; 2]>) -> Routed {
    let Relation { name, child, columns, parent, referred_columns, .. } = relation;
    Routed {
        name,
        child,
        columns,
        parent,
        referred_columns,
        children: relation.children,
        parents: relation.parents,
        identifying: relation.identifying,
        ondelete: relation.ondelete,
        onupdate: relation.onupdate,
        points,
    }
}

/// A table's name as its box shows it.
pub(super) fn shown_name(entity: &Entity) -> String {
    cut(&entity.full_name(), LONGEST_NAME)
}

/// A column's name and type as its row shows them.
pub(super) fn shown_column(column: &Attribute) -> (String, String) {
    let type_ = cut(column.type_.as_deref().unwrap_or("?"), LONGEST_TYPE);
    let null = if column.nullable == Some(true) { " null" } else { "" };
    (cut(&column.name, LONGEST_NAME), type_ + null)
}

fn size(entity: &Entity) -> Size {
    let characters = |text: &str| pixels((width(text) * TENTHS_OF_A_CHARACTER).div_ceil(10));
    let columns = entity.columns.iter().map(shown_column);
    let (name, type_) = columns.fold((0, 0), |(name, type_), column| {
        (name.max(characters(&column.0)), type_.max(characters(&column.1)))
    });
    // The head is set in a bold face of a pixel more.
    let head = characters(&shown_name(entity)) * 9 / 8 + 2 * GAP;
    let rows = pixels(entity.columns.len()) * ROW;
    let foot = if rows == 0 { 0 } else { FOOT };
    Size { width: head.max(NAME_X + name + GAP + type_ + GAP).max(120), height: HEAD + rows + foot }
}

fn pixels(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 64)
}

/// The middle of a column's row; of the head where the column is not there.
fn row_of(entity: &Entity, columns: &[String]) -> i32 {
    let row = columns.first().and_then(|name| entity.position(name));
    row.map_or(HEAD / 2, |row| HEAD + pixels(row) * ROW + ROW / 2)
}

/// The lines. Those that end at the same row with the same mark end at one point, the others beside each other.
fn links(diagram: &Diagram) -> Vec<Link> {
    let mut at_parent: BTreeMap<(usize, i32), Vec<Cardinality>> = BTreeMap::new();
    let mut at_child: BTreeMap<(usize, i32), usize> = BTreeMap::new();
    let rows: Vec<(i32, i32)> = diagram
        .relations
        .iter()
        .map(|relation| {
            let from = row_of(&diagram.entities[relation.child], &relation.columns);
            let to = row_of(&diagram.entities[relation.parent], &relation.referred_columns);
            let marks = at_parent.entry((relation.parent, to)).or_default();
            if !marks.contains(&relation.parents) {
                marks.push(relation.parents);
                marks.sort_unstable();
            }
            *at_child.entry((relation.child, from)).or_default() += 1;
            (from, to)
        })
        .collect();
    let mut used: BTreeMap<(usize, i32), usize> = BTreeMap::new();
    let relations = diagram.relations.iter().zip(rows);
    relations
        .map(|(relation, (from, to))| {
            let marks = &at_parent[&(relation.parent, to)];
            let mark = marks.iter().position(|mark| *mark == relation.parents).unwrap_or(0);
            let number = used.entry((relation.child, from)).or_default();
            let own = spread(*number, at_child[&(relation.child, from)]);
            *number += 1;
            Link {
                from: End { node: relation.child, y: from + own },
                to: End { node: relation.parent, y: to + spread(mark, marks.len()) },
            }
        })
        .collect()
}

/// So far from the middle stands one of several; more than three share places.
fn spread(number: usize, of: usize) -> i32 {
    if of < 2 {
        return 0;
    }
    let places = pixels(of.min(3));
    (2 * (pixels(number) % places) - (places - 1)) * APART / 2
}
