//! Values as they travel: PostgreSQL's own text, never a number of another language.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct as _};

/// A value that was read.
///
/// In JSON a plain cell is `null` or a string, a cut one is `{"text": "…", "more": true}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cell {
    /// SQL's NULL.
    Null,
    /// The whole value, as the type's output function writes it: `t` for a true `boolean`, `\x00ff` for a `bytea`.
    Text(String),
    /// The beginning of a value that is longer than the limit; [`Browser::cell`](crate::Browser::cell) reads all of it.
    Cut(String),
}

impl Cell {
    /// The text as far as it was read; `None` for NULL.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Null => None,
            Self::Text(text) | Self::Cut(text) => Some(text),
        }
    }

    /// Whether the value goes on behind [`text`](Self::text).
    pub fn is_cut(&self) -> bool {
        matches!(self, Self::Cut(_))
    }

    /// A cell of at most `limit` bytes.
    pub(crate) fn limited(text: Option<&str>, limit: usize) -> Self {
        match text {
            None => Self::Null,
            Some(text) if text.len() <= limit => Self::Text(text.to_owned()),
            Some(text) => Self::Cut(text[..text.floor_char_boundary(limit)].to_owned()),
        }
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Cut(text) => {
                let mut cut = serializer.serialize_struct("Cell", 2)?;
                cut.serialize_field("text", text)?;
                cut.serialize_field("more", &true)?;
                cut.end()
            }
        }
    }
}

/// What JSON can hold for a cell.
#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Whole(Option<String>),
    Cut { text: String, more: bool },
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Form::deserialize(deserializer)? {
            Form::Whole(text) => text.into(),
            Form::Cut { text, more: true } => Self::Cut(text),
            Form::Cut { text, more: false } => Self::Text(text),
        })
    }
}

/// A value to write. NULL, the column's default and the empty text are three things.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// SQL's DEFAULT: the column's default expression, the next value of an identity column, or NULL.
    Default,
    /// Text for the type's input function.
    Text(String),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What was read can be written back; of a cut cell only the part that is there.
impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Text(text) | Cell::Cut(text) => Self::Text(text),
        }
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, Type},
    };

    use super::Cell;

    impl PartialSchema for Cell {
        fn schema() -> RefOr<Schema> {
            let of = |kind: Type| ObjectBuilder::new().schema_type(kind);
            let cut = of(Type::Object)
                .property("text", of(Type::String))
                .property("more", of(Type::Boolean))
                .required("text")
                .required("more");
            let forms = OneOfBuilder::new().item(of(Type::Null)).item(of(Type::String)).item(cut);
            forms.description(Some("null, the whole value, or the beginning of a long one")).into()
        }
    }

    impl ToSchema for Cell {}
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn a_cell_is_null_a_string_or_an_object() {
        for (cell, json) in [
            (Cell::Null, "null"),
            (Cell::Text(String::new()), r#""""#),
            (Cell::Cut("a".to_owned()), r#"{"text":"a","more":true}"#),
        ] {
            assert_eq!(serde_json::to_string(&cell).unwrap(), json);
            assert_eq!(serde_json::from_str::<Cell>(json).unwrap(), cell);
        }
    }

    #[test]
    fn a_cut_keeps_characters_whole() {
        assert_eq!(Cell::limited(Some("aé"), 2), Cell::Cut("a".to_owned()));
        assert_eq!(Cell::limited(Some("aé"), 3), Cell::Text("aé".to_owned()));
    }
}
