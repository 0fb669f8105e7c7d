//! A place between two rows.

use serde::{Deserialize, Serialize};

use crate::Error;

/// A place in an order: the values of the row beside it. Opaque; good for requests with the same table and order alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Cursor(String);

/// What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Says to which order it belongs.
    #[serde(rename = "o")]
    pub(crate) order: String,
    /// The values of the order's columns.
    #[serde(rename = "v")]
    pub(crate) values: Vec<Option<String>>,
    /// How many rows with these very values lie on the near side, for tables without a key.
    #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
    pub(crate) skip: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Cursor {
    /// A cursor as it was sent.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The cursor to send.
    pub fn as_text(&self) -> &str {
        &self.0
    }

    pub(crate) fn at(place: &Place) -> Self {
        Self(serde_json::to_string(place).expect("strings and numbers are JSON"))
    }

    /// Its place, which must be one of this order.
    pub(crate) fn place(&self, order: &str, width: usize) -> Result<Place, Error> {
        let refused = |reason: &'static str| Error::InvalidCursor { reason };
        let place: Place = serde_json::from_str(&self.0).map_err(|_| refused("it is damaged"))?;
        if place.order != order || place.values.len() != width {
            return Err(refused("it belongs to another table or order"));
        }
        Ok(place)
    }
}
