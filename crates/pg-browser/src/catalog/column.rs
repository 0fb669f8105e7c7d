//! Columns and their types.

use serde::{Deserialize, Serialize};

use crate::TableName;

/// A column, as much as a list needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColumnSummary {
    /// Its name.
    pub name: String,
    /// Its type as SQL has it, as in `numeric(10,2)`.
    pub type_name: String,
    /// Whether it is in the primary key.
    pub is_key: bool,
}

/// A column of an open table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its number, `attnum`; dropped columns leave gaps.
    pub position: i16,
    /// Its type as SQL has it, as in `numeric(10,2)`.
    pub type_name: String,
    /// What kind of type that is.
    pub type_kind: TypeKind,
    /// Whether it can be NULL.
    pub is_nullable: bool,
    /// The default's expression.
    pub default: Option<String>,
    /// Whether and how its values are numbered.
    pub identity: Option<Identity>,
    /// Whether its values are computed, and from what.
    pub generated: Option<Generated>,
    /// The collation, where it is not the type's own.
    pub collation: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
    /// Whether its type can be sorted.
    pub is_orderable: bool,
    /// Whether we may read it.
    pub can_select: bool,
    /// Whether we may give it a value in a new row.
    pub can_insert: bool,
    /// Whether we may change it.
    pub can_update: bool,
    /// The type without length or precision, as a cast can name it.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) cast_type: String,
    /// Whether the table itself says NOT NULL; a domain's word is not kept by outer joins.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) is_never_null: bool,
    /// Whether its type has `=`, though no order.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) has_equality: bool,
    /// The schema of the type's operators, where it is not `pg_catalog`.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) operator_schema: Option<String>,
    /// How SQL turns a value into its own text.
    #[serde(default, skip_serializing)]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub(crate) text_form: TextForm,
}

/// How SQL turns a value of a type into the text of its output function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum TextForm {
    /// A cast does it, and values are short.
    #[default]
    Short,
    /// A cast does it.
    Cast,
    /// The type's cast to text is not its output, as with `boolean`, `character` and `inet`.
    Output,
    /// `bytea`, whose text can be too long for the server.
    Bytes,
}

/// How an identity column gets its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Always; a value of one's own needs OVERRIDING SYSTEM VALUE.
    Always,
    /// Unless a value is given.
    ByDefault,
}

/// A generated column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Generated {
    /// Whether the values are stored; PostgreSQL 18 can compute them when they are read.
    pub is_stored: bool,
    /// From what they are computed.
    pub expression: String,
}

/// What kind of type a column has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TypeKind {
    /// A type of its own: `integer`, `text`, an extension's.
    Base,
    /// An enum.
    Enum {
        /// Its values in their order.
        values: Vec<String>,
    },
    /// A domain.
    Domain {
        /// The type beneath.
        base: String,
        /// Its checks, as in `CHECK ((VALUE > 0))`.
        checks: Vec<String>,
    },
    /// A row type.
    Composite {
        /// Its fields.
        fields: Vec<Field>,
    },
    /// A range.
    Range {
        /// The type of its ends.
        subtype: String,
    },
    /// Several ranges.
    Multirange {
        /// The type of its ranges.
        range: String,
    },
    /// An array.
    Array {
        /// The type of its elements.
        element: String,
        /// The values of the elements, when they are an enum's; empty otherwise.
        values: Vec<String>,
    },
    /// A type that no column of a table has.
    Pseudo,
}

/// A field of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type as SQL has it.
    pub type_name: String,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColumnSource {
    /// The table.
    pub table: TableName,
    /// The column's name there.
    pub column: String,
}
