//! A diagram from a schema.

use std::collections::BTreeMap;

use super::diagram::{Attribute, Cardinality, Diagram, Entity, EnumType, Relation};
use crate::schema::{Column, Enumeration, ForeignKey, Schema, Table};

type Name<'a> = (Option<&'a str>, &'a str);

impl Diagram {
    /// All tables of a schema. Foreign keys whose target is not known are left out.
    pub fn of(schema: &Schema) -> Self {
        let mut diagram = Self {
            entities: schema.tables.iter().map(entity).collect(),
            relations: Vec::new(),
            enums: schema.enums.iter().map(enumeration).collect(),
        };
        let mut places: BTreeMap<Name<'_>, usize> = BTreeMap::new();
        for (place, table) in schema.tables.iter().enumerate() {
            places.entry((table.schema.as_deref(), &table.name)).or_insert(place);
        }
        for (child, table) in schema.tables.iter().enumerate() {
            for key in &table.foreign_keys {
                let Some(referred) = &key.referred_table else { continue };
                let name = (key.referred_schema.as_deref(), referred.as_str());
                let parent = *places.entry(name).or_insert_with(|| {
                    diagram.entities.push(outside(name));
                    diagram.entities.len() - 1
                });
                name_columns(&mut diagram.entities[parent], key);
                diagram.relations.push(relation(table, child, key, parent));
            }
        }
        diagram
    }
}

fn entity(table: &Table) -> Entity {
    let attribute = |column: &Column| Attribute {
        name: column.name.clone(),
        type_: column.type_.clone(),
        primary_key: column.primary_key == Some(true),
        foreign_key: table.foreign_keys.iter().any(|key| key.columns.contains(&column.name)),
        unique: unique_sets(table).any(|set| set == [column.name.as_str()]),
        nullable: column.nullable,
        default: column.server_default.clone(),
        comment: column.comment.clone(),
    };
    Entity {
        schema: table.schema.clone(),
        name: table.name.clone(),
        comment: table.comment.clone(),
        columns: table.columns.iter().map(attribute).collect(),
        outside: false,
    }
}

fn enumeration(found: &Enumeration) -> EnumType {
    EnumType {
        schema: found.schema.clone(),
        name: found.name.clone(),
        values: found.values.clone(),
    }
}

fn outside((schema, name): Name<'_>) -> Entity {
    Entity {
        schema: schema.map(str::to_owned),
        name: name.to_owned(),
        outside: true,
        ..Entity::default()
    }
}

/// Of a table outside, the columns are known that somebody refers to.
fn name_columns(parent: &mut Entity, key: &ForeignKey) {
    if !parent.outside {
        return;
    }
    for column in &key.referred_columns {
        if parent.position(column).is_none() {
            parent.columns.push(Attribute { name: column.clone(), ..Attribute::default() });
        }
    }
}

fn relation(table: &Table, child: usize, key: &ForeignKey, parent: usize) -> Relation {
    let column = |name: &String| table.columns.iter().find(|column| column.name == *name);
    let primary: Vec<&str> = primary(table);
    let holds = |set: &[&str]| {
        !set.is_empty() && set.iter().all(|name| key.columns.iter().any(|own| own == name))
    };
    // Two rows with the same values cannot be: at most one child.
    let is_unique = holds(&primary) || unique_sets(table).any(|set| holds(&set));
    // With MATCH SIMPLE one NULL is enough to point nowhere.
    let never_null = key
        .columns
        .iter()
        .all(|name| column(name).is_some_and(|column| column.nullable == Some(false)));
    Relation {
        name: key.name.clone(),
        child,
        columns: key.columns.clone(),
        parent,
        referred_columns: key.referred_columns.clone(),
        children: if is_unique { Cardinality::ZeroOrOne } else { Cardinality::ZeroOrMany },
        parents: if never_null { Cardinality::ExactlyOne } else { Cardinality::ZeroOrOne },
        identifying: !key.columns.is_empty()
            && key.columns.iter().all(|own| primary.contains(&own.as_str())),
        ondelete: key.ondelete.clone(),
        onupdate: key.onupdate.clone(),
    }
}

fn primary(table: &Table) -> Vec<&str> {
    table.primary_key.iter().flat_map(|key| &key.columns).map(String::as_str).collect()
}

/// The sets of columns that are unique by a constraint or by an index of all rows.
fn unique_sets(table: &Table) -> impl Iterator<Item = Vec<&str>> {
    let constraints = table.unique_constraints.iter().map(|unique| &unique.columns);
    let indexes = table.indexes.iter().filter(|index| index.unique && index.where_.is_none());
    constraints
        .chain(indexes.map(|index| &index.columns))
        .filter(|columns| !columns.is_empty())
        .map(|columns| columns.iter().map(String::as_str).collect())
}
