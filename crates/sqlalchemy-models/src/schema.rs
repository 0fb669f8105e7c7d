//! The document: tables, enums, classes and problems, as `models --json` prints them.

use serde::Serialize;

/// The schema that a project's models define.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelSchema))]
pub struct Schema {
    /// The version of the document's form.
    pub version: u32,
    /// By schema, then name.
    pub tables: Vec<Table>,
    /// By schema, name, values.
    pub enums: Vec<Enumeration>,
    /// By module, then name.
    pub classes: Vec<MappedClass>,
    /// What is not known, and why.
    pub problems: Vec<Problem>,
}

/// A table.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelTable))]
pub struct Table {
    pub name: String,
    pub schema: Option<String>,
    pub comment: Option<String>,
    pub columns: Vec<Column>,
    pub primary_key: Option<PrimaryKey>,
    pub foreign_keys: Vec<ForeignKey>,
    pub unique_constraints: Vec<Unique>,
    pub check_constraints: Vec<Check>,
    pub exclude_constraints: Vec<Check>,
    pub indexes: Vec<Index>,
    /// Keys whose value is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl Table {
    /// `name` or `schema.name`.
    pub fn full_name(&self) -> String {
        self.schema
            .as_ref()
            .map_or_else(|| self.name.clone(), |schema| format!("{schema}.{}", self.name))
    }
}

/// A column.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelColumn))]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub type_: Option<String>,
    pub nullable: Option<bool>,
    pub primary_key: Option<bool>,
    pub server_default: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<std::collections::BTreeMap<String, Number>>))]
    pub identity: Option<indexmap::IndexMap<String, Number>>,
    pub computed: Option<Computed>,
    pub comment: Option<String>,
    /// Keys whose value is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// A value of an identity's options.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the variants are what they hold")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelNumber))]
pub enum Number {
    Bool(bool),
    Int(i64),
    None,
}

/// A computed column.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelComputed))]
pub struct Computed {
    pub sqltext: String,
    pub persisted: Option<bool>,
}

/// A primary key.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelPrimaryKey))]
pub struct PrimaryKey {
    pub name: Option<String>,
    pub columns: Vec<String>,
}

/// A foreign key.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelForeignKey))]
pub struct ForeignKey {
    pub name: Option<String>,
    pub columns: Vec<String>,
    pub referred_schema: Option<String>,
    pub referred_table: Option<String>,
    pub referred_columns: Vec<String>,
    pub ondelete: Option<String>,
    pub onupdate: Option<String>,
    pub deferrable: Option<bool>,
    pub initially: Option<String>,
}

/// A unique constraint.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelUnique))]
pub struct Unique {
    pub name: Option<String>,
    pub columns: Vec<String>,
}

/// A check or exclude constraint.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelCheck))]
pub struct Check {
    pub name: Option<String>,
    pub sqltext: String,
}

/// An index.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelIndex))]
pub struct Index {
    pub name: Option<String>,
    pub columns: Vec<String>,
    pub unique: bool,
    pub using: Option<String>,
    #[serde(rename = "where")]
    pub where_: Option<String>,
}

/// A native enumeration.
#[derive(Debug, Clone, Default, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelEnum))]
pub struct Enumeration {
    pub name: String,
    pub schema: Option<String>,
    pub values: Vec<String>,
}

/// A mapped class.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelClass))]
pub struct MappedClass {
    pub name: String,
    pub module: String,
    pub table: Option<String>,
    pub relationships: Option<Vec<Relationship>>,
    /// Keys whose value is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// A relationship.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelRelationship))]
pub struct Relationship {
    pub name: String,
    pub target: String,
    pub direction: String,
    pub uselist: bool,
    pub secondary: Option<String>,
    pub back_populates: Option<String>,
}

/// What is not known, where and why.
#[derive(Debug, Clone, Default, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the fields are those of the document")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ModelProblem))]
pub struct Problem {
    pub path: String,
    pub line: usize,
    pub message: String,
    pub affects: Vec<String>,
}
