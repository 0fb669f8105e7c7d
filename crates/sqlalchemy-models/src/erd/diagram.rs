//! What a diagram shows: entities, their columns, and the relations between them.

use serde::Serialize;

/// The tables of a schema with the foreign keys between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagram {
    /// By schema, then name; tables that are only referred to come last.
    pub entities: Vec<Entity>,
    /// In the order of the referring tables, then of their foreign keys.
    pub relations: Vec<Relation>,
    /// Native enumerations, which some formats have a word for.
    pub enums: Vec<EnumType>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = DiagramEntity))]
pub struct Entity {
    /// Its schema; null is the default one.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its comment.
    pub comment: Option<String>,
    /// Its columns, in their order.
    pub columns: Vec<Attribute>,
    /// Whether a foreign key refers to it and the models do not define it.
    pub outside: bool,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = DiagramColumn))]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type; null is not known.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// Whether it is part of a foreign key.
    pub foreign_key: bool,
    /// Whether it alone is unique, other than as primary key.
    pub unique: bool,
    /// Whether it may be NULL; null is not known.
    pub nullable: Option<bool>,
    /// The SQL of its default.
    pub default: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// How many rows stand at an end of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Cardinality {
    /// One row, always.
    ExactlyOne,
    /// One row or none.
    ZeroOrOne,
    /// Any number of rows.
    ZeroOrMany,
}

/// A foreign key: rows of the child point to a row of the parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The constraint's name.
    pub name: Option<String>,
    /// The referring entity, as an index.
    pub child: usize,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The entity that is referred to, as an index.
    pub parent: usize,
    /// The columns that are referred to.
    pub referred_columns: Vec<String>,
    /// How many rows of the child one row of the parent may have.
    pub children: Cardinality,
    /// How many rows of the parent one row of the child has.
    pub parents: Cardinality,
    /// Whether the child's primary key holds the whole foreign key.
    pub identifying: bool,
    /// What happens to the child's rows, as written.
    pub ondelete: Option<String>,
    /// The same for a changed key.
    pub onupdate: Option<String>,
}

/// A native enumeration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnumType {
    /// Its schema; none is the default one.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its values, in their order.
    pub values: Vec<String>,
}

impl Entity {
    /// `name` or `schema.name`.
    pub fn full_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Where a column stands, from 0.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }
}
