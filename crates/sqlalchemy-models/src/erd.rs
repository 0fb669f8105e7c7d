//! Entity-relationship diagrams of a [`Schema`](crate::schema::Schema): which table points to which, and how often.
//!
//! [`Diagram::of`] takes from the schema what a diagram shows, [`Diagram::select`] narrows it to a part, and the
//! modules named after formats write it: [`mermaid`], [`dot`], [`dbml`], [`svg`]; [`Drawing`] is the JSON document,
//! with the places of boxes and lines. Cardinalities are read from keys, uniqueness and nullability and from nothing
//! else; where one of these is not known, the weaker claim is made.
//!
//! Names may hold anything that PostgreSQL takes. Each writer escapes them for its own format.

mod build;
pub mod dbml;
mod diagram;
pub mod dot;
mod drawing;
mod layout;
pub mod mermaid;
mod select;
pub mod svg;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;

pub use self::diagram::{Attribute, Cardinality, Diagram, Entity, EnumType, Relation};
pub use self::drawing::{Drawing, Placed, Routed};
pub use self::select::{SelectError, Selection};
